"""Verifying: every entry against its leaf, the leaves against their seal, the seals against one another. It reads in
blocks, so that it takes as much memory for a million entries as for ten thousand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from tenor.audit import stamps
from tenor.audit.entries import plain
from tenor.audit.hashing import BEHALF, HEADER, entry_digest, field_hashes, seal_digest
from tenor.audit.journals import Rows, inserted, of_entry, unsealed
from tenor.audit.merkle import Root
from tenor.audit.notes import Notes, pieces, read_notes
from tenor.audit.putting_back import PutBack
from tenor.audit.records import LedgerEntry, Seal, SealMember
from tenor.audit.set_based import BULK, gone_from, ids_of
from tenor.audit.tokens import Trust
from tenor.audit.verdict import Finding, Verdict

_BLOCK: Final = 5000
_HEAD: Final = (*HEADER, *BEHALF)

_entries: Any = LedgerEntry.__table__
_seals: Any = Seal.__table__
_members: Any = SealMember.__table__
_WANTED: Final = (
    _members.c.seal_id, _members.c.place, _members.c.entry_id, _members.c.leaf, _entries.c.id,
    _entries.c.digest, _entries.c.hashes, _entries.c.changes, _entries.c.salt, _entries.c.salts,
    _entries.c.first_id, _entries.c.last_id,
    *(_entries.c[name] for name in _HEAD), _members.c.table_name.label("journal"),
)  # fmt: skip
_FIRST: Final = 12


def verify(
    connection: Connection,
    kept: Mapping[int, str] | None = None,
    journals: Sequence[Table] = (),
    trust: Trust | None = None,
) -> Verdict:
    """Check every sealed entry, every sealed row of a journal, and the chain of seals.

    Args:
        kept: digests of seals by number, as they were copied off the machine.
        journals: the tables that are sealed directly.
        trust: whose time stamps are believed.
    """
    return _Check(connection, kept or {}, journals).verdict(trust)


@dataclass
class _Block:
    """What is known of a seal while its members pass by."""

    root: Root = field(default_factory=Root)
    #: the root over as many leaves as were sealed
    sealed: str = ""
    places: int = 0
    gaps: int = 0
    doubled: bool = False


class _Check:
    def __init__(
        self, connection: Connection, kept: Mapping[int, str], journals: Sequence[Table]
    ) -> None:
        self.connection, self.kept = connection, kept
        self.sources: tuple[Any, ...] = (_entries, *journals)
        self.rows = Rows(connection, journals)
        self.findings: list[Finding] = []
        self.checked = self.erased = self.retired = 0
        #: what an entry is now that isn't what was sealed at its place, with its seal
        self.strange: dict[int, tuple[str, int]] = {}
        #: seals whose leaves don't lead to their root: how many they had, and the root
        self.broken: dict[int, tuple[int, str]] = {}
        self.notes: Notes = read_notes(connection)

    def verdict(self, trust: Trust | None) -> Verdict:
        seals = self.connection.execute(select(_seals).order_by(_seals.c.id)).all()
        horizon = self._chain(seals)
        for some in _grouped(seals):
            self._members_of(some)
        self._name_strange()
        self.rows.check()
        self.findings += self.rows.findings
        self._name_broken()
        stamped, bad = stamps.check(self.connection, seals, trust)
        self.findings += bad
        fresh = 0
        for source in self.sources:
            self.findings += inserted(self.connection, source, horizon)
            fresh += self.connection.execute(unsealed(source, func.count())).scalar_one()
        return Verdict(
            entries=self.checked + self.rows.checked,
            seals=len(seals),
            unsealed=fresh,
            findings=tuple(dict.fromkeys(self.findings)),
            erased=self.erased,
            retired=self.retired,
            unread=self.rows.unread,
            stamps=stamped,
        )

    # -- the chain --------------------------------------------------------------------------------------------------

    def _chain(self, seals: Sequence[Any]) -> int:
        """Each seal against the one before; the horizon of the last."""
        previous, expected, horizon = "", 1, 0
        for row in seals:
            missing = range(expected, row.id)
            self.findings += [Finding("seal-missing", seal_id=number) for number in missing]
            at, count = plain(_utc(row.at)), row._mapping["count"]
            again = seal_digest(row.id, at, count, row.horizon, row.root, previous)
            if row.previous != previous or again != row.digest:
                self.findings.append(Finding("seal-edited", seal_id=row.id))
            previous, expected, horizon = row.digest, row.id + 1, row.horizon
        self._cut_off(expected, {row.id: row.digest for row in seals})
        return horizon

    def _cut_off(self, expected: int, seals: Mapping[int, str]) -> None:
        """Seals that were there: their members are left, or their digests were kept elsewhere."""
        left = select(_members.c.seal_id).where(_members.c.seal_id >= expected).distinct()
        gone = set(self.connection.execute(left).scalars())
        gone |= {each for each in self.kept if each >= expected}
        self.findings += [Finding("seal-missing", seal_id=number) for number in sorted(gone)]
        self.findings += [
            Finding("seal-edited", seal_id=number)
            for number, digest in sorted(self.kept.items())
            if number in seals and seals[number] != digest
        ]

    # -- the entries of some seals ----------------------------------------------------------------------------------

    def _members_of(self, seals: Sequence[Any]) -> None:
        blocks = {row.id: _Block() for row in seals}
        counts = {row.id: row._mapping["count"] for row in seals}
        statement = (
            select(*_WANTED)
            .outerjoin_from(_members, _entries, of_entry(_entries))
            .where(_members.c.seal_id.between(seals[0].id, seals[-1].id))
            .order_by(_members.c.seal_id, _members.c.place, _members.c.id)
        )
        told = self.connection.execute(statement, execution_options={"yield_per": _BLOCK})
        for row in told:
            number, place = row[0], row[1]
            block = blocks.get(number)
            if block is None:  # its seal is gone, which is told already
                continue
            block.gaps += max(place - block.places, 0)
            block.doubled = block.doubled or place < block.places
            block.places = max(place + 1, block.places)
            block.root.add(row[3])
            if block.root.count == counts[number]:
                block.sealed = block.root.value()
            if not row[-1]:
                self._entry(row, number)
        for row in seals:
            self._end_of(row, blocks[row.id])

    def _end_of(self, row: Any, block: _Block) -> None:
        count = row._mapping["count"]
        if block.root.count != count or block.sealed != row.root or block.gaps or block.doubled:
            self.broken[row.id] = (count, row.root)

    def _entry(self, row: Any, seal_id: int) -> None:
        entry_id, leaf = row[2], row[3]
        if row[4] is None:
            if entry_id in self.notes.retired:
                self.retired += 1
            else:
                self.findings.append(Finding("removed", entry_id, seal_id))
            return
        self.checked += 1
        head = dict(zip(_HEAD, row[_FIRST:-1], strict=True))
        head["at"] = plain(_utc(head["at"]))
        hashes = row[6]
        again = entry_digest(head, hashes)
        if again != leaf:
            self.strange[entry_id] = (again, seal_id)
        elif row[5] != leaf or not _found_by_its_records(row, head["kind"]):
            self.findings.append(Finding("edited", entry_id, seal_id))
        if head["kind"].startswith(BULK):
            self._among(entry_id, seal_id, row[7])
        there = field_hashes(row[8], row[7], row[9])
        if there != hashes:
            self._values(entry_id, seal_id, hashes, there)

    def _among(self, entry_id: int, seal_id: int, changes: Mapping[str, Any]) -> None:
        """What stood in single records of a chunk, and is gone."""
        for name, record_id in gone_from(changes):
            if name in self.notes.among.get((entry_id, record_id), ()):
                self.erased += 1
            else:
                self.findings.append(Finding("value-removed", entry_id, seal_id))

    def _values(
        self, entry_id: int, seal_id: int, hashes: Mapping[str, str], there: Mapping[str, str]
    ) -> None:
        if any(hashes.get(name) != value for name, value in there.items()):
            self.findings.append(Finding("value-edited", entry_id, seal_id))
        gone = hashes.keys() - there.keys()
        lawful = gone & self.notes.erased.get(entry_id, frozenset())
        self.erased += len(lawful)
        if gone - lawful:
            self.findings.append(Finding("value-removed", entry_id, seal_id))

    # -- what isn't in its place ------------------------------------------------------------------------------------

    def _name_strange(self) -> None:
        """An entry that stands where another was sealed was moved; one that was never sealed was edited."""
        digests = {digest for digest, _seal in self.strange.values()}
        known = set()
        for some in pieces(sorted(digests)):
            statement = select(_members.c.leaf).where(_members.c.leaf.in_(some))
            known |= set(self.connection.execute(statement).scalars())
        for entry_id, (digest, seal_id) in self.strange.items():
            key = "moved" if digest in known else "edited"
            self.findings.append(Finding(key, entry_id, seal_id))

    def _name_broken(self) -> None:
        """Where leaves don't lead to the root: who stood elsewhere, who came later, and what can't be told any more."""
        rows = self._rows_of_broken()
        put_back = PutBack(self.broken, rows)
        self.findings += put_back.findings
        named = {finding.seal_id for finding in self.findings if finding.entry_id is not None}
        for number, count in put_back.unsolved.items():
            if sum(row.seal_id == number for row in rows) < count:
                self.findings.append(Finding("removed", seal_id=number))
            elif number not in named:
                self.findings.append(Finding("edited", seal_id=number))

    def _rows_of_broken(self) -> Sequence[Any]:
        rows: list[Any] = []
        for some in pieces(sorted(self.broken)):
            statement = (
                select(_members, _entries.c["transaction"])
                .outerjoin_from(_members, _entries, of_entry(_entries))
                .where(_members.c.seal_id.in_(some))
            )
            rows += self.connection.execute(statement).all()
        return rows


def _found_by_its_records(row: Any, kind: str) -> bool:
    """Of set-based work: whether the numbers by which it is found are those among its changes."""
    if not kind.startswith(BULK):
        return True
    ids = ids_of(row[7])
    return (row[10], row[11]) == (min(ids), max(ids))


def _grouped(seals: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Seals one after the other, as many as make a block."""
    group: list[Any] = []
    entries = 0
    for row in seals:
        group.append(row)
        entries += row._mapping["count"]
        if entries >= _BLOCK:
            yield group
            group, entries = [], 0
    if group:
        yield group


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
