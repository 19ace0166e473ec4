"""Pages of tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from tenor.web.tiles import numbers, panels
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.dashboards import Dashboard

Values = dict[str, Any]


def routes(at: Blueprint, web: Web) -> None:
    """``/dashboards/<plugin>/<name>``."""

    @at.get("/dashboards/<plugin>/<name>")
    def dashboard(plugin: str, name: str) -> Response:
        with web.reading() as ctx:
            page = web.kernel.views.dashboards.find(ctx, plugin, name)
            show = web.show(ctx)
            title = show.say(page.title, page.plugin)
            values = {
                "title": title,
                "head": {"title": title, "sub": show.say(_("Of what you may see"))},
                "tabs": tabs(web, ctx, show, page),
                "figures": numbers(web, ctx, show, page.tiles),
                "tiles": panels(web, ctx, show, page.tiles),
            }
            return web.page(ctx, "dashboard.html", values)


def tabs(web: Web, ctx: KernelContext, show: Show, current: Dashboard | None) -> list[Values]:
    """*My work* and the dashboards that a person has; nothing where there are none."""
    dashboards = web.kernel.views.dashboards
    mine = [page for page in dashboards.pages.values() if dashboards.open_to(ctx, page)]
    if not mine:
        return []
    home = {"label": show.say(_("My work")), "href": "/", "current": current is None}
    return [
        home,
        *(
            {
                "label": show.say(page.title, page.plugin),
                "href": page.href,
                "current": page is current,
            }
            for page in mine
        ),
    ]
