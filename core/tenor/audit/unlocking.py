"""The owner's way past the triggers of the ledger, for the two things that may be done to it: to erase values that two
people decided to erase, and to take out what is older than it must be kept. Only who owns the tables can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from tenor_sdk.errors import Refused


def check_owner(connection: Connection, table: str) -> None:
    """Whether who is connected could unlock a table.

    Raises:
        Refused: ``not-the-owner``.
    """
    if connection.dialect.name != "postgresql":
        return
    owned = "select pg_has_role(relowner, 'USAGE') from pg_class where oid = to_regclass(:table)"
    if not connection.execute(text(owned), {"table": table}).scalar():
        raise Refused("not-the-owner", name=table)


@contextmanager
def unlocked(connection: Connection, table: str) -> Iterator[None]:
    """Within the transaction: no trigger of the table refuses anything. An error undoes this with all the rest."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    statement = "select name, sql from sqlite_master where type = 'trigger' and tbl_name = :table"
    triggers = connection.execute(text(statement), {"table": table}).all()
    for trigger in triggers:
        connection.execute(text(f'DROP TRIGGER "{trigger.name}"'))
    yield
    for trigger in triggers:
        connection.execute(text(trigger.sql))
