"""Arithmetic on working days, with the make-up working weekends (调休). Pure: the years are handed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from tenor_sdk.errors import Refused

OPENS: Final = time(9)
CLOSES: Final = time(18)
_DAY: Final = timedelta(days=1)
_SECONDS: Final = Decimal((CLOSES.hour - OPENS.hour) * 3600)


@dataclass(frozen=True)
class Year:
    """What is known of a year.

    Args:
        days: those that aren't what their weekday says: True for a working one.
        confirmed: whether its official table is out; until then make-up days are missing from it.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    confirmed: bool = True


class WorkingDays:
    """A calendar of years.

    Args:
        years: what is known of one; None is an error for whoever asks, never Monday to Friday.
        zone: of the institution.
    """

    def __init__(self, years: Callable[[int], Year | None], zone: ZoneInfo) -> None:
        self._years = years
        self._zone = zone

    def is_working(self, day: date) -> bool:
        """Whether the institution works on a day.

        Raises:
            Refused: ``no-calendar``.
        """
        year = self._years(day.year)
        if year is None:
            raise Refused("no-calendar", year=day.year)
        return year.days.get(day, day.weekday() < 5)

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; with 0, ``day`` itself or the next that is one.

        Raises:
            ValueError: ``count`` is negative.
            Refused: ``no-calendar``.
        """
        if count < 0:
            raise ValueError(f"working days are counted forwards, not {count}")
        if count == 0:
            return day if self.is_working(day) else self.after(day, 1)
        while count:
            day += _DAY
            count -= self.is_working(day)
        return day

    def close_after(self, start: datetime, count: int) -> datetime:
        """Close of business on the ``count``-th working day after the local day of ``start``, in UTC."""
        return self._at(self.after(start.astimezone(self._zone).date(), count), CLOSES)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """The office hours between two instants; none where ``end`` doesn't come after ``start``."""
        return sum((until - since for since, until in self._hours(start, end)), timedelta())

    def days_worked(self, start: datetime, end: datetime) -> Decimal:
        """Those hours in working days, to one decimal."""
        exact = Decimal(self.worked(start, end) // timedelta(seconds=1)) / _SECONDS
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)

    def part_way(self, start: datetime, end: datetime, percent: int) -> datetime:
        """The instant at which so many hundredths of the office hours between two instants are over, in UTC."""
        return self._after(start, end, self.worked(start, end) * percent / 100)

    def hours_before(self, start: datetime, end: datetime, hours: int) -> datetime | None:
        """The instant after which so many office hours are left until ``end``, in UTC; None: fewer lie between."""
        over = self.worked(start, end) - timedelta(hours=hours)
        return self._after(start, end, over) if over >= timedelta() else None

    def opening_before(self, start: datetime, end: datetime, count: int) -> datetime | None:
        """When the office opens on the ``count``-th working day before the day of ``end``, in UTC; with 0, on that day
        itself or the last before it that is one. None: that day comes before the day of ``start``."""
        first, day = (each.astimezone(self._zone).date() for each in (start, end))
        count += not self.is_working(day)
        while count and day > first:
            day -= _DAY
            count -= self.is_working(day)
        return None if count else self._at(day, OPENS)

    def opening_after(self, start: datetime, count: int, works: Callable[[date], bool]) -> datetime:
        """When the office opens on the ``count``-th working day after the local day of ``start``, in UTC.

        Args:
            works: which days are working ones, where the years reach no further.
        """
        day = start.astimezone(self._zone).date()
        while count:
            day += _DAY
            count -= works(day)
        return self._at(day, OPENS)

    def _after(self, start: datetime, end: datetime, left: timedelta) -> datetime:
        for since, until in self._hours(start, end):
            if left <= until - since:
                return since + left
            left -= until - since
        return end.astimezone(UTC)

    def _hours(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of office hours within a span."""
        day, last = start.astimezone(self._zone).date(), end.astimezone(self._zone).date()
        while day <= last:
            if self.is_working(day):
                since = max(self._at(day, OPENS), start.astimezone(UTC))
                until = min(self._at(day, CLOSES), end.astimezone(UTC))
                if since < until:
                    yield since, until
            day += _DAY

    def _at(self, day: date, moment: time) -> datetime:
        return datetime.combine(day, moment, self._zone).astimezone(UTC)
