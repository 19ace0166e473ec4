"""What the ledger tells of a record's past: what stood in it, and what it linked to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from tenor.audit import set_based
from tenor.audit.asking import of_record
from tenor.audit.records import LedgerEntry

_entries: Any = LedgerEntry.__table__


def values_of(connection: Connection, table: str, record_id: int, name: str) -> Iterator[Any]:
    """What ever stood in a field of a record, as the ledger keeps it; what was erased or retired it doesn't tell.

    Args:
        name: as the ledger calls it.
    """
    which = of_record(table, record_id, connection.dialect.name)
    rows = connection.execute(select(_entries.c.kind, _entries.c.changes).where(which)).all()
    for row in rows:
        pair = set_based.of_record(row.kind, row.changes, record_id).get(name, ())
        yield from (value for value in pair if value is not None)


def linked(connection: Connection, table: str, record_id: int, name: str) -> set[int]:
    """The records to which a link of a record ever led, as far as the ledger tells."""
    found = values_of(connection, table, record_id, name)
    return {value for value in found if type(value) is int}
