"""What a record may be mapped to: an allow-list, as the guard of the session is one (decision 5).

SQLAlchemy can fill in, change and remove values by itself, where neither the guard of statements nor the judge of
writes sees it. What a record declares is looked at when its plugin is loaded; what isn't plainly a column of its own or
a relation straight to another record is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Dialect,
    Engine,
    Float,
    Integer,
    Numeric,
    PickleType,
    Table,
)
from sqlalchemy.orm import (
    ColumnProperty,
    Mapper,
    MapperProperty,
    RelationshipProperty,
    Session,
    registry,
)
from sqlalchemy.sql import elements, operators
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import NullType

from tenor.db import listeners
from tenor.db.capture import GIVEN
from tenor.db.computing import FormulaFault, check_formulas
from tenor.db.listeners import author
from tenor.db.plain_types import fault_of
from tenor.db.session import GuardedSession
from tenor.declarations import bounds_fault
from tenor.loader.manifest import BASE
from tenor.records.specs import LEFT_OUT
from tenor_sdk import journals
from tenor_sdk.columns import AmountType, RateType, UtcTime
from tenor_sdk.journals import is_journal
from tenor_sdk.records import AppendOnly, Dated, Record, info_of, registries, registry_of
from tenor_sdk.values import Amount, Rate

#: what may have bounds: how it is kept, and of which type it is
_BOUNDED: Final[tuple[tuple[type[Any], type[Any]], ...]] = (
    (AmountType, Amount), (RateType, Rate), (UtcTime, datetime), (Date, date), (Integer, int),
)  # fmt: skip
#: what the database may do when a row goes to which others link: refuse it
_REFUSES: Final = frozenset((None, "RESTRICT", "NO ACTION"))
#: how the guard sees what a relation loads
_LOADED: Final = frozenset(
    ("select", True, "joined", False, "selectin", "subquery", "immediate", "raise", "raise_on_sql")
)
#: what the condition and the order of a relation may be made of
_COMPARED: Final = (
    elements.BinaryExpression,
    elements.BooleanClauseList,
    elements.BindParameter,
    elements.Grouping,
    elements.UnaryExpression,
    elements.Null,
    elements.True_,
    elements.False_,
    Column,
)
#: the attributes of a mapper by the column for which they stand; by its identity: to compare two makes an expression
_Standing = dict[int, list[str]]
#: where a table keeps the attributes that were looked at: what comes later is another plugin's doing
_KNOWN: Final = "attributes_looked_at"


class DeclarationError(Exception):
    """Something that a plugin declares can't be; says where."""


def check_mapped(plugin: str, engine: Engine) -> None:
    """Every attribute of a record must be a column of its own, or a relation straight to another record, which nobody
    but whoever is judged for it changes. After the mappers are configured.

    What a plugin added to another's records is looked at as well, and what it listens to.

    Args:
        engine: for the database, with nobody but the kernel to hear what it executes.

    Raises:
        DeclarationError: with the place of the record.
    """
    for mapper in registry_of(plugin).mappers:
        _check_class(plugin, mapper)
        try:
            check_formulas(mapper.class_)
        except FormulaFault as fault:
            raise DeclarationError(str(fault)) from None
    for each in registries():
        _check_attributes(each)
    _check_listeners(engine)


def _check_listeners(engine: Engine) -> None:
    mappers = [mapper for each in registries() for mapper in each.mappers]
    targets: list[Any] = [GuardedSession.__new__(GuardedSession), *mappers, engine]
    for target in targets:
        for name, listener in [*listeners.strangers(target)]:
            # it would go on listening to the records of others after its plugin was left out
            listeners.remove(_listened_to(target), name, listener)
            raise DeclarationError(
                f"{listeners.told(listener)} listens to {name} of {_called(target)}, past the judge of what is "
                "written: write @stored, a service, or a listener to an event"
            )


def _listened_to(target: Any) -> tuple[Any, ...]:
    """On what a listener may have been set that hears of a mapper, a session or an engine."""
    if isinstance(target, Mapper):
        return (target.class_, target, Mapper, Record)
    if isinstance(target, Engine):
        return (Engine, Connection, target, Dialect, type(target.dialect), target.dialect)
    return (GuardedSession, Session)


def _called(target: Any) -> str:
    if isinstance(target, Mapper):
        return str(target.class_.__name__)
    return "the engine" if isinstance(target, Engine) else "the session"


