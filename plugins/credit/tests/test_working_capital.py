"""The annex's formula. Vectors: the design's ``loan_math.json``, "working_capital"; the demonstration's sheet."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_credit.domain.errors import CreditError
from tenor_credit.domain.working_capital import (
    Activity,
    Headroom,
    cycle,
    limit_sheet,
    working_capital_need,
)
from tenor_sdk.values import Amount

WAN = 1_000_000


def wan(figure: str | int) -> Amount:
    exact = Fraction(figure) * WAN
    assert exact.denominator == 1
    return Amount(exact.numerator)


def activity(**figures: int) -> Activity:
    return Activity(**{name: Fraction(value * WAN) for name, value in figures.items()})


ANNEX: dict[str, Any] = {
    "revenue": 12_000,
    "cost_of_sales": 9_600,
    "inventory": 1_600,
    "receivables": 2_000,
    "payables": 1_200,
    "prepayments": 320,
    "advances": 400,
}
ZEYUAN: dict[str, Any] = {
    "revenue": 92_300,
    "cost_of_sales": 72_000,
    "inventory": 13_000,
    "receivables": 21_976,
    "payables": 5_000,
    "prepayments": 1_200,
    "advances": 806,
}


def test_the_annex_s_company_needs_2587_50_and_may_have_887_50() -> None:
    need = working_capital_need(activity(**ANNEX), Fraction("0.10"), Fraction("0.15"))
    found = need.cycle
    days = [
        found.inventory_days,
        found.receivable_days,
        found.payable_days,
        found.prepayment_days,
        found.advance_days,
    ]
    assert days == [60, 60, 45, 12, 12]
    assert found.days == 75
    assert need.turns == Fraction("4.8")
    assert need.amount == wan("2587.50")
    assert limit_sheet(need, wan(900), wan(600), wan(200)).room == wan("887.50").minor


def test_the_manufacturer_is_proposed_118_million() -> None:
    need = working_capital_need(activity(**ZEYUAN), Fraction("0.08"), Fraction("0.05"))
    assert round(need.cycle.days, 2) == Fraction("128.57")
    assert need.turns == Fraction("2.80")
    assert need.amount == wan("31843.5")
    sheet = limit_sheet(need, wan(12_000), wan(6_000), wan(2_000), asked=Amount.of("150000000"))
    assert sheet.room == wan("11843.5").minor
    assert sheet.proposed == Amount.of("118000000")


def test_no_more_is_proposed_than_was_asked() -> None:
    need = working_capital_need(activity(**ZEYUAN), Fraction("0.08"), Fraction("0.05"))
    sheet = limit_sheet(need, wan(0), wan(0), wan(0), asked=Amount.of("20000000"))
    assert sheet.proposed == Amount.of("20000000")


def test_a_company_that_its_suppliers_finance_needs_nothing() -> None:
    need = working_capital_need(activity(**ANNEX | {"payables": 5_000}), Fraction(0), Fraction(0))
    assert need.cycle.days < 0
    assert (need.turns, need.amount) == (None, Amount(0))


def test_a_cycle_of_no_days_needs_nothing() -> None:
    balanced = activity(**ANNEX | {"payables": 3_200})
    assert cycle(balanced).days == 0
    assert working_capital_need(balanced, Fraction(0), Fraction(0)).turns is None


def test_a_company_that_has_more_than_it_needs_is_proposed_nothing() -> None:
    need = working_capital_need(activity(**ANNEX), Fraction("0.10"), Fraction("0.15"))
    sheet = limit_sheet(need, wan(5_000), wan(0), wan(0))
    assert sheet.room < 0
    assert sheet.proposed == Amount(0)


@pytest.mark.parametrize(
    ("changed", "margin", "growth", "key"),
    [
        ({"revenue": 0}, "0", "0", "flow-not-positive"),
        ({"cost_of_sales": 0}, "0", "0", "flow-not-positive"),
        ({"inventory": 9_600_000}, "0", "0", "turns-round-to-nothing"),
        ({}, "0", "-1.01", "growth-below-minus-one"),
    ],
)
def test_a_need_that_makes_no_sense_is_refused(
    changed: dict[str, int], margin: str, growth: str, key: str
) -> None:
    with pytest.raises(CreditError) as refused:
        working_capital_need(activity(**ANNEX | changed), Fraction(margin), Fraction(growth))
    assert refused.value.key == key


@pytest.mark.parametrize("what", ["own_funds", "existing_loans", "other_channels", "asked"])
def test_a_negative_amount_on_the_limit_sheet_is_refused(what: str) -> None:
    need = working_capital_need(activity(**ANNEX), Fraction(0), Fraction(0))
    amounts = {"own_funds": Amount(0), "existing_loans": Amount(0), "other_channels": Amount(0)}
    with pytest.raises(CreditError) as refused:
        limit_sheet(need, **amounts | {what: Amount(-1)})
    assert (refused.value.key, refused.value.values["what"]) == ("amount-negative", what)


def test_a_limit_in_steps_of_nothing_is_refused() -> None:
    need = working_capital_need(activity(**ANNEX), Fraction(0), Fraction(0))
    with pytest.raises(CreditError) as refused:
        limit_sheet(need, Amount(0), Amount(0), Amount(0), step=Amount(0))
    assert refused.value.key == "step-not-positive"


balances = st.integers(1, 10**6)
activities = st.builds(
    activity,
    revenue=balances,
    cost_of_sales=balances,
    inventory=balances,
    receivables=balances,
    payables=balances,
    prepayments=balances,
    advances=balances,
)
shares = st.fractions(-1, 2, max_denominator=1_000)


def need_of(company: Activity, margin: Fraction, growth: Fraction) -> Fraction | None:
    try:
        return working_capital_need(company, margin, growth).exact
    except CreditError as why:
        assert why.key == "turns-round-to-nothing"  # noqa: PT017  any other refusal is the failure looked for
        return None


@given(company=activities, margin=shares, growth=shares)
def test_a_need_is_never_negative(company: Activity, margin: Fraction, growth: Fraction) -> None:
    found = need_of(company, margin, growth)
    assert found is None or found >= 0


@given(company=activities, margin=shares, growth=shares, more=shares)
def test_a_company_that_grows_faster_never_needs_less(
    company: Activity, margin: Fraction, growth: Fraction, more: Fraction
) -> None:
    slow, fast = sorted((growth, more))
    before, after = need_of(company, margin, slow), need_of(company, margin, fast)
    assert before is None or after is None or before <= after


@given(company=activities, covered=st.integers(0, 10**16), asked=st.none() | st.integers(0, 10**16))
def test_a_proposed_limit_is_whole_millions_within_the_room_or_what_was_asked(
    company: Activity, covered: int, asked: int | None
) -> None:
    try:
        need = working_capital_need(company, Fraction("0.1"), Fraction("0.1"))
    except CreditError:
        return
    wish = None if asked is None else Amount(asked)
    sheet = limit_sheet(need, Amount(covered), Amount(0), Amount(0), asked=wish)
    assert sheet.supported.minor % 10**8 == 0
    assert 0 <= sheet.supported.minor <= max(sheet.room, Fraction(0))
    assert sheet.proposed in (sheet.supported, wish)


def test_the_cycle_counts_what_is_held_and_lent_against_what_is_owed() -> None:
    assert cycle(activity(**ANNEX)).days == 60 + 60 + 12 - 45 - 12


def test_a_draw_of_one_yuan_too_much_says_by_how_much() -> None:
    headroom = Headroom(Amount.of("118000000"), Amount(0))
    assert headroom.shortfall(Amount.of("118000000")) == Amount(0)
    assert headroom.shortfall(Amount.of("118000001")) == Amount.of("1")
    assert Headroom(Amount(100), Amount(120)).free == Amount(0)
