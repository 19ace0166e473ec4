"""When schedules are due: arithmetic on instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tenor.jobs.calendar import next_after, runs
from tenor_sdk.jobs import Daily, Every

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: 清明 2026: Sat 4 to Mon 6 April are off (State Council notice of 4 November 2025).
HOLIDAYS = {date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)}


def works(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


_instants = st.integers(0, 365 * 24 * 3600).map(
    lambda seconds: local(2026, 1, 1, 0) + timedelta(seconds=seconds)
)


def test_every_counts_from_the_run_that_was_due_before() -> None:
    seen = local(2026, 6, 30, 10)
    made = runs(Every(minutes=5), seen, seen + timedelta(seconds=40), SHANGHAI, works)
    assert made.due == (seen,)
    assert made.next == seen + timedelta(minutes=5)


def test_every_makes_one_run_after_a_pause_and_keeps_its_beat() -> None:
    seen = local(2026, 6, 30, 10)
    made = runs(Every(minutes=5), seen, seen + timedelta(hours=3, minutes=2), SHANGHAI, works)
    assert made.due == (seen,)
    assert made.next == seen + timedelta(hours=3, minutes=5)


@given(_instants, st.integers(1, 10_000), st.integers(0, 10**6))
def test_every_is_next_due_after_now_and_within_one_distance(
    seen: datetime, minutes: int, late: int
) -> None:
    schedule, now = Every(minutes=minutes), seen + timedelta(seconds=late)
    made = runs(schedule, seen, now, SHANGHAI, works)
    assert now < made.next <= now + schedule.distance
    assert (made.next - seen) % schedule.distance == timedelta(0)


def test_daily_is_due_at_the_local_time() -> None:
    daily = Daily(at=time(20, 0))
    assert next_after(daily, local(2026, 6, 30, 10), SHANGHAI, works) == local(2026, 6, 30, 20)
    assert next_after(daily, local(2026, 6, 30, 20), SHANGHAI, works) == local(2026, 7, 1, 20)


def test_daily_on_working_days_passes_over_qingming() -> None:
    daily = Daily(at=time(20, 0), working_days_only=True)
    assert next_after(daily, local(2026, 4, 3, 20), SHANGHAI, works) == local(2026, 4, 7, 20)


@given(_instants, st.times().map(lambda at: at.replace(microsecond=0)))
def test_daily_is_due_after_the_instant_at_its_time_within_a_day(
    instant: datetime, at: time
) -> None:
    due = next_after(Daily(at=at), instant, SHANGHAI, works)
    assert instant < due <= instant + timedelta(days=1)
    assert due.astimezone(SHANGHAI).time() == at


@given(_instants)
def test_daily_on_working_days_is_never_due_on_a_day_off(instant: datetime) -> None:
    daily = Daily(at=time(7, 30), working_days_only=True)
    assert works(next_after(daily, instant, SHANGHAI, works).astimezone(SHANGHAI).date())


def test_a_daily_run_comes_at_its_time_where_the_clocks_are_changed() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, tzinfo=berlin)
    due = next_after(Daily(at=time(9, 0)), before, berlin, works)
    assert due == datetime(2026, 3, 29, 9, tzinfo=berlin).astimezone(UTC)


def test_once_makes_up_for_all_that_was_missed() -> None:
    seen, now = local(2026, 6, 25, 20), local(2026, 6, 30, 21)
    made = runs(Daily(at=time(20, 0)), seen, now, SHANGHAI, works)
    assert made.due == (local(2026, 6, 30, 20),)
    assert made.next == local(2026, 7, 1, 20)


def test_each_makes_up_for_every_one_that_was_missed() -> None:
    seen, now = local(2026, 4, 2, 20), local(2026, 4, 8, 21)
    daily = Daily(at=time(20, 0), working_days_only=True, catch_up="each")
    made = runs(daily, seen, now, SHANGHAI, works)
    assert made.due == tuple(local(2026, 4, day, 20) for day in (2, 3, 7, 8))


def test_skip_leaves_out_what_was_missed() -> None:
    daily = Daily(at=time(20, 0), catch_up="skip")
    seen = local(2026, 6, 25, 20)
    late = runs(daily, seen, local(2026, 6, 30, 21), SHANGHAI, works)
    assert late.due == ()
    assert late.next == local(2026, 7, 1, 20)
    in_time = runs(daily, seen, local(2026, 6, 25, 20, 9), SHANGHAI, works)
    assert in_time.due == (seen,)


def test_a_calendar_without_working_days_doesnt_hold_a_schedule_up_for_ever() -> None:
    daily = Daily(at=time(20, 0), working_days_only=True)
    due = next_after(daily, local(2026, 1, 1, 10), SHANGHAI, lambda day: False)
    assert due < local(2026, 4, 1, 10)
