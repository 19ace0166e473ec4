"""On which days, and at which times of a day, a rule looks; and of which days a record's date may be for it to be due.

Pure: the institution's working days and its time zone are handed in.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

Works = Callable[[date], bool]
#: days of the week, as a rule names them; Monday first
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)
#: nobody's calendar has so many days off in a row
_LONGEST_REST: Final = 60


def weekly(day: date, weekdays: Sequence[str], *, works: Works | None = None) -> bool:
    """Whether a day is one of those of the week.

    Args:
        works: where days off don't count.
    """
    return WEEKDAYS[day.weekday()] in weekdays and (works is None or works(day))


def monthly(day: date, of_month: int, *, works: Works | None = None) -> bool:
    """Whether it is the day of the month.

    Args:
        of_month: its number; in a month that is shorter, the month's last.
        works: where a day off doesn't count, but the next working day, though it be of the next month.
    """
    if works is None:
        return day == _of_month(day, of_month)
    if not works(day):
        return False
    meant = day
    while meant != _of_month(meant, of_month):
        meant -= _DAY
        if works(meant):
            return False
    return True


def last_working_day(day: date, works: Works) -> bool:
    """Whether it is the last working day of its month."""
    last = _of_month(day, 31)
    while last > day and not works(last):
        last -= _DAY
    return day == last and works(day)


def _of_month(day: date, number: int) -> date:
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def falls_between(
    since: datetime, until: datetime, minutes: int, first: time, last: time, zone: ZoneInfo,
    works: Works | None = None,
) -> bool:  # fmt: skip
    """Whether one of the times of a day at a distance of so many minutes, from ``first`` to ``last`` of the local day,
    comes after ``since``, and not after ``until``.

    Args:
        minutes: 1 or more; of a ``first`` that is the ``last`` there is this one time.
        works: where days off don't count.
    """
    day = since.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        if works is None or works(day):
            times = _times(day, minutes, first, last, zone)
            if any(since < one <= until for one in times):
                return True
        day += _DAY
    return False


def _times(day: date, minutes: int, first: time, last: time, zone: ZoneInfo) -> Iterator[datetime]:
    """As the clock on the wall shows them; where the clocks are put forward, those that it leaves out come later."""
    wall, end = datetime.combine(day, first), datetime.combine(day, last)
    while wall <= end:
        yield wall.replace(tzinfo=zone).astimezone(UTC)
        wall += timedelta(minutes=minutes)


def working_days_before(day: date, count: int, works: Works) -> list[date]:
    """The days after each of which ``day`` is the ``count``-th working day, earliest first; none where nobody works on
    ``day``.

    Args:
        count: below zero: the days before each of which it is that working day; zero: those on which nothing is done
            before ``day``, and ``day`` itself.
    """
    if not works(day):
        return []
    if count == 0:
        return sorted([day, *_rest(day, -1, works)])
    step = -1 if count > 0 else 1
    at = day
    for _nth in range(abs(count) - 1):
        at = _next(at, step, works)
    # from here to the next working day all days have the same number of working days up to ``day``
    found = [*_rest(at, step, works)]
    found.append((found[-1] if found else at) + step * _DAY)
    return sorted(found)


def _next(day: date, step: int, works: Works) -> date:
    rest = [*_rest(day, step, works)]
    return (rest[-1] if rest else day) + step * _DAY


def _rest(day: date, step: int, works: Works) -> Iterator[date]:
    """The days off that lie beside a day, forwards or backwards."""
    for distance in range(1, _LONGEST_REST):
        beside = day + distance * step * _DAY
        if works(beside):
            return
        yield beside
