"""Erased values go from the filters that people saved, too: from their names, from what they narrow by, and from what
the ledger tells of either."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, count
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection, select, update

from tenor.audit.erased import Erased
from tenor.audit.records import LedgerEntry
from tenor.events.rows import table_of
from tenor.records.custom import name_of
from tenor.records.filters import And, Comparison, Not, Or, Tree, parse, written
from tenor.views.records import NAME, SavedFilter
from tenor_sdk.errors import Invalid

_filters: Final = table_of(SavedFilter)
_entries: Final = table_of(LedgerEntry)
#: stands where a text was taken out
_GONE: Final = "…"
#: of an address, what is looked for: a filter, or any text
_TYPED: Final = ("q", "filter")


def erase_filters(connection: Connection, erased: Erased) -> dict[int, frozenset[str]]:
    """Take the values out of whatever filter says them: texts that are known by themselves wherever they stand, shorter
    ones in filters of its kind, where these are about the field. What is left finds no more than before.

    Args:
        connection: on which the kernel's own tables may be written.

    Returns:
        By the filter's id, be it there or not, the fields of which the ledger tells such a value.
    """
    told = _Told(erased)
    if not told.known:
        return {}
    for row in connection.execute(select(_filters).order_by(_filters.c.id)).all():
        name, query = told.less_name(row.name, row.record), told.less_query(row.query, row.record)
        if (name, query) == (row.name, row.query):
            continue
        if name != row.name:
            name = _free(connection, row, name)
        changed = update(_filters).where(_filters.c.id == row.id)
        counted = {"version": _filters.c.version + 1}
        connection.execute(changed.values(name=name, query=query, **counted))
    return _in_ledger(connection, told)


def _free(connection: Connection, row: Any, name: str) -> str:
    """The name, or with a number behind it, as nobody has two filters of one name."""
    others = select(_filters.c.name).where(
        _filters.c.owner_id == row.owner_id,
        _filters.c.record == row.record,
        _filters.c.id != row.id,
    )
    taken = set(connection.scalars(others))
    numbered = (f"{name[: NAME - 4]} {number}" for number in count(2))
    return next(each for each in chain([name], numbered) if each not in taken)


def _in_ledger(connection: Connection, told: _Told) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    of_filters = select(_entries.c.record_id, _entries.c.changes).where(
        _entries.c.table_name == _filters.name, _entries.c.record_id.is_not(None)
    )
    rows = connection.execute(of_filters.order_by(_entries.c.id)).all()
    records = {row.record_id: said for row in rows for said in _texts(row.changes.get("record"))}
    for row in rows:
        record = records.get(row.record_id, "")
        for field, less in (("name", told.less_name), ("query", told.less_query)):
            if any(less(text, record) != text for text in _texts(row.changes.get(field))):
                found[row.record_id].add(field)
    return {identity: frozenset(fields) for identity, fields in found.items()}


def _texts(pair: Any) -> Iterator[str]:
    """What stood there before and afterwards, as far as it is text."""
    if isinstance(pair, list):
        yield from (each for each in pair if isinstance(each, str))


class _Told:
    """Knows erased values again in filters."""

    def __init__(self, erased: Erased) -> None:
        self.erased, self.kind = erased, name_of(erased.kind)
        self.own = {
            name: frozenset(each for each in erased.values[name] if isinstance(each, str))
            for name in erased.telling
        }

    @property
    def known(self) -> bool:
        """Whether there is anything to know again."""
        return any(self.own.values())

    def less_name(self, name: str, record: str) -> str:
        """What a filter is called, without them."""
        whole = record == self.kind and any(name in values for values in self.own.values())
        return _GONE if whole else self.erased.taken_out(name)

    def less_query(self, query: str, record: str) -> str:
        """What a list's address holds, without them; the very same where it says none."""
        pairs = parse_qsl(query, keep_blank_values=True)
        left = [(key, self._less_value(key, value, record == self.kind)) for key, value in pairs]
        return query if left == pairs else urlencode(left)

    def _less_value(self, key: str, value: str, own: bool) -> str:
        if key in _TYPED:
            return self._less_typed(value, own)
        return self._less_of(key.partition("__")[0], value, own)

    def _less_of(self, field: str, value: str, own: bool) -> str:
        if own and value in self.own.get(field, ()):
            return _GONE
        return self.erased.taken_out(value)

    def _less_typed(self, text: str, own: bool) -> str:
        try:
            tree = parse(text)
        except Invalid:
            tree = None
        if tree is None:
            whole = own and any(text.strip() in values for values in self.own.values())
            return _GONE if whole else self.erased.taken_out(text)
        left = self._less_tree(tree, own)
        return text if left == tree else written(left)

    def _less_tree(self, tree: Tree, own: bool) -> Tree:
        if isinstance(tree, Comparison):
            values = tuple(self._less_of(tree.field, each, own) for each in tree.values)
            return replace(tree, values=values)
        if isinstance(tree, Not):
            return Not(self._less_tree(tree.term, own))
        return type(tree)(tuple(self._less_each(tree, own)))

    def _less_each(self, tree: And | Or, own: bool) -> Iterable[Tree]:
        return (self._less_tree(term, own) for term in tree.terms)
