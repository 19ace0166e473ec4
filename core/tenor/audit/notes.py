"""What the ledger itself says of entries that aren't whole any more, lawfully: values that were erased, entries that
were retired into an archive. Both are entries too, and sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, column, select, table

from tenor.audit.entries import plain
from tenor.audit.hashing import BEHALF, HEADER, entry_digest, field_hashes
from tenor.audit.reading import ODD, rows
from tenor.audit.records import APPROVED, Erasure, LedgerEntry

#: values of named fields were erased in these entries
ERASED: Final = "values-erased"
#: these entries were taken out into an archive
RETIRED: Final = "entries-retired"
#: such notes: what they say is never erased, nor are they taken out
KINDS: Final = (ERASED, RETIRED)
_PIECE: Final = 500
_WIDE: Final = 10_000

_entries: Any = LedgerEntry.__table__
_erasures: Any = Erasure.__table__
_people: Any = table("base_user", column("id"))
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


@dataclass
class Notes:
    """What notes make lawful.

    Args:
        among: for each entry of set-based work and each record in it the fields of which what stood there was erased.
        retired: the entries that were taken out.
        unfounded: the notes that count for nothing: somebody edited them, or nobody decided what they say.
        of_one, of_many: the fields whose values were erased in an entry, or in many.
    """

    among: dict[tuple[int, int], frozenset[str]]
    retired: Ranges
    unfounded: tuple[int, ...]
    of_one: dict[int, frozenset[str]]
    of_many: list[tuple[Ranges, frozenset[str]]]

    def erased(self, entry_id: int) -> frozenset[str]:
        """The fields whose values were erased in an entry."""
        fields = self.of_one.get(entry_id, frozenset())
        for ranges, some in self.of_many:
            if entry_id in ranges:
                fields |= some
        return fields


def read_notes(connection: Connection) -> Notes:
    """What the ledger says."""
    wanted = _entries.c.kind.in_(KINDS)
    statement = select(_entries).where(wanted).order_by(_entries.c.id)
    bare = select(_entries.c.id).where(wanted).order_by(_entries.c.id)
    made = Notes(defaultdict(frozenset), Ranges(), (), defaultdict(frozenset), [])
    retired: list[Sequence[int]] = []
    unfounded: list[int] = []
    for row, there in rows(connection, statement, bare):
        try:
            if not (there and is_whole(row) and _take(connection, row, made, retired)):
                unfounded.append(row.id)
        except ODD:
            unfounded.append(row.id)
    return replace(made, retired=Ranges(retired), unfounded=tuple(unfounded))


def _take(connection: Connection, row: Any, made: Notes, retired: list[Sequence[int]]) -> bool:
    """Take up what a note says; whether it counts."""
    ranges = _earlier(row.changes["entries"][1], row.id)
    if row.kind == RETIRED:
        retired += ranges
        return True
    fields = frozenset(row.changes["fields"][1])
    among = _earlier(row.changes["among"][1] if "among" in row.changes else [], row.id)
    if not decided(connection, row, fields):
        return False
    for first, last in ranges:
        if last - first > _WIDE:  # so that nobody's range of all numbers is gone through one by one
            made.of_many.append((Ranges([(first, last)]), fields))
            continue
        for number in range(first, last + 1):
            made.of_one[number] |= fields
    for number in numbers_of([(first, min(last, first + _WIDE)) for first, last in among]):
        made.among[number, row.record_id] |= fields
    return True


def _earlier(ranges: Any, before: int) -> list[Sequence[int]]:
    """The ranges of a note.

    Raises:
        ValueError: it tells of entries that came after it, or of what is no range.
    """
    for first, last in ranges:
        if type(first) is not int or type(last) is not int or not first <= last < before:
            raise ValueError(f"{first} to {last}")
    return list(ranges)


def is_whole(row: Any) -> bool:
    """Whether an entry's digest and hashes are those of what it says."""
    head = {name: row._mapping[name] for name in (*HEADER, *BEHALF)}
    head["at"] = plain(row.at)
    hashes = field_hashes(row.salt, row.changes, row.salts)
    return bool(hashes == row.hashes and entry_digest(head, hashes) == row.digest)


def decided(connection: Connection, row: Any, fields: frozenset[str]) -> bool:
    """Whether two people decided the erasure that a note tells of: its record and theirs are there."""
    found = connection.execute(
        select(_erasures).where(_erasures.c.id == row.changes["erasure"][1])
    ).first()
    if found is None or (found.table_name, found.record_id) != (row.table_name, row.record_id):
        return False
    two = {found.proposed_by_id, found.decided_by_id} - {None}
    people = connection.execute(select(_people.c.id).where(_people.c.id.in_(two))).all()
    return found.state == APPROVED and fields <= {*found.fields.split()} and len(people) == 2


def pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many values at once as a statement takes."""
    for begun in range(0, len(values), _PIECE):
        yield values[begun : begun + _PIECE]
