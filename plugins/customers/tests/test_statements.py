from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_customers.domain.problems import errors
from tenor_customers.domain.statements import (
    PeriodKind,
    Statement,
    Unit,
    balance,
    balance_problems,
    in_order,
    scale_problems,
    single_quarter,
)
from tenor_sdk.values import Amount

minor = st.integers(-(10**15), 10**15)


def statement(
    end: date = date(2025, 12, 31), kind: PeriodKind = PeriodKind.ANNUAL, **lines: int
) -> Statement:
    amounts = {code: Amount(value) for code, value in lines.items()}
    return Statement(end, kind, "CNY", amounts)


def test_a_sheet_that_does_not_balance_says_by_how_much() -> None:
    wan = 1_000_000
    found = balance(
        statement(
            total_assets=86_420 * wan, total_liabilities=51_852 * wan, total_equity=34_468 * wan
        )
    )
    assert found.liabilities_and_equity == Amount(86_320 * wan)
    assert found.difference == Amount(100 * wan)
    assert not found.holds


def test_one_fen_of_difference_is_no_balance() -> None:
    sheet = statement(total_assets=100, total_liabilities=60, total_equity=39)
    assert [problem.key for problem in errors(balance_problems(sheet))] == ["statement-unbalanced"]


@given(liabilities=minor, equity=minor, off=minor)
def test_the_difference_of_a_balance_is_exact(liabilities: int, equity: int, off: int) -> None:
    found = balance(
        statement(
            total_assets=liabilities + equity + off,
            total_liabilities=liabilities,
            total_equity=equity,
        )
    )
    assert found.difference == Amount(off)
    assert found.holds == (off == 0)


def test_without_equity_a_balance_is_neither_right_nor_wrong() -> None:
    sheet = statement(total_assets=100, total_liabilities=60)
    found = balance(sheet)
    assert found.missing == ("total_equity",)
    assert not found.holds
    assert [(p.key, p.blocks) for p in balance_problems(sheet)] == [
        ("balance-not-checkable", False)
    ]


def test_a_stated_right_side_stands_in_for_its_parts() -> None:
    assert balance(statement(total_assets=100, liabilities_and_equity=100)).holds


def test_a_subtotal_that_is_not_its_parts_is_a_warning_with_the_difference() -> None:
    sheet = statement(
        total_assets=100,
        total_liabilities=60,
        total_equity=40,
        current_assets=50,
        non_current_assets=49,
    )
    (problem,) = balance_problems(sheet)
    assert (problem.key, problem.blocks) == ("subtotal-differs", False)
    assert problem.values["difference"] == Amount(1)


def test_a_line_that_no_statement_has_is_refused() -> None:
    with pytest.raises(ValueError, match="goodwil"):
        statement(goodwil=1)


@pytest.mark.parametrize(
    ("unit", "stated", "fen"),
    [
        (Unit.TEN_THOUSAND, Fraction("86420"), 86_420_000_000),
        (Unit.ONE, Fraction("0.01"), 1),
        (Unit.MILLION, Fraction("511.267"), 51_126_700_000),
    ],
)
def test_a_stated_figure_becomes_an_exact_amount(unit: Unit, stated: Fraction, fen: int) -> None:
    assert unit.amount(stated, "CNY") == Amount(fen)


def test_a_figure_finer_than_the_currency_becomes_no_amount() -> None:
    assert Unit.ONE.amount(Fraction("0.001"), "CNY") is None
    assert Unit.ONE.amount(Fraction("0.001"), "KWD") == Amount(1)
    assert Unit.ONE.amount(Fraction("0.5"), "JPY") is None


def test_yuan_given_as_ten_thousand_yuan_is_suspicious() -> None:
    before, now = statement(date(2024, 12, 31), total_assets=10**9), statement(total_assets=10**13)
    (problem,) = scale_problems(before, now)
    assert (problem.key, problem.blocks) == ("scale-suspicious", False)


def test_a_company_that_doubled_is_not_suspicious() -> None:
    before, now = (
        statement(date(2024, 12, 31), total_assets=10**9),
        statement(total_assets=2 * 10**9),
    )
    assert scale_problems(before, now) == ()


def test_the_second_quarter_is_the_half_year_less_the_first() -> None:
    half = statement(date(2026, 6, 30), PeriodKind.QUARTER, revenue=900, total_assets=5_000)
    first = statement(date(2026, 3, 31), PeriodKind.QUARTER, revenue=500, total_assets=4_000)
    assert single_quarter(half, first) == {"revenue": Amount(400)}


def test_the_first_quarter_stands_alone() -> None:
    first = statement(date(2026, 3, 31), PeriodKind.QUARTER, revenue=500)
    assert single_quarter(first) == {"revenue": Amount(500)}


def test_the_fourth_quarter_is_the_year_less_nine_months() -> None:
    nine = statement(date(2025, 9, 30), PeriodKind.QUARTER, revenue=900)
    assert single_quarter(statement(revenue=1_000), nine) == {"revenue": Amount(100)}


@pytest.mark.parametrize(
    "before", [None, statement(date(2025, 6, 30), PeriodKind.QUARTER, revenue=1)]
)
def test_quarters_that_do_not_follow_each_other_are_not_subtracted(
    before: Statement | None,
) -> None:
    half = statement(date(2026, 6, 30), PeriodKind.QUARTER, revenue=900)
    with pytest.raises(ValueError, match="quarter"):
        single_quarter(half, before)


def test_statements_stand_in_the_order_of_their_periods() -> None:
    early, late = statement(date(2023, 12, 31)), statement()
    assert in_order([late, early]) == [early, late]
