"""Journals: tables whose rows are leaves of the seals themselves. What a leaf is, and which row is not as sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, column, func, inspect, select, table

from tenor.audit.entries import plain
from tenor.audit.hashing import field_hashes, new_salt, row_digest
from tenor.audit.reading import ODD, rows
from tenor.audit.records import LedgerEntry, Seal, SealMember
from tenor.audit.verdict import Finding

_members: Any = SealMember.__table__
_seals: Any = Seal.__table__


def of_entry(source: Any, name: str = "") -> ColumnElement[bool]:
    """Joins a source of leaves, the ledger or a journal, to its memberships."""
    return and_(_members.c.entry_id == source.c.id, _members.c.table_name == name, of_a_seal())


def of_a_seal() -> ColumnElement[bool]:
    """A membership of no seal covers nothing: whoever puts one in keeps no entry from being sealed. Seals are numbered
    one after the other from 1; one that is missing between them is a finding itself."""
    last = select(func.coalesce(func.max(_seals.c.id), 0)).correlate(None).scalar_subquery()
    found: ColumnElement[bool] = _members.c.seal_id.between(1, last)
    return found


def name_of(source: Any) -> str:
    """By which memberships name a source: nothing for the ledger."""
    return "" if source is LedgerEntry.__table__ else str(source.name)


def said_by(row: Mapping[str, Any]) -> dict[str, list[Any]]:
    """All that a row says. What is empty says nothing, so that a journal may get another column."""
    return {
        name: [None, plain(value)]
        for name, value in row.items()
        if value is not None and name != "id"
    }


def leaf(journal: str, row: Any, salt: str) -> str:
    """Over all that a row says."""
    return row_digest(journal, row["id"], field_hashes(salt, said_by(row)))


def _leaf_of(journal: str, row: Any, salt: str) -> str | None:
    """As ``leaf``; None where a cell holds what no leaf could be made of."""
    try:
        return leaf(journal, row, salt)
    except ODD:
        return None


def sealing(journal: Table, rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """What the memberships of rows say."""
    for row in rows:
        salt = new_salt()
        made = leaf(journal.name, row._mapping, salt)
        yield {"table_name": journal.name, "entry_id": row.id, "leaf": made, "salt": salt}


def unsealed(source: Any, *columns: Any) -> Any:
    """A statement over the rows of the ledger, or of a journal, that no seal covers."""
    return (
        select(*columns)
        .outerjoin_from(source, _members, of_entry(source, name_of(source)))
        .where(_members.c.id.is_(None))
    )


def last_sealed(source: Any) -> Any:
    """The highest number of a source that is sealed: on SQLite what comes later is above it."""
    return (
        select(_members.c.entry_id)
        .where(_members.c.table_name == name_of(source), of_a_seal())
        # an index answers this, where a maximum would take them all
        .order_by(_members.c.entry_id.desc())
        .limit(1)
        .scalar_subquery()
    )


def inserted(connection: Connection, source: Any, horizon: int) -> Iterator[Finding]:
    """Rows that no seal covers though they claim a transaction, or on SQLite a number, that was sealed over."""
    free = unsealed(source, source.c.id)
    behind = source.c["transaction"] < horizon if horizon else source.c.id < last_sealed(source)
    for row in connection.execute(free.where(behind)):
        yield Finding("inserted", row.id, table=name_of(source))


def row_of(
    connection: Connection, journal: Any, row_id: int
) -> tuple[Mapping[str, Any], int | None, dict[int | None, str]]:
    """A row, the seal that covers it, and the names of the people in it."""
    statement = (
        select(*journal.c, _members.c.seal_id.label("of_seal"))
        .outerjoin_from(journal, _members, of_entry(journal, journal.name))
        .where(journal.c.id == row_id)
    )
    row = dict(connection.execute(statement.limit(1)).one()._mapping)
    seal_id = row.pop("of_seal")
    people = table("base_user", column("id"), column("name"))
    named = select(people.c.id, people.c.name).where(
        people.c.id.in_([row["created_by_id"], row["behalf_of_id"]])
    )
    return row, seal_id, {each.id: each.name for each in connection.execute(named)}


@dataclass
class Rows:
    """The rows of journals against their leaves; each journal is read once, in blocks."""

    connection: Connection
    journals: Sequence[Table]
    findings: list[Finding] = field(default_factory=list)
    checked: int = 0
    #: rows of journals that are there, but of a plugin that isn't
    unread: int = 0

    def check(self) -> None:
        """Each journal that has leaves, those of plugins that were removed too."""
        known = {journal.name: journal for journal in self.journals}
        counted = (
            select(_members.c.table_name, func.count())
            .where(_members.c.table_name != "", of_a_seal())
            .group_by(_members.c.table_name)
        )
        for name, count in self.connection.execute(counted).all():
            if not inspect(self.connection).has_table(name):
                self.findings.append(Finding("table-missing", table=name))
            elif name in known:
                self._journal(known[name])
            else:
                self.unread += count

    def _journal(self, journal: Table) -> None:
        strange: dict[int, tuple[int, Any, str]] = {}
        wanted = (_members.c.seal_id, _members.c.entry_id, _members.c.leaf, _members.c.salt)
        statement = (
            select(*(each.label(f"member_{each.name}") for each in wanted), *journal.c)
            .outerjoin_from(_members, journal, _members.c.entry_id == journal.c.id)
            .where(_members.c.table_name == journal.name, of_a_seal())
            .order_by(_members.c.id)
        )
        bare = (
            select(_members.c.seal_id, _members.c.entry_id)
            .where(_members.c.table_name == journal.name, of_a_seal())
            .order_by(_members.c.id)
        )
        names = list(journal.c.keys())
        for (seal_id, row_id, *rest), there in rows(self.connection, statement, bare):
            sealed, salt, *values = rest if there else ("", "", *names)
            row = dict(zip(names, values, strict=True))
            if row["id"] is None:
                self.findings.append(Finding("removed", row_id, seal_id, journal.name))
                continue
            self.checked += 1
            found = _leaf_of(journal.name, row, salt) if there else None
            if found is None:  # a cell holds what was never written there
                self.findings.append(Finding("edited", row_id, seal_id, journal.name))
            elif found != sealed:
                strange[row_id] = (seal_id, row, sealed)
        self._name(journal, strange)

    def _name(self, journal: Table, strange: dict[int, tuple[int, Any, str]]) -> None:
        """A row that stands where another was sealed was moved; one that was never sealed was edited."""
        sealed = self._salts(journal, list(strange))
        for row_id, (seal_id, row, _leaf) in strange.items():
            key = "edited"
            for other, (salt, said) in sealed.items():
                if other != row_id and _leaf_of(journal.name, {**row, "id": other}, salt) == said:
                    key = "moved"
                    break
            self.findings.append(Finding(key, row_id, seal_id, journal.name))

    def _salts(self, journal: Table, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
        """Of the first of those that don't fit: who swaps a thousand rows is told of edited ones."""
        statement = select(_members.c.entry_id, _members.c.salt, _members.c.leaf).where(
            _members.c.table_name == journal.name, _members.c.entry_id.in_(ids[:100])
        )
        return {row.entry_id: (row.salt, row.leaf) for row in self.connection.execute(statement)}
