from datetime import date
from typing import Any

import pytest

from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.prepayment import keep_payment, keep_term
from tenor_loans.domain.schedule import Instalment, Schedule, level_payment
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate, total

RATE = Rate.of("0.0435")
PERIODS = regular_periods(date(2025, 1, 15), date(2025, 2, 15), 36)
BEFORE = level_payment(Amount.of(10_000_000), RATE, PERIODS)
BALANCE = BEFORE.instalments[11].closing - Amount.of(2_000_000)
PAYMENT = BEFORE.instalments[0].total


def last(plan: Schedule) -> list[str]:
    row: Instalment = plan.instalments[-1]
    return [amount.text() for amount in (row.principal, row.interest, row.total, row.closing)]


def test_an_early_repayment_that_keeps_the_term_lowers_the_payments(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["prepay_2m_after_instalment_12"]
    plan = keep_term(BALANCE, RATE, PERIODS[12:])
    assert BALANCE.text() == expected["balance_after"]
    assert plan.instalments[0].total.text() == expected["keep_term_new_payment"]
    assert last(plan) == expected["keep_term_last"][1:]
    assert plan.interest.text() == expected["keep_term_interest"]


def test_an_early_repayment_that_keeps_the_payment_shortens_the_term(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["prepay_2m_after_instalment_12"]
    plan = keep_payment(BALANCE, PAYMENT, RATE, PERIODS[12:])
    assert len(plan.instalments) == expected["keep_payment_periods"]
    assert last(plan) == expected["keep_payment_last"][1:]
    assert plan.interest.text() == expected["keep_payment_interest"]


def test_without_early_repayment_the_rest_costs_more_interest(vectors: dict[str, Any]) -> None:
    rest = total(row.interest for row in BEFORE.instalments[12:])
    expected = vectors["prepay_2m_after_instalment_12"]["no_prepay_remaining_interest"]
    assert rest.text() == expected


def test_a_kept_payment_that_does_not_repay_the_rest_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        keep_payment(BALANCE, Amount.of("17437.38"), RATE, PERIODS[12:])
    assert refused.value.key == "payment-too-small"


def test_a_rest_smaller_than_the_payment_is_repaid_at_once() -> None:
    plan = keep_payment(Amount.of(1000), PAYMENT, RATE, PERIODS[35:])
    assert [row.total.text() for row in plan.instalments] == ["1003.63"]
