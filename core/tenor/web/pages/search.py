"""Search across records: every kind that has fields to search and that the person may read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.records import Page, PageQuery
from tenor.views import address
from tenor.views.merge import has_page
from tenor.web.addresses import with_query
from tenor.web.lists import TYPED
from tenor.web.rows import column_head, rows_of
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.search import Found
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]
_EACH: Final = 5


def routes(at: Blueprint, web: Web) -> None:
    """The search."""

    @at.get("/search")
    def search() -> Response:
        text = typed()
        with web.reading() as ctx:
            found = everywhere(web, ctx, text, _EACH)
            if len(found) == 1 and len(found[0].ids) == 1:
                return web.go(address(found[0].record, found[0].ids[0]))
            show = web.show(ctx)
            panels = [_panel(web, ctx, show, each, text) for each in found]
            return web.page(ctx, "page.html", _page(show, text, panels))


def typed() -> str:
    """What is looked for."""
    return request.args.get("q", "").strip()[:TYPED]


def everywhere(web: Web, ctx: KernelContext, text: str, most: int) -> list[Found]:
    """What is found among the records that have pages."""
    kinds = [kind for kind in web.kernel.search.kinds if has_page(kind)]
    return web.kernel.search.everywhere(ctx, text, most, kinds)


def _page(show: Show, text: str, found: list[Values]) -> Values:
    title = show.say(_("Search: {text}", text=text)) if text else show.say(_("Search"))
    if not found:
        nothing = {
            "title": show.say(_("Nothing was found.")),
            "text": show.say(_("Only what you may see is searched: numbers, names and codes.")),
        }
        found = [{"kind": "empty", "label": title, "empty": nothing}]
    return {"title": title, "head": {"title": title}, "main": found}


def _panel(web: Web, ctx: KernelContext, show: Show, found: Found, text: str) -> Values:
    query = PageQuery(only=found.ids, size=len(found.ids), count=False)
    page = web.kernel.records.page(ctx, web.kernel.views.list_view(found.record), query)
    page = _in_order(page, found)
    title = show.plural(found.record)
    columns = [
        column_head(show, column, page, identity=place == 0)
        for place, column in enumerate(page.columns)
    ]
    table = {"columns": columns, "rows": rows_of(web, ctx, show, page), "caption": title}
    count = f"{len(page.rows)}+" if found.more else str(len(page.rows))
    made: Values = {"kind": "table", "title": title, "count": count, "table": table}
    if found.more:
        href = with_query(address(found.record), {"q": text})
        made["actions"] = [{"label": show.say(_("All")), "href": href, "plain": True}]
    return made


def _in_order(page: Page, found: Found) -> Page:
    """The best first, as they were found."""
    places = {identity: place for place, identity in enumerate(found.ids)}
    pairs = sorted(zip(page.records, page.rows, strict=True), key=lambda pair: places[pair[0].id])
    return replace(page, records=[pair[0] for pair in pairs], rows=[pair[1] for pair in pairs])
