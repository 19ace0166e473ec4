"""Records and their fields, in a page of reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tenor.cli.reference.words import code, first, said, table
from tenor_sdk.fields import FieldInfo, info_of
from tenor_sdk.records import (
    AppendOnly,
    Archivable,
    Customizable,
    Dated,
    Discussed,
    Extension,
    Line,
    Owned,
    Record,
    words,
)

_BASES: Final = (
    (Owned, "belongs to a unit and an owner"),
    (Archivable, "can be archived"),
    (Discussed, "has a timeline, followers and files"),
    (Customizable, "takes an institution's own fields"),
    (AppendOnly, "is written once"),
)
_HOSTED: Final = ((Line, "a line of"), (Extension, "adds columns to"), (Dated, "dated facts of"))
#: what every record has, or a base of it brings
_COMMON: Final = frozenset(
    name
    for kind in (Record, *(base for base, _words in _BASES), *(base for base, _words in _HOSTED))
    for name in getattr(kind, "__annotations__", {})
)


def records(kinds: Iterable[type[Record]]) -> Iterator[str]:
    """Each with what it is, its fields and their rules."""
    for kind in kinds:
        yield from (
            f"### {kind.singular()}",
            "",
            f"{code(kind.__name__)}, table {code(kind.__tablename__)}{_traits(kind)}.",
            "",
        )
        if "__doc__" in vars(kind) and kind.__doc__:
            yield from (said(kind), "")
        yield from table(("field", "type", "what it is", "rules"), _fields(kind))


def _traits(kind: type[Record]) -> str:
    hosted = [f"{told} {code(_host(kind))}" for base, told in _HOSTED if issubclass(kind, base)]
    traits = [told for base, told in _BASES if issubclass(kind, base)]
    return "".join(f"; {told}" for told in (*hosted, *traits))


def _host(kind: type[Record]) -> str:
    bases = getattr(kind, "__orig_bases__", ())
    return next((str(base.__args__[0].__name__) for base in bases if hasattr(base, "__args__")), "")


def _fields(kind: type[Record]) -> Iterator[tuple[str, str, str, str]]:
    for column in kind.__mapper__.column_attrs:
        if column.key not in _COMMON:
            info = info_of(column.columns[0])
            label = info.label or words(column.key)
            about = ". ".join(part for part in (label, info.help) if part)
            rules = ", ".join(_rules(column.columns[0], info))
            yield code(column.key), code(_type(kind, column)), about, rules
    for name, formula in kind.__formulas__.items():
        if name not in kind.__mapper__.column_attrs:
            about = first(formula.function) or words(name)
            yield code(name), code("computed"), about, f"from {_list(formula.depends_on)}"


def _type(kind: type[Record], column: Any) -> str:
    """As the source writes it; of a column that a base makes, what the database gives."""
    for base in kind.__mro__:
        told = vars(base).get("__annotations__", {}).get(column.key)
        if told is not None:
            text = told if isinstance(told, str) else str(getattr(told, "__name__", told))
            return re.sub(r"^Mapped\[(.*)\]$", r"\1", text)
    return str(column.columns[0].type.python_type.__name__)


def _rules(column: Any, info: FieldInfo) -> Iterator[str]:
    """What a value has to be, and who sets it."""
    length = getattr(column.type, "length", None)
    marks = {
        "required": not (column.nullable or column.default or info.readonly or info.number),
        "unique": bool(column.unique),
        "searched": info.search,
        "set by the plugin": info.readonly and not (info.number or info.formula),
        "secret": info.secret,
        f"links to {code(info.target.__name__) if info.target else ''}": info.target is not None,
        "a person": info.person,
        f"up to {length} characters": bool(length) and not info.choices,
        f"numbered {code(info.number)}": bool(info.number),
        f"masked as {info.mask}": info.mask is not None,
        f"at least {info.minimum}": info.minimum is not None,
        f"at most {info.maximum}": info.maximum is not None,
        f"one of {_list(value for value, _label in info.choices)}": bool(info.choices),
        f"computed from {_list(info.formula.depends_on) if info.formula else ''}": info.formula
        is not None,
    }
    yield from (told for told, so in marks.items() if so)


def _list(names: Iterable[object]) -> str:
    return ", ".join(code(name) for name in names)
