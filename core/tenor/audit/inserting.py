"""How entries are put into the ledger's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Text, cast, func, insert

from tenor.audit.records import LedgerEntry
from tenor.db import gate

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert

_table: Final[Any] = LedgerEntry.__table__
_INSERT: Final = insert(_table).inline()
#: with the transaction that wrote it: the sealer takes only what is over for everybody
_INSERTS: Final = {
    "postgresql": _INSERT.values(
        transaction=cast(cast(func.pg_current_xact_id(), Text), BigInteger)
    )
}


def insert_entries(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write entries, as ``tenor.audit.entries`` makes them, in the transaction of a connection."""
    if rows:
        connection.execute(statement_for(connection), list(rows), execution_options=gate.MARKED)


def statement_for(connection: Connection) -> Insert:
    """By which an entry is written on this kind of database."""
    return _INSERTS.get(connection.dialect.name, _INSERT)


def insert_entry(connection: Connection, row: dict[str, Any]) -> int:
    """Write one entry; its number."""
    statement = statement_for(connection).returning(_table.c.id)
    made = connection.execute(statement, row, execution_options=gate.MARKED)
    return int(made.scalar_one())
