"""Which columns a list can have, and the list with those that somebody chose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from tenor.records.specs import specs_of
from tenor_sdk.views import ListView, Path

if TYPE_CHECKING:
    from tenor_sdk.records import Record

#: what has no place in a row
_NEVER: Final = ("json", "long-text")


def key_of(column: Any) -> str:
    """By which a column is chosen; that of ``PageColumn``."""
    return (
        ".".join(step.key for step in column.steps) if isinstance(column, Path) else str(column.key)
    )


def offered(view: ListView) -> Mapping[str, Any]:
    """All columns that a list can have by their keys: those that it is declared with, then other fields."""
    found = {key_of(column): column for column in view.columns}
    others = {
        key: spec.attribute
        for key, spec in specs_of(view.record).items()
        if _fits(view.record, key)
    }
    return found | {key: column for key, column in others.items() if key not in found}


def _fits(record: type[Record], key: str) -> bool:
    spec = specs_of(record)[key]
    return (
        key != "version"
        and spec.attribute is not None
        and not spec.info.secret
        and spec.kind not in _NEVER
    )


def chosen(view: ListView, keys: Sequence[str]) -> ListView:
    """The list with these columns, behind the one by which a row is known; those that there are no more are left out.
    Without any, as it is declared."""
    known = offered(view)
    first = key_of(view.columns[0])
    wanted = [known[key] for key in dict.fromkeys(keys) if key in known and key != first]
    if not wanted:
        return view
    made = ListView(
        view.record, [view.columns[0], *wanted], filters=view.filters, sort=view.sort, descending=view.descending,
        where=view.where, title=view.title, looks=view.looks,
    )  # fmt: skip
    object.__setattr__(made, "origin", view.origin)
    return made
