from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.apr import effective, nominal, periodic_rate, xirr
from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.schedule import level_payment
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate

PERIODS = regular_periods(date(2025, 1, 15), date(2025, 2, 15), 12)
PLAN = level_payment(Amount.of(1_000_000), Rate.of("0.06"), PERIODS)
PAID_OUT = Amount.of(-990_000)


def agrees(rate: Decimal, text: str) -> bool:
    """Whether the rate reads as the vector does, to all of the vector's places."""
    return rate.quantize(Decimal(text)) == Decimal(text)


def test_the_annualised_rate_of_a_loan_includes_its_fee(vectors: dict[str, Any]) -> None:
    expected = vectors["apr"]
    monthly = periodic_rate([PAID_OUT, *(row.total for row in PLAN.instalments)])
    assert agrees(monthly, expected["monthly_irr"])
    assert agrees(nominal(monthly), expected["apr_nominal_irr_x12"])
    assert agrees(effective(monthly), expected["effective_(1+irr)^12-1"])


def test_the_dated_rate_counts_days_over_365(vectors: dict[str, Any]) -> None:
    flows = [(date(2025, 1, 15), PAID_OUT), *((row.due, row.total) for row in PLAN.instalments)]
    assert agrees(xirr(flows), vectors["apr"]["xirr_act365"])


def test_the_dated_rate_agrees_with_the_documented_spreadsheet_example(
    vectors: dict[str, Any],
) -> None:
    days = [
        date(2008, 1, 1),
        date(2008, 3, 1),
        date(2008, 10, 30),
        date(2009, 2, 15),
        date(2009, 4, 1),
    ]
    amounts = [Amount.of(a) for a in (-10_000, 2_750, 4_250, 3_250, 2_750)]
    rate = xirr(list(zip(days, amounts, strict=True)))
    expected = Decimal(vectors["apr"]["excel_doc_vector_-10000_2750_4250_3250_2750"])
    assert abs(rate - expected) < Decimal("2e-9")


def test_one_per_cent_a_month_on_the_first_principal_is_far_more_a_year(
    vectors: dict[str, Any],
) -> None:
    payment = Amount.of("93333.33")
    monthly = periodic_rate([Amount.of(-1_000_000), *[payment] * 12])
    assert agrees(nominal(monthly), vectors["apr"]["flat_1pct_month_12m_true_apr"])


@pytest.mark.parametrize("flows", [[], [Amount(5), Amount(5)], [Amount(-5), Amount(-5)]])
def test_flows_of_one_sign_have_no_rate(flows: list[Amount]) -> None:
    with pytest.raises(Invalid) as refused:
        periodic_rate(flows)
    assert refused.value.key == "no-internal-rate"


@given(st.integers(0, 240_000_000).map(Rate), st.integers(1, 60))
def test_a_loan_without_fees_costs_its_effective_rate(rate: Rate, count: int) -> None:
    periods = regular_periods(date(2025, 1, 15), date(2025, 2, 15), count)
    plan = level_payment(Amount.of(10_000_000), rate, periods)
    flows = [(date(2025, 1, 15), Amount.of(-10_000_000))]
    cost = xirr([*flows, *((row.due, row.total) for row in plan.instalments)])
    stated = effective(Decimal(rate.nano) / 10**9 / 12)
    assert abs(cost - stated) < stated * Decimal("0.03") + Decimal("0.0001")
