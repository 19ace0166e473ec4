"""Rows of the kernel's own tables that are always written together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ClauseElement,
    Connection,
    Insert,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.types import UserDefinedType

from tenor.db import gate

#: A statement over one table, and its row; what isn't a column is a parameter of the statement's own, and an expression
#: the same for every row.
Write = tuple[Insert | Update, Mapping[str, Any]]
Turn = Callable[[Any], Any]
#: the most statements that are kept: what follows what is no more various than what institutions do
_MOST: Final = 512


@lru_cache(maxsize=64)
def _day(value: object) -> str:
    """A day or an instant as text; rows that are written together are mostly of one instant."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} isn't what a row holds")


_JSON: Final = json.JSONEncoder(default=_day)


class _RowOf(UserDefinedType[Any]):
    """The type of a table's rows."""

    cache_ok = True

    def __init__(self, table: Table) -> None:
        self.table = table

    def get_col_spec(self, **_words: Any) -> str:
        """Its name."""
        return self.table.name


@dataclass(frozen=True)
class _Rows:
    """Of an insert: how its rows are handed over, as one parameter.

    Args:
        name: of the parameter.
        places: of its rows among all writes.
        turns: of each column what makes JSON of its value; None where it is as it is.
    """

    name: str
    places: tuple[int, ...]
    turns: Mapping[str, Turn | None]

    def of(self, writes: Sequence[Write]) -> str:
        """The parameter's value."""
        turns = self.turns.items()
        rows = []
        for place in self.places:
            row = writes[place][1]
            rows.append({name: turn(row[name]) if turn else row[name] for name, turn in turns})
        return _JSON.encode(rows)


@dataclass(frozen=True)
class _Whole:
    """A statement as PostgreSQL reads it.

    Args:
        words: with the names of its parameters.
        turned: what has to become of a parameter of an update first.
        rows: what hands over rows.
    """

    words: str
    turned: Mapping[str, Turn]
    rows: Sequence[_Rows]


#: by the statements, each with how many values its row has
_wholes: Final[dict[tuple[tuple[Insert | Update, int], ...], _Whole]] = {}


def write_together(connection: Connection, writes: Sequence[Write]) -> None:
    """Write rows, past the guard and the ledger, of which none reads what another of them writes: on PostgreSQL in one
    statement, which costs less than half of what they cost one by one; on SQLite one after the other. Those by the same
    statement keep their order.

    PostgreSQL is handed the rows of an insert as one JSON value: with a hundred parameters a statement takes the driver
    as long again.

    Args:
        writes: statements that are made once, for they are known again by what they are, each with the same columns
            every time that it has as many.
    """
    if connection.dialect.name != "postgresql":
        for statement, row in writes:
            connection.execute(statement, row, execution_options=gate.MARKED)
        return
    key = tuple([(statement, len(row)) for statement, row in writes])
    whole = _wholes.get(key)
    if whole is None:
        if len(_wholes) >= _MOST:
            _wholes.clear()
        whole = _wholes[key] = _made(connection, writes)
    given: dict[str, Any] = {}
    for place, (statement, row) in enumerate(writes):
        if isinstance(statement, Update):
            given |= {_name(statement, place, name): value for name, value in row.items()}
    for name, turn in whole.turned.items():
        given[name] = turn(given[name])
    for rows in whole.rows:
        given[rows.name] = rows.of(writes)
    connection.exec_driver_sql(whole.words, given, execution_options=gate.MARKED)


# -- made once -------------------------------------------------------------------------------------------------------


def _made(connection: Connection, writes: Sequence[Write]) -> _Whole:
    dialect: Any = connection.dialect
    places: dict[tuple[Insert | Update, int], list[int]] = {}
    for place, (statement, row) in enumerate(writes):
        places.setdefault((statement, len(row)), []).append(place)
    made: list[Any] = []
    rows: list[_Rows] = []
    for (statement, _values), its in places.items():
        row = writes[its[0]][1]
        if isinstance(statement, Update):
            made += [_updated(statement, place, writes[place][1]) for place in its]
            continue
        columns = statement.table.c
        own = [name for name, value in row.items() if not isinstance(value, ClauseElement)]
        turns = {name: _as_json(columns[name].type, dialect) for name in own}
        rows.append(_Rows(f"rows_{its[0]}", tuple(its), turns))
        made.append(_inserted(statement, rows[-1].name, row))
    *others, last = made
    whole = last.add_cte(*(each.cte(f"write_{place}") for place, each in enumerate(others)))
    compiled: Any = whole.compile(dialect=dialect)
    taken = {each.name for each in rows}
    turns = {
        name: parameter.type.dialect_impl(dialect).bind_processor(dialect)
        for name, parameter in compiled.binds.items()
        if name not in taken
    }
    turned = {name: turn for name, turn in turns.items() if turn is not None}
    return _Whole(str(compiled), turned, rows)


def _inserted(statement: Insert, parameter: str, row: Mapping[str, Any]) -> Insert:
    """The insert of what a parameter holds, in its order."""
    table: Any = statement.table
    given = cast(bindparam(parameter, type_=Text()), JSON())
    source = func.json_populate_recordset(cast(null(), _RowOf(table)), given)
    values: list[Any] = [
        value if isinstance(value, ClauseElement) else _read(name, table.c[name].type)
        for name, value in row.items()
    ]
    read = select(*values).select_from(source.alias(f"of_{parameter}"))
    return statement.from_select(list(row), read, include_defaults=False)


def _read(name: str, kind: Any) -> Any:
    """A column of what is handed over, in which JSON's own null looks like none."""
    if isinstance(kind, JSON) and not kind.none_as_null:
        return func.coalesce(column(name), cast(literal_column("'null'"), JSON()))
    return column(name)


def _updated(statement: Update, place: int, row: Mapping[str, Any]) -> Update:
    columns = statement.table.c
    return statement.values({
        name: bindparam(_name(statement, place, name), type_=columns[name].type)
        for name in row
        if name in columns
    })  # fmt: skip


def _name(statement: Update, place: int, name: str) -> str:
    """Of a parameter: SQLAlchemy takes one that is named like a column for a value of it."""
    return f"{name}_{place}" if name in statement.table.c else name


def _as_json(kind: Any, dialect: Any) -> Turn | None:
    """What makes of a value what JSON can hold, and PostgreSQL reads as what it was."""
    if isinstance(kind, JSON):
        return None
    turn: Turn | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return turn
