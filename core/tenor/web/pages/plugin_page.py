"""The page of one plugin: what it is and how it fares, what it asks for, how long its callbacks take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from tenor.loader.access import manage_plugins
from tenor.loader.left_out import left_out
from tenor.loader.records import PluginState
from tenor.web.pages import plugin_grants, plugin_removals, plugin_timings
from tenor.web.pages.plugins import called, changes, listed, state_of
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Collection

    from tenor.context import KernelContext
    from tenor.loader.survey import PluginRow
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]


def routes(at: Blueprint, web: Web) -> None:
    """The page of one plugin, and what is decided there."""

    @at.get("/plugins/<name>")
    def plugin(name: str) -> Response:
        with web.reading() as ctx:
            if not ctx.may(manage_plugins) and not ctx.may(PluginState, "read"):
                raise NotFound("not-found")
            return web.page(ctx, "page.html", _page(web, ctx, name))

    plugin_timings.routes(at, web)
    plugin_grants.routes(at, web)


def _page(web: Web, ctx: KernelContext, name: str) -> Values:
    rows = {row.name: row for row in web.kernel.loader.overview()}
    if name not in web.kernel.loader.installed:
        raise NotFound("not-found")
    row, show = rows[name], web.show(ctx)
    title = called(web, show, name)
    head = {
        "title": title,
        "sub": f"{name} {row.version}",
        "state": state_of(ctx, show, row),
        "crumb": [{"label": show.say(_("Plugins")), "href": "/plugins"}],
        "actions": [
            {"label": each["label"], "href": each["href"]}
            for each in changes(ctx, show, row, plugin_removals.removable(web))
        ],
    }
    out = left_out(ctx, name)
    main = [_about(web, show, row)]
    main += [plugin_timings.left_out_sheet(ctx, show, out)] if out else []
    asks = plugin_grants.asked(ctx, show, name)
    main += [asks] if asks is not None else []
    if row.status == "running":
        of_plugin = web.kernel.events.timings.of_plugin(name)
        main.append(plugin_timings.timings_sheet(show, of_plugin, out))
    return {"title": title, "head": head, "main": main}


def _about(web: Web, show: Show, row: PluginRow) -> Values:
    """What it does, with what stands in its way first."""

    def those(names: Collection[str]) -> str | None:
        return listed(show, [called(web, show, name) for name in names])

    fields = [
        {"label": show.say(_("What it does")), "value": show.say(row.summary, row.name), "full": True},
        {"label": show.say(_("Needs")), "value": those(row.requires)},
        {"label": show.say(_("Needed by")), "value": those(row.needed_by)},
    ]  # fmt: skip
    if row.failure is not None:
        said = (_("Reason"), row.failure.cause), (_("Remedy"), row.failure.remedy)
        reasons = [
            {"label": show.say(label), "value": show.say(text), "full": True}
            for label, text in said
        ]
        fields = [*reasons, *fields]
    return {"kind": "fields", "columns": 2, "fields": fields}
