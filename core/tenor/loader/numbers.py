"""The numbers that records of a removed plugin bore: none is given again, as the ledger tells of them for good.

Removing and purging put the highest on record; tables that are made afresh count on from there. PostgreSQL's sequences
do so once they are told. SQLite counts from the highest row that is there, but for tables that say ``AUTOINCREMENT``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Table, column, event, func, inspect, select, table, text

from tenor.audit.records import LedgerEntry
from tenor.loader.acts import acts_on
from tenor.loader.owned import Owned, Tables

#: under which the ledger keeps them, with the removal
NUMBERS: Final = "numbers"
#: before the name of a table that Alembic makes to take another's place
_TO_BE: Final = "_alembic_tmp_"
_entries: Any = LedgerEntry.__table__


def given(tables: Tables, owned: Owned) -> dict[str, int]:
    """For each of a plugin's tables the highest number that a row of it bore."""
    found = (
        (name, _highest(tables, name)) for name in owned.tables if "id" in tables.columns(name)
    )
    return {name: number for name, number in found if number}


def _highest(tables: Tables, name: str) -> int:
    connection = tables.connection
    told = select(func.max(_entries.c.record_id), func.max(_entries.c.last_id))
    seen = (
        connection.execute(select(func.max(column("id"))).select_from(table(name))).scalar(),
        *connection.execute(told.where(_entries.c.table_name == name)).one(),
        last_of(connection, name, tables.columns(name)),
    )
    return max(int(number or 0) for number in seen)


@contextmanager
def counting_on(connection: Connection, plugin: str) -> Iterator[None]:
    """While the migrations of a plugin run: tables that they make count on from what was given before."""
    numbers = _on_record(connection, plugin)
    if not numbers:
        yield
        return

    def made(of: Table, by: Connection, **_told: Any) -> None:
        if by is connection and of.name.removeprefix(_TO_BE) in numbers:
            of.dialect_options["sqlite"]["autoincrement"] = True

    event.listen(Table, "before_create", made)
    try:
        yield
    finally:
        event.remove(Table, "before_create", made)
    for name in sorted(numbers.keys() & {*inspect(connection).get_table_names()}):
        _count_from(connection, name, numbers[name])


def _on_record(connection: Connection, plugin: str) -> dict[str, int]:
    """The highest of all removals."""
    names = {"base_ledger_entry", "base_plugin_state"}
    if not names <= {*inspect(connection).get_table_names()}:
        return {}
    found: dict[str, int] = {}
    for _kind, told in acts_on(connection, plugin):
        numbers: Mapping[str, int] = told.get(NUMBERS, {})
        for name, number in numbers.items():
            found[name] = max(number, found.get(name, 0))
    return found


def _count_from(connection: Connection, name: str, number: int) -> None:
    """Never back: what is there may have come further since."""
    if connection.dialect.name == "sqlite":
        _count_from_on_sqlite(connection, name, number)
        return
    sequence = sequence_of(connection, name, ("id",))
    if sequence and last_of(connection, name, ("id",)) < number:
        connection.execute(select(func.setval(sequence, number)))


def _count_from_on_sqlite(connection: Connection, name: str, number: int) -> None:
    said = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    if "AUTOINCREMENT" not in str(connection.execute(said, {"name": name}).scalar()):
        return
    its = {"name": name, "number": number}
    kept = text("UPDATE sqlite_sequence SET seq = max(seq, :number) WHERE name = :name")
    if not connection.execute(kept, its).rowcount:
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"), its
        )


def last_of(connection: Connection, name: str, columns: Sequence[str]) -> int:
    """The number that PostgreSQL gave last to a row of a table; 0 where it gave none, and on SQLite."""
    sequence = sequence_of(connection, name, columns)
    if not sequence:
        return 0
    told: Any = select(column("last_value"), column("is_called")).select_from(text(sequence))
    row: Any = connection.execute(told).one()
    return int(row.last_value) if row.is_called else 0


def sequence_of(connection: Connection, name: str, columns: Sequence[str]) -> str:
    """The sequence that numbers the rows of a table; empty where there is none."""
    if connection.dialect.name == "sqlite" or "id" not in columns:
        return ""
    told = text("SELECT pg_get_serial_sequence(quote_ident(:name), 'id')")
    return str(connection.execute(told, {"name": name}).scalar() or "")
