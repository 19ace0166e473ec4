"""Values by the hundred as one parameter of PostgreSQL, an array, instead of a parameter a value, which both the driver
and the server would read one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Enum,
    Integer,
    String,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tenor.db.gate import beyond
from tenor.db.plain_types import Ids
from tenor_sdk.columns import AmountType, RateType
from tenor_sdk.errors import Invalid


def inserting_arrays(table: Any, rows: Sequence[Mapping[str, Any]]) -> tuple[Any, dict[str, Any]]:
    """The statement that inserts rows and returns their ids, which rise in the order of the rows, with its parameters.

    What a column's default says by a function is asked for each row.
    """
    given = {name: [row[name] for row in rows] for name in rows[0]}
    for each in table.columns:
        default = each.default
        if each.name not in given and default is not None and not default.is_sequence:
            given[each.name] = [_default(default) for _row in rows]
    kinds = {name: _kind(table.c[name].type) for name in given}
    columns = [column(name, kind) for name, kind in kinds.items()]
    arrays = [_array(f"all_{name}", kind) for name, kind in kinds.items()]
    values = (
        func.unnest(*arrays)
        .table_valued(*columns, with_ordinality="nth", name="given")
        .render_derived()
    )
    # numbers are given out after the rows are in order
    source = select(*(values.c[name] for name in given)).order_by(values.c.nth)
    statement = insert(table).from_select(list(given), source, include_defaults=False)
    told = {f"all_{name}": _told(kinds[name], each) for name, each in given.items()}
    return statement.returning(table.c.id), told


def among(attribute: Any, parts: Collection[Any], dialect: str) -> Any:
    """Whether a field has one of many values; on PostgreSQL they are one parameter."""
    kind = attribute.expression.type
    if dialect != "postgresql" or not isinstance(kind, String) or isinstance(kind, Enum):
        return attribute.in_(list(parts))
    return attribute == any_(bindparam(None, list(parts), type_=ARRAY(Text())))


def one_of(attribute: Any, ids: Iterable[int], dialect: str) -> Any:
    """Whether a link leads to one of many; on PostgreSQL they are one parameter, of one text."""
    if dialect != "postgresql":
        return attribute.in_(ids)
    text = "{" + ",".join(map(str, ids)) + "}"
    return attribute == any_(bindparam(None, text, type_=Ids()))


def _default(default: Any) -> Any:
    return default.arg(None) if default.is_callable else default.arg


def _kind(kind: Any) -> Any:
    """A text's limit is the column's to keep: a cast to it would cut what is too long."""
    return Text() if isinstance(kind, String) and not isinstance(kind, Enum) else kind


def _array(name: str, kind: Any) -> Any:
    if _is_plain(kind):
        return cast(bindparam(name, type_=Text()), ARRAY(kind))
    return bindparam(name, type_=ARRAY(kind))


def _told(kind: Any, values: Sequence[Any]) -> Any:
    """The parameter: where it can be, one text, as the driver takes each value of a list by itself.

    Raises:
        Invalid: ``number-beyond-what-is-kept``.
    """
    if not _is_plain(kind):
        return list(values)
    if isinstance(kind, AmountType):
        values = [None if each is None else each.minor for each in values]
    elif isinstance(kind, RateType):
        values = [None if each is None else each.nano for each in values]
    if any(map(beyond, values)):  # in a text the gate sees none
        raise Invalid("number-beyond-what-is-kept")
    write = _quoted if isinstance(kind, Text) else str
    return "{" + ",".join("NULL" if each is None else write(each) for each in values) + "}"


def _is_plain(kind: Any) -> bool:
    return isinstance(kind, (Text, Integer, Boolean, Date, AmountType, RateType))


def _quoted(text: str) -> str:
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
