"""Human numbers: counted by the database, in the transaction that writes the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper

from tenor.db import gate
from tenor.db.errors import Unguarded
from tenor_sdk.errors import Refused
from tenor_sdk.records import Record, info_of, metadata

#: One row a count. The row's lock makes numbers gapless: a transaction that is undone gives its number back.
sequences = Table(
    "base_sequence",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("n", BigInteger, nullable=False),
    info={"plugin": "base"},
)


def give(mapper: Mapper[Any], connection: Connection, record: Record, today: date) -> None:
    """Fill in the numbers of a record that is being written first.

    Args:
        today: the business date; its year stands in the number.

    Raises:
        Unguarded: somebody said one: the count would come to it, and stop there for good.
    """
    for attribute in mapper.column_attrs:
        pattern = info_of(attribute.columns[0]).number
        if pattern and getattr(record, attribute.key, None) is not None:
            raise Unguarded(f"{attribute.key} of a record is the kernel's to give")
        if pattern:
            (number,) = _take(connection, type(record), attribute.key, pattern, today, 1)
            setattr(record, attribute.key, number)


def give_all(
    connection: Connection, kind: type[Record], rows: Sequence[dict[str, Any]], today: date
) -> None:
    """Fill in the numbers of rows that are being written together, in their order."""
    for attribute in inspect(kind).column_attrs:
        pattern = info_of(attribute.columns[0]).number
        if pattern and rows:
            taken = _take(connection, kind, attribute.key, pattern, today, len(rows))
            for row, number in zip(rows, taken, strict=True):
                row[attribute.key] = number


def keep(mapper: Mapper[Any], record: Record) -> None:
    """Refuse that a record goes whose number would then be missing.

    Raises:
        Refused: ``number-stays``.
    """
    for attribute in mapper.column_attrs:
        if info_of(attribute.columns[0]).gapless:
            number = getattr(record, attribute.key)
            raise Refused("number-stays", what=type(record).called(), number=number)


def _take(
    connection: Connection, kind: type[Record], key: str, pattern: str, today: date, count: int
) -> list[str]:
    """The next numbers of a pattern."""
    text = pattern.replace("{year}", f"{today.year:04d}")
    last = next_in(connection, f"{kind.__tablename__}.{key}:{text}", count)
    return [text.format(n=n) for n in range(last - count + 1, last + 1)]


def next_in(connection: Connection, name: str, count: int = 1) -> int:
    """The last of the ``count`` next numbers of a count that begins at 1."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(sequences).values(name=name, n=count)
    counted = statement.on_conflict_do_update(
        index_elements=["name"], set_={"n": sequences.c.n + count}
    )
    return int(
        connection.execute(
            counted.returning(sequences.c.n), execution_options=gate.MARKED
        ).scalar_one()
    )
