"""What the ledger itself says of entries that aren't whole any more, lawfully: values that were erased, entries that
were retired into an archive. Both are entries too, and sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, select

from tenor.audit.records import LedgerEntry

#: values of named fields were erased in these entries
ERASED: Final = "values-erased"
#: these entries were taken out into an archive
RETIRED: Final = "entries-retired"
_PIECE: Final = 500

_entries: Any = LedgerEntry.__table__
T = TypeVar("T")


class Ranges:
    """Many whole numbers, mostly one after the other."""

    def __init__(self, ranges: Iterable[Sequence[int]] = ()) -> None:
        self._ranges = sorted((first, last) for first, last in ranges)

    def __contains__(self, number: int) -> bool:
        from bisect import bisect_right

        at = bisect_right(self._ranges, (number, 2**63)) - 1
        return at >= 0 and self._ranges[at][0] <= number <= self._ranges[at][1]


def ranges_of(numbers: Iterable[int]) -> list[list[int]]:
    """Ascending numbers as first and last of each run."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def numbers_of(ranges: Iterable[Sequence[int]]) -> Iterator[int]:
    """The numbers of which ``ranges_of`` made runs."""
    for first, last in ranges:
        yield from range(first, last + 1)


@dataclass(frozen=True)
class Notes:
    """Args:
    erased: for each entry the fields whose values were erased.
    among: for each entry of set-based work and each record in it the fields of which what stood there was erased.
    retired: the entries that were taken out.
    """

    erased: dict[int, frozenset[str]]
    among: dict[tuple[int, int], frozenset[str]]
    retired: Ranges


def read_notes(connection: Connection) -> Notes:
    """What the ledger says."""
    statement = (
        select(_entries.c.kind, _entries.c.changes, _entries.c.record_id)
        .where(_entries.c.kind.in_((ERASED, RETIRED)))
        .order_by(_entries.c.id)
    )
    erased: dict[int, frozenset[str]] = defaultdict(frozenset)
    among: dict[tuple[int, int], frozenset[str]] = defaultdict(frozenset)
    retired: list[Sequence[int]] = []
    for kind, changes, record_id in connection.execute(statement):
        ranges = changes["entries"][1]
        if kind == RETIRED:
            retired += ranges
            continue
        fields = frozenset(changes["fields"][1])
        for number in numbers_of(ranges):
            erased[number] |= fields
        for number in numbers_of(changes["among"][1] if "among" in changes else ()):
            among[number, record_id] |= fields
    return Notes(dict(erased), dict(among), Ranges(retired))


def pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many values at once as a statement takes."""
    for begun in range(0, len(values), _PIECE):
        yield values[begun : begun + _PIECE]
