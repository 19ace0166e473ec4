"""Day counts: how many days lie between two dates, and what part of a year they are.

An interval runs from its first day up to and without its last (算头不算尾).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

from tenor_loans.domain.due_dates import add_months, month_end, whole_months


class DayCount(StrEnum):
    """The conventions. ``MONTHS_12`` is the rule of the Chinese central bank (银发[1999]77号, 银发[2005]129号):
    whole months at a twelfth of the yearly rate, odd days at a 360th.

    All but ``THIRTY_360_US`` and ``MONTHS_12`` are additive: an interval cut in two bears the same interest.
    """

    ACT_360 = "ACT/360"
    ACT_365F = "ACT/365F"
    ACT_ACT_ISDA = "ACT/ACT ISDA"
    THIRTY_360_US = "30/360 US"
    THIRTY_E_360 = "30E/360"
    MONTHS_12 = "months/12"


def days(basis: DayCount, start: date, end: date) -> int:
    """The days from ``start`` up to and without ``end`` by the convention's own count."""
    if basis is DayCount.THIRTY_360_US:
        return _thirty_360_us(start, end)
    if basis is DayCount.THIRTY_E_360:
        return _thirty(start, min(start.day, 30), end, min(end.day, 30))
    if basis is DayCount.MONTHS_12:
        months = whole_months(start, end)
        return 30 * months + (end - add_months(start, months)).days
    return (end - start).days


def year_fraction(basis: DayCount, start: date, end: date) -> Fraction:
    """What part of a year lies between the dates, exactly."""
    if basis is DayCount.ACT_ACT_ISDA:
        return _by_year(start, end)
    return Fraction(days(basis, start, end), year_days(basis))


def year_days(basis: DayCount) -> int:
    """The days that make a year: 365 for ACT/365F, else 360 (ACT/ACT has no one number: see ``year_fraction``)."""
    return 365 if basis is DayCount.ACT_365F else 360


def _thirty_360_us(start: date, end: date) -> int:
    """The bond basis with its rule for the end of February."""
    first, last = start.day, end.day
    if _last_of_february(start):
        if _last_of_february(end):
            last = 30
        first = 30
    if last == 31 and first >= 30:
        last = 30
    return _thirty(start, min(first, 30), end, last)


def _last_of_february(day: date) -> bool:
    return day.month == 2 and day == month_end(day)


def _thirty(start: date, first: int, end: date, last: int) -> int:
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + last - first


def _by_year(start: date, end: date) -> Fraction:
    """Days of each calendar year over the days that this year has."""
    parts = Fraction(0)
    while start < end:
        new_year = date(start.year + 1, 1, 1)
        length = (new_year - date(start.year, 1, 1)).days
        parts += Fraction((min(end, new_year) - start).days, length)
        start = new_year
    return parts
