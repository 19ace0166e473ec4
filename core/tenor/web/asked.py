"""What an address and the search box ask of a list, understood: text that is looked for, or a filter.

What somebody types is a filter where it reads as one (``state = draft``); all else is looked for as text, also what
stands in quotes. Of a filter what the facets can say goes to them, as pairs of the address; the rest is the address's
``filter``. One that isn't understood narrows nothing: it stays in the box, beside what is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from tenor.records.conditions import Conditions, Joins
from tenor.records.filters import (
    both,
    conjuncts,
    is_filter,
    of_pair,
    parse,
    searched,
    to_pairs,
    written,
)
from tenor.records.paging import PageQuery, Pager
from tenor.records.standing import day_of, is_axis
from tenor.records.words import ME, MY_UNIT
from tenor.web.addresses import RESERVED
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.context import KernelContext
    from tenor.records.filters import Tree
    from tenor.web.show import Show
    from tenor_sdk.errors import TenorError
    from tenor_sdk.views import ListView

#: rows of a page
SIZE: Final = 50


@dataclass(frozen=True)
class Asked:
    """What a list is asked.

    Args:
        query: what narrows and sorts it; nothing in it that isn't understood.
        text: what is looked for as text, as it was typed, quotes and all.
        box: what stands in the search box.
        fault: why what stands in the box narrows nothing.
        hint: why what is looked for as text is no filter, though it looks like one.
        lost: what the address names that this person's list doesn't know, each as its refusal: it narrows nothing.
    """

    query: PageQuery
    text: str = ""
    box: str = ""
    fault: TenorError | None = None
    hint: TenorError | None = None
    lost: tuple[TenorError, ...] = ()

    def without_search(self, fault: TenorError) -> Asked:
        """The same where no text can be looked for."""
        return replace(self, query=replace(self.query, search=""), text="", fault=fault, hint=None)

    def sure(self) -> PageQuery:
        """The query.

        Raises:
            TenorError: a part of it wasn't understood; what it narrows must not be mistaken for what was wanted.
        """
        for fault in (self.fault, *self.lost):
            if fault is not None:
                raise fault
        return self.query

    def lost_told(self, show: Show) -> list[str]:
        """What of the address isn't there, or not for this person."""
        return [_said(show, fault) for fault in self.lost]

    def told(self, show: Show) -> str:
        """What stands below the search box; empty where there is nothing to say."""
        if self.fault is not None:
            why = _said(show, self.fault)
            if self.fault.key == "nothing-to-search":
                return why
            return show.say(
                _("{why} The list is shown without it. To look for it as text, put it in quotes.", why=why)
            )  # fmt: skip
        if self.hint is not None:
            return show.say(_("Looked for as text. As a filter: {why}", why=_said(show, self.hint)))
        return ""


def query_of(args: Any, *, size: int = SIZE) -> PageQuery:
    """What an address asks of a list."""
    filters = {
        name: [value for value in args.getlist(name) if value]
        for name in args
        if name not in RESERVED
    }
    return PageQuery(
        args.get("q", ""), {name: values for name, values in filters.items() if values}, args.get("sort", ""),
        args.get("cursor", ""), size, args.get("archived") == "true", filter=args.get("filter", ""),
    )  # fmt: skip


def asked_of(
    ctx: KernelContext, view: ListView, query: PageQuery, *, lenient: bool = False
) -> Asked:
    """What a list is asked by an address, whose ``q`` may be a filter.

    Args:
        lenient: whether what the list doesn't know is told and left out, as of a filter that was saved in other days,
            or by others.
    """
    reader = _Reader(ctx, view)
    query, lost = reader.known(query) if lenient else (query, ())
    tree: Tree | None = None
    wrong = ""
    fault: TenorError | None = None
    text, hint = query.search, None
    try:
        tree = reader.read(query.filter)
    except Invalid as error:
        wrong, fault = query.filter, error
    unread = _fault_of(text)
    if text.strip() and unread is None:
        try:
            tree = reader.sized(both(tree, reader.read(text)))
        except Invalid as error:
            wrong, fault = text, error
        text = ""
    elif is_filter(text):
        hint = unread
    narrowed = reader.spread(replace(query, search=searched(text)), tree)
    return Asked(narrowed, text, wrong or text, fault, hint if fault is None else None, lost)


class _Reader:
    """Reads filters of one list for one person."""

    def __init__(self, ctx: KernelContext, view: ListView) -> None:
        self.ctx, self.view = ctx, view

    def read(self, text: str) -> Tree | None:
        """A filter by keys, as everybody writes it.

        Raises:
            Invalid: it can't be read, or speaks of what the person may not know.
        """
        tree = parse(text)
        if tree is None:
            return None
        conditions = Conditions(self.ctx, self.view.record, Joins(self.view.record))
        conditions.of(tree)
        return self.sized(conditions.canonical(tree))

    def known(self, query: PageQuery) -> tuple[PageQuery, tuple[TenorError, ...]]:
        """The pairs and the order of an address without those that the list doesn't know, and these as refusals."""
        lost: list[TenorError] = []
        filters = {}
        for key, values in query.filters.items():
            try:
                self._check_pair(key, values)
                filters[key] = values
            except Invalid as error:
                lost.append(error)
        sort = query.sort
        try:
            Pager(self.ctx, self.view, PageQuery(sort=sort))
        except Invalid as error:
            lost.append(error)
            sort = ""
        return replace(query, filters=filters, sort=sort), tuple(lost)

    def _check_pair(self, key: str, values: Sequence[str]) -> None:
        record = self.view.record
        if is_axis(record, key):
            day_of(self.ctx, key, values)
            return
        tree = of_pair(key, values)
        if tree is not None:
            Conditions(self.ctx, record, Joins(record)).of(tree)

    def sized(self, tree: Tree | None) -> Tree | None:
        """The tree, if it is within the limits when it is written anew.

        Raises:
            Invalid: it isn't; without the place, which is none of what was typed.
        """
        try:
            parse(written(tree))
        except Invalid as error:
            values = {name: value for name, value in error.values.items() if name != "at"}
            raise Invalid(error.key, None, **values) from None
        return tree

    def spread(self, query: PageQuery, tree: Tree | None) -> PageQuery:
        """The query with a filter, of which the facets get what they can say."""
        pairs, left = to_pairs(both(*dict.fromkeys(conjuncts(tree))))
        filters = dict(query.filters)
        facets = self._facets()
        for key, values in pairs.items():
            # the facets offer people and units by their numbers; whoever asks is another one each time
            free = key.partition("__")[0] in facets and key not in RESERVED
            free = free and not {ME, MY_UNIT} & {value.lower() for value in values}
            if free and filters.setdefault(key, values) == values:
                continue
            left = both(left, of_pair(key, values))
        return replace(query, filters=filters, filter=written(left))

    def _facets(self) -> set[str]:
        own = self.ctx.kernel.records.custom.searched(self.ctx, self.view.record)
        return {each.key for each in self.view.filters} | {spec.key for spec in own}


def _fault_of(text: str) -> TenorError | None:
    """Why a text doesn't read as a filter."""
    try:
        parse(text)
    except Invalid as error:
        return error
    return None


def _said(show: Show, fault: TenorError) -> str:
    return show.ctx.kernel.translator.error(fault, show.language)
