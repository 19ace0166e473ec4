"""Lists: of any kind of record, as its plugin declares it. Each state of a list is an address."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, jsonify, request
from sqlalchemy import and_

from tenor.db.numbers import number
from tenor.exports import exportable
from tenor.imports.plan import importable
from tenor.records import Page, PageColumn, PageQuery
from tenor.records.paging import CAP, may_sort
from tenor.views import address
from tenor.web.addresses import fields_of, with_query
from tenor.web.asked import asked_of, query_of
from tenor.web.chips import Chips
from tenor.web.choosable import choose_of
from tenor.web.column_choice import columns_href
from tenor.web.export import export
from tenor.web.facets import Facets
from tenor.web.figures import taken_out
from tenor.web.listed import choice_of, may_make, readable, viewed
from tenor.web.looks import Looks
from tenor.web.own_kind import FOR, elsewhere
from tenor.web.rows import column_head, rows_of
from tenor.web.saved import Tabs, kept_in, kept_of, opened
from tenor.web.shell import unit_of
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import _, ngettext
from tenor_sdk.records import Archivable

if TYPE_CHECKING:
    from datetime import date

    from tenor.context import KernelContext
    from tenor.views.saved import Choice
    from tenor.web.web import Web
    from tenor_sdk.context import Actor
    from tenor_sdk.records import Record
    from tenor_sdk.views import ListView

Values = dict[str, Any]
#: characters of what is typed into a search box that are looked for
TYPED: Final = 200


def routes(at: Blueprint, web: Web) -> None:
    """``/<plugin>/<record>`` and what belongs to it."""

    @at.get("/<plugin>/<slug>")
    def record_list(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        query = query_of(request.args)
        with web.reading() as ctx:
            choice = choice_of(web, ctx, kind)
            listed = List(web, ctx, viewed(web, kind, choice), query)
            opening = listed.opening(choice)
            return web.go(opening) if opening else listed.response()

    @at.get("/<plugin>/<slug>/saved")
    def record_list_counted(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            readable(ctx, kind)
            view = web.kernel.views.list_view(kind, request.args.get("view", ""))
            tabs = List(web, ctx, view, query_of(request.args)).saved(counted=True)
            return web.fragment("parts/page.html", "tabs", tabs, web.say(_("Saved filters")), True)

    @at.get("/<plugin>/<slug>/export")
    def record_export(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        query = query_of(request.args)
        with ExitStack() as opened:
            ctx = opened.enter_context(web.reading())
            view = viewed(web, kind, choice_of(web, ctx, kind))
            sure = asked_of(ctx, view, query).sure()
            return export(web, opened, ctx, view, sure, request.args.get("format", "csv"))

    @at.get("/<plugin>/<slug>/figures")
    def figures(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        query = query_of(request.args)
        with web.reading() as ctx:
            view = viewed(web, kind, choice_of(web, ctx, kind))
            listed = List(web, ctx, exportable(ctx, view), query)
            sure = listed.asked.sure()
            looks = listed.looks
            form = request.args.get("format", "csv")
            return taken_out(ctx, looks.figures(), sure, looks.name, form)

    @at.get("/<plugin>/<slug>/suggest")
    def suggest(plugin: str, slug: str) -> Response:
        kind = web.kernel.records.find(plugin, slug)
        with web.reading() as ctx:
            readable(ctx, kind)
            free = elsewhere(ctx, kind, number(request.args.get(FOR, "")))
            return jsonify(suggestions(web, ctx, kind, request.args.get("q", ""), free))


def suggestions(
    web: Web, ctx: KernelContext, kind: type[Record], text: str, free: Any = None
) -> list[Values]:
    """Records for a picker: those whose search fields hold the text, within the person's rows.

    Args:
        free: a condition that holds beside.
    """
    view = _beside(web.kernel.views.list_view(kind), free)
    if text.strip() and kind in web.kernel.search.kinds:
        return _found(web, ctx, view, text)
    searchable = any(spec.info.search for spec in web.kernel.records.specs(kind).values())
    query = PageQuery(text if searchable else "", size=20 if searchable or not text else 200)
    page = web.kernel.records.page(ctx, _narrow(view), query)
    names = web.show(ctx).names_of(page.records)
    named = [(record.id, name) for record, name in zip(page.records, names, strict=True)]
    if not searchable and text:
        fits = [one for one in named if text.lower() in one[1].lower()]
        named = sorted(fits, key=lambda one: not one[1].lower().startswith(text.lower()))[:20]
    return [{"value": str(identity), "label": name} for identity, name in named]


def _found(web: Web, ctx: KernelContext, view: ListView, text: str) -> list[Values]:
    where = view.where(ctx.actor, ctx.today) if view.where is not None else None
    found = web.kernel.search.find(ctx, view.record, text[:TYPED], 20, where)
    names = web.kernel.records.display_names(ctx, view.record, found.ids)
    return [{"value": str(each), "label": names[each]} for each in found.ids]


def _beside(view: ListView, free: Any) -> ListView:
    """The same rows, as far as a condition holds."""
    from tenor_sdk.views import ListView as View

    if free is None:
        return view
    own = view.where

    def where(actor: Actor, today: date) -> Any:
        return free if own is None else and_(own(actor, today), free)

    return View(view.record, (view.record.id,), where=where)


def _narrow(view: ListView) -> ListView:
    """The same rows without columns that would have to be joined."""
    from tenor_sdk.views import ListView as View

    return View(view.record, (view.record.id,), where=view.where)


_KEPT: Final = ("view", "columns", "look", "look_at", "look_by")


class List:
    """One page of a list.

    Args:
        view: what is listed.
        query: how it is narrowed and sorted, as an address says it.
    """

    def __init__(self, web: Web, ctx: KernelContext, view: ListView, query: PageQuery) -> None:
        self.web, self.ctx, self.view = web, ctx, view
        self.asked = asked_of(ctx, view, query, lenient="saved" in request.args)
        self.show = web.show(ctx)
        self.kind = view.record
        self.path = address(self.kind)
        #: words of the address that every other address of this list keeps
        self.said = {name: request.args.get(name, "") for name in _KEPT}
        self.tabs = Tabs(web, ctx, self.kind, kept_of(request.args))
        self.looks = Looks(self)

    def opening(self, choice: Choice) -> str:
        """Where a person is taken who asked for the list as such, and wants it to open with a filter."""
        if request.args or choice.opens_id is None:
            return ""
        first = next((each for each in self.tabs.saved if each.id == choice.opens_id), None)
        return opened(self.kind, first.id, first.query) if first is not None else ""

    def response(self) -> Response:
        """The page."""
        page = self.page()
        looked = bool(self.looks.name)
        chips = Chips(self.ctx, self.show, self.kind, self.query, self.href)
        facets = Facets(self.web, self.ctx, self.show, self.view, self.query, self.href)
        linked = [*facets.ask(counted=page.count <= CAP), *unit_of(self.ctx.actor)]
        # all that the page names is asked for here, however many of it are the same
        self.web.kernel.records.titles.keep(self.ctx)
        names = self.web.kernel.records.names_in(self.ctx, page.columns, page.rows, linked)
        page = replace(page, names=names)
        values = {
            "title": self.title(),
            "head": self.head(page),
            "saved": self.saved(),
            "saved_load": f"{self.path}/saved?{kept_of(request.args)}" if self.tabs.saved else "",
            "lost": self.asked.lost_told(self.show),
            "search": self.search(page),
            "views": self.looks.switch(),
            "look": self.looks.shown(),
            "facets": facets.bar(names),
            "chips": chips.every(),
            "clear_href": self.href(filters={}, filter="", q="", cursor="", archived=""),
            "columns": None if looked else {"href": columns_href(self.kind, kept_in(self.href()))},
            "table": None if looked else self.table(page),
            "foot": None if looked else self.foot(page),
        }
        return self.web.page(self.ctx, "list.html", values)

    @property
    def query(self) -> PageQuery:
        """What narrows and sorts it."""
        return self.asked.query

    def page(self) -> Page:
        """The rows, one alone where they are looked at otherwise; where the list has no text to look into, without
        regard to what was looked for."""
        try:
            return self._page()
        except Invalid as error:
            if error.key != "nothing-to-search":
                raise
            self.asked = self.asked.without_search(error)
            return self._page()

    def _page(self) -> Page:
        query = replace(self.query, named=False)  # facets name the same people and units
        if self.looks.name:
            query = replace(query, size=1)
        return self.web.kernel.records.page(self.ctx, self.view, query)

    def title(self) -> str:
        """What the list is called."""
        if self.view.title:
            return self.show.say(self.view.title, self.view.plugin)
        return self.show.plural(self.kind)

    def href(
        self, *, below: str = "", filters: Mapping[str, Any] | None = None, **changes: str
    ) -> str:
        """The address of this list with something changed, or of what lies below it."""
        kept = {
            "view": self.said["view"],
            "filter": self.query.filter,
            "q": self.asked.text,
            "sort": self.query.sort,
            "archived": "true" if self.query.archived else "",
            **self.said,
        }
        narrowed = self.query.filters if filters is None else filters
        return with_query(self.path + below, {**narrowed, **kept, **changes})

    # -- head -------------------------------------------------------------------------------------------------------

    def head(self, page: Page) -> Values:
        """Title, count and buttons."""
        return {"title": self.title(), "sub": self.count(page), "actions": self.actions(page)}

    def count(self, page: Page) -> str:
        """How many there are, as far as one counts; of what the person may see."""
        if page.count > CAP:
            return self.show.say(_("{n}+, of what you may see", n=f"{CAP:,}"))
        return self.show.say(
            ngettext(
                "{n} record, of what you may see", "{n} records, of what you may see", page.count
            )
        )

    def actions(self, page: Page) -> list[Values]:
        """Export, what the list's own actions do, and the way to a new one."""
        found: list[Values] = []
        if page.count and self.ctx.may(self.kind, "export"):
            for name, label in (("xlsx", "XLSX"), ("csv", "CSV")):
                href = self.href(below="/export", format=name)
                title = self.show.say(_("Take this list out as a file"))
                file = {"icon": "download", "href": href, "download": True, "title": title}
                found.append({"label": label, **file})
            if not self.looks.name:
                href = self.href(below="/print")
                label = self.show.say(_("Print"))
                found.append({"label": label, "icon": "printer", "href": href})
        if may_make(self.web, self.ctx, self.kind) and importable(self.kind):
            label = self.show.say(_("Import"))
            found.append({"label": label, "icon": "upload", "href": f"{self.path}/import"})
        for action in self.web.kernel.views.actions_on(self.kind, on_list=True):
            if self.web.kernel.views.may_act(self.ctx, action, None):
                label = self.show.say(action.title, action.plugin)
                found.append({"label": label, "href": f"{self.path}/actions/{action.name}"})
        if may_make(self.web, self.ctx, self.kind):
            label = self.show.new_one(self.kind)
            new = {"label": label, "icon": "plus", "style": "primary", "href": f"{self.path}/new"}
            found.append(new | {"letter": "n"})
        return found

    def saved(self, *, counted: bool = False) -> list[Values]:
        """The other lists of this record, archived ones, and the filters that are saved."""
        lists = self.web.kernel.views.lists.get(self.kind, {})
        key, current = request.args.get("view", ""), self.tabs.current()
        tabs = [
            {
                "label": self.show.say(view.title, view.plugin) or self.show.plural(self.kind),
                # the bare address is that of the filter with which the list opens
                "href": with_query(self.path, {"view": name}) if name else f"{self.path}?all=1",
                "current": name == key and not self.query.archived and current is None,
            }
            for name, view in lists.items()
        ]
        if issubclass(self.kind, Archivable):
            href = self.href(archived="" if self.query.archived else "true")
            label = self.show.say(_("With archived"))
            archived = self.query.archived and current is None
            tabs.append({"label": label, "href": href, "current": archived})
        tabs += self.tabs.every(kept_in(self.href()), counted=counted)
        return tabs if len(tabs) > 1 else []

    def search(self, page: Page) -> Values:
        """The search box, which takes filters as well."""
        specs = {column.spec.key: column.spec for column in page.columns}
        specs |= self.web.kernel.records.specs(self.kind)
        labels = [self.show.label(spec) for spec in specs.values() if spec.info.search]
        own = self.web.kernel.records.custom.texts(self.ctx, self.kind)
        labels += [self.show.label(spec) for spec in own]
        return {
            "action": self.path,
            "fields": fields_of(self.href(q="")),
            "value": self.asked.box,
            "placeholder": self.show.say(_(", ")).join(
                one if at == 0 else self.show.within(one) for at, one in enumerate(labels[:3])
            )
            or self.show.say(_("Filter this list")),
            "told": self.asked.told(self.show),
            "wrong": self.asked.fault is not None,
        }

    # -- table ------------------------------------------------------------------------------------------------------

    def table(self, page: Page) -> Values:
        """Heads, rows, and what is said where there are none."""
        choose = choose_of(self.web, self.ctx, self.kind, kept_in(self.href()), page.count)
        return {
            "caption": self.title(),
            "columns": [
                self.column(column, page, place) for place, column in enumerate(page.columns)
            ],
            "rows": rows_of(self.web, self.ctx, self.show, page, choose=choose is not None),
            "choose": choose,
            "empty": self.empty(),
        }

    def column(self, column: PageColumn, page: Page, place: int) -> Values:
        """The head of a column."""
        head = column_head(self.show, column, page, identity=place == 0)
        spec = column.spec
        if spec.target is None and may_sort(self.ctx, column):
            sorted_by = page.sort.removeprefix("-") == column.key
            down = page.sort.startswith("-")
            head["href_sort"] = self.href(
                sort=f"-{column.key}" if sorted_by and not down else column.key, cursor=""
            )
            head["sorted"] = ("desc" if down else "asc") if sorted_by else ""
        return head

    def empty(self) -> Values:
        """What belongs here, why there is nothing, and the first step."""
        narrowed = bool(self.query.search or self.query.filters or self.query.filter)
        what = self.show.plural(self.kind)
        if narrowed:
            title = self.show.say(_("Nothing fits these filters."))
            clear = self.href(filters={}, filter="", q="")
            action = {"label": self.show.say(_("Clear")), "href": clear}
            return {"title": title, "action": action}
        docs = (self.kind.__doc__ or "").strip().partition("\n")[0]
        made: Values = {
            "title": self.show.say(
                _("{what} stand here; there are none that you may see.", what=what)
            ),
            "text": self.show.say(docs, self.kind.__plugin__),
        }
        if may_make(self.web, self.ctx, self.kind):
            label = self.show.new_one(self.kind)
            made["action"] = {"label": label, "href": f"{self.path}/new"}
        return made

    def foot(self, page: Page) -> Values | None:
        """The way to the pages before and after."""
        if not page.following and not page.preceding:
            return None
        pager = {
            "prev_href": self.href(cursor=page.preceding) if page.preceding else "",
            "next_href": self.href(cursor=page.following) if page.following else "",
        }
        return {"pager": pager}
