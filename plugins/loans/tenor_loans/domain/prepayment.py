"""Early repayment: what it makes of the rest of a schedule.

By Civil Code art. 677 interest runs only for the time actually used, unless agreed otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.periods import InterestPeriod
from tenor_loans.domain.schedule import (
    Schedule,
    amortised,
    check_terms,
    level_payment,
    period_rates,
)
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, half_up


def keep_term(
    balance: Amount,
    rate: Rate,
    remaining: Sequence[InterestPeriod],
    basis: DayCount = DayCount.MONTHS_12,
) -> Schedule:
    """The rest in as many level payments as remain, each smaller than before.

    Args:
        balance: principal after the early repayment.
        rate: a year.
        remaining: the periods that are left.
        basis: how a period becomes part of a year.
    """
    return level_payment(balance, rate, remaining, basis)


def keep_payment(
    balance: Amount,
    payment: Amount,
    rate: Rate,
    remaining: Sequence[InterestPeriod],
    basis: DayCount = DayCount.MONTHS_12,
) -> Schedule:
    """The rest in payments as large as before, and fewer of them; the last is what is left.

    Args: as ``keep_term``, and ``payment``, the payment that is kept.

    Raises:
        Invalid: ``payment-too-small`` where it doesn't repay the balance within the remaining periods.
    """
    check_terms(balance, rate, len(remaining))
    count = _payments_needed(balance, payment, period_rates(rate, remaining, basis))
    if count is None:
        raise Invalid("payment-too-small", payment=payment.text(), count=len(remaining))
    return amortised(
        balance, rate, remaining[:count], basis, lambda _, interest: payment.minor - interest
    )


def _payments_needed(balance: Amount, payment: Amount, rates: Sequence[Fraction]) -> int | None:
    left = balance.minor
    for count, rate in enumerate(rates, start=1):
        left -= payment.minor - half_up(left * rate)
        if left <= 0:
            return count
    return None
