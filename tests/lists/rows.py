"""Rows of any kind of record, made from its columns alone, past guard and services: enough of them to fill a page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Enum,
    Integer,
    create_engine,
    func,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from tenor.records.specs import specs_of
from tenor_sdk.columns import AmountType, CustomType, RateType, UtcTime
from tenor_sdk.values import Amount, Rate

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

_WHEN = datetime(2026, 1, 1, tzinfo=UTC)


class CannotBeMade(AssertionError):
    """A record of which no row can be made, and why."""


class Maker:
    """Makes rows that belong to somebody."""

    def __init__(self, kernel: Kernel, connection: Connection, owner: ActorData) -> None:
        self.kernel, self.connection, self.owner = kernel, connection, owner
        self.by_table = {each.__tablename__: each for each in kernel.declarations.records}
        self.count = itertools.count(1)

    def make(self, record: type[Record], wanted: int) -> None:
        """See that a table has so many rows at least.

        Raises:
            CannotBeMade: naming the record and what the database said.
        """
        table = record.__table__
        there = self.connection.scalar(select(func.count()).select_from(table)) or 0
        for _each in range(wanted - there):
            self._one(record)

    def _one(self, record: type[Record]) -> int:
        values = {
            column.name: self._value(record, column)
            for column in record.__table__.columns
            if not (column.primary_key and not column.foreign_keys)
            and not isinstance(column.type, CustomType)
        }
        try:
            with self.connection.begin_nested():
                made = self.connection.execute(insert(record.__table__).values(values))
        except (SQLAlchemyError, TypeError, ValueError) as error:
            raise CannotBeMade(
                f"{record.__origin__}: no row of {record.__name__}: {error}"
            ) from error
        return int((made.inserted_primary_key or (0,))[0])

    def _value(self, record: type[Record], column: Any) -> Any:
        key = record.__mapper__.get_property_by_column(column).key
        spec, number = specs_of(record)[key], next(self.count)
        if key in ("unit_id", "owner_id"):
            return self.owner.unit_id if key == "unit_id" else self.owner.id
        if column.foreign_keys:
            return self._linked(record, column)
        if spec.kind == "state":
            flow = self.kernel.workflow.flow(record)
            return flow.initial if flow is not None else "nothing"
        if spec.choices:
            chosen = spec.choices[number % len(spec.choices)][0]
            return spec.enum(chosen) if spec.enum else chosen
        if spec.target is not None:  # a person, without a key of the database
            return self.owner.id
        return self._plain(record, key, column, number)

    def _plain(self, record: type[Record], key: str, column: Any, number: int) -> Any:
        kind = column.type
        if key == record.__currency__:
            return "CNY"
        if isinstance(kind, JSON):
            return column.default.arg(None) if column.default is not None else {}
        if isinstance(kind, Boolean):
            return bool(column.default.arg) if column.default is not None else False
        values: tuple[tuple[Any, Any], ...] = (
            (AmountType, Amount(number)), (RateType, Rate(number)), (Date, date(2026, 1, 1) + timedelta(number)),
            ((UtcTime, DateTime), _WHEN + timedelta(hours=number)), (Integer, number), (Enum, None),
        )  # fmt: skip
        for types, value in values:
            if isinstance(kind, types):
                return value
        return f"{number}"[: getattr(kind, "length", None) or 40]

    def _linked(self, record: type[Record], column: Any) -> int | None:
        """The row that a link leads to, another one for each where only one may."""
        target = self.by_table[next(iter(column.foreign_keys)).column.table.name]
        if target is record:
            return None
        alone = column.unique or column.primary_key or _only_one(record, column)
        if alone:
            return self._one(target)
        found = self.connection.scalar(select(func.max(target.__table__.c.id)))
        return int(found) if found is not None else self._one(target)


def _only_one(record: type[Record], column: Any) -> bool:
    """Whether a link stands in a rule that lets no two rows be alike."""
    from sqlalchemy import UniqueConstraint

    table: Any = record.__table__
    rules = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    return any(
        column.name in each.columns for each in (*rules, *(i for i in table.indexes if i.unique))
    )


@contextmanager
def making(kernel: Kernel, owner: ActorData) -> Iterator[Maker]:
    """A maker on a connection of its own."""
    engine = create_engine(kernel.settings.owner)
    with engine.begin() as connection:
        yield Maker(kernel, connection, owner)
    engine.dispose()
