"""How entries are put into the ledger's table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Text, cast, func, insert

from tenor.audit.records import LedgerEntry
from tenor.db import gate

if TYPE_CHECKING:
    from sqlalchemy import Connection

_INSERT: Final = insert(LedgerEntry.__table__).inline()
#: with the transaction that wrote it: the sealer takes only what is over for everybody
_INSERTS: Final = {
    "postgresql": _INSERT.values(
        transaction=cast(cast(func.pg_current_xact_id(), Text), BigInteger)
    )
}


def insert_entries(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write entries, as ``tenor.audit.entries`` makes them, in the transaction of a connection."""
    if not rows:
        return
    statement = _INSERTS.get(connection.dialect.name, _INSERT)
    connection.execute(statement, list(rows), execution_options=gate.MARKED)
