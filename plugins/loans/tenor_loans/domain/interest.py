"""Interest over time: balances and rates that change on given days, exact until it is booked."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TypeVar

from tenor_loans.domain.day_count import DayCount, year_fraction
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up

T = TypeVar("T")
#: A value from a day on until the next step's day, in ascending order of days.
Steps = Sequence[tuple[date, T]]


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of days with one balance and one rate."""

    start: date
    end: date
    balance: Amount
    rate: Rate

    def interest(self, basis: DayCount) -> Fraction:
        """In minor units, not rounded."""
        return interest(self.balance, self.rate, basis, self.start, self.end)


def interest(principal: Amount, rate: Rate, basis: DayCount, start: date, end: date) -> Fraction:
    """Interest from ``start`` up to and without ``end``, in minor units, not rounded."""
    return principal.minor * rate.fraction * year_fraction(basis, start, end)


def booked(exact: Fraction) -> Amount:
    """The amount that is booked for an exact sum of interest: rounded half up, once, after summing."""
    return Amount(half_up(exact))


def segments(
    balances: Steps[Amount], rates: Steps[Rate], start: date, end: date
) -> tuple[Segment, ...]:
    """The days from ``start`` to ``end`` cut wherever the balance or the rate changes.

    Raises:
        Invalid: ``no-rate`` where interest would run before the first rate. Before the first balance nothing is owed.
    """
    inner = {day for day, _ in (*balances, *rates) if start < day < end}
    bounds = [start, *sorted(inner), end]
    return tuple(
        Segment(first, last, balance, _rate_on(rates, first))
        for first, last in itertools.pairwise(bounds)
        if first < last and (balance := value_on(balances, first)) is not None
    )


def _rate_on(rates: Steps[Rate], day: date) -> Rate:
    rate = value_on(rates, day)
    if rate is None:
        raise Invalid("no-rate", day=day)
    return rate


def value_on(steps: Steps[T], day: date) -> T | None:
    """The value in force on ``day``; ``None`` before the first. Of two steps on one day the later in order holds."""
    index = bisect_right(steps, day, key=lambda step: step[0])
    return steps[index - 1][1] if index else None


def accrued(
    balances: Steps[Amount], rates: Steps[Rate], basis: DayCount, start: date, end: date
) -> Fraction:
    """Interest on a balance and a rate that change, in minor units, not rounded.

    Also the commitment fee on what isn't drawn: its balance over time, and the fee's rate.
    """
    parts = segments(balances, rates, start, end)
    return sum((part.interest(basis) for part in parts), Fraction(0))
