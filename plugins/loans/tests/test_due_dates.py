from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_loans.domain.due_dates import add_months, due_dates, month_end, whole_months
from tenor_sdk.errors import Invalid

days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def iso(dates: tuple[date, ...]) -> list[str]:
    return [day.isoformat() for day in dates]


def test_a_loan_of_the_31st_is_due_on_the_last_day_of_short_months_and_on_the_31st_again(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["month_end_stepping"]
    dates = due_dates(date(2025, 2, 28), 6, anchor_day=31)
    assert iso(dates) == expected["correct_anchor_31"] != expected["wrong_chained"]


def test_the_end_of_february_stays_the_28th_unless_month_ends_are_agreed(
    vectors: dict[str, Any],
) -> None:
    expected = vectors["month_end_stepping"]
    assert iso(due_dates(date(2025, 2, 28), 4)[1:]) == expected["start_2025-02-28_anchor_28"]
    assert iso(due_dates(date(2025, 2, 28), 4, eom=True)[1:]) == expected["start_2025-02-28_eom"]


def test_the_anniversary_of_29_february_is_28_february(vectors: dict[str, Any]) -> None:
    anniversaries = due_dates(date(2024, 2, 29), 3, every=12)[1:]
    assert (
        iso(anniversaries) == vectors["lpr_reprice_dates_2024-02-29_to_2027-02-28"]["anniversary"]
    )


def test_a_first_due_date_off_the_anchor_day_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        due_dates(date(2025, 3, 30), 3, anchor_day=31)
    assert refused.value.key == "first-due-off-anchor"


def test_a_schedule_without_instalments_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        due_dates(date(2025, 3, 30), 0)
    assert refused.value.key == "no-instalments"


@given(first=days, count=st.integers(1, 60), every=st.integers(1, 12), eom=st.booleans())
def test_due_dates_fall_into_successive_months_on_the_anchor_day_or_the_last(
    first: date, count: int, every: int, eom: bool
) -> None:
    for k, due in enumerate(due_dates(first, count, every=every, eom=eom)):
        assert (due.year - first.year) * 12 + due.month - first.month == k * every
        assert due.day == first.day or due == month_end(due)


@given(start=days, months=st.integers(0, 480))
def test_whole_months_count_back_what_was_added(start: date, months: int) -> None:
    assert whole_months(start, add_months(start, months)) == months


@given(start=days, months=st.integers(0, 480))
def test_a_day_less_than_a_whole_month_does_not_count(start: date, months: int) -> None:
    assert whole_months(start, add_months(start, months) - timedelta(days=1)) == months - 1
