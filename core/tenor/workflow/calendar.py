"""The institution's calendar: working days with the make-up working weekends (调休).

The tables of 2025 and 2026 are those of the State Council's notices; for other years only the statutory days are
known, without make-up days, and the year is *provisional* until staff enter the notice.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.workflow.records import CalendarDay
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from tenor.context import KernelContext

_table: Any = CalendarDay.__table__
CLOSE_OF_BUSINESS: Final = time(18)
_LAST_YEAR: Final = 2099


def _span(year: int, first: tuple[int, int], last: tuple[int, int]) -> list[date]:
    start, end = date(year, *first), date(year, *last)
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


#: 国务院办公厅关于2025年、2026年部分节假日安排的通知
_OFF: Final = {
    2025: (
        ((1, 1), (1, 1)), ((1, 28), (2, 4)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((5, 31), (6, 2)), ((10, 1), (10, 8)),
    ),
    2026: (
        ((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21)),
        ((9, 25), (9, 27)), ((10, 1), (10, 7)),
    ),
}  # fmt: skip
_MAKE_UP: Final = {
    2025: ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11)),
    2026: ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)),
}


@lru_cache(maxsize=128)
def known_days(year: int) -> tuple[frozenset[date], frozenset[date], bool]:
    """Days off, make-up working days, and whether the year's notice is known."""
    if year in _OFF:
        off = frozenset(day for first, last in _OFF[year] for day in _span(year, first, last))
        return off, frozenset(date(year, *day) for day in _MAKE_UP[year]), True
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year)), frozenset(), False


class Calendar:
    """Asked by deadlines, schedules and instalments."""

    def is_working_day(self, ctx: KernelContext, day: date) -> bool:
        """Whether the institution works on ``day``; what staff entered goes before what is known.

        Raises:
            Refused: ``no-calendar``.
        """
        entered = self._entered(ctx).get(day)
        return entered if entered is not None else _working(day)

    def working_days_after(self, ctx: KernelContext, start: datetime, days: int) -> datetime:
        """Close of business on the ``days``-th working day after the local day of ``start``, in UTC."""
        zone, entered = ctx.kernel.clock.zone, self._entered(ctx)
        day, left = start.astimezone(zone).date(), days
        while left > 0:
            day += timedelta(days=1)
            known = entered.get(day)
            left -= known if known is not None else _working(day)
        return datetime.combine(day, CLOSE_OF_BUSINESS, zone).astimezone(UTC)

    def working_days_between(self, ctx: KernelContext, start: datetime, end: datetime) -> int:
        """How many working days lie after the local day of ``start``, up to and with that of ``end``."""
        zone, entered = ctx.kernel.clock.zone, self._entered(ctx)
        day, last, count = start.astimezone(zone).date(), end.astimezone(zone).date(), 0
        while day < last:
            day += timedelta(days=1)
            known = entered.get(day)
            count += known if known is not None else _working(day)
        return count

    def provisional(self, year: int) -> bool:
        """Whether nobody has confirmed that year's make-up days."""
        return not known_days(year)[2]

    def _entered(self, ctx: KernelContext) -> dict[date, bool]:
        rows = ctx.kernel.db.execute(ctx.session, select(_table.c.day, _table.c.working))
        return {row.day: row.working for row in rows}


def _working(day: date) -> bool:
    if day.year > _LAST_YEAR:
        raise Refused("no-calendar", year=day.year)
    off, make_up, _ = known_days(day.year)
    return day in make_up or (day.weekday() < 5 and day not in off)
