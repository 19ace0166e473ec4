"""Business days and the conventions that roll a date to one.

Which days are worked is asked of a calendar: any function of a day. A service hands in the institution's
(``tenor_sdk.calendar.is_working_day``); a replay or a test hands in a ``CalendarTable``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tenor_sdk.errors import Invalid, Refused

#: Whether a day is worked; raises ``Refused`` (``no-calendar``) for a year without a table.
Calendar = Callable[[date], bool]

_DAY = timedelta(days=1)


def on_or_after(day: date, is_business_day: Calendar) -> date:
    """``day``, or the next business day."""
    while not is_business_day(day):
        day += _DAY
    return day


def on_or_before(day: date, is_business_day: Calendar) -> date:
    """``day``, or the business day before it."""
    while not is_business_day(day):
        day -= _DAY
    return day


def add_business_days(day: date, count: int, is_business_day: Calendar) -> date:
    """The ``count``-th business day after ``day``; ``day`` itself for zero."""
    for _ in range(count):
        day = on_or_after(day + _DAY, is_business_day)
    return day


class Rolling(StrEnum):
    """What happens to a date that isn't a business day."""

    UNADJUSTED = "unadjusted"
    FOLLOWING = "following"
    MODIFIED_FOLLOWING = "modified following"
    PRECEDING = "preceding"


def rolled(day: date, rolling: Rolling, is_business_day: Calendar) -> date:
    """``day``, rolled to a business day by the convention.

    Modified following takes the next business day, unless that lies in the next month: then the one before.

    Raises:
        Refused: ``no-calendar``, never a guess of Monday to Friday.
    """
    if rolling is Rolling.UNADJUSTED:
        return day
    if rolling is Rolling.PRECEDING:
        return on_or_before(day, is_business_day)
    later = on_or_after(day, is_business_day)
    if rolling is Rolling.MODIFIED_FOLLOWING and later.month != day.month:
        return on_or_before(day, is_business_day)
    return later


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """Published tables of days off and make-up working days (调休), as a value; call it with a day.

    Args:
        name: the calendar's name, such as ``"CN"``.
        years: the years that the tables cover.
        off: days off other than ordinary weekends.
        working: Saturdays and Sundays that are worked to make up for days off.
    """

    name: str
    years: frozenset[int]
    off: frozenset[date]
    working: frozenset[date]

    def __call__(self, day: date) -> bool:
        """Whether ``day`` is worked.

        Raises:
            Refused: ``no-calendar`` for a year without a table.
        """
        if day.year not in self.years:
            raise Refused("no-calendar", calendar=self.name, year=day.year)
        return day in self.working or (day.weekday() < 5 and day not in self.off)


def calendar_from_table(table: Mapping[str, object]) -> CalendarTable:
    """A calendar from a table as a file holds it.

    Args:
        table: ``name`` and, under ``year``, for each year ``off`` and ``working``: dates, and pairs of dates for
            spans (both ends included).

    Raises:
        Invalid: ``bad-calendar-table`` where the shape is another, or a date lies outside its year.
    """
    years = table.get("year")
    if not isinstance(years, Mapping):
        raise Invalid("bad-calendar-table", calendar=str(table.get("name")))
    return CalendarTable(
        name=str(table.get("name")),
        years=frozenset(int(year) for year in years),
        off=_days(years, "off"),
        working=_days(years, "working"),
    )


def _days(years: Mapping[str, Mapping[str, list[date | list[date]]]], kind: str) -> frozenset[date]:
    return frozenset(day for year, days in years.items() for day in _spans(int(year), days[kind]))


def _spans(year: int, entries: list[date | list[date]]) -> list[date]:
    days: list[date] = []
    for entry in entries:
        first, last = entry if isinstance(entry, list) else (entry, entry)
        days += [first + n * _DAY for n in range((last - first).days + 1)]
    if any(day.year != year for day in days):
        raise Invalid("bad-calendar-table", year=year)
    return days
