from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.schedule import level_payment
from tenor_loans.domain.sculpting import cover, sculpted
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate

CFADS = [
    Amount.of(flow) for flow in (1_200_000, 1_500_000, 1_800_000, 1_800_000, 1_700_000, 1_600_000)
]
HALF_YEARS = regular_periods(date(2025, 1, 15), date(2025, 7, 15), 6, every=6)
RATE, DSCR = Rate.of("0.05"), Fraction(13, 10)


def test_debt_is_sculpted_to_the_cash_flow_of_a_project(vectors: dict[str, Any]) -> None:
    expected = vectors["sculpted"]
    plan = sculpted(CFADS, DSCR, RATE, HALF_YEARS)
    assert plan.principal.text() == expected["debt_capacity"]
    assert [
        (r.interest.text(), r.principal.text(), r.total.text(), r.closing.text())
        for r in plan.instalments
    ] == [
        (v["interest"], v["principal"], v["debt_service"], v["balance"]) for v in expected["rows"]
    ]


def test_the_cover_of_sculpted_debt_is_even_and_level_payments_would_break_it(
    vectors: dict[str, Any],
) -> None:
    plan = sculpted(CFADS, DSCR, RATE, HALF_YEARS)
    assert {round(ratio, 4) for ratio in cover(plan, CFADS)} == {DSCR}
    level = level_payment(plan.principal, RATE, HALF_YEARS)
    expected = Fraction(vectors["sculpted"]["level_payment_same_debt_min_dscr"])
    assert round(min(cover(level, CFADS)), 4) == expected


def test_cash_flows_for_other_periods_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        sculpted(CFADS[:5], DSCR, RATE, HALF_YEARS)
    assert refused.value.key == "cash-flows-and-periods-differ"


def test_debt_without_cover_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        sculpted(CFADS, Fraction(0), RATE, HALF_YEARS)
    assert refused.value.key == "no-cover"
