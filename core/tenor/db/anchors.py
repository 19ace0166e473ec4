"""Which records of one SELECT get their criteria from SQLAlchemy, and which would be read without.

It adds an entity's criteria where the entity stands alone in a column or first in an expression, in WHERE outside of
lists and functions, as what ``select_from`` names, or as what is joined. A record that stands anywhere else (second
in an expression, inside a function of WHERE, on the right of a join that is handed to ``select_from``) brings its
table into the statement and no criteria with it; a full join brings rows past those that it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import inspect
from sqlalchemy.orm.attributes import QueryableAttribute
from sqlalchemy.sql import selectable, util

_ENTITY: Final = "parententity"
_util: Any = util  # SQLAlchemy gives these functions no types


def without_criteria(node: selectable.Select[Any]) -> set[Any]:
    """The entities that ``node`` reads and that SQLAlchemy wouldn't add criteria to."""
    return set(_read(node)) - set(_anchored(node))


def reads(node: selectable.Select[Any]) -> bool:
    """Whether a select reads records itself, those of selects within it apart."""
    return any(True for _entity in _read(node))


def entities_within(expression: Any) -> set[Any]:
    """The entities that an expression speaks of, those of selects within it apart."""
    return set(_within(expression))


def has_full_join(node: selectable.Select[Any]) -> bool:
    """Whether a join of this select keeps the rows of both sides."""
    joins = [*node._setup_joins]
    for before in node._memoized_select_entities:
        joins += before._setup_joins
    sources = [part for source in node._from_obj for part in _util.surface_selectables(source)]
    return any(flags.get("full") for *_, flags in joins) or any(
        source.full for source in sources if isinstance(source, selectable.Join)
    )


def _read(node: selectable.Select[Any]) -> Iterator[Any]:
    for part in (*node._raw_columns, *node._where_criteria, *node._from_obj):
        yield from _within(part)
    for target, _on, left, _flags in node._setup_joins:
        yield from _within(target)
        yield from _within(left)
    for (
        before
    ) in node._memoized_select_entities:  # they are sources as soon as something is joined to them
        if before._setup_joins:
            for part in before._raw_columns:
                yield from _within(part)
        for target, _on, left, _flags in before._setup_joins:
            yield from _within(target)
            yield from _within(left)


def _anchored(node: selectable.Select[Any]) -> Iterator[Any]:
    for column in node._raw_columns:
        yield from _first_of_each(column)
    for criterion in node._where_criteria:
        for element in _util.surface_expressions(criterion):
            yield from _own(element)
    for source in node._from_obj:
        yield from _own(source)
    for target, on, left, _flags in node._setup_joins:
        yield from _joined(target)
        for side in (target, on, left):
            yield from _left(side)
    for before in node._memoized_select_entities:
        for target, _on, _left_side, _flags in before._setup_joins:
            yield from _joined(target)


def _first_of_each(column: Any) -> Iterator[Any]:
    bundle = column._annotations.get("bundle")
    if bundle is not None:
        for part in bundle.exprs:
            yield from _first_of_each(_clause(part))
        return
    parts: Iterable[Any] = (column,)
    if getattr(column, "_is_clause_list", False):
        parts = column._select_iterable
    for part in parts:
        entity = _util.extract_first_column_annotation(part, _ENTITY)
        if entity is not None:
            yield entity


def _own(element: Any) -> Iterator[Any]:
    entity = getattr(element, "_annotations", {}).get(_ENTITY)
    if entity is not None:
        yield entity


def _joined(target: Any) -> Iterator[Any]:
    if isinstance(target, QueryableAttribute):
        entity = getattr(target.comparator, "entity", None)
        if entity is not None:
            yield inspect(entity)
    else:
        yield from _own(target)


def _left(side: Any) -> Iterator[Any]:
    """The left side, as one that is named: a relation names it, ``join_from`` does."""
    if isinstance(side, QueryableAttribute):
        yield inspect(side.parent)
    elif isinstance(side, selectable.FromClause):
        yield from _own(side)


def _within(part: Any) -> Iterator[Any]:
    """Every entity in a part of a select, those of selects within it apart: each of them answers for itself."""
    pending = [part]
    while pending:
        element = pending.pop()
        if element is None or isinstance(element, selectable.SelectBase):
            continue
        if isinstance(element, QueryableAttribute) and hasattr(element.comparator, "entity"):
            yield inspect(element.parent)
            yield inspect(element.comparator.entity)
            continue
        element = _clause(element)
        bundle = element._annotations.get("bundle")
        if bundle is not None:
            pending.extend(bundle.exprs)
            continue
        if not isinstance(element, selectable.Join):  # which bears the name of its left side only
            yield from _own(element)
        if not isinstance(element, (selectable.TableClause, selectable.AliasedReturnsRows)):
            pending.extend(element.get_children())


def _clause(element: Any) -> Any:
    return element.__clause_element__() if hasattr(element, "__clause_element__") else element
