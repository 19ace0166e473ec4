"""Ratios and changes. The sample and its results: the design's ``loan_math.json``, "ratios" and "sculpted"."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_customers.domain.changes import change, year_on_year
from tenor_customers.domain.ratios import (
    RATIOS,
    capacity_utilisation,
    debt_service_cover,
    life_cover,
    ratio,
    ratios,
)
from tenor_customers.domain.statements import PeriodKind, Statement
from tenor_sdk.values import Amount

OPENING = {"accounts_receivable": 180, "inventory": 130, "accounts_payable": 110}
SAMPLE = {
    "current_assets": 500,
    "inventory": 150,
    "prepayments": 20,
    "current_liabilities": 400,
    "total_liabilities": 600,
    "total_assets": 1000,
    "revenue": 1200,
    "cost_of_sales": 900,
    "accounts_receivable": 220,
    "accounts_payable": 130,
    "ebit": 80,
    "interest_expense": 20,
    "net_profit": 45,
    "total_equity": 400,
    "cash": 60,
}


def statement(
    lines: dict[str, int], end: date = date(2025, 12, 31), kind: PeriodKind = PeriodKind.ANNUAL
) -> Statement:
    return Statement(end, kind, "CNY", {code: Amount(value) for code, value in lines.items()})


BEFORE = statement(OPENING, date(2024, 12, 31))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("current_ratio", "1.2500"),
        ("quick_ratio", "0.8250"),
        ("debt_to_assets", "0.6000"),
        ("receivables_turnover", "6.0000"),
        ("receivables_days", "60.0000"),
        ("inventory_turnover", "6.4286"),
        ("payables_turnover", "7.5000"),
        ("interest_cover", "4.0000"),
        ("net_margin", "0.0375"),
        ("return_on_equity", "0.1125"),
    ],
)
def test_a_ratio_has_the_value_of_its_definition(code: str, expected: str) -> None:
    found = ratio(code, statement(SAMPLE), BEFORE)
    assert found.value is not None
    assert abs(found.value - Fraction(expected)) < Fraction(1, 20_000)


def test_capacity_utilisation_is_output_over_design_capacity() -> None:
    assert capacity_utilisation(7_600, 10_000).value == Fraction(76, 100)


def test_debt_service_cover_is_cash_flow_over_principal_and_interest() -> None:
    found = debt_service_cover(Amount(130), Amount(80), Amount(20))
    assert found.value == Fraction("1.3")


@pytest.mark.parametrize(
    ("flows", "expected"),
    [
        ((120, 150, 180, 180, 170, 160), "1.3000"),
        ((120, 150, 180, 180, 170, 160, 160, 150), "1.6815"),
    ],
)
def test_cover_over_the_life_of_a_sculpted_loan(flows: tuple[int, ...], expected: str) -> None:
    cash = [Amount(flow * 1_000_000) for flow in flows]
    found = life_cover(cash, Fraction("0.025"), Amount(675_605_437))
    assert found.value is not None
    assert round(Decimal(found.value.numerator) / Decimal(found.value.denominator), 4) == Decimal(
        expected
    )


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [
        ({"interest_expense": 0}, "interest_cover", "denominator-zero"),
        ({"total_equity": -1}, "return_on_equity", "denominator-negative"),
        ({"current_liabilities": 0}, "current_ratio", "denominator-zero"),
        ({"revenue": 0}, "net_margin", "denominator-zero"),
    ],
)
def test_a_denominator_of_nothing_or_less_is_not_meaningful(
    changed: dict[str, int], code: str, reason: str
) -> None:
    found = ratio(code, statement(SAMPLE | changed), BEFORE)
    assert (found.value, found.reason) == (None, reason)


def test_a_missing_line_is_named() -> None:
    found = ratio("cash_flow_to_liabilities", statement(SAMPLE))
    assert (found.value, found.reason, found.missing) == (
        None,
        "line-missing",
        ("operating_cash_flow",),
    )


def test_a_loss_gives_a_negative_cover_not_a_missing_one() -> None:
    assert ratio("interest_cover", statement(SAMPLE | {"ebit": -40})).value == -2


def test_earnings_before_interest_are_profit_before_tax_plus_interest_where_not_stated() -> None:
    lines = {code: value for code, value in SAMPLE.items() if code != "ebit"}
    found = ratio("interest_cover", statement(lines | {"profit_before_tax": 60}))
    assert found.value == 4


def test_without_an_opening_balance_the_closing_one_is_used_and_said() -> None:
    found = ratio("receivables_turnover", statement(SAMPLE))
    assert found.value == Fraction(1200, 220)
    assert found.closing_only


def test_flows_of_a_quarter_are_stretched_to_a_year_and_said() -> None:
    quarter = statement(SAMPLE, date(2026, 3, 31), PeriodKind.QUARTER)
    found = ratio("receivables_turnover", quarter, statement(OPENING))
    assert found.value == Fraction(4 * 1200, 200)
    assert found.annualised
    assert not ratio("current_ratio", quarter).annualised


@pytest.mark.parametrize(
    "opening",
    [
        statement(OPENING, date(2023, 12, 31)),
        Statement(
            date(2024, 12, 31), PeriodKind.ANNUAL, "USD", {"accounts_receivable": Amount(180)}
        ),
    ],
)
def test_a_statement_of_another_year_or_currency_is_no_opening(opening: Statement) -> None:
    assert ratio("receivables_turnover", statement(SAMPLE), opening).closing_only


def test_growth_needs_the_year_before() -> None:
    assert ratio("revenue_growth", statement(SAMPLE)).reason == "no-prior-period"
    before = statement({"revenue": 1000}, date(2024, 12, 31))
    assert ratio("revenue_growth", statement(SAMPLE), before).value == Fraction(1, 5)


def test_a_quarter_is_not_compared_with_a_whole_year() -> None:
    quarter = statement(SAMPLE, date(2026, 3, 31), PeriodKind.QUARTER)
    assert ratio("revenue_growth", quarter, statement(SAMPLE)).reason == "no-prior-period"


amounts = st.integers(-(10**13), 10**13)


@given(
    lines=st.dictionaries(st.sampled_from(sorted(SAMPLE)), amounts),
    before=st.dictionaries(st.sampled_from(sorted(SAMPLE)), amounts),
)
def test_every_ratio_of_any_statement_has_a_value_or_a_reason(
    lines: dict[str, int], before: dict[str, int]
) -> None:
    found = ratios(statement(lines), statement(before, date(2024, 12, 31)))
    assert set(found) == set(RATIOS)
    assert all(r.meaningful == (r.reason == "") for r in found.values())


@given(times=st.integers(1, 10**6))
def test_ratios_do_not_depend_on_the_unit(times: int) -> None:
    small, large = statement(SAMPLE), statement({c: v * times for c, v in SAMPLE.items()})
    assert [r.value for r in ratios(small).values()] == [r.value for r in ratios(large).values()]


# --- changes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "share"),
    [
        (800, 1_200, Fraction(-1, 3)),
        (-50, 100, Fraction(-3, 2)),
        (-50, -100, Fraction(1, 2)),
        (17_600, 23_100, Fraction(-5, 21)),
    ],
)
def test_a_change_is_measured_against_the_size_of_what_was(
    now: int, before: int, share: Fraction
) -> None:
    assert change(Amount(now), Amount(before)).share == share


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (Amount(1), Amount(0), "prior-zero"),
        (Amount(1), None, "prior-missing"),
        (None, Amount(1), "now-missing"),
    ],
)
def test_a_change_from_nothing_is_not_meaningful(
    now: Amount | None, before: Amount | None, reason: str
) -> None:
    found = change(now, before)
    assert (found.share, found.reason) == (None, reason)


@pytest.mark.parametrize(
    ("now", "before", "turned"),
    [(-50, 100, True), (-50, -100, False), (5, -5, False), (-1, 0, True)],
)
def test_only_a_loss_after_none_turned_to_loss(now: int, before: int, turned: bool) -> None:
    assert change(Amount(now), Amount(before)).turned_to_loss is turned


@given(now=amounts, before=amounts.filter(bool))
def test_a_change_is_positive_exactly_when_the_figure_rose(now: int, before: int) -> None:
    share = change(Amount(now), Amount(before)).share
    assert share is not None
    assert (share > 0) == (now > before)


def test_a_period_is_compared_with_the_same_months_of_the_year_before() -> None:
    statements = [
        statement({"revenue": 23_100}, date(2025, 3, 31), PeriodKind.QUARTER),
        statement({"revenue": 92_300}),
        statement({"revenue": 17_600}, date(2026, 3, 31), PeriodKind.QUARTER),
    ]
    found = {row.period_end: row for row in year_on_year(statements, ["revenue"])}
    assert found[date(2026, 3, 31)].change.share == Fraction(-5_500, 23_100)
    assert found[date(2026, 3, 31)].prior_end == date(2025, 3, 31)
    assert found[date(2025, 12, 31)].change.reason == "prior-missing"
