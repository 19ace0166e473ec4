"""Debt shaped to a project's cash flow: how much it carries, and the schedule that keeps the cover even."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.periods import InterestPeriod
from tenor_loans.domain.schedule import Schedule, amortised, period_rates
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up


def sculpted(
    cfads: Sequence[Amount],
    dscr: Fraction,
    rate: Rate,
    periods: Sequence[InterestPeriod],
    basis: DayCount = DayCount.MONTHS_12,
) -> Schedule:
    """The schedule whose debt service is, each period, the cash flow divided by the cover agreed.

    Its principal is the debt capacity.

    Args:
        cfads: cash flow available for debt service, for each period.
        dscr: the debt service cover ratio agreed, such as 13/10.
        rate: a year.
        periods: the interest periods.
        basis: how a period becomes part of a year.

    Raises:
        Invalid: ``cash-flows-and-periods-differ``, ``no-cover``, and as ``schedule``.
    """
    if len(cfads) != len(periods):
        raise Invalid("cash-flows-and-periods-differ", cash_flows=len(cfads), periods=len(periods))
    if dscr <= 0:
        raise Invalid("no-cover", dscr=dscr)
    service = [flow.minor / dscr for flow in cfads]
    principal = debt_capacity(service, period_rates(rate, periods, basis))
    return amortised(
        principal, rate, periods, basis, lambda index, interest: half_up(service[index]) - interest
    )


def debt_capacity(service: Sequence[Fraction], rates: Sequence[Fraction]) -> Amount:
    """The debt that a row of debt services (minor units) carries: all of them, discounted to the start."""
    worth = Fraction(0)
    for paid, rate in zip(reversed(service), reversed(rates), strict=True):
        worth = (worth + paid) / (1 + rate)
    return Amount(half_up(worth))


def cover(schedule: Schedule, cfads: Sequence[Amount]) -> tuple[Fraction, ...]:
    """The debt service cover ratio of each instalment that has something to pay."""
    return tuple(
        Fraction(flow.minor, row.total.minor)
        for flow, row in zip(cfads, schedule.instalments, strict=True)
        if row.total
    )
