"""Rows of the kernel's own tables that are always written together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Insert, Update, bindparam

from tenor.db import gate

#: a statement over one table, and its row; what isn't a column is a parameter of the statement's own
Write = tuple[Insert | Update, Mapping[str, Any]]


class Together:
    """Writes of which none reads what another of them writes: on PostgreSQL one statement, which costs half of what
    they cost one by one; on SQLite one after the other.

    Args:
        shared: columns that have one value in all of these rows, with a name for it that no column bears.
    """

    def __init__(self, shared: Mapping[str, str]) -> None:
        self._shared: Final = shared
        self._whole: Final[dict[tuple[Insert | Update, ...], Insert | Update]] = {}

    def write(self, connection: Connection, writes: Sequence[Write]) -> None:
        """Write these rows, past the guard and the ledger.

        Args:
            writes: statements that are made once, for they are known again by what they are, each with as many columns
                every time.

        Raises:
            ValueError: two values for a column that they share.
        """
        given = self._given(writes)
        if connection.dialect.name != "postgresql":
            for statement, row in writes:
                connection.execute(statement, row, execution_options=gate.MARKED)
            return
        key = tuple(statement for statement, _row in writes)
        if key not in self._whole:
            self._whole[key] = self._made(writes)
        connection.execute(self._whole[key], given, execution_options=gate.MARKED)

    def _given(self, writes: Sequence[Write]) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for place, (statement, row) in enumerate(writes):
            for name, value in row.items():
                if given.setdefault(self._name(statement, place, name), value) != value:
                    raise ValueError(f"two values for {name}, which these rows share")
        return given

    def _made(self, writes: Sequence[Write]) -> Insert | Update:
        *others, last = (
            statement.values({
                name: bindparam(self._name(statement, place, name), type_=statement.table.c[name].type)
                for name in row
                if name in statement.table.c
            })
            for place, (statement, row) in enumerate(writes)
        )  # fmt: skip
        return last.add_cte(*(each.cte(f"write_{place}") for place, each in enumerate(others)))

    def _name(self, statement: Insert | Update, place: int, name: str) -> str:
        """Of a parameter: SQLAlchemy takes one that is named like a column for a value of it."""
        if name not in statement.table.c:
            return name
        return self._shared.get(name) or f"{name}_{place}"
