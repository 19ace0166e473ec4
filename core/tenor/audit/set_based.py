"""Entries of set-based work: one for a chunk of records, with what stood in each of them, in the order of their
numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

from tenor.audit.hashing import GONE, gone, value_hash

#: with what the kinds of such entries begin
BULK: Final = "bulk-"
_IDS: Final = "ids"


def ids_of(changes: Mapping[str, Any]) -> list[int]:
    """The records of a chunk."""
    return list(changes[_IDS][1])


def of_record(kind: str, changes: Mapping[str, Any], record_id: int) -> Mapping[str, Any]:
    """The changes of one record, whatever kind of entry tells them."""
    if not kind.startswith(BULK):
        return changes
    place = ids_of(changes).index(record_id)
    return {
        name: [_stood_at(stood, place), new]
        for name, (stood, new) in changes.items()
        if name != _IDS
    }


def changed(kind: str, record_id: int | None, changes: Mapping[str, Any], name: str) -> list[int]:
    """The records in which an entry, whatever its kind, changed a field that it tells of."""
    if not kind.startswith(BULK):
        return [record_id] if record_id is not None else []
    stood, new = changes[name]
    ids = ids_of(changes)
    return [each for place, each in enumerate(ids) if stood is None or stood[place] != new]


def _stood_at(stood: Any, place: int) -> Any:
    value = stood[place] if isinstance(stood, list) else None
    return None if gone(value) else value


def gone_from(changes: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """The fields of which what stood in a record was erased, each with the record."""
    for name, (stood, _new) in changes.items():
        if isinstance(stood, list):
            yield from (
                (name, changes[_IDS][1][place]) for place, value in enumerate(stood) if gone(value)
            )


def without(
    changes: Mapping[str, Any], salts: Mapping[str, Any], record_id: int, fields: AbstractSet[str]
) -> tuple[dict[str, Any], dict[str, Any], int]:
    """Changes and salts of a chunk after what stood in one record was erased, and how many values that were. What all
    records of the chunk were set to is nobody's own, and stays.

    Args:
        salts: for each field what ``hashing.salt_of`` gives.
    """
    place = ids_of(changes).index(record_id)
    left, salted, count = dict(changes), dict(salts), 0
    for name in sorted(fields & changes.keys()):
        stood, new = changes[name]
        salt = salts[name]
        if not isinstance(salt, dict) or stood[place] is None or gone(stood[place]):
            continue
        mark = {GONE: value_hash(salt["each"][place], name, place, stood[place])}
        left[name] = [[*stood[:place], mark, *stood[place + 1 :]], new]
        each = [*salt["each"][:place], "", *salt["each"][place + 1 :]]
        salted[name] = {**salt, "each": each}
        count += 1
    return left, salted, count