def _check_attributes(of: registry) -> None:
    for mapper in of.mappers:
        info = mapper.class_.__table__.info
        known: set[MapperProperty[Any]] = info.setdefault(_KNOWN, set())
        if known.issuperset(
            mapper.attrs
        ):  # as is nearly each of those that the plugins before it brought
            continue
        standing = _standing(mapper)
        for attribute in mapper.attrs:
            if attribute in known:
                continue
            # also where it isn't in order: whoever added it is left out, and those that come after aren't blamed
            known.add(attribute)
            for fault in _faults(mapper, attribute, standing):
                info.setdefault(LEFT_OUT, set()).add(attribute.key)
                raise DeclarationError(f"{_place(mapper)}.{attribute.key} {fault}")


def _place(mapper: Mapper[Any]) -> str:
    return f"{mapper.class_.__origin__}: {mapper.class_.__name__}"


# -- the record itself -----------------------------------------------------------------------------------------------


def _check_class(plugin: str, mapper: Mapper[Any]) -> None:
    for fault in _class_faults(plugin, mapper):
        raise DeclarationError(f"{_place(mapper)} {fault}")


def _class_faults(plugin: str, mapper: Mapper[Any]) -> Iterator[str]:
    record = mapper.class_
    table = mapper.local_table
    if type(mapper) is not Mapper or type(table) is not Table or mapper.inherits is not None:
        yield "inherits from another record: write its fields, or an Extension"
    if any("__mapper_args__" in vars(one) for one in record.__mro__ if not _is_sdk(one)):
        yield "has __mapper_args__: how a record is written is the kernel's to say"
    if mapper.version_id_col is not table.c.version or mapper.eager_defaults is not True:
        yield "isn't locked by its version: how a record is written is the kernel's to say"
    if getattr(record, "__journal__", False) and plugin != BASE:
        yield "has __journal__, so that its changes leave no trace: write journal=True in its class line"
    if is_journal(record) and not _is_whole_journal(record):
        yield "has __sealed__ set by hand: write journal=True in its class line"
    if issubclass(record, AppendOnly) and record.__append_only__ is not True:
        yield "has __append_only__ set by hand: leave AppendOnly out of its bases"


def _is_sdk(kind: type) -> bool:
    return kind.__module__.startswith("tenor_sdk.")


def _is_whole_journal(record: type[Record]) -> bool:
    """Whether the SDK made it one."""
    columns = record.__mapper__.columns
    return issubclass(record, AppendOnly) and all(
        name in columns and info_of(columns[name]).readonly for name in journals.GIVEN
    )


# -- its attributes --------------------------------------------------------------------------------------------------


def _faults(
    mapper: Mapper[Any], attribute: MapperProperty[Any], standing: _Standing
) -> Iterator[str]:
    if isinstance(attribute, RelationshipProperty):
        yield from _relation_faults(mapper, attribute)
    elif not isinstance(attribute, ColumnProperty):
        yield f"is a {type(attribute).__name__}: write a @computed property instead"
    elif len(attribute.columns) != 1 or not isinstance(attribute.columns[0], Column):
        yield "is an expression: write a @computed property instead"
    else:
        column = attribute.columns[0]
        others = sorted({*standing[id(column)]} - {attribute.key})
        yield from _column_faults(mapper, attribute, column, others)


def _column_faults(
    mapper: Mapper[Any], attribute: ColumnProperty[Any], column: Column[Any], others: Sequence[str]
) -> Iterator[str]:
    if others:
        yield f"stands for the same column as {', '.join(others)}: write a @computed property instead"
    if isinstance(column.type, (Float, Numeric, PickleType, NullType)):
        yield (
            f"would be kept as {column.type!r}: money is an Amount, a share a Rate, a list a record of lines"
        )
    if fault := fault_of(column.type, kept=True):
        yield f"would be kept as {column.type!r}: {fault}"
    if _is_changed_in_place(mapper, attribute):
        yield "is changed in place, so that nobody knows what it was before: set it anew"
    yield from _fillings(column)
    if _is_given(mapper.class_, attribute.key, column) and _is_listened_to(mapper, attribute):
        yield "is given by the kernel, and nobody listens to that"
    if fault := _default_fault(mapper.class_, attribute.key, column):
        yield fault
    for key in column.foreign_keys:
        constraint = key.constraint or key
        said = {key.ondelete, key.onupdate, constraint.ondelete, constraint.onupdate}
        if {each and each.upper() for each in said} - _REFUSES:
            yield "lets the database change rows without a trace: write ondelete='RESTRICT', or use link()"
    info = info_of(column)
    kind = next((kind for type_, kind in _BOUNDED if isinstance(column.type, type_)), None)
    if fault := bounds_fault(kind, info.minimum, info.maximum):
        yield fault


