"""Which columns somebody wants in a list, and in which order: a page that works without script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, request

from tenor.records.paging import PageQuery, Pager
from tenor.views import address
from tenor.views.columns import chosen, key_of, offered
from tenor.web.addresses import with_query
from tenor.web.heads import column_label
from tenor.web.listed import choice_of, viewed
from tenor.web.saved import kept_of
from tenor.web.templating import nonce
from tenor.web.web import Done
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.context import KernelContext
    from tenor.records import PageColumn
    from tenor.web.web import Web
    from tenor_sdk.records import Record
    from tenor_sdk.views import ListView

Values = dict[str, Any]


def routes(at: Blueprint, web: Web) -> None:
    """The page, and its buttons."""

    @at.route("/<plugin>/<slug>/columns", methods=["GET", "POST"])
    def columns(plugin: str, slug: str) -> Response:
        return ColumnChoice(web, web.kernel.records.find(plugin, slug)).response()


def columns_href(kind: type[Record], now: str) -> str:
    """Where the columns of a list are chosen.

    Args:
        now: what the list shows, to come back to.
    """
    return f"{address(kind)}/columns?{now}"


class ColumnChoice:
    """The page of one list's columns."""

    def __init__(self, web: Web, kind: type[Record]) -> None:
        self.web, self.kind = web, kind
        self.room = web.kernel.views.saved

    def response(self) -> Response:
        """Show them, or do what a button says: move one, keep what is chosen, or go back to what is declared."""
        if request.method == "POST" and request.form.get("_do") in ("keep", "reset"):
            return self.web.once(self._keep)
        with self.web.reading() as ctx:
            choice = choice_of(self.web, ctx, self.kind)
            shown = [key_of(column) for column in viewed(self.web, self.kind, choice).columns[1:]]
            keys, on = (
                (self._moved(), self._ticked()) if request.method == "POST" else (shown, shown)
            )
            return self.web.page(ctx, "columns.html", self._page(ctx, keys, on))

    @staticmethod
    def _ticked() -> list[str]:
        """What was ticked, in the order of the page."""
        ticked = set(request.form.getlist("column"))
        return [key for key in request.form.getlist("order") if key in ticked]

    @staticmethod
    def _moved() -> list[str]:
        """The order of the page, with the one moved whose button was pressed."""
        keys = list(dict.fromkeys(request.form.getlist("order")))
        way, _colon, key = request.form.get("_do", "").partition(":")
        if key in keys:
            place = keys.index(key)
            other = max(0, place - 1) if way == "up" else min(len(keys) - 1, place + 1)
            keys[place], keys[other] = keys[other], keys[place]
        return keys

    def _keep(self, ctx: KernelContext) -> Done:
        choice_of(self.web, ctx, self.kind)
        declared = self._declared()
        reset = request.form.get("_do") == "reset"
        known = offered(declared)
        keys = [] if reset else [key for key in self._ticked() if key in known]
        if keys == [key_of(column) for column in declared.columns[1:]]:
            keys = []
        self.room.choose_columns(ctx, self.kind, request.args.get("view", ""), keys)
        told = (
            _("The list has its own columns again.")
            if reset
            else _("The list has these columns now.")
        )
        return Done(self._back(), self.web.say(told))

    def _declared(self) -> ListView:
        return self.web.kernel.views.list_view(self.kind, request.args.get("view", ""))

    def _back(self) -> str:
        pairs = parse_qsl(kept_of(request.args)) or [("all", "1")]
        return with_query(
            address(self.kind), {name: [v for n, v in pairs if n == name] for name, _v in pairs}
        )

    def _page(self, ctx: KernelContext, keys: Sequence[str], on: Sequence[str]) -> Values:
        show, declared = self.web.show(ctx), self._declared()
        every = self._visible(ctx, declared)
        ordered = [
            *(key for key in keys if key in every),
            *(key for key in every if key not in keys),
        ]
        called = show.say(declared.title, declared.plugin) or show.plural(self.kind)
        title = show.say(_("Columns of “{list}”", list=called))
        moved = request.form.get("_do", "").partition(":")
        rows = [
            {
                "key": key,
                "label": column_label(show, every[key]),
                "on": key in on,
                "up": place > 0,
                "down": place + 1 < len(ordered),
                "moved": moved[0] if moved[2] == key else "",
            }
            for place, key in enumerate(ordered)
        ]
        sub = show.say(_("The first column, by which a row is known, stays where it is."))
        crumb = [{"label": show.plural(self.kind), "href": self._back()}]
        return {
            "title": title,
            "head": {"title": title, "sub": sub, "crumb": crumb},
            "action": request.full_path.rstrip("?"),
            "rows": rows,
            "once": nonce(),
            "cancel_href": self._back(),
        }

    @staticmethod
    def _visible(ctx: KernelContext, declared: ListView) -> dict[str, PageColumn]:
        """The columns that this person may see, beside the first."""
        everything = chosen(declared, list(offered(declared)))
        pager = Pager(ctx, everything, PageQuery())
        first = key_of(declared.columns[0])
        return {column.key: column for column in pager.columns if column.key != first}
