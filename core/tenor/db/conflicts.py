"""What the database refused, as an answer in words that say nothing of other rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, Table, UniqueConstraint

from tenor_sdk.errors import Conflict
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import info_of, metadata, words

if TYPE_CHECKING:
    from sqlalchemy import Dialect
    from sqlalchemy.exc import IntegrityError

    from tenor.db.state import SessionState
    from tenor_sdk.records import Record

#: SQLite names the columns, PostgreSQL the constraint
_IN_SQLITE: Final = re.compile(r"UNIQUE constraint failed: (?P<table>\w+)\.")


def conflict(error: IntegrityError, state: SessionState) -> Conflict:
    """The answer to whoever wrote. Of values that must be unique it names the fields, be the other row theirs or not:
    that there is one is what such a field tells anyhow."""
    text = str(error.orig).lower()
    if "unique" in text or "duplicate" in text:
        return Conflict("already-exists", **_told(error, state))
    if "foreign key" in text:
        return Conflict("still-referred-to")
    if "not null" in text or "not-null" in text:
        return Conflict("value-missing")
    return Conflict("not-consistent")


def _told(error: IntegrityError, state: SessionState) -> dict[str, object]:
    """The fields that clash, by name and in words; nothing where one of them isn't the person's to see."""
    ctx = state.ctx
    columns = _clashing(error, state.connection.dialect)
    if not columns or ctx is None:
        return {}
    tables = {column.table for column in columns}
    record = next((one for one in ctx.kernel.declarations.records if one.__table__ in tables), None)
    if record is None or not ctx.may(record, "read"):
        return {}
    keys = [record.__mapper__.get_property_by_column(column).key for column in columns]
    effects = ctx.kernel.access.field_effects(ctx, record, None)
    # nobody gives an id, so there is nothing to mend in it
    if "id" in keys or any(effects.get(key) in ("hide", "mask") for key in keys):
        return {}
    labels = [_label(record, key, column) for key, column in zip(keys, columns, strict=True)]
    return {"field": ", ".join(keys), "label": reduce(_together, labels)}


def _label(record: type[Record], key: str, column: Column[Any]) -> Text:
    return Text(info_of(column).label or words(key), module=record.__module__)


def _together(some: Text, one: Text) -> Text:
    return _("{some}, {one}", some=some, one=one)


def _clashing(error: IntegrityError, dialect: Dialect) -> list[Column[Any]]:
    """The columns that are unique together, and would not have been."""
    said: Any = error.orig
    if dialect.name == "postgresql":
        table = metadata.tables.get(said.diag.table_name or "")
        return [] if table is None else _of_name(table, said.diag.constraint_name, dialect)
    found = _IN_SQLITE.search(str(said))
    table = metadata.tables.get(found["table"]) if found else None
    if table is None:
        return []
    named = re.findall(r"\w+\.(\w+)", str(said))
    return [table.c[name] for name in named if name in table.c]


def _of_name(table: Table, name: str | None, dialect: Dialect) -> list[Column[Any]]:
    prepared = dialect.identifier_preparer
    for index in table.indexes:
        if prepared.format_index(index) == name:
            return _plain(index.expressions)
    for constraint in table.constraints:
        if (
            isinstance(constraint, UniqueConstraint)
            and prepared.format_constraint(constraint) == name
        ):
            return list(constraint.columns)
    return []


def _plain(expressions: Iterable[Any]) -> list[Column[Any]]:
    """The columns of an index; none where it is one over expressions."""
    columns = list(expressions)
    return columns if all(isinstance(one, Column) for one in columns) else []
