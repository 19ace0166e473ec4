"""Search across records: every kind that has fields to search and that the person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.records import PageQuery
from tenor.records.paging import CAP
from tenor.views import address
from tenor.views.merge import has_page
from tenor.web.addresses import with_query
from tenor.web.lists import column_head, rows_of
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
_EACH: Final = 5


def routes(at: Blueprint, web: Web) -> None:
    """The search."""

    @at.get("/search")
    def search() -> Response:
        text = request.args.get("q", "").strip()[:100]
        with web.reading() as ctx:
            found = _found(web, ctx, text) if text else []
            if len(found) == 1 and len(found[0]["table"]["rows"]) == 1:
                return web.go(found[0]["table"]["rows"][0]["href"])
            return web.page(ctx, "page.html", _page(web.show(ctx), text, found))


def _page(show: Show, text: str, found: list[Values]) -> Values:
    title = show.say(_("Search: {text}", text=text)) if text else show.say(_("Search"))
    if not found:
        nothing = {
            "title": show.say(_("Nothing was found.")),
            "text": show.say(_("Only what you may see is searched: numbers, names and codes.")),
        }
        found = [{"kind": "empty", "label": title, "empty": nothing}]
    return {"title": title, "head": {"title": title}, "main": found}


def _found(web: Web, ctx: KernelContext, text: str) -> list[Values]:
    show = web.show(ctx)
    kinds = [kind for kind in web.kernel.declarations.records if _searchable(web, ctx, kind)]
    panels = [_panel(web, ctx, show, kind, text) for kind in kinds]
    return [panel for panel in panels if panel is not None]


def _searchable(web: Web, ctx: KernelContext, kind: type[Record]) -> bool:
    if not has_page(kind) or not ctx.may(kind, "read"):
        return False
    return any(
        spec.info.search and web.kernel.access.may_sort(ctx, spec.attribute)
        for spec in web.kernel.records.specs(kind).values()
    )


def _panel(
    web: Web, ctx: KernelContext, show: Show, kind: type[Record], text: str
) -> Values | None:
    query = PageQuery(text, size=_EACH)
    page = web.kernel.records.page(ctx, web.kernel.views.list_view(kind), query)
    if not page.rows:
        return None
    title = show.plural(kind)
    columns = [
        column_head(show, column, page, identity=place == 0)
        for place, column in enumerate(page.columns)
    ]
    table = {"columns": columns, "rows": rows_of(web, ctx, show, page), "caption": title}
    count = f"{CAP:,}+" if page.count > CAP else str(page.count)
    made: Values = {"kind": "table", "title": title, "count": count, "table": table}
    if page.following:
        href = with_query(address(kind), {"q": text})
        made["actions"] = [{"label": show.say(_("All")), "href": href, "plain": True}]
    return made
