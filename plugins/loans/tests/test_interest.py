from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.interest import accrued, booked, segments, value_on
from tenor_loans.domain.periods import settlement_periods
from tenor_loans.domain.schedule import bullet
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate

ACT_360 = DayCount.ACT_360


def test_a_bullet_pays_interest_for_the_days_between_the_20ths(vectors: dict[str, Any]) -> None:
    expected = vectors["bullet_5m_3.45_act360_quarterly_20th"]
    periods = settlement_periods(date(2025, 1, 15), date(2026, 1, 15))
    plan = bullet(Amount.of(5_000_000), Rate.of("0.0345"), periods, ACT_360)
    assert [
        {
            "from": row.start.isoformat(),
            "to_excl": row.due.isoformat(),
            "days": (row.due - row.start).days,
            "interest": row.interest.text(),
        }
        for row in plan.instalments
    ] == expected["rows"]
    assert plan.interest.text() == expected["total"]


def test_three_tranches_bear_interest_from_their_own_days_and_are_rounded_once(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["multi_tranche_q1_2025"]
    balances = [
        (date(2025, 1, 10), Amount.of(3_000_000)),
        (date(2025, 2, 20), Amount.of(8_000_000)),
        (date(2025, 3, 5), Amount.of(10_000_000)),
    ]
    rates = [(date(2025, 1, 10), Rate.of("0.0435"))]
    parts = segments(balances, rates, date(2025, 1, 10), date(2025, 3, 21))
    assert [((p.end - p.start).days, p.balance.text()) for p in parts] == [
        (row["days"], f"{row['balance']}.00") for row in expected["segments"]
    ]
    exact = accrued(balances, rates, ACT_360, date(2025, 1, 1), date(2025, 3, 21))
    assert booked(exact).text() == expected["interest_booked"]


def test_the_commitment_fee_runs_on_what_is_not_drawn(vectors: dict[str, Any]) -> None:
    undrawn = [
        (date(2025, 1, 10), Amount.of(17_000_000)),
        (date(2025, 2, 20), Amount.of(12_000_000)),
        (date(2025, 3, 5), Amount.of(10_000_000)),
    ]
    fee = [(date(2025, 1, 10), Rate.of("0.0025"))]
    exact = accrued(undrawn, fee, ACT_360, date(2025, 1, 10), date(2025, 3, 21))
    expected = vectors["multi_tranche_q1_2025"]["undrawn_commitment_fee_0.25pct_act360_of_20m"]
    assert booked(exact).text() == expected


def test_a_rate_repriced_within_a_quarter_is_rounded_once_not_by_segment(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["lpr_reprice_mid_period"]
    balance = [(date(2025, 4, 21), Amount.of(10_000_000))]
    rates = [(date(2025, 4, 21), Rate.of("0.0345")), (date(2025, 6, 1), Rate.of("0.0335"))]
    dates = date(2025, 4, 21), date(2025, 7, 21)
    assert booked(accrued(balance, rates, ACT_360, *dates)).text() == expected["interest_booked"]
    apart = [booked(s.interest(ACT_360)).minor for s in segments(balance, rates, *dates)]
    assert Amount(sum(apart)).text() == "85819.45"


def test_interest_before_the_first_rate_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        accrued([(date(2025, 1, 1), Amount(1))], [], ACT_360, date(2025, 1, 1), date(2025, 2, 1))
    assert refused.value.key == "no-rate"


def test_of_two_steps_on_one_day_the_later_one_holds() -> None:
    steps = [(date(2025, 1, 1), 1), (date(2025, 1, 1), 2), (date(2025, 3, 1), 3)]
    assert (value_on(steps, date(2024, 12, 31)), value_on(steps, date(2025, 1, 1))) == (None, 2)


@given(
    steps=st.lists(
        st.tuples(st.dates(date(2025, 1, 1), date(2026, 1, 1)), st.integers(0, 10**12)),
        min_size=1,
        max_size=8,
    ),
    cut=st.dates(date(2025, 1, 1), date(2026, 6, 1)),
)
def test_interest_to_a_day_and_from_it_is_the_interest_of_the_whole(
    steps: list[tuple[date, int]], cut: date
) -> None:
    balances = [(day, Amount(minor)) for day, minor in sorted(steps)]
    rates = [(date(2025, 1, 1), Rate.of("0.0435")), (date(2025, 7, 1), Rate.of("0.036"))]
    start, end = date(2025, 1, 1), date(2026, 6, 1)
    whole = accrued(balances, rates, ACT_360, start, end)
    before = accrued(balances, rates, ACT_360, start, cut)
    assert whole == before + accrued(balances, rates, ACT_360, cut, end)
    assert isinstance(whole, Fraction)
