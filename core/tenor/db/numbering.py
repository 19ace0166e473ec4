"""Human numbers: counted by the database, in the transaction that writes the record."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, String, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper

from tenor.db import gate
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
    """
    for attribute in mapper.column_attrs:
        pattern = info_of(attribute.columns[0]).number
        if pattern and not getattr(record, attribute.key, None):
            text = pattern.replace("{year}", f"{today.year:04d}")
            name = f"{type(record).__tablename__}.{attribute.key}:{text}"
            setattr(record, attribute.key, text.format(n=next_in(connection, name)))


def next_in(connection: Connection, name: str) -> int:
    """The next number of a count, from 1."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(sequences).values(name=name, n=1)
    counted = statement.on_conflict_do_update(
        index_elements=["name"], set_={"n": sequences.c.n + 1}
    )
    return int(
        connection.execute(
            counted.returning(sequences.c.n), execution_options=gate.MARKED
        ).scalar_one()
    )
