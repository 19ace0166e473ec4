"""Where a page begins: the condition of what comes after a row."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, literal, or_, tuple_


def beyond(
    key: Any, identity: Any, after: tuple[Any, int], descending: bool, *, nulls_first: bool
) -> Any:
    """The condition of the rows that come after one in the order, by its key and id, where keys may be null."""
    value, last = after
    further = identity < last if descending else identity > last
    if value is None:
        same = and_(key.is_(None), further)
        return or_(same, key.is_not(None)) if nulls_first else same
    there = literal(value, key.type)
    further_on = key < there if descending else key > there
    there_or_on = or_(further_on, and_(key == there, further))
    return there_or_on if nulls_first else or_(there_or_on, key.is_(None))


def past(key: Any, identity: Any, after: tuple[Any, int], descending: bool) -> Any:
    """As ``beyond`` where there are no nulls: one comparison of pairs, which an index answers."""
    if key is identity:
        return identity < after[1] if descending else identity > after[1]
    here = tuple_(key, identity)
    return here < after if descending else here > after
