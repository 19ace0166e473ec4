"""Legal holds: of a record that is held nothing is erased and nothing taken out of the ledger, nor of its lines and
extensions, those that were removed or moved away included, nor of the dated facts about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from tenor.audit.past import linked
from tenor.audit.records import LedgerEntry, LegalHold
from tenor_sdk.records import Dated, Extension, Line, Record, host_of

#: the records by their tables
Kinds = Mapping[str, type[Record]]

_entries: Any = LedgerEntry.__table__
_holds: Any = LegalHold.__table__


def is_held(
    connection: Connection, kinds: Kinds, table: str, record_id: int, *, still: bool = False
) -> bool:
    """Whether a hold is on a record, or on one that it is or was a part of.

    Args:
        still: until this transaction, which writes, ends nobody changes these, and none of them is held anew.
    """
    return any(
        connection.execute(_held(place).where(_holds.c.record_id == one)).first() is not None
        for place, one in _upwards(connection, kinds, table, record_id, still)
    )


def keep_still(connection: Connection, kinds: Kinds, table: str, record_id: int) -> None:
    """Wait until nobody else changes, holds or erases a record, and let nobody do so until this transaction ends."""
    kind = kinds.get(table)
    if kind is None or getattr(kind, "__append_only__", False):
        return  # what never changes stands still, and isn't the site's to lock
    rows: Any = kind.__table__
    connection.execute(select(rows.c.id).where(rows.c.id == record_id).with_for_update())


def entries_held(connection: Connection, kinds: Kinds) -> ColumnElement[bool]:
    """Which entries are of records that are held, or that are or were a part of such. Of set-based work it isn't asked
    which records it was: it is held while one of that kind is."""
    open_ones = select(_holds.c.table_name).where(_holds.c.ended_at.is_(None)).distinct()
    held, dialect = {*connection.execute(open_ones).scalars()}, connection.dialect.name
    parts = [
        and_(
            _entries.c.table_name == table,
            or_(
                _entries.c.record_id.is_(None),
                *(_entries.c.record_id.in_(ids) for ids in _ids_held(kinds, table, dialect)),
            ),
        )
        for table in sorted({*kinds, *held})
        if not held.isdisjoint(_tables_above(kinds, table))
    ]
    return or_(false(), *parts)


def _held(table: str) -> Select[Any]:
    return select(_holds.c.record_id).where(
        _holds.c.table_name == table, _holds.c.ended_at.is_(None)
    )


def _host(kinds: Kinds, table: str) -> tuple[Any, str] | None:
    """What a kind is a part of, where it is: as which sort of part, and of which table."""
    kind = kinds.get(table)
    for sort in (Extension, Line, Dated):
        if kind is not None and issubclass(kind, sort):
            return sort, host_of(kind, sort).__tablename__
    return None


def _tables_above(kinds: Kinds, table: str) -> Iterator[str]:
    yield table
    part = _host(kinds, table)
    if part is not None:
        yield from _tables_above(kinds, part[1])


# -- from one record to what it is a part of -------------------------------------------------------------------------


def _upwards(
    connection: Connection, kinds: Kinds, table: str, record_id: int, still: bool
) -> Iterator[tuple[str, int]]:
    """A record, and all of which it is or was a part; kept still each before it is asked what it is a part of."""
    if still:
        keep_still(connection, kinds, table, record_id)
    yield table, record_id
    part = _host(kinds, table)
    if part is None:
        return
    sort, host = part
    above = {record_id} if sort is Extension else parents_of(connection, kinds[table], record_id)
    for one in sorted(above):
        yield from _upwards(connection, kinds, host, one, still)


def parents_of(connection: Connection, kind: type[Record], record_id: int) -> set[int]:
    """The records that a line belongs to, or ever did, or that a dated fact is about."""
    rows: Any = kind.__table__
    now = connection.execute(select(rows.c.parent_id).where(rows.c.id == record_id)).scalars()
    return {*now, *linked(connection, rows.name, record_id, "parent_id")}


# -- from what is held to its parts ----------------------------------------------------------------------------------


def _ids_held(kinds: Kinds, table: str, dialect: str) -> list[Select[Any]]:
    """The numbers of a kind's records that are held, or that are or were a part of such."""
    part = _host(kinds, table)
    if part is None:
        return [_held(table)]
    sort, host = part
    above = _ids_held(kinds, host, dialect)
    if sort is Extension:
        return [_held(table), *above]
    rows: Any = kinds[table].__table__
    now = [select(rows.c.id).where(rows.c.parent_id.in_(some)) for some in above]
    return [_held(table), *now, *(_ever_under(table, some, dialect) for some in above)]


def _ever_under(table: str, above: Select[Any], dialect: str) -> Select[Any]:
    """The lines that an entry shows under one of these, before or after it."""
    entries = _entries.alias()
    as_text = select(cast(above.subquery().c[0], Text))
    return select(entries.c.record_id).where(
        entries.c.table_name == table,
        entries.c.record_id.is_not(None),
        or_(*(_parent_told(entries, place, dialect).in_(as_text) for place in (0, 1))),
    )


def _parent_told(entries: Any, place: int, dialect: str) -> ColumnElement[Any]:
    """As a text: whatever stands there, comparing it raises nothing."""
    if dialect == "postgresql":
        told: ColumnElement[Any] = cast(entries.c.changes, JSONB)["parent_id"][place].as_string()
        return told
    return cast(func.json_extract(entries.c.changes, f'$."parent_id"[{place}]'), Text)
