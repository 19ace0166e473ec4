from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.day_count import DayCount, days, year_fraction
from tenor_loans.domain.interest import booked, interest
from tenor_sdk.values import Amount, Rate

ADDITIVE = (DayCount.ACT_360, DayCount.ACT_365F, DayCount.ACT_ACT_ISDA, DayCount.THIRTY_E_360)
NAMES = {
    "ACT/360": DayCount.ACT_360,
    "ACT/365F": DayCount.ACT_365F,
    "30/360US": DayCount.THIRTY_360_US,
    "30E/360": DayCount.THIRTY_E_360,
    "ACT/ACT ISDA": DayCount.ACT_ACT_ISDA,
}


def test_days_between_dates_are_counted_as_each_convention_says(vectors: dict[str, Any]) -> None:
    counted = {
        (row["from"], row["to"]): tuple(
            days(basis, date.fromisoformat(row["from"]), date.fromisoformat(row["to"]))
            for basis in (DayCount.ACT_360, DayCount.THIRTY_360_US, DayCount.THIRTY_E_360)
        )
        for row in vectors["day_count"]
    }
    assert counted == {
        (row["from"], row["to"]): (row["actual_days"], row["d30_360_US"], row["d30E_360"])
        for row in vectors["day_count"]
    }


@pytest.mark.parametrize("name", NAMES)
def test_interest_on_a_million_follows_the_day_count(vectors: dict[str, Any], name: str) -> None:
    for row in vectors["day_count"]:
        start, end = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
        exact = interest(Amount.of(1_000_000), Rate.of("0.0435"), NAMES[name], start, end)
        assert booked(exact).text() == row["interest_on_1000000_at_4.35%"][name]


def test_a_quarter_at_one_360th_of_the_yearly_rate_a_day() -> None:
    start, end = date(2024, 12, 20), date(2025, 3, 20)
    exact = interest(Amount.of(1_000_000), Rate.of("0.0435"), DayCount.ACT_360, start, end)
    assert exact == Amount.of("10875.00").minor


def test_act_360_over_365_days_yields_more_than_the_nominal_rate(vectors: dict[str, Any]) -> None:
    year = year_fraction(DayCount.ACT_360, date(2025, 1, 15), date(2026, 1, 15))
    shown = Rate.of("0.0345").fraction * year
    expected = Fraction(vectors["misc"]["act360_over_365d_of_3.45pct"])
    assert round(shown, 6) == expected


def test_whole_months_count_a_twelfth_each_and_odd_days_a_360th() -> None:
    fraction = year_fraction(DayCount.MONTHS_12, date(2025, 1, 15), date(2025, 4, 20))
    assert fraction == Fraction(3, 12) + Fraction(5, 360)


@given(
    cuts=st.lists(st.dates(date(2000, 1, 1), date(2060, 1, 1)), min_size=2, max_size=6),
    basis=st.sampled_from(ADDITIVE),
    minor=st.integers(0, 10**13),
    nano=st.integers(0, 10**9),
)
def test_an_interval_cut_in_pieces_bears_the_same_interest(
    cuts: list[date], basis: DayCount, minor: int, nano: int
) -> None:
    cuts.sort()
    whole = interest(Amount(minor), Rate(nano), basis, cuts[0], cuts[-1])
    parts = [interest(Amount(minor), Rate(nano), basis, *cut) for cut in pairwise(cuts)]
    assert whole == sum(parts, Fraction(0))


def test_30_360_us_is_not_additive_across_the_end_of_february() -> None:
    a, b, c = date(2025, 2, 27), date(2025, 2, 28), date(2025, 3, 1)
    basis = DayCount.THIRTY_360_US
    assert days(basis, a, b) + days(basis, b, c) != days(basis, a, c)
