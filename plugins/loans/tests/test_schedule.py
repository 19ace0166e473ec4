from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.periods import InterestPeriod, regular_periods
from tenor_loans.domain.schedule import (
    Instalment,
    Method,
    Schedule,
    bullet,
    level_payment,
    level_principal,
    schedule,
)
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate

TEN_MILLION, RATE = Amount.of(10_000_000), Rate.of("0.0435")


def months(count: int) -> tuple[InterestPeriod, ...]:
    return regular_periods(date(2025, 1, 15), date(2025, 2, 15), count)


def row(instalment: Instalment) -> list[str]:
    amounts = (instalment.principal, instalment.interest, instalment.total, instalment.closing)
    return [str(instalment.number), *(amount.text() for amount in amounts)]


def figures(plan: Schedule) -> dict[str, Any]:
    rows = plan.instalments
    return {
        "n": len(rows),
        "first": row(rows[0]),
        "second": row(rows[1]),
        "second_last": row(rows[-2]),
        "last": row(rows[-1]),
        "total_interest": plan.interest.text(),
        "total_principal": plan.principal.text(),
    }


def expected(vector: dict[str, Any]) -> dict[str, Any]:
    """The vector's figures; it writes no principal as "0"."""
    rows = {key: vector[key] for key in ("first", "second", "second_last", "last")}
    written = {key: ["0.00" if part == "0" else part for part in row] for key, row in rows.items()}
    return vector | written | {"n": vector["n"]}


def without_legend(vector: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in expected(vector).items() if key != "row"}


def test_level_payment_repays_ten_million_in_36_equal_payments(vectors: dict[str, Any]) -> None:
    plan = level_payment(TEN_MILLION, RATE, months(36))
    assert figures(plan) == without_legend(vectors["epi_10m_4.35_36m"])
    assert plan.instalments[0].total == Amount.of("296799.34")


def test_level_payment_of_a_million_over_a_year_is_right_in_every_row(
    vectors: dict[str, Any],
) -> None:
    plan = level_payment(Amount.of(1_000_000), Rate.of("0.06"), months(12))
    assert [row(r)[1:] for r in plan.instalments] == [
        vector[1:] for vector in vectors["epi_1m_6.00_12m_all_rows"]
    ]


def test_level_principal_leaves_the_residue_to_the_last_instalment(vectors: dict[str, Any]) -> None:
    plan = level_principal(TEN_MILLION, RATE, months(36))
    assert figures(plan) == without_legend(vectors["ep_10m_4.35_36m"])


def test_interest_only_repays_all_principal_with_the_last_instalment(
    vectors: dict[str, Any],
) -> None:
    plan = bullet(TEN_MILLION, RATE, months(12))
    assert figures(plan) == without_legend(vectors["interest_only_10m_4.35_12m"])


def test_grace_bears_interest_only_before_the_level_payments(vectors: dict[str, Any]) -> None:
    plan = level_payment(TEN_MILLION, RATE, months(36), grace=6)
    assert figures(plan) == without_legend(vectors["grace6_then_epi_10m_4.35_36m"])
    assert plan.instalments[6].total == Amount.of("352389.99")


@pytest.mark.parametrize("method", [Method.LEVEL_PAYMENT, Method.LEVEL_PRINCIPAL])
def test_a_rate_of_zero_divides_the_principal_evenly(
    vectors: dict[str, Any], method: Method
) -> None:
    plan = schedule(method, Amount.of(1000), Rate(0), months(3))
    assert [row(r) for r in plan.instalments] == vectors["epi_zero_rate_1000_3m"]


def test_a_first_instalment_of_few_days_bears_interest_for_those_days() -> None:
    periods = regular_periods(date(2025, 1, 5), date(2025, 1, 15), 12)
    plan = level_payment(TEN_MILLION, RATE, periods)
    assert plan.instalments[0].interest == Amount.of("12083.33")
    assert plan.instalments[0].total == plan.instalments[5].total


@pytest.mark.parametrize(
    ("principal", "rate", "count", "grace", "key"),
    [
        ("0", "0.04", 3, 0, "no-principal"),
        ("-1", "0.04", 3, 0, "no-principal"),
        ("1", "-0.04", 3, 0, "negative-rate"),
        ("1", "0.04", 0, 0, "no-instalments"),
        ("1", "0.04", 3, 3, "grace-too-long"),
        ("1", "0.04", 3, -1, "grace-too-long"),
    ],
)
def test_terms_that_make_no_schedule_are_refused(
    principal: str, rate: str, count: int, grace: int, key: str
) -> None:
    periods = months(3)[:count]
    with pytest.raises(Invalid) as refused:
        schedule(Method.LEVEL_PAYMENT, Amount.of(principal), Rate.of(rate), periods, grace=grace)
    assert refused.value.key == key


principals = st.integers(1, 10**14).map(Amount)
rates = st.integers(0, 360_000_000).map(Rate)
methods = st.sampled_from(Method)
bases = st.sampled_from(DayCount)


@st.composite
def periods(draw: st.DrawFn) -> tuple[InterestPeriod, ...]:
    drawn_on = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    first_due = drawn_on + timedelta(days=draw(st.integers(1, 200)))
    every = draw(st.sampled_from([1, 3, 6, 12]))
    return regular_periods(drawn_on, first_due, draw(st.integers(1, 120)), every=every)


@given(principals, rates, periods(), methods, bases, st.integers(0, 12))
def test_every_schedule_repays_the_principal_exactly_and_row_by_row(
    principal: Amount,
    rate: Rate,
    periods: tuple[InterestPeriod, ...],
    method: Method,
    basis: DayCount,
    grace: int,
) -> None:
    plan = schedule(method, principal, rate, periods, basis, grace=min(grace, len(periods) - 1))
    rows = plan.instalments
    assert plan.principal == principal == rows[0].opening
    assert not rows[-1].closing
    assert plan.total == plan.principal + plan.interest
    assert all(before.closing == after.opening for before, after in pairwise(rows))
    assert all(r.principal.minor >= 0 and r.interest.minor >= 0 for r in rows)


@given(principals, st.integers(1, 360))
def test_a_rate_of_zero_bears_no_interest_and_pays_p_over_n(principal: Amount, count: int) -> None:
    plan = level_payment(principal, Rate(0), months(count))
    assert not plan.interest
    if principal.minor > 1000 * count:
        even = Fraction(principal.minor, count)
        assert all(abs(r.principal.minor - even) <= Fraction(1, 2) for r in plan.instalments[:-1])


@given(st.integers(10**8, 10**13).map(Amount), rates, st.integers(2, 120))
def test_level_payments_differ_only_in_the_last_and_only_by_what_rounding_left(
    principal: Amount, rate: Rate, count: int
) -> None:
    rows = level_payment(principal, rate, months(count)).instalments
    payments = {r.total.minor for r in rows[:-1]}
    assert len(payments) == 1
    growth = (1 + rate.fraction / 12) ** count
    assert abs(rows[-1].total.minor - payments.pop()) <= count * growth


@given(principals, rates, periods(), bases)
def test_less_principal_paid_early_never_means_less_interest(
    principal: Amount, rate: Rate, periods: tuple[InterestPeriod, ...], basis: DayCount
) -> None:
    early = level_principal(principal, rate, periods, basis).interest
    late = bullet(principal, rate, periods, basis).interest
    assert early <= late
