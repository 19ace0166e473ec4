from datetime import date, timedelta
from typing import Any

import pytest

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.interest import booked, interest
from tenor_loans.domain.penalty import (
    capitalised,
    checked_mark_up,
    compound_interest,
    mark_up_rule,
    marked_up,
    penalty_rate,
)
from tenor_loans.domain.rules import rule_on
from tenor_loans.reference import delivered_rules
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate

CONTRACT = Rate.of("0.0435")
HALF, THIRD, WHOLE = Rate.of("0.5"), Rate.of("0.3"), Rate.of("1")
ACT_360 = DayCount.ACT_360
DAY = date(2025, 3, 21)


def test_the_penalty_rate_is_the_contract_rate_marked_up(vectors: dict[str, Any]) -> None:
    expected = vectors["penalty"]
    assert marked_up(CONTRACT, HALF) == Rate.of(expected["overdue_rate_+50%"])
    assert marked_up(CONTRACT, THIRD) == Rate.of(expected["overdue_rate_+30%"])
    assert marked_up(CONTRACT, WHOLE) == Rate.of(expected["misuse_rate_+100%"])


def test_a_loan_both_overdue_and_misused_bears_the_heavier_rate_not_the_sum() -> None:
    assert penalty_rate(CONTRACT, overdue=HALF, misused=WHOLE) == marked_up(CONTRACT, WHOLE)
    assert penalty_rate(CONTRACT, overdue=HALF) == marked_up(CONTRACT, HALF)
    assert penalty_rate(CONTRACT) is None


@pytest.mark.parametrize(
    ("mark_up", "vector"),
    [
        (HALF, "principal_1m_45d_+50%_act360"),
        (THIRD, "principal_1m_45d_+30%_act360"),
        (WHOLE, "misuse_1m_45d_act360"),
    ],
)
def test_a_million_overdue_for_45_days_bears_penalty_interest(
    vectors: dict[str, Any], mark_up: Rate, vector: str
) -> None:
    rate, end = marked_up(CONTRACT, mark_up), DAY + timedelta(days=45)
    exact = interest(Amount.of(1_000_000), rate, ACT_360, DAY, end)
    assert booked(exact).text() == vectors["penalty"][vector]


def test_unpaid_interest_compounds_at_the_contract_rate_within_the_term(
    vectors: dict[str, Any],
) -> None:
    exact = compound_interest(
        Amount.of(12_000),
        CONTRACT,
        marked_up(CONTRACT, HALF),
        DAY + timedelta(days=30),
        ACT_360,
        DAY,
        DAY + timedelta(days=30),
    )
    expected = vectors["penalty"]["compound_on_unpaid_interest_12000_30d_in_term_at_contract_rate"]
    assert booked(exact).text() == expected


def test_unpaid_interest_compounds_at_the_penalty_rate_after_maturity(
    vectors: dict[str, Any],
) -> None:
    def compound(maturity: date, start: date, end: date) -> str:
        penalty = marked_up(CONTRACT, HALF)
        unpaid = Amount.of(12_000)
        return booked(
            compound_interest(unpaid, CONTRACT, penalty, maturity, ACT_360, start, end)
        ).text()

    key = "compound_on_unpaid_interest_12000_60d_after_maturity_at_penalty_rate"
    maturity, end = DAY + timedelta(days=30), DAY + timedelta(days=90)
    assert compound(maturity, maturity, end) == vectors["penalty"][key]
    assert compound(maturity, DAY, end) == "174.00"


def test_compound_interest_booked_each_quarter_bears_interest_itself(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["penalty"]["two_quarters_capitalised"]
    quarters = [DAY, DAY + timedelta(days=91), DAY + timedelta(days=183)]
    rate = marked_up(CONTRACT, HALF)
    first, second = capitalised(Amount.of(12_000), rate, ACT_360, quarters)
    assert [first.text(), second.text()] == [
        expected["q1_91d"],
        expected["q2_92d_on_12000+q1"],
    ]
    simple = interest(Amount.of(12_000), rate, ACT_360, quarters[0], quarters[-1])
    assert booked(simple).text() == expected["simple_183d"]


@pytest.mark.parametrize("mark_up", ["0.29", "0.51"])
def test_a_contract_with_a_mark_up_outside_the_rule_is_refused(mark_up: str) -> None:
    permitted = mark_up_rule(rule_on(delivered_rules(), "overdue-mark-up", DAY).value)
    with pytest.raises(Invalid) as refused:
        checked_mark_up(Rate.of(mark_up), permitted)
    assert refused.value.key == "mark-up-outside-rule"


@pytest.mark.parametrize("mark_up", ["0.3", "0.5"])
def test_the_bounds_of_the_rule_are_permitted(mark_up: str) -> None:
    permitted = mark_up_rule(rule_on(delivered_rules(), "overdue-mark-up", DAY).value)
    assert checked_mark_up(Rate.of(mark_up), permitted) == Rate.of(mark_up)
