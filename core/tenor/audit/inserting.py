"""How entries are put into the ledger's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Text, cast, func, insert

from tenor.audit.records import LedgerEntry
from tenor.db import gate, waiting

if TYPE_CHECKING:
    from sqlalchemy import Connection, Insert

    from tenor.db.together import Write

_table: Final[Any] = LedgerEntry.__table__
_INSERT: Final = insert(_table).inline()
#: of set-based work: with the ids that it reaches from and to
_INSERT_SET_BASED: Final = insert(_table).inline()
#: with the transaction that wrote it: the sealer takes only what is over for everybody
_TRANSACTION: Final = {
    "postgresql": {"transaction": cast(cast(func.pg_current_xact_id(), Text), BigInteger)}
}
_INSERTS: Final = {name: _INSERT.values(**values) for name, values in _TRANSACTION.items()}
#: up to how many rows wait for others with which they are written; more are faster by themselves
_FEW: Final = 8


def insert_entries(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write entries, as ``tenor.audit.entries`` makes them, in the transaction of a connection."""
    if len(rows) <= _FEW:
        waiting.put(connection, [write_of(connection, row) for row in rows])
        return
    connection.execute(_statement_for(connection), list(rows), execution_options=gate.MARKED)


def write_of(connection: Connection, row: dict[str, Any]) -> Write:
    """An entry as a row that can be written together with others."""
    statement = _INSERT_SET_BASED if "first_id" in row else _INSERT
    return statement, {**row, **_TRANSACTION.get(connection.dialect.name, {})}


def _statement_for(connection: Connection) -> Insert:
    return _INSERTS.get(connection.dialect.name, _INSERT)


def insert_entry(connection: Connection, row: dict[str, Any]) -> int:
    """Write one entry; its number."""
    statement = _statement_for(connection).returning(_table.c.id)
    made = connection.execute(statement, row, execution_options=gate.MARKED)
    return int(made.scalar_one())
