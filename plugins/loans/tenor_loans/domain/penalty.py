"""Penalty interest (罚息) on arrears and misused money, compound interest (复利) on unpaid interest.

Sources: 银发[2003]251号 on the mark-ups; 《人民币利率管理规定》 art. 20 on compound interest: at the contract rate
within the term, at the penalty rate after it. The permitted mark-ups are dated data (``rules``), not code.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.interest import booked, interest
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up


@dataclass(frozen=True, slots=True)
class MarkUp:
    """The mark-ups on the contract rate that a rule permits, both bounds included, as fractions of that rate."""

    low: Rate
    high: Rate

    def permits(self, mark_up: Rate) -> bool:
        return self.low <= mark_up <= self.high


def mark_up_rule(value: Mapping[str, str]) -> MarkUp:
    """The permitted mark-ups from the value of their rule."""
    return MarkUp(Rate.of(value["low"]), Rate.of(value["high"]))


def marked_up(contract: Rate, mark_up: Rate) -> Rate:
    """The contract rate raised by a share of itself: 4.35 % and 0.50 make 6.525 %. To a billionth, half up."""
    return Rate(half_up(contract.nano * (1 + mark_up.fraction)))


def checked_mark_up(mark_up: Rate, permitted: MarkUp) -> Rate:
    """``mark_up`` itself, if the rule permits it.

    Raises:
        Invalid: ``mark-up-outside-rule``.
    """
    if not permitted.permits(mark_up):
        low, high = permitted.low.text(), permitted.high.text()
        raise Invalid("mark-up-outside-rule", mark_up=mark_up.text(), low=low, high=high)
    return mark_up


def penalty_rate(
    contract: Rate, *, overdue: Rate | None = None, misused: Rate | None = None
) -> Rate | None:
    """The rate for a loan that is overdue, misused, or both: the heavier one, never the sum.

    Args:
        contract: the contract rate in force; for a floating loan the repriced one.
        overdue: the mark-up agreed for arrears, if the loan is overdue.
        misused: the mark-up agreed for misuse (挤占挪用), if it is misused.
    """
    mark_ups = [mark_up for mark_up in (overdue, misused) if mark_up is not None]
    return marked_up(contract, max(mark_ups)) if mark_ups else None


def compound_interest(
    unpaid: Amount,
    contract: Rate,
    penalty: Rate,
    maturity: date,
    basis: DayCount,
    start: date,
    end: date,
) -> Fraction:
    """Interest on unpaid interest, not rounded: before maturity at the contract rate, then at the penalty rate."""
    turn = min(max(maturity, start), end)
    within = interest(unpaid, contract, basis, start, turn)
    return within + interest(unpaid, penalty, basis, turn, end)


def capitalised(
    unpaid: Amount, rate: Rate, basis: DayCount, settlements: Sequence[date]
) -> tuple[Amount, ...]:
    """Compound interest booked at each settlement date and added to what bears it from then on.

    Args:
        unpaid: the unpaid interest at the first date.
        rate: a year.
        basis: the day count.
        settlements: the dates in order, the first being the start.
    """
    base, parts = unpaid, list[Amount]()
    for start, end in itertools.pairwise(settlements):
        parts.append(booked(interest(base, rate, basis, start, end)))
        base += parts[-1]
    return tuple(parts)
