"""On which days and at which times a rule looks: arithmetic on days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_automation.domain.timing import (
    falls_between,
    last_working_day,
    monthly,
    weekly,
    working_days_before,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
#: the first week of October is off, and the Saturday after it is worked
HOLIDAYS = {date(2026, 10, day) for day in range(1, 8)}
WORKED = {date(2026, 10, 10)}


def works(day: date) -> bool:
    return day in WORKED or (day.weekday() < 5 and day not in HOLIDAYS)


def days(year: int, month: int) -> list[date]:
    first = date(year, month, 1)
    return [day for n in range(31) if (day := first + timedelta(days=n)).month == month]


def local(day: date, text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), zone).astimezone(UTC)


def test_days_of_the_week_with_and_without_days_off() -> None:
    october = days(2026, 10)
    assert [one.day for one in october if weekly(one, ["mon"])] == [5, 12, 19, 26]
    assert [one.day for one in october if weekly(one, ["mon"], works=works)] == [12, 19, 26]


def test_a_day_of_the_month_is_the_last_of_a_shorter_one() -> None:
    assert [one.day for one in days(2026, 2) if monthly(one, 31)] == [28]


def test_a_day_of_the_month_that_is_off_goes_to_the_next_working_day() -> None:
    found = [
        one for month in (9, 10, 11) for one in days(2026, month) if monthly(one, 1, works=works)
    ]
    assert found == [date(2026, 9, 1), date(2026, 10, 8), date(2026, 11, 2)]


def test_the_last_day_goes_into_the_next_month_where_it_is_off() -> None:
    found = [
        one for month in (10, 11) for one in days(2026, month) if monthly(one, 31, works=works)
    ]
    assert found == [date(2026, 11, 2), date(2026, 11, 30)]


def test_the_last_working_day_of_the_month() -> None:
    found = [
        one for month in (5, 9, 10) for one in days(2026, month) if last_working_day(one, works)
    ]
    assert found == [date(2026, 5, 29), date(2026, 9, 30), date(2026, 10, 30)]


@pytest.mark.parametrize(
    ("since", "until", "falls"),
    [
        ("08:56", "09:01", True),
        ("09:00", "09:05", False),
        ("10:29", "10:30", True),
        ("10:30", "10:59", False),
        ("17:59", "18:04", True),
        ("18:00", "23:00", False),
    ],
)
def test_times_of_the_day_at_a_distance(since: str, until: str, falls: bool) -> None:
    day = date(2026, 9, 30)
    found = falls_between(
        local(day, since), local(day, until), 30, time(9), time(18), SHANGHAI, works
    )
    assert found is falls


def test_no_time_of_a_day_off() -> None:
    day = date(2026, 10, 1)
    between = (local(day, "00:00"), local(day, "23:00"), 30, time(9), time(18), SHANGHAI)
    assert falls_between(*between)
    assert not falls_between(*between, works)


def test_a_time_that_the_clocks_leave_out_comes_later() -> None:
    spring = date(2026, 3, 29)
    at = (1440, time(2, 30), time(2, 30), BERLIN)
    assert falls_between(local(spring, "03:29", BERLIN), local(spring, "03:30", BERLIN), *at)


def _after(day: date, count: int) -> date:
    """The ``count``-th working day after or before a day, one by one."""
    step = timedelta(days=1 if count >= 0 else -1)
    while count == 0 and not works(day):
        day += step
    for _nth in range(abs(count)):
        day += step
        while not works(day):
            day += step
    return day


@given(st.integers(0, 120).map(lambda n: date(2026, 8, 1) + timedelta(days=n)), st.integers(-9, 9))
def test_the_days_before_are_those_after_which_it_is_the_working_day(day: date, count: int) -> None:
    around = [day + timedelta(days=distance) for distance in range(-40, 41)]
    expected = [one for one in around if _after(one, count) == day] if works(day) else []
    assert working_days_before(day, count, works) == expected
