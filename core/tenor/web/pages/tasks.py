"""The inbox of tasks: what is before somebody, in pages, by what stands where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from tenor.views import address
from tenor.web.addresses import with_query
from tenor.web.month import day_of
from tenor.web.task_month import TaskMonth
from tenor.web.work import by_urgency, counted
from tenor.workflow.shelves import BEFORE, HANDED, MINE, SHELVES, SNOOZED, UNITS
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from datetime import date

    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web

Values = dict[str, Any]
_SIZE: Final = 50
_WORDS: Final = {
    BEFORE: _("Before me"), MINE: _("Mine"), UNITS: _("My units’"), SNOOZED: _("Put off"),
    HANDED: _("Handed over by me"),
}  # fmt: skip
_EMPTY: Final[dict[str, Text]] = {
    UNITS: _("Nothing waits for somebody of your positions."),
    SNOOZED: _("Nothing is put off."),
    HANDED: _("Nothing that you handed over is open."),
}


def routes(at: Blueprint, web: Web) -> None:
    """The tasks page."""

    @at.get("/tasks")
    def tasks() -> Response:
        with web.reading() as ctx:
            return web.page(ctx, "tasks.html", _tasks(web, ctx))


def _tasks(web: Web, ctx: KernelContext) -> Values:
    show = web.show(ctx)
    shelf = request.args.get("shelf", BEFORE)
    shelf = shelf if shelf in SHELVES else BEFORE
    if request.args.get("look") == "calendar":
        return _page(web, ctx, show, shelf, "") | {"calendar": _calendar(web, ctx, show, shelf)}
    return _listed(web, ctx, show, shelf, day_of(request.args.get("due", "")))


def _listed(web: Web, ctx: KernelContext, show: Show, shelf: str, due: date | None) -> Values:
    """The tasks as a list; those of one day, where that is asked for."""
    after, days = request.args.get("after", ""), [due] if due is not None else None
    found = web.kernel.workflow.desk.page(ctx, shelf, size=_SIZE, after=after, due=days)
    count = counted(found, _SIZE, first=not after)
    empty = _EMPTY.get(shelf, _("Nothing waits for you."))
    made = _page(web, ctx, show, shelf, count) | {
        "groups": by_urgency(web, ctx, show, found.tasks),
        "empty": {"title": show.say(empty if due is None else _("Nothing is due on that day."))},
    }
    if due is not None:
        made["head"]["sub"] = show.say(_("Due on {day}", day=due.isoformat()))
    if found.next:
        query = {"shelf": shelf, "due": due.isoformat() if due else "", "after": found.next}
        made["foot"] = {"pager": {"next_href": with_query("/tasks", query)}}
    return made


def _page(web: Web, ctx: KernelContext, show: Show, shelf: str, count: str) -> Values:
    """What stands above the tasks, however they are looked at.

    Args:
        count: of the shelf; empty where they aren't counted.
    """
    from tenor.access.records import User

    title = show.say(_("Tasks"))
    all_of_mine = f"{address(User, ctx.actor.id)}/actions/hand-over-tasks"
    looked = "" if count else "calendar"
    ways = (("", _("List")), ("calendar", _("Calendar")))
    return {
        "title": title,
        "head": {
            "title": title,
            "actions": [{"label": show.say(_("Hand over all of mine")), "href": all_of_mine}],
        },
        "tabs": [
            {
                "label": show.say(_WORDS[one]),
                "href": _href(one, look=looked),
                "current": one == shelf,
                "count": (count or None) if one == shelf else None,
            }
            for one in SHELVES
        ],
        "views": [
            {"label": show.say(label), "href": _href(shelf, look=look), "current": look == looked}
            for look, label in ways
        ],
    }


def _calendar(web: Web, ctx: KernelContext, show: Show, shelf: str) -> Values:
    kept = {name: request.args.get(name, "") for name in ("look", "look_by", "look_at")}

    def href(**changes: str) -> str:
        return _href(shelf, **{**kept, **changes})

    return TaskMonth(web, ctx, show, shelf, href).shown()


def _href(shelf: str, **more: str) -> str:
    return with_query("/tasks", {"shelf": "" if shelf == BEFORE else shelf, **more})
