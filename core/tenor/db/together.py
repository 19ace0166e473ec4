"""Rows of the kernel's own tables that are always written together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ClauseElement,
    Connection,
    Insert,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    select,
)

from tenor.db import gate

#: A statement over one table, and its row; what isn't a column is a parameter of the statement's own, and an expression
#: the same for every row.
Write = tuple[Insert | Update, Mapping[str, Any]]
Turn = Callable[[Any], Any]
#: the most statements that are kept: what follows what is no more various than what institutions do
_MOST: Final = 512


@dataclass(frozen=True)
class _Rows:
    """Of an insert: how its rows are handed over, as one parameter.

    Args:
        name: of the parameter.
        places: of its rows among all writes.
        turns: of each column that isn't shared, what makes JSON of its value; None where it is as it is.
    """

    name: str
    places: tuple[int, ...]
    turns: Mapping[str, Turn | None]

    def of(self, writes: Sequence[Write]) -> str:
        """The parameter's value."""
        rows = []
        for place in self.places:
            row = writes[place][1]
            rows.append({
                name: turn(row[name]) if turn is not None else row[name]
                for name, turn in self.turns.items()
            })  # fmt: skip
        return json.dumps(rows, default=_day)


@dataclass(frozen=True)
class _Whole:
    """A statement as PostgreSQL reads it.

    Args:
        words: with the names of its parameters.
        turned: what has to become of a parameter first.
        rows: what hands over rows.
    """

    words: str
    turned: Mapping[str, Turn]
    rows: Sequence[_Rows]


class Together:
    """Writes of which none reads what another of them writes: on PostgreSQL one statement, which costs less than half
    of what they cost one by one; on SQLite one after the other. Those by the same statement keep their order.

    PostgreSQL is handed the rows of an insert as one JSON value: with a hundred parameters a statement takes the driver
    as long again.

    Args:
        shared: columns that have one value in all of these rows, with a name for it that no column bears.
    """

    def __init__(self, shared: Mapping[str, str]) -> None:
        self._shared: Final = shared
        self._wholes: Final[dict[tuple[Insert | Update, ...], _Whole]] = {}

    def write(self, connection: Connection, writes: Sequence[Write]) -> None:
        """Write these rows, past the guard and the ledger.

        Args:
            writes: statements that are made once, for they are known again by what they are, each with the same columns
                every time.

        Raises:
            ValueError: two values for a column that they share.
        """
        given, unlike = self._given(writes)
        if unlike:
            raise ValueError(f"two values for {unlike}, which these rows share")
        self._write(connection, writes, given)

    def write_if_alike(self, connection: Connection, writes: Sequence[Write]) -> bool:
        """The same, unless they have two values for a column that they share: then nothing is written."""
        given, unlike = self._given(writes)
        if unlike:
            return False
        self._write(connection, writes, given)
        return True

    def _write(
        self, connection: Connection, writes: Sequence[Write], given: dict[str, Any]
    ) -> None:
        if connection.dialect.name != "postgresql":
            for statement, row in writes:
                connection.execute(statement, row, execution_options=gate.MARKED)
            return
        key = tuple([statement for statement, _row in writes])
        whole = self._wholes.get(key)
        if whole is None:
            if len(self._wholes) >= _MOST:
                self._wholes.clear()
            whole = self._wholes[key] = self._made(connection, writes)
        for name, turn in whole.turned.items():
            given[name] = turn(given[name])
        for rows in whole.rows:
            given[rows.name] = rows.of(writes)
        connection.exec_driver_sql(whole.words, given, execution_options=gate.MARKED)

    def _given(self, writes: Sequence[Write]) -> tuple[dict[str, Any], str]:
        """The parameters beside the rows of inserts, and which of them has two values."""
        given: dict[str, Any] = {}
        shared = self._shared
        for place, (statement, row) in enumerate(writes):
            for name in shared.keys() & row.keys():
                value = row[name]
                if given.setdefault(shared[name], value) != value:
                    return given, name
            if isinstance(statement, Update):
                given |= {
                    _name(statement, place, name): value
                    for name, value in row.items()
                    if name not in shared
                }
        return given, ""

    # -- made once ------------------------------------------------------------------------------

    def _made(self, connection: Connection, writes: Sequence[Write]) -> _Whole:
        dialect: Any = connection.dialect
        places: dict[Insert | Update, list[int]] = {}
        for place, (statement, _row) in enumerate(writes):
            places.setdefault(statement, []).append(place)
        made, rows = [], []
        for statement, its in places.items():
            row = writes[its[0]][1]
            if isinstance(statement, Update):
                made += [self._updated(statement, place, writes[place][1]) for place in its]
                continue
            names = [name for name, value in row.items() if self._is_own(name, value)]
            columns = statement.table.c
            turns = {name: _as_json(columns[name].type, dialect) for name in names}
            rows.append(_Rows(f"rows_{its[0]}", tuple(its), turns))
            made.append(self._inserted(statement, f"rows_{its[0]}", row, names))
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

    def _is_own(self, name: str, value: object) -> bool:
        return name not in self._shared and not isinstance(value, ClauseElement)

    def _inserted(
        self, statement: Insert, parameter: str, row: Mapping[str, Any], own: Sequence[str]
    ) -> Insert:
        """The insert of what a parameter holds, in its order."""
        columns: Any = statement.table.c
        types = {name: columns[name].type for name in own}
        read = {name: Text() if isinstance(of, JSON) else of for name, of in types.items()}
        source: Any = (
            func.json_to_recordset(cast(bindparam(parameter, type_=Text()), JSON()))
            .table_valued(*(column(name, of) for name, of in read.items()))
            .render_derived(name=f"of_{parameter}", with_types=True)
        )
        values: dict[str, Any] = {}
        for name, value in row.items():
            if isinstance(value, ClauseElement):
                values[name] = value
            elif name in self._shared:
                values[name] = bindparam(self._shared[name], type_=columns[name].type)
            else:
                found = source.c[name]
                values[name] = cast(found, types[name]) if isinstance(types[name], JSON) else found
        return statement.from_select(
            list(values), select(*values.values()).select_from(source), include_defaults=False
        )

    def _updated(self, statement: Update, place: int, row: Mapping[str, Any]) -> Update:
        columns = statement.table.c
        return statement.values({
            name: bindparam(
                self._shared.get(name) or _name(statement, place, name), type_=columns[name].type
            )
            for name in row
            if name in columns
        })  # fmt: skip


def _name(statement: Update, place: int, name: str) -> str:
    """Of a parameter: SQLAlchemy takes one that is named like a column for a value of it."""
    return f"{name}_{place}" if name in statement.table.c else name


def _as_json(kind: Any, dialect: Any) -> Turn | None:
    """What makes of a value what JSON can hold, and PostgreSQL reads as what it was; JSON itself as its text."""
    if isinstance(kind, JSON):
        absent = None if kind.none_as_null else "null"
        return lambda value: absent if value is None else json.dumps(value)
    turn: Turn | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return turn


def _day(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} isn't what a row holds")
