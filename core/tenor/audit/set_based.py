"""Entries of set-based work: one for a chunk of records, with what stood in each of them, in the order of their
numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tenor.audit.audit import Entry

#: with what the kinds of such entries begin
BULK: Final = "bulk-"
_IDS: Final = "ids"


def ids_of(changes: Mapping[str, Any]) -> list[int]:
    """The records of a chunk."""
    return list(changes[_IDS][1])


def of_record(entry: Entry, record_id: int) -> Mapping[str, Any]:
    """The changes of one record, whatever kind of entry it is."""
    if not entry.kind.startswith(BULK):
        return entry.changes
    place = ids_of(entry.changes).index(record_id)
    return {
        name: [stood[place] if isinstance(stood, list) else None, new]
        for name, (stood, new) in entry.changes.items()
        if name != _IDS
    }