def _fillings(column: Column[Any]) -> Iterator[str]:
    """What the database, or SQLAlchemy on its way there, would fill in by itself."""
    if column.computed is not None or column.identity is not None:
        yield "is filled in by the database: write @stored"
    elif not _is_plain_text(column.server_default):
        yield "has a server_default that is SQL: write default=, or a server_default that is a plain text"
    if column.onupdate is not None or column.server_onupdate is not None:
        yield "has onupdate, which changes it without a trace: write @stored, or set it in a service"


def _standing(mapper: Mapper[Any]) -> _Standing:
    """The attributes that stand for each column: by one of several, what rules and the kernel say of the others is got
    round."""
    found: _Standing = {}
    for attribute in mapper.column_attrs:
        for column in attribute.columns:
            found.setdefault(id(column), []).append(attribute.key)
    return found


def _is_changed_in_place(mapper: Mapper[Any], attribute: ColumnProperty[Any]) -> bool:
    listening = getattr(mapper.class_, attribute.key).dispatch.set
    return any(author(one) == "sqlalchemy.ext.mutable" for one in listening)


def _is_given(record: type[Record], name: str, column: Column[Any]) -> bool:
    """Whether the kernel sets it while the record is written, after it was judged."""
    return (
        name in GIVEN
        or name in record.__formulas__
        or bool(info_of(column).number)
        or (name == "known_on" and issubclass(record, Dated))
        or (name in journals.GIVEN and is_journal(record))
    )


def _is_listened_to(mapper: Mapper[Any], attribute: ColumnProperty[Any]) -> bool:
    listening = getattr(mapper.class_, attribute.key).dispatch.set
    return any(not author(one).startswith("tenor_sdk.") for one in listening)


def _default_fault(record: type[Record], name: str, column: Column[Any]) -> str:
    default: Any = column.default
    if default is None or default.is_scalar:
        return ""
    if is_journal(record) and name in journals.GIVEN:
        return ""
    if default.is_callable and _takes_nothing(default.arg):
        return ""
    return "has a default that is SQL or asks for it: a default is a value, or a function without arguments"


def _is_plain_text(default: Any) -> bool:
    """Whether what the database fills in is nothing, or a text that is written as a literal."""
    return default is None or isinstance(getattr(default, "arg", None), str)


def _takes_nothing(function: Any) -> bool:
    """A function without arguments was wrapped by SQLAlchemy, which hands one to all others: what is being executed."""
    return getattr(function, "__globals__", {}).get("__name__") == "sqlalchemy.sql.schema"


# -- its relations ---------------------------------------------------------------------------------------------------


def _relation_faults(mapper: Mapper[Any], relation: RelationshipProperty[Any]) -> Iterator[str]:
    if relation.secondary is not None:
        yield "has a secondary table: make it a record, and link to both sides"
    if relation.post_update:
        yield "has post_update, which changes a link without a judge: set it, flush, then set the other"
    if relation.lazy not in _LOADED:
        yield f"is loaded as lazy={relation.lazy!r}: select() its records instead"
    tables = {mapper.local_table, relation.mapper.local_table}
    if not isinstance(relation.entity, Mapper):
        yield "leads to an alias: name the record's class"
    elif not all(_is_plain(part, tables) for part in (relation.primaryjoin, *_order(relation))):
        yield "has a condition or an order beyond the columns of the two records: select() what it is to find"


def _order(relation: RelationshipProperty[Any]) -> tuple[Any, ...]:
    return tuple(relation.order_by or ())


def _is_plain(expression: Any, tables: set[Any]) -> bool:
    return all(
        isinstance(part, _COMPARED)
        and (not isinstance(part, Column) or part.table in tables)
        and not any(
            isinstance(getattr(part, name, None), operators.custom_op)
            for name in ("operator", "modifier")
        )
        and not fault_of(part.type)
        for part in iterate(expression)
    )
