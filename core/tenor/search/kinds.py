"""Which records are found by which fields, and where their keys stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tenor.records.specs import FieldSpec, specs_of
from tenor.search.keys import EDITION, slot_of
from tenor_sdk.records import Customizable, Extension, Record, host_of

if TYPE_CHECKING:
    from tenor.records.custom import CustomFields

#: of an id in the table of keys, that of the record itself
_BITS: Final = 36
_TEXTS: Final = ("text", "long-text")


@dataclass(frozen=True)
class Searched:
    """A field by which records are found.

    Args:
        name: among those of its kind.
        slot: what stands before its keys, of no other field of any kind: an index needn't be asked for a kind as well.
        holder: the record, or an extension of it.
    """

    name: str
    slot: str
    spec: FieldSpec
    holder: type[Record]

    @property
    def sounds(self) -> bool:
        """Whether it is found by its sound: names are, long texts aren't."""
        return self.spec.kind == "text"


@dataclass(frozen=True)
class Kind:
    """A kind of record that can be found.

    Args:
        first: the least id of its keys; a record's own is added to it.
        declared: the fields, without those that the institution added.
    """

    record: type[Record]
    first: int
    declared: tuple[Searched, ...]

    @property
    def last(self) -> int:
        """The greatest id of its keys."""
        return last_of(self.first)

    @property
    def extensions(self) -> tuple[type[Record], ...]:
        """Those with fields by which the record is found."""
        holders = dict.fromkeys(each.holder for each in self.declared)
        return tuple(holder for holder in holders if holder is not self.record)

    @property
    def watched(self) -> frozenset[str]:
        """Attributes of the record itself whose change changes its keys."""
        own = {each.spec.key for each in self.declared if each.holder is self.record}
        return frozenset(own | ({"custom"} if issubclass(self.record, Customizable) else set()))

    def fields(self, custom: Sequence[FieldSpec]) -> list[Searched]:
        """All fields, with those that the institution added."""
        added = (_searched(self.record, spec, self.record, spec.key) for spec in custom)
        return list(_apart((*self.declared, *added)))


def edition(fields: Sequence[Searched]) -> str:
    """By which fields records are keyed, and how, to be compared."""
    return " ".join((str(EDITION), *sorted(each.name for each in fields)))


def kinds_of(records: Sequence[type[Record]]) -> dict[type[Record], Kind]:
    """The kinds of records that can be found.

    Raises:
        TypeError: two tables whose names come to the same number; one must be called otherwise.
    """
    found: dict[type[Record], Kind] = {}
    taken: dict[int, type[Record]] = {}
    for record in records:
        if issubclass(record, Extension):
            continue
        declared = [_searched(record, spec, record, spec.key) for spec in _texts(record)]
        for other in records:
            if issubclass(other, Extension) and host_of(other, Extension) is record:
                prefix = f"{other.__tablename__}."
                declared += [
                    _searched(record, spec, other, prefix + spec.key) for spec in _texts(other)
                ]
        if not declared and not issubclass(record, Customizable):
            continue
        first = first_of(record.__tablename__)
        if first in taken:
            raise TypeError(
                f"{record.__origin__}: the table's name comes to the same number as that of {taken[first].__name__}:"
                " give the record another"
            )
        taken[first] = record
        found[record] = Kind(record, first, tuple(_apart(declared)))
    return found


def custom_texts(custom: CustomFields, ctx: Any, record: type[Record]) -> list[FieldSpec]:
    """The fields that the institution added to be searched, whoever may see them."""
    return [
        each.spec
        for each in custom.of(ctx, record)
        if each.searched and not each.archived and each.spec.kind in _TEXTS
    ]


def first_of(table: str) -> int:
    """The least id of the keys of a table's records."""
    number = int.from_bytes(hashlib.blake2b(table.encode(), digest_size=8).digest())
    return (number % (1 << (63 - _BITS))) << _BITS


def last_of(first: int) -> int:
    """The greatest one, from the least."""
    return first + (1 << _BITS) - 1


def _texts(record: type[Record]) -> list[FieldSpec]:
    return [
        spec
        for spec in specs_of(record).values()
        if spec.info.search and not spec.info.secret and spec.kind in _TEXTS
    ]


def _searched(record: type[Record], spec: FieldSpec, holder: type[Record], name: str) -> Searched:
    return Searched(name, slot_of(f"{record.__tablename__} {name}"), spec, holder)


def _apart(fields: Sequence[Searched]) -> Iterator[Searched]:
    """Never two with the same letters before their keys: one would be found by who may see the other."""
    taken: set[str] = set()
    for each in sorted(fields, key=lambda one: one.name):
        if each.slot not in taken:
            taken.add(each.slot)
            yield each
