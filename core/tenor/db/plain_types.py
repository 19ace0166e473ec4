"""The allow-list of types: those of SQLAlchemy and of the SDK whose arguments are plain, through their whole tree.

A type says how a value lies in the database. It can bring SQL of its own: by a length that is a text, by a variant for
one database, by what it is made of, by what it makes of a column or a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import types
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql import quoted_name, sqltypes
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from tenor_sdk.columns import AmountType, CustomType, IsoDate, RateType, UtcTime


class Ids(UserDefinedType[str]):
    """Ids as PostgreSQL writes an array of them: of a list the driver would take each by itself."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_more: object) -> str:
        """Of the parameter."""
        return "BIGINT[]"


#: what a record may be kept in
KEPT: Final[frozenset[type[Any]]] = frozenset((
    types.String, types.Text, types.Unicode, types.UnicodeText, types.VARCHAR, types.CHAR, types.TEXT,
    types.Integer, types.BigInteger, types.SmallInteger, types.INTEGER, types.BIGINT, types.SMALLINT,
    types.Boolean, types.BOOLEAN, types.Date, types.DATE, types.DateTime, types.DATETIME, types.TIMESTAMP,
    types.Time, types.TIME, types.Interval, types.LargeBinary, types.Uuid, types.UUID, types.Enum,
    types.JSON, postgresql.JSON, postgresql.JSONB, types.ARRAY, postgresql.ARRAY,
    AmountType, CustomType, IsoDate, RateType, UtcTime,
))  # fmt: skip
#: what a statement may speak of besides
_SPOKEN: Final[frozenset[type[Any]]] = frozenset((
    types.Numeric, types.Float, types.Double, types.NUMERIC, types.DECIMAL, types.FLOAT, types.REAL, types.DOUBLE,
    types.NullType, types.TupleType, sqltypes.MatchType, types.JSON.JSONElementType, types.JSON.JSONIntIndexType,
    types.JSON.JSONStrIndexType, types.JSON.JSONIndexType, types.JSON.JSONPathType,
    Ids,  # of what a person may take out, which a list asks for beside what they may see
))  # fmt: skip
_NAME: Final = re.compile(r"[A-Za-z][\w.@-]*")
#: of an enumeration: what goes into no statement
_BESIDE: Final = frozenset(
    ("values_callable", "enum_class", "enums", "metadata", "sort_key_function")
)


def fault_of(kind: TypeEngine[Any], *, kept: bool = False) -> str:
    """What keeps a type from being let through; empty where nothing does.

    Args:
        kept: whether a record's column is of it.
    """
    if type(kind) not in KEPT and (kept or type(kind) not in _SPOKEN):
        return f"the type {type(kind).__name__} isn't let through"
    hidden = sorted(name for name in vars(kind) if name != "impl" and _is_method(kind, name))
    if hidden:
        return f"{hidden[0]} of the type {type(kind).__name__} isn't the type's own"
    for name, value in _arguments(kind):
        if isinstance(value, TypeEngine):
            if fault := fault_of(value, kept=kept):
                return fault
        elif not _is_plain(value):
            return f"{name} of the type {type(kind).__name__} is no plain argument"
    return ""


def _is_method(kind: TypeEngine[Any], name: str) -> bool:
    return callable(getattr(type(kind), name, None))


def _arguments(kind: TypeEngine[Any]) -> Iterator[tuple[str, Any]]:
    """What a type was made with, what it is made of, and its variants."""
    for name, value in vars(kind).items():
        if name == "_variant_mapping":
            yield from value.items()
        elif isinstance(kind, TypeDecorator):  # the SDK's, which say all else themselves
            if name == "impl":
                yield name, value
        elif name == "types":  # of a tuple
            yield from ((name, each) for each in value)
        elif name in _BESIDE and type(kind) is types.Enum:
            continue
        elif not name.startswith("_") and name != "dispatch":
            yield name, value


def _is_plain(value: Any) -> bool:
    if type(value) in (str, quoted_name):
        return _NAME.fullmatch(value) is not None
    return value is None or type(value) in (bool, int)
