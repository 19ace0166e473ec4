"""Reading a table into whose cells somebody may have put anything: a row that can't be read doesn't hide the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Select

#: rows that are held at once
BLOCK: Final = 5000
#: what comes of it where a cell holds a value of another shape than was written
ODD: Final = (
    TypeError, ValueError, KeyError, AttributeError, IndexError, ArithmeticError, RecursionError,
)  # fmt: skip


def rows(
    connection: Connection, statement: Select[Any], bare: Select[Any]
) -> Iterator[tuple[Any, bool]]:
    """The rows of a statement in blocks, each with whether it could be read.

    Args:
        bare: the same rows in the same order, of columns by which one that can't be read is named.
    """
    at = 0
    while True:
        try:
            told = connection.execute(
                statement.offset(at) if at else statement, execution_options={"yield_per": BLOCK}
            )
            for row in told:
                at += 1
                yield row, True
        except Exception:  # noqa: BLE001 -- drivers and types raise what they like; where it was no cell, the bare row raises
            some = _few(connection, statement, bare, at, BLOCK)
            yield from some
            at += len(some)
            if len(some) < BLOCK:
                return
        else:
            return


def _few(
    connection: Connection, statement: Select[Any], bare: Select[Any], at: int, count: int
) -> list[tuple[Any, bool]]:
    """So many rows from a place on, by halves until the one that can't be read stands alone."""
    try:
        some = connection.execute(statement.offset(at).limit(count)).all()
    except Exception:  # noqa: BLE001 -- as above
        if count == 1:
            with _any_text(connection):
                return [(row, False) for row in connection.execute(bare.offset(at).limit(1))]
        half = count // 2
        first = _few(connection, statement, bare, at, half)
        if len(first) < half:
            return first
        return [*first, *_few(connection, statement, bare, at + half, count - half)]
    return [(row, True) for row in some]


@contextmanager
def _any_text(connection: Connection) -> Iterator[None]:
    """SQLite keeps bytes that are no text in columns of text."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    raw.text_factory = lambda told: told.decode("utf-8", "replace")
    try:
        yield
    finally:
        raw.text_factory = str
