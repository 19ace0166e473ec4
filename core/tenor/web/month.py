"""A list as a calendar: its rows on their days, by the month or the week, with the institution's working days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from tenor.records.filters import Comparison
from tenor.records.totals import Axis, narrowed, totals
from tenor.views.columns import key_of
from tenor.web.cards import cards
from tenor_sdk.i18n import _, ngettext

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.web.looks import Sight
    from tenor.web.show import Show
    from tenor_sdk.looks import CalendarView

Values = dict[str, Any]
_DAY: Final = timedelta(days=1)
#: rows of a day; the rest is a list away
_IN_MONTH: Final = 3
_IN_WEEK: Final = 20
_WEEKDAYS: Final = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
#: years between which a calendar is turned
_FIRST: Final = date(1900, 1, 1)
_LAST: Final = date(2199, 12, 31)


class Sheet:
    """The days of a calendar, by the month or the week, and the ways to turn it.

    Args:
        show: for the words.
        asked: what the address says.
        href: the same address with something changed.
        today: the business date.
    """

    def __init__(
        self, show: Show, asked: Callable[[str], str], href: Callable[..., str], today: date
    ) -> None:
        self.show, self._href, self._today = show, href, today
        self.weekly = asked("look_by") == "week"
        self.at = day_of(asked("look_at")) or today
        self.days = list(self._days())

    @property
    def most(self) -> int:
        """How many rows stand on a day."""
        return _IN_WEEK if self.weekly else _IN_MONTH

    def shown(self, days: Sequence[Values], works: Mapping[date, bool], caption: str) -> Values:
        """All of it.

        Args:
            days: what stands on each day.
            works: whether one is a working day.
        """
        drawn = [
            {**self._drawn(day, works[day]), **what}
            for day, what in zip(self.days, days, strict=True)
        ]
        say, weekly = self.show.say, self.weekly
        nothing = (
            _("Nothing stands in this week.") if weekly else _("Nothing stands in this month.")
        )
        return {
            "kind": "calendar",
            "title": self._title(),
            "caption": caption,
            "weekly": weekly,
            "weekdays": [say(name) for name in _WEEKDAYS],
            "weeks": [drawn[n : n + 7] for n in range(0, len(drawn), 7)],
            "nothing": "" if any(day["count"] for day in days) else say(nothing),
            "turn": self._turn(),
            "steps": [
                {"label": say(_("Month")), "href": self._href(look_by=""), "current": not weekly},
                {"label": say(_("Week")), "href": self._href(look_by="week"), "current": weekly},
            ],
        }

    def _days(self) -> Iterator[date]:
        """Whole weeks, from a Monday to a Sunday."""
        first = self.at if self.weekly else self.at.replace(day=1)
        day = first - _DAY * first.weekday()
        last = day + 6 * _DAY if self.weekly else _after(first) - _DAY
        while day <= last or day.weekday():
            yield day
            day += _DAY

    def _title(self) -> str:
        if self.weekly:
            return f"{self.days[0].isoformat()} – {self.days[-1].isoformat()}"
        return f"{self.at.year}-{self.at.month:02d}"

    def _drawn(self, day: date, works: bool) -> Values:
        """A day with nothing on it."""
        odd = works != (day.weekday() < 5)
        words = self.show.say(_("working day")) if works else self.show.say(_("holiday"))
        return {
            "iso": day.isoformat(),
            "number": day.day,
            "outside": not self.weekly and day.month != self.at.month,
            "today": day == self._today,
            "off": not works,
            "mark": words if odd else "",
        }

    def _turn(self) -> Values:
        """The way to the days before and after, and back to today."""
        first = self.at if self.weekly else self.at.replace(day=1)
        before = first - 7 * _DAY if self.weekly else first - _DAY
        after = first + 7 * _DAY if self.weekly else _after(first)
        length = 10 if self.weekly else 7
        return {
            "before": self._href(look_at=before.isoformat()[:length]) if before >= _FIRST else "",
            "after": self._href(look_at=after.isoformat()[:length]) if after <= _LAST else "",
            "today": self._href(look_at=""),
        }


class Month:
    """A calendar of one list for one person."""

    def __init__(self, sight: Sight, look: CalendarView) -> None:
        self.sight, self.look = sight, look
        self.field = key_of(look.on)
        self.sheet = Sheet(sight.show, sight.asked, sight.href, sight.ctx.today)

    def shown(self) -> Values:
        """The days."""
        sight, days = self.sight, self.sheet.days
        bounds = (
            Comparison(self.field, ">=", (days[0].isoformat(),)),
            Comparison(self.field, "<=", (days[-1].isoformat(),)),
        )
        here = narrowed(sight.query, *bounds)
        found = totals(sight.ctx, sight.view, here, [Axis(self.field, "day")], sight.sums)
        rows = cards(sight, here, self.look.on, self.look.shows, self.sheet.most)
        made = [self._on(day, [one for one in found if one.values[0] == day], rows) for day in days]
        specs = sight.ctx.kernel.records.specs(sight.view.record)
        caption = sight.show.label(specs[self.field]) if self.field in specs else self.field
        shown = self.sheet.shown(made, working(sight.ctx, days), caption)
        return {**shown, "without": self._without()}

    def _on(self, day: date, found: list[Any], rows: dict[str, list[Values]]) -> Values:
        """What stands on a day."""
        sight, here = self.sight, rows.get(day.isoformat(), [])
        count = sum(one.count for one in found)
        more = count - len(here)
        test = Comparison(self.field, "=", (day.isoformat(),))
        sums = [sight.amounts(found, place) for place in range(len(sight.sums))] if count else []
        return {
            "count": count,
            "count_href": sight.rows_href(test) if count else "",
            "sums": [value for each in sums for value in each],
            "cards": here,
            "more": sight.say(_("{n} more", n=more)) if more > 0 else "",
        }

    def _without(self) -> Values | None:
        """The rows that stand on no day."""
        sight, test = self.sight, Comparison(self.field, "=", ())
        found = totals(sight.ctx, sight.view, narrowed(sight.query, test), [])
        count = sum(one.count for one in found)
        if not count:
            return None
        text = ngettext("{n} record without a date", "{n} records without a date", count)
        return {"label": sight.say(text), "href": sight.rows_href(test)}


def working(ctx: KernelContext, days: Iterable[date]) -> dict[date, bool]:
    """Which days the institution works."""
    works = ctx.kernel.workflow.calendar.works(ctx)
    return {day: works(day) for day in days}


def _after(first: date) -> date:
    """The first day of the next month."""
    return (first + 31 * _DAY).replace(day=1)


def day_of(text: str) -> date | None:
    """A day or a month of an address; None for anything else."""
    try:
        found = date.fromisoformat(f"{text}-01" if len(text) == 7 else text)
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None
