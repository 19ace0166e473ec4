"""Verifying: every entry against its leaf, the leaves against their seal, the seals against one another. It reads in
blocks, so that it takes as much memory for a million entries as for ten thousand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select

from tenor.audit import stamps
from tenor.audit.chain import Chain
from tenor.audit.entries import plain
from tenor.audit.hashing import BEHALF, FORM, HEADER, entry_digest, entry_leaf, field_hashes
from tenor.audit.journals import Rows, inserted, of_entry, unsealed
from tenor.audit.merkle import Root
from tenor.audit.notes import Notes, pieces, read_notes
from tenor.audit.putting_back import PutBack
from tenor.audit.reading import BLOCK, ODD, rows
from tenor.audit.records import LedgerEntry, SealMember
from tenor.audit.set_based import BULK, gone_from, ids_of
from tenor.audit.trust import Trust
from tenor.audit.verdict import Finding, Verdict

_HEAD: Final = (*HEADER, *BEHALF)
#: of those that don't fit, how many are looked for in each other's places
_LOOKED_FOR: Final = 100

_entries: Any = LedgerEntry.__table__
_members: Any = SealMember.__table__
#: of a membership, whatever stands in its entry
_BARE: Final = (_members.c.seal_id, _members.c.place, _members.c.entry_id, _members.c.leaf)
_WANTED: Final = (
    *_BARE, _entries.c.id, _entries.c.digest, _entries.c.hashes, _entries.c.changes, _entries.c.salt,
    _entries.c.salts, _entries.c.first_id, _entries.c.last_id,
    *(_entries.c[name] for name in _HEAD), _members.c.table_name.label("journal"),
)  # fmt: skip
_FIRST: Final = 12


def verify(
    connection: Connection,
    kept: Mapping[int, str] | None = None,
    journals: Sequence[Table] = (),
    trust: Trust | None = None,
) -> Verdict:
    """Check every sealed entry, every sealed row of a journal, and the chain of seals. Whatever stands in the
    tables is told, not raised.

    Args:
        connection: in a transaction that sees one state of the database throughout.
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

    def add(self, place: Any, leaf: Any, count: int) -> None:
        """The next member."""
        if type(place) is not int or type(leaf) is not str:
            self.doubled, place, leaf = True, self.places, str(leaf)
        self.gaps += max(place - self.places, 0)
        self.doubled = self.doubled or place < self.places
        self.places = max(place + 1, self.places)
        self.root.add(leaf)
        if self.root.count == count:
            self.sealed = self.root.value()


@dataclass(frozen=True)
class _Strange:
    """An entry that isn't what was sealed: its digest as it is, and the leaf and seal of its membership."""

    digest: str
    leaf: str
    seal_id: int


