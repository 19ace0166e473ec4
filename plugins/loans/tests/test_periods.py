from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.periods import regular_periods, settlement_periods
from tenor_sdk.errors import Invalid


def test_a_short_first_period_counts_its_days_and_the_others_a_month_each() -> None:
    first, second, _ = regular_periods(date(2025, 1, 10), date(2025, 1, 31), 3)
    assert first.year_fraction(DayCount.MONTHS_12) == Fraction(21, 360)
    assert (second.end, second.year_fraction(DayCount.MONTHS_12)) == (
        date(2025, 2, 28),
        Fraction(1, 12),
    )


def test_a_first_period_from_anchor_to_clipped_anchor_is_a_whole_month() -> None:
    (first,) = regular_periods(date(2025, 1, 31), date(2025, 2, 28), 1, anchor_day=31)
    assert first.year_fraction(DayCount.MONTHS_12) == Fraction(1, 12)


def test_quarterly_interest_is_struck_on_the_20th_and_due_on_the_21st() -> None:
    periods = settlement_periods(date(2025, 1, 15), date(2026, 1, 15))
    assert [period.due for period in periods] == [
        date(2025, 3, 21),
        date(2025, 6, 21),
        date(2025, 9, 21),
        date(2025, 12, 21),
        date(2026, 1, 15),
    ]


def test_a_loan_drawn_days_before_the_20th_pays_its_first_interest_on_the_21st() -> None:
    periods = settlement_periods(date(2025, 3, 10), date(2025, 6, 21))
    assert [period.due for period in periods] == [date(2025, 3, 21), date(2025, 6, 21)]


def test_monthly_settlement_on_the_31st_is_struck_at_the_end_of_every_month() -> None:
    periods = settlement_periods(date(2025, 1, 31), date(2025, 4, 10), day=31, months=range(1, 13))
    assert [period.due for period in periods] == [
        date(2025, 2, 1),
        date(2025, 3, 1),
        date(2025, 4, 1),
        date(2025, 4, 10),
    ]


def test_a_loan_drawn_on_the_day_after_settlement_has_no_empty_period() -> None:
    periods = settlement_periods(date(2025, 3, 21), date(2025, 9, 21))
    assert [(p.start, p.end) for p in periods] == [
        (date(2025, 3, 21), date(2025, 6, 21)),
        (date(2025, 6, 21), date(2025, 9, 21)),
    ]


def test_a_first_due_date_on_the_day_of_drawdown_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        regular_periods(date(2025, 1, 10), date(2025, 1, 10), 3)
    assert refused.value.key == "first-due-before-drawdown"


def test_a_maturity_before_the_drawdown_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        settlement_periods(date(2025, 1, 10), date(2025, 1, 9))
    assert refused.value.key == "maturity-before-drawdown"


@given(
    drawn=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    length=st.integers(1, 4000),
    day=st.integers(1, 31),
    months=st.sets(st.integers(1, 12), min_size=1),
)
def test_settlement_periods_cover_the_loan_without_gap_or_overlap(
    drawn: date, length: int, day: int, months: set[int]
) -> None:
    maturity = drawn + timedelta(days=length)
    periods = settlement_periods(drawn, maturity, day=day, months=months)
    assert (periods[0].start, periods[-1].end) == (drawn, maturity)
    assert all(period.start < period.end for period in periods)
    assert all(before.end == after.start for before, after in pairwise(periods))
