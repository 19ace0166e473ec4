"""Working days of China. Figures: 《国务院办公厅关于2025年、2026年部分节假日安排的通知》, and the field's examples."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.workflow.shipped_days import shipped
from tenor.workflow.working_days import WorkingDays, Year
from tenor_sdk.errors import Refused

ZONE = ZoneInfo("Asia/Shanghai")


def _year(number: int) -> Year:
    days = shipped(number)
    assert days is not None
    return Year({each.day: each.working for each in days}, all(each.confirmed for each in days))


YEARS = {number: _year(number) for number in range(2024, 2029)}
CALENDAR = WorkingDays(YEARS.get, ZONE)
days = st.dates(date(2024, 1, 1), date(2028, 6, 30))
instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 6, 30), timezones=st.just(ZONE))  # noqa: DTZ001 -- Hypothesis takes them bare


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-10-04", False), ("2025-10-09", True), ("2025-10-11", True), ("2025-10-12", False),
        ("2025-09-28", True), ("2025-08-31", False), ("2025-09-01", True), ("2025-01-26", True),
        ("2026-01-04", True), ("2026-02-14", True), ("2026-02-28", True), ("2026-05-09", True),
        ("2026-09-20", True), ("2026-10-10", True), ("2026-01-02", False), ("2026-02-16", False),
        ("2026-02-24", True), ("2026-05-05", False), ("2026-06-19", False), ("2026-10-07", False),
    ],
)  # fmt: skip
def test_days_off_and_make_up_days_are_those_of_the_notice(day: str, works: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("raised", "count", "due"),
    [
        ("2026-09-30", 2, "2026-10-09"), ("2026-10-08", 2, "2026-10-10"),
        ("2025-09-30", 1, "2025-10-09"), ("2025-09-30", 2, "2025-10-10"),
        ("2025-09-30", 3, "2025-10-11"), ("2025-09-30", 4, "2025-10-13"),
        ("2026-10-01", 0, "2026-10-08"), ("2026-10-10", 0, "2026-10-10"),
    ],
)  # fmt: skip
def test_a_deadline_across_the_national_day_counts_make_up_saturdays(
    raised: str, count: int, due: str
) -> None:
    assert CALENDAR.after(date.fromisoformat(raised), count).isoformat() == due


def test_a_task_is_due_at_close_of_business_local_time() -> None:
    due = CALENDAR.close_after(local("2026-09-30T10:00"), 2)
    assert due == local("2026-10-09T18:00")
    assert due.tzinfo is UTC


def test_the_local_day_counts_not_that_of_utc() -> None:
    late_evening_in_utc = datetime(2026, 9, 29, 17, 0, tzinfo=UTC)  # already the 30th in Shanghai
    assert CALENDAR.close_after(late_evening_in_utc, 1) == local("2026-10-08T18:00")


def test_half_way_is_counted_in_office_hours_not_in_the_holidays() -> None:
    raised, due = local("2026-09-30T10:00"), local("2026-10-09T18:00")
    # 8 + 9 + 9 hours; the half of it, 13, is over five hours into Thursday the 8th
    assert CALENDAR.part_way(raised, due, 50) == local("2026-10-08T14:00")


def test_working_days_spent_are_told_to_one_decimal() -> None:
    spent = CALENDAR.days_worked(local("2026-09-30T13:30"), local("2026-10-08T18:00"))
    assert spent == Decimal("1.5")


def test_a_year_without_a_calendar_is_refused_never_guessed() -> None:
    with pytest.raises(Refused) as refused:
        CALENDAR.is_working(date(2031, 1, 1))
    assert (refused.value.key, refused.value.values["year"]) == ("no-calendar", 2031)


def test_nobody_counts_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        CALENDAR.after(date(2026, 6, 30), -1)


def test_years_that_no_notice_covers_are_provisional() -> None:
    assert YEARS[2026].confirmed
    assert not YEARS[2027].confirmed
    assert not CALENDAR.is_working(date(2027, 2, 8))  # 春节: by the law, whatever the notice adds


def test_nothing_is_known_of_the_years_before_the_long_holidays() -> None:
    assert shipped(1999) is None


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_official_tables_agree_with_the_library(year: int) -> None:
    import holidays

    known = holidays.country_holidays("CN", years=year)
    day = date(year, 1, 1)
    while day.year == year:
        assert CALENDAR.is_working(day) is known.is_working_day(day), day
        day += timedelta(days=1)


@given(days, st.integers(1, 30))
def test_a_deadline_falls_on_a_working_day_and_skips_none(day: date, count: int) -> None:
    due = CALENDAR.after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert CALENDAR.is_working(due)
    assert sum(CALENDAR.is_working(each) for each in between) == count


@given(days, st.integers(0, 10), st.integers(1, 10))
def test_counting_on_from_a_deadline_is_counting_at_once(day: date, first: int, then: int) -> None:
    assert CALENDAR.after(CALENDAR.after(day, first), then) == CALENDAR.after(
        day if first else CALENDAR.after(day, 0), first + then
    )


@given(instants, instants)
def test_half_way_leaves_as_many_office_hours_behind_as_ahead(a: datetime, b: datetime) -> None:
    start, end = sorted((a, b))
    if (end - start).days > 40:
        end = start + timedelta(days=40)
    half = CALENDAR.part_way(start, end, 50)
    behind, ahead = CALENDAR.worked(start, half), CALENDAR.worked(half, end)
    assert abs(behind - ahead) <= timedelta(microseconds=2)
    assert behind + ahead == CALENDAR.worked(start, end)
