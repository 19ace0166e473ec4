"""Repayment schedules: level payment 等额本息, level principal 等额本金, bullet; with grace.

Every amount is booked half up; what rounding leaves goes to the last instalment, whose principal is the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.periods import InterestPeriod
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up, total


class Method(StrEnum):
    """How principal comes back."""

    LEVEL_PAYMENT = "level payment"
    LEVEL_PRINCIPAL = "level principal"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One row of a schedule: what is due for one interest period.

    Args:
        number: from 1.
        start: the first day that bears interest.
        due: the agreed due date, also the end of the period.
        opening: principal before the instalment.
        principal: what of it is due.
        interest: the interest of the period.
    """

    number: int
    start: date
    due: date
    opening: Amount
    principal: Amount
    interest: Amount

    @property
    def total(self) -> Amount:
        return self.principal + self.interest

    @property
    def closing(self) -> Amount:
        return self.opening - self.principal


@dataclass(frozen=True, slots=True)
class Schedule:
    """The instalments of a loan, in order, with their sums."""

    instalments: tuple[Instalment, ...]

    @property
    def principal(self) -> Amount:
        return total(row.principal for row in self.instalments)

    @property
    def interest(self) -> Amount:
        return total(row.interest for row in self.instalments)

    @property
    def total(self) -> Amount:
        return self.principal + self.interest

    @property
    def maturity(self) -> date:
        return self.instalments[-1].due


def schedule(
    method: Method,
    principal: Amount,
    rate: Rate,
    periods: Sequence[InterestPeriod],
    basis: DayCount = DayCount.MONTHS_12,
    *,
    grace: int = 0,
) -> Schedule:
    """The schedule of a loan by the method named.

    Args:
        method: how principal comes back.
        principal: the amount lent.
        rate: a year; zero is allowed.
        periods: the interest periods, as ``periods`` makes them.
        basis: how a period becomes part of a year.
        grace: how many first instalments bear interest only.

    Raises:
        Invalid: ``no-principal``, ``negative-rate``, ``no-instalments``, ``grace-too-long``.
    """
    if method is Method.LEVEL_PAYMENT:
        return level_payment(principal, rate, periods, basis, grace=grace)
    if method is Method.LEVEL_PRINCIPAL:
        return level_principal(principal, rate, periods, basis, grace=grace)
    return bullet(principal, rate, periods, basis)


def level_payment(
    principal: Amount,
    rate: Rate,
    periods: Sequence[InterestPeriod],
    basis: DayCount = DayCount.MONTHS_12,
    *,
    grace: int = 0,
) -> Schedule:
    """Equal payments of principal and interest together: P·r(1+r)^n/((1+r)^n−1), P/n for a rate of zero.

    Where periods differ in length, the one payment whose discounted sum is the principal. Arguments as ``schedule``.
    """
    check_terms(principal, rate, len(periods), grace)
    payment = level_amount(principal, period_rates(rate, periods, basis)[grace:])
    return amortised(
        principal, rate, periods, basis, lambda _, interest: payment.minor - interest, grace=grace
    )


def level_principal(
    principal: Amount,
    rate: Rate,
    periods: Sequence[InterestPeriod],
    basis: DayCount = DayCount.MONTHS_12,
    *,
    grace: int = 0,
) -> Schedule:
    """Equal parts of principal, interest on what remains. Arguments as ``schedule``."""
    check_terms(principal, rate, len(periods), grace)
    part = half_up(Fraction(principal.minor, len(periods) - grace))
    return amortised(principal, rate, periods, basis, lambda *_: part, grace=grace)


def bullet(
    principal: Amount,
    rate: Rate,
    periods: Sequence[InterestPeriod],
    basis: DayCount = DayCount.MONTHS_12,
) -> Schedule:
    """Interest each period, all principal with the last. Arguments as ``schedule``."""
    return amortised(principal, rate, periods, basis, lambda *_: 0)


def level_amount(principal: Amount, rates: Sequence[Fraction]) -> Amount:
    """The equal payment that repays ``principal`` over periods with these rates."""
    factor = Fraction(0)
    for rate in reversed(rates):
        factor = (1 + factor) / (1 + rate)
    return Amount(half_up(principal.minor / factor))


def period_rates(
    rate: Rate, periods: Sequence[InterestPeriod], basis: DayCount
) -> tuple[Fraction, ...]:
    """The exact rate of each period."""
    return tuple(rate.fraction * period.year_fraction(basis) for period in periods)


def amortised(
    principal: Amount,
    rate: Rate,
    periods: Sequence[InterestPeriod],
    basis: DayCount,
    wanted: Callable[[int, int], int],
    *,
    grace: int = 0,
) -> Schedule:
    """The schedule for a rule of one's own.

    Args:
        wanted: the principal wanted in a period, in minor units, for its index from 0 and its interest in minor
            units; kept between nothing and what is left. The last instalment always takes the rest.

    Raises:
        Invalid: as ``schedule``.
    """
    check_terms(principal, rate, len(periods), grace)
    opening = principal.minor
    rows: list[Instalment] = []
    for index, exact in enumerate(period_rates(rate, periods, basis)):
        interest = half_up(opening * exact)
        paid = 0 if index < grace else min(max(wanted(index, interest), 0), opening)
        if index == len(periods) - 1:
            paid = opening
        rows.append(_instalment(periods[index], opening, paid, interest))
        opening -= paid
    return Schedule(tuple(rows))


def _instalment(period: InterestPeriod, opening: int, principal: int, interest: int) -> Instalment:
    amounts = (Amount(opening), Amount(principal), Amount(interest))
    return Instalment(period.number, period.start, period.due, *amounts)


def check_terms(principal: Amount, rate: Rate, count: int, grace: int = 0) -> None:
    """Refuse terms that make no schedule.

    Raises:
        Invalid: as ``schedule``.
    """
    if principal.minor <= 0:
        raise Invalid("no-principal", principal=principal.text())
    if rate.nano < 0:
        raise Invalid("negative-rate", rate=rate.text())
    if count < 1:
        raise Invalid("no-instalments", count=count)
    if not 0 <= grace < count:
        raise Invalid("grace-too-long", grace=grace, count=count)
