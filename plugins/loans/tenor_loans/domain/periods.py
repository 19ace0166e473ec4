"""Interest periods (计息期): from when to when interest runs, and when it is due."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tenor_loans.domain.day_count import DayCount, year_fraction
from tenor_loans.domain.due_dates import add_months, due_dates
from tenor_sdk.errors import Invalid

_DAY = timedelta(days=1)
QUARTER_ENDS = (3, 6, 9, 12)


@dataclass(frozen=True, slots=True)
class InterestPeriod:
    """One period of a schedule.

    Args:
        number: from 1.
        start: the first day that bears interest.
        end: the day after the last one; also the agreed due date.
        months: its length where it is a whole number of months from the anchor day, else ``None``.
    """

    number: int
    start: date
    end: date
    months: int | None = None

    @property
    def due(self) -> date:
        """The agreed due date."""
        return self.end

    def year_fraction(self, basis: DayCount) -> Fraction:
        """What part of a year the period is."""
        if basis is DayCount.MONTHS_12 and self.months is not None:
            return Fraction(self.months, 12)
        return year_fraction(basis, self.start, self.end)


def regular_periods(
    drawn_on: date,
    first_due: date,
    count: int,
    *,
    every: int = 1,
    anchor_day: int | None = None,
    eom: bool = False,
) -> tuple[InterestPeriod, ...]:
    """Periods of equal months; the first may be shorter or longer (from the drawdown to the first due date).

    Args: as ``due_dates``, and ``drawn_on``, the day of the drawdown.

    Raises:
        Invalid: ``first-due-before-drawdown``, and as ``due_dates``.
    """
    if first_due <= drawn_on:
        raise Invalid("first-due-before-drawdown", drawn_on=drawn_on, first_due=first_due)
    ends = due_dates(first_due, count, every=every, anchor_day=anchor_day, eom=eom)
    whole = add_months(first_due, -every, anchor_day=anchor_day, eom=eom) == drawn_on
    starts = (drawn_on, *ends[:-1])
    return tuple(
        InterestPeriod(number, start, end, every if number > 1 or whole else None)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def settlement_periods(
    drawn_on: date,
    maturity: date,
    *,
    day: int = 20,
    months: Collection[int] = QUARTER_ENDS,
) -> tuple[InterestPeriod, ...]:
    """Periods by interest settlement dates (结息日): by default the 20th of the last month of a quarter.

    Interest is struck at the end of the settlement day and paid on the day after; the last period ends with the loan.
    Monthly settlement is ``months=range(1, 13)``. Source: 《人民币利率管理规定》 art. 20.

    Raises:
        Invalid: ``maturity-before-drawdown``.
    """
    if maturity <= drawn_on:
        raise Invalid("maturity-before-drawdown", drawn_on=drawn_on, maturity=maturity)
    cuts = [
        cut for cut in _settlements(drawn_on, maturity, day, months) if drawn_on < cut < maturity
    ]
    bounds = [drawn_on, *cuts, maturity]
    return tuple(
        InterestPeriod(number, start, end)
        for number, (start, end) in enumerate(itertools.pairwise(bounds), start=1)
    )


def _settlements(start: date, end: date, day: int, months: Collection[int]) -> list[date]:
    """The days after each settlement day, from the month of ``start`` to the month of ``end``."""
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    steps = (add_months(start.replace(day=1), k, anchor_day=day) for k in range(count))
    return [step + _DAY for step in steps if step.month in months]
