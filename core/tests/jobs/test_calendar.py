"""When schedules are due: arithmetic on instants."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tenor.jobs.calendar import next_after, runs
from tenor_sdk.jobs import Daily, Every

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
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
    before = datetime(2026, 3, 28, 12, tzinfo=BERLIN)
    due = next_after(Daily(at=time(9, 0)), before, BERLIN, works)
    assert due == datetime(2026, 3, 29, 9, tzinfo=BERLIN).astimezone(UTC)


def test_a_time_that_is_left_out_comes_once_and_later_by_as_much() -> None:
    """On 29 March 2026 the clocks of Berlin go from two to three."""
    half_past_two = Daily(at=time(2, 30), catch_up="each")
    seen = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)
    made = runs(half_past_two, seen, datetime(2026, 3, 30, 12, tzinfo=UTC), BERLIN, works)
    assert [due.astimezone(BERLIN).strftime("%d. %H:%M") for due in made.due] == [
        "28. 02:30", "29. 03:30", "30. 02:30",
    ]  # fmt: skip


def test_a_time_that_comes_twice_counts_the_first_time() -> None:
    """On 25 October 2026 the clocks of Berlin go from three back to two."""
    half_past_two = Daily(at=time(2, 30), catch_up="each")
    seen = datetime(2026, 10, 24, 0, 30, tzinfo=UTC)
    made = runs(half_past_two, seen, datetime(2026, 10, 26, 12, tzinfo=UTC), BERLIN, works)
    assert made.due == (
        seen, datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    )  # fmt: skip


def test_every_hour_is_every_hour_where_the_clocks_are_changed() -> None:
    for night in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        made = runs(Every(hours=1), night, night + timedelta(minutes=59), BERLIN, works)
        assert made.next - night == timedelta(hours=1)


def test_a_time_that_asks_for_the_second_time_counts_the_first_time_too() -> None:
    """On 8 March 2026 the clocks of Havana go from midnight to one: a run there stays on its own day."""
    assert Daily(at=time(0, 0, fold=1)).at.fold == 0
    havana = ZoneInfo("America/Havana")
    due = next_after(
        Daily(at=time(0, 0, fold=1)), datetime(2026, 3, 8, 4, tzinfo=UTC), havana, works
    )
    assert due.astimezone(havana).isoformat() == "2026-03-08T01:00:00-04:00"


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana"]),
    st.times().map(lambda at: at.replace(microsecond=0)),
    st.integers(0, 365 * 24),
)
def test_a_daily_run_comes_once_on_each_day_of_any_zone(name: str, at: time, hours: int) -> None:
    """Lord Howe changes by half an hour, Havana at midnight, when a day has no first hour."""
    zone, daily = ZoneInfo(name), Daily(at=at, catch_up="each")
    begun = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    first = next_after(daily, begun, zone, works)
    made = runs(daily, first, first + timedelta(days=9, hours=12), zone, works)
    days = [due.astimezone(zone).date() for due in made.due]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert len(days) in (9, 10, 11)


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
