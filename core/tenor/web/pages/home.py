"""*My work*: what is mine to do, in four numbers and a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response

from tenor.events.timings import place_of
from tenor.web.pages.dashboards import tabs
from tenor.web.pages.inbox import about_of, news_item
from tenor.web.tiles import apart, no_figure, numbers, panels
from tenor.web.work import by_urgency, counted
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.values import Amount, Money

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.views import Tile

Values = dict[str, Any]
#: tasks that are shown
_SIZE: Final = 50


def routes(at: Blueprint, web: Web) -> None:
    """The home page."""

    @at.get("/")
    def home() -> Response:
        with web.reading() as ctx:
            web.kernel.records.titles.keep(ctx)
            return web.page(ctx, "home.html", _home(web, ctx))


def _home(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    found = web.kernel.workflow.desk.page(ctx, size=_SIZE)
    tasks = found.tasks
    groups = by_urgency(web, ctx, show, tasks)
    title, mine = show.say(_("My work")), web.kernel.views.dashboards.tiles
    text = ngettext("{n} task waits for you.", "{n} tasks wait for you.", len(tasks))
    nothing = {
        "title": show.say(_("Nothing waits for you.")),
        "text": show.say(_("Tasks come here by themselves as cases reach your position.")),
    }
    if found.next:
        text = _("More than {n} tasks wait for you.", n=len(tasks))
    main = {
        "kind": "tasks", "title": show.say(_("Tasks")), "groups": groups, "empty": nothing,
        "count": counted(found, _SIZE),
        "actions": [{"label": show.say(_("All")), "href": "/tasks", "plain": True}],
    }  # fmt: skip
    return {
        "title": title,
        "head": {"title": title, "sub": show.say(text) if tasks else ctx.actor.name},
        "tabs": tabs(web, ctx, show, None),
        "figures": [*figures(web, ctx, show), *numbers(web, ctx, show, mine)],
        "tiles": panels(web, ctx, show, mine),
        "main": [main],
        "side": [_notices(web, ctx, show)],
    }


def figures(web: Web, ctx: KernelContext, show: Show) -> list[Values]:
    """The tiles, each under the person's own rows; one that fails is put on record, and says so in its place."""
    found = []
    for tile in web.kernel.views.tiles:
        name = place_of(tile.value, tile.title)
        optional = web.kernel.events.breakers.optional(ctx, "tile", tile.plugin, name)
        value = None
        with apart(web, ctx) as part, optional:
            value = tile.value(ctx)
        if part.failed:
            found.append(no_figure(ctx, show, show.say(tile.title, tile.plugin)))
        elif value is not None:
            found.append(_figure(show, tile, value))
    return found


def _figure(show: Show, tile: Tile, value: object) -> Values:
    made: Values = {"label": show.say(tile.title, tile.plugin), "href": tile.href}
    if isinstance(value, (Amount, Money)):
        shown = show.plain(value, lone=True) or {}
        return {
            **made,
            "text": shown["text"],
            "unit": shown.get("unit") or shown.get("currency", ""),
        }
    if isinstance(value, Text):
        return {**made, "text": show.say(value)}
    shown = show.plain(value) or {}
    return {**made, "text": shown.get("text", "")}


def _notices(web: Web, ctx: KernelContext, show: Show) -> Values:
    entries = web.kernel.notify.inbox(ctx, limit=6)
    known = about_of(web, ctx, show, entries)
    return {
        "kind": "news",
        "title": show.say(_("Notices")),
        "actions": [{"label": show.say(_("All")), "href": "/inbox", "plain": True}],
        "news": [news_item(show, entry, known, today=ctx.today) for entry in entries],
        "empty": {"title": show.say(_("Nothing was told to you yet."))},
    }
