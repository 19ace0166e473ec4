"""The institution's calendar: what staff entered, before the tables that come with the kernel.

The tables of ``calendar_cn.toml`` are those of the State Council's notices; of other years only the statutory days are
known, without make-up days: such a year is *provisional* until staff enter the notice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from sqlalchemy import select

from tenor.events.rows import table_of
from tenor.workflow.records import CalendarDay
from tenor.workflow.reminders import Span
from tenor.workflow.shipped_days import shipped
from tenor.workflow.working_days import WorkingDays, Year
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from tenor.context import KernelContext

log = logging.getLogger(__name__)
_table: Final = table_of(CalendarDay)


class Calendar:
    """Asked by deadlines, schedules and instalments. Read once for each request or job."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[
            KernelContext, tuple[WorkingDays, Callable[[int], Year | None]]
        ]
        self._known = WeakKeyDictionary()

    def is_working_day(self, ctx: KernelContext, day: date) -> bool:
        """Whether the institution works on ``day``.

        Raises:
            Refused: ``no-calendar``: nothing is known of that year.
        """
        return self._of(ctx).is_working(day)

    def works(self, ctx: KernelContext) -> Callable[[date], bool]:
        """Whether the institution works on a day, for what has to go on where the calendar of a coming year isn't out
        yet: then Monday to Friday count."""

        def works(day: date) -> bool:
            try:
                return self.is_working_day(ctx, day)
            except Refused as refusal:
                log.warning("no calendar for %s (%s): Monday to Friday count", day, refusal)
                return day.weekday() < 5

        return works

    def working_days_after(self, ctx: KernelContext, start: datetime, days: int) -> datetime:
        """Close of business on the ``days``-th working day after the local day of ``start``, in UTC.

        Raises:
            Refused: ``no-calendar``.
        """
        return self._of(ctx).close_after(start, days)

    def days_worked(self, ctx: KernelContext, start: datetime, end: datetime) -> Decimal:
        """The office hours between two instants, in working days to one decimal."""
        return self._of(ctx).days_worked(start, end)

    def span(self, ctx: KernelContext, arisen: datetime, due: datetime) -> Span:
        """The time of a task, for its reminders."""
        return Span(arisen, due, self._of(ctx), self.works(ctx))

    def is_confirmed(self, ctx: KernelContext, year: int) -> bool:
        """Whether a year's official notice is known; else it is provisional, its make-up days missing."""
        self._of(ctx)
        known = self._known[ctx][1](year)
        return known is not None and known.confirmed

    def cover(self, ctx: KernelContext) -> timedelta:
        """How far from today the confirmed years reach."""
        year = ctx.today.year
        while self.is_confirmed(ctx, year):
            year += 1
        return max(date(year, 1, 1) - ctx.today, timedelta())

    def forget(self, ctx: KernelContext) -> None:
        """Read it anew: a day was entered."""
        self._known.pop(ctx, None)

    def _of(self, ctx: KernelContext) -> WorkingDays:
        if ctx not in self._known:
            years = _years(self._entered(ctx))
            self._known[ctx] = (WorkingDays(years, ctx.kernel.clock.zone), years)
        return self._known[ctx][0]

    def _entered(self, ctx: KernelContext) -> dict[int, Year]:
        columns = _table.c.day, _table.c.working, _table.c.confirmed
        days: dict[int, dict[date, bool]] = {}
        confirmed: set[int] = set()
        for row in ctx.kernel.db.execute(ctx.guarded, select(*columns)):
            days.setdefault(row.day.year, {})[row.day] = row.working
            if row.confirmed:
                confirmed.add(row.day.year)
        return {year: Year(of_year, year in confirmed) for year, of_year in days.items()}


def _years(entered: dict[int, Year]) -> Callable[[int], Year | None]:
    @cache
    def year_of(number: int) -> Year | None:
        table, own = shipped(number), entered.get(number)
        if table is None:
            return own
        known = {each.day: each.working for each in table}
        official = bool(table) and all(each.confirmed for each in table)
        if own is None:
            return Year(known, official)
        return Year({**known, **own.days}, official or own.confirmed)

    return year_of
