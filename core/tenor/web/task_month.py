"""Tasks on the days of their deadlines, by the month or the week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from flask import request

from tenor.views import address
from tenor.web.gist import NO_GIST, gists
from tenor.web.month import Sheet, working
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor.workflow import OpenTask

Values = dict[str, Any]
#: tasks of the days that are shown; of more the first by urgency
_MOST: Final = 500
#: tasks without a deadline, counted up to
_WITHOUT: Final = 50


class TaskMonth:
    """A calendar of the tasks of a shelf.

    Args:
        href: the page's address with something changed.
    """

    def __init__(
        self, web: Web, ctx: KernelContext, show: Show, shelf: str, href: Callable[..., str]
    ) -> None:
        self.web, self.ctx, self.show, self.shelf, self.href = web, ctx, show, shelf, href
        asked = request.args
        self.sheet = Sheet(show, lambda name: asked.get(name, ""), href, ctx.today)

    def shown(self) -> Values:
        """The days, each with what is due on it."""
        days, desk = self.sheet.days, self.web.kernel.workflow.desk
        found = desk.page(self.ctx, self.shelf, size=_MOST, due=days)
        entries = self._entries(found.tasks)
        made = [self._on(day, entries.get(day, [])) for day in days]
        caption = _("Deadlines")
        if found.next:
            caption = _("Deadlines: the {n} most urgent of these days", n=_MOST)
        shown = self.sheet.shown(made, working(self.ctx, days), self.show.say(caption))
        return {**shown, "without": self._without()}

    def _entries(self, tasks: list[OpenTask] | Any) -> dict[date, list[Values]]:
        kinds = self.web.kernel.records.by_table
        about = [(kinds[each.table_name], each.record_id) for each in tasks]
        known = gists(self.web, self.ctx, self.show, about)
        found: dict[date, list[Values]] = {}
        for each in sorted(tasks, key=lambda one: (one.due_at, one.id)):
            local = self.show.local(each.due_at)
            gist = known.get((each.table_name, each.record_id), NO_GIST)
            found.setdefault(local.date(), []).append({
                "at": f"{local:%H:%M}",
                "label": gist.name or each.name,
                "href": address(kinds[each.table_name], each.record_id),
                "facts": [{"value": {"text": self.show.say(each.title)}}],
            })  # fmt: skip
        return found

    def _on(self, day: date, entries: list[Values]) -> Values:
        more = len(entries) - self.sheet.most
        return {
            "count": len(entries),
            "count_href": self._all(day),
            "sums": [],
            "cards": entries[: self.sheet.most],
            "more": self.show.say(_("{n} more", n=more)) if more > 0 else "",
        }

    def _all(self, day: date) -> str:
        """Where there is more of a day: of a month its week, and of that the list."""
        if self.sheet.weekly:
            return self.href(look="", look_by="", look_at="", due=day.isoformat())
        return self.href(look_by="week", look_at=day.isoformat())

    def _without(self) -> Values | None:
        """The tasks that stand on no day."""
        desk = self.web.kernel.workflow.desk
        page = desk.page(self.ctx, self.shelf, size=_WITHOUT, due=())
        count = len(page.tasks)
        if not count:
            return None
        text = ngettext("{n} task without a deadline", "{n} tasks without a deadline", count)
        if page.next:
            text = _("More than {n} tasks without a deadline", n=count)
        return {"label": self.show.say(text), "href": self.href(look="", look_by="", look_at="")}