class _Check:
    def __init__(
        self, connection: Connection, kept: Mapping[int, str], journals: Sequence[Table]
    ) -> None:
        self.connection = connection
        self.sources: tuple[Any, ...] = (_entries, *journals)
        self.rows = Rows(connection, journals)
        self.chain = Chain(connection, kept)
        self.findings: list[Finding] = []
        self.checked = self.erased = self.retired = 0
        self.strange: dict[int, _Strange] = {}
        #: seals whose leaves don't lead to their root: how many they had, and the root
        self.broken: dict[int, tuple[int, str]] = {}
        self.notes: Notes = read_notes(connection)

    def verdict(self, trust: Trust | None) -> Verdict:
        seals = self.chain.seals
        self.findings += self.chain.findings
        for some in _grouped(seals):
            self._members_of(some)
        self._name_strange()
        self.rows.check()
        self.findings += self.rows.findings
        self._name_broken()
        stamped, bad = stamps.check(self.connection, seals, trust)
        self.findings += bad
        self.findings += [Finding("unfounded", number) for number in self.notes.unfounded]
        fresh = 0
        for source in self.sources:
            self.findings += inserted(self.connection, source, self.chain.horizon)
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
            unnumbered=sum(row._mapping["count"] for row in seals if row.form != FORM),
        )

    # -- the entries of some seals ----------------------------------------------------------------------------------

    def _members_of(self, seals: Sequence[Any]) -> None:
        blocks = {row.id: _Block() for row in seals}
        counts = {row.id: row._mapping["count"] for row in seals}
        forms = {row.id: row.form for row in seals}
        among = _members.c.seal_id.between(seals[0].id, seals[-1].id)
        order = (_members.c.seal_id, _members.c.place, _members.c.id)
        statement = (
            select(*_WANTED)
            .outerjoin_from(_members, _entries, of_entry(_entries))
            .where(among)
            .order_by(*order)
        )
        bare = select(*_BARE, _members.c.table_name).where(among).order_by(*order)
        for row, there in rows(self.connection, statement, bare):
            number = row[0]
            block = blocks.get(number)
            if block is not None:  # else its seal is gone, which is told already
                block.add(row[1], row[3], counts[number])
            if row[-1]:
                continue
            if there:
                self._entry(row, number, forms.get(number))
            else:
                self.checked += 1
                self.findings.append(Finding("edited", row[2], number))
        for row in seals:
            self._end_of(row, blocks[row.id])

    def _end_of(self, row: Any, block: _Block) -> None:
        count = row._mapping["count"]
        if block.root.count != count or block.sealed != row.root or block.gaps or block.doubled:
            self.broken[row.id] = (count, row.root)

    def _entry(self, row: Any, seal_id: int, form: int | None) -> None:
        entry_id = row[2]
        if row[4] is None:
            if entry_id in self.notes.retired:
                self.retired += 1
            else:
                self.findings.append(Finding("removed", entry_id, seal_id))
            return
        self.checked += 1
        try:
            self._compare(row, seal_id, form)
        except ODD:  # a cell holds what was never written there
            self.findings.append(Finding("edited", entry_id, seal_id))

    def _compare(self, row: Any, seal_id: int, form: int | None) -> None:
        entry_id, leaf, hashes = row[2], row[3], row[6]
        head = dict(zip(_HEAD, row[_FIRST:-1], strict=True))
        head["at"] = plain(_utc(head["at"]))
        digest = entry_digest(head, hashes)
        forms = (form,) if form is not None else (1, FORM)
        if all(entry_leaf(each, entry_id, digest) != leaf for each in forms):
            self.strange[entry_id] = _Strange(digest, leaf, seal_id)
        elif row[5] != digest or not _found_by_its_records(row, head["kind"]):
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
        lawful = gone & self.notes.erased(entry_id) if gone else gone
        self.erased += len(lawful)
        if gone - lawful:
            self.findings.append(Finding("value-removed", entry_id, seal_id))

    # -- what isn't in its place ------------------------------------------------------------------------------------

    def _name_strange(self) -> None:
        """An entry that stands where another was sealed was moved; one that was never sealed was edited."""
        digests = {each.digest for each in self.strange.values()}
        known = set()
        for some in pieces(sorted(digests)):
            statement = select(_members.c.leaf).where(_members.c.leaf.in_(some))
            known |= set(self.connection.execute(statement).scalars())
        first = dict(list(self.strange.items())[:_LOOKED_FOR])
        sealed = {each.leaf for each in first.values()}
        for entry_id, strange in self.strange.items():
            moved = strange.digest in known or (
                entry_id in first
                and any(entry_leaf(FORM, each, strange.digest) in sealed for each in first)
            )
            key = "moved" if moved else "edited"
            self.findings.append(Finding(key, entry_id, strange.seal_id))

    def _name_broken(self) -> None:
        """Where leaves don't lead to the root: who stood elsewhere, who came later, and what can't be told any more."""
        try:
            members = self._rows_of_broken()
            put_back = PutBack(self.broken, members)
        except ODD:  # numbers that are none: nothing can be put into an order
            self.findings += [Finding("edited", seal_id=number) for number in self.broken]
            return
        self.findings += put_back.findings
        named = {finding.seal_id for finding in self.findings if finding.entry_id is not None}
        for number, count in put_back.unsolved.items():
            if sum(row.seal_id == number for row in members) < count:
                self.findings.append(Finding("removed", seal_id=number))
            elif number not in named:
                self.findings.append(Finding("edited", seal_id=number))

    def _rows_of_broken(self) -> Sequence[Any]:
        found: list[Any] = []
        for some in pieces(sorted(self.broken)):
            statement = (
                select(_members, _entries.c["transaction"])
                .outerjoin_from(_members, _entries, of_entry(_entries))
                .where(_members.c.seal_id.in_(some))
            )
            found += self.connection.execute(statement).all()
        return found


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
        if entries >= BLOCK:
            yield group
            group, entries = [], 0
    if group:
        yield group


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
