"""The sheet of shortcuts: over the page for whoever presses ``?``, a page of its own for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from tenor.web.shortcuts import EVERYWHERE, PAGES
from tenor.web.visit import visit
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.web.shortcuts import Shortcut
    from tenor.web.web import Web

Values = dict[str, Any]


def routes(at: Blueprint, web: Web) -> None:
    """The sheet."""

    @at.get("/shortcuts")
    def sheet() -> Response:
        with web.reading() as ctx:
            on = visit().letters == "on"
            if request.args.get("part") == "dialog":
                wanted = [request.args.get("of", "")]
                groups = _groups(web, wanted)
                return web.fragment("parts/shortcuts.html", "dialog", groups, on)
            title = web.say(_("Keyboard shortcuts"))
            values = {"title": title, "head": {"title": title}, "groups": _groups(web, list(PAGES))}
            return web.page(ctx, "shortcuts.html", values | {"letters_on": on})


def _groups(web: Web, kinds: Sequence[str]) -> list[Values]:
    chosen = [PAGES[kind] for kind in kinds if kind in PAGES]
    groups = [(_("On every page"), EVERYWHERE), *chosen]
    return [_group(web, title, shortcuts) for title, shortcuts in groups]


def _group(web: Web, title: Text, shortcuts: Sequence[Shortcut]) -> Values:
    rows = [
        {
            "press": [web.say(key) if isinstance(key, Text) else key for key in each.keys],
            "title": web.say(each.title),
            "place": each.place,
            "letter": each.letter,
        }
        for each in shortcuts
    ]
    return {"title": web.say(title), "rows": rows}
