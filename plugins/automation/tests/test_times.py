"""Rules that act at times: within a day, on days of the week and the month, hours and working days after a date; over
however many records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.automation.tests.conftest import WRITER
from tenor.clock import StoppedClock
from tenor_sdk import Blocked
from tenor_sdk.testing import Institution, as_actor, on_date, run_jobs

pytestmark = pytest.mark.both_databases
SHANGHAI = ZoneInfo("Asia/Shanghai")
Made = Callable[..., int]
Runs = Callable[[], list[tuple[str, str]]]


def at(institution: Any, day: date, text: str) -> None:
    """Let the clock go on to a time of a day, in the institution's zone, and the jobs run."""
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(datetime.combine(day, time.fromisoformat(text), SHANGHAI).astimezone(UTC))
    run_jobs(institution)


def painted(institution: Institution, *ids: int) -> list[str]:
    from tenor_lockers import Locker

    with as_actor(institution, WRITER, write=False) as ctx:
        return [ctx.session.get_one(Locker, one).colour for one in ids]


RED = {"event_name": "", "act": "field", "field_name": "colour", "field_value": '"red"'}
TUESDAY = date(2026, 6, 30)


def test_a_rule_looks_every_so_many_minutes_between_two_times(
    institution: Institution, locker: Made, rule: Made, runs: Runs
) -> None:
    run_jobs(institution)
    rule(occasion="interval", minutes=60, from_time="11:00", to_time="12:00", **RED)
    locker()
    seen = []
    for text in ("10:30", "10:55", "11:00", "11:05", "11:55", "12:00", "12:30", "13:05"):
        at(institution, TUESDAY, text)
        seen.append(len(runs()))
    assert seen == [0, 0, 1, 1, 1, 2, 2, 2]


def test_times_that_were_missed_are_looked_at_once(
    institution: Institution, locker: Made, rule: Made, runs: Runs
) -> None:
    run_jobs(institution)
    rule(occasion="interval", minutes=5, from_time="09:00", to_time="18:00", **RED)
    locker()
    at(institution, TUESDAY, "10:05")
    before = len(runs())
    at(institution, TUESDAY, "16:00")
    at(institution, TUESDAY, "16:05")
    assert len(runs()) - before <= 2


def test_a_rule_looks_on_days_of_the_week(
    institution: Institution, locker: Made, rule: Made, runs: Runs
) -> None:
    run_jobs(institution)
    rule(occasion="weekly", weekdays="thu sun", **RED)
    locker()
    for day in range(1, 8):
        with on_date(institution, date(2026, 7, day)):
            run_jobs(institution)
    assert len(runs()) == 2


def test_a_rule_looks_on_the_last_working_day_of_the_month(
    institution: Institution, locker: Made, rule: Made
) -> None:
    run_jobs(institution)
    rule(occasion="monthly", last_working_day=True, **RED)
    one = locker()
    colours = []
    for day in (30, 31):  # of July, a Thursday and a Friday
        with on_date(institution, date(2026, 7, day)):
            run_jobs(institution)
        colours += painted(institution, one)
    assert colours == ["", "red"]


def test_a_rule_acts_so_many_working_days_after_a_date(
    institution: Institution, locker: Made, rule: Made
) -> None:
    run_jobs(institution)
    rule(occasion="date", date_field="rented_until", days=2, counted_in="working-days", **RED)
    friday, saturday, monday = (locker(rented_until=date(2026, 7, day)) for day in (3, 4, 6))
    with on_date(institution, date(2026, 7, 7)):  # Tuesday
        run_jobs(institution)
    assert painted(institution, friday, saturday, monday) == ["red", "red", ""]


def test_a_rule_acts_so_many_hours_after_a_time(
    institution: Institution, locker: Made, rule: Made
) -> None:
    run_jobs(institution)
    rule(occasion="date", date_field="created_at", days=2, counted_in="hours", **RED)
    first = locker()
    at(institution, TUESDAY, "11:00")
    second = locker()
    colours = []
    for text in ("11:55", "12:05", "12:55", "13:05"):
        at(institution, TUESDAY, text)
        colours.append(painted(institution, first, second))
    assert colours == [["", ""], ["red", ""], ["red", ""], ["red", "red"]]


def test_hours_that_were_missed_are_looked_at_with_what_fell_into_them(
    institution: Institution, locker: Made, rule: Made, runs: Runs
) -> None:
    run_jobs(institution)
    rule(occasion="date", date_field="created_at", days=1, counted_in="hours", **RED)
    one = locker()
    at(institution, TUESDAY, "18:00")
    at(institution, TUESDAY, "18:05")
    assert painted(institution, one) == ["red"]
    assert [outcome for outcome, _said in runs()] == ["done"]


def test_hours_after_a_day_count_from_its_beginning(
    institution: Institution, locker: Made, rule: Made
) -> None:
    run_jobs(institution)
    rule(occasion="date", date_field="rented_until", days=12, counted_in="hours", **RED)
    one = locker(rented_until=TUESDAY)
    at(institution, TUESDAY, "11:55")
    before = painted(institution, one)
    at(institution, TUESDAY, "12:05")
    assert (before, painted(institution, one)) == ([""], ["red"])


def many(institution: Any, of: int, n: int) -> None:
    """So many lockers more like one."""
    from sqlalchemy import insert, select
    from tenor_lockers import Locker

    table = Locker.__table__
    with institution.db.raw() as connection:
        given = connection.execute(select(table).where(table.c.id == of)).mappings().one()
        row = {name: value for name, value in given.items() if name != "id"}
        connection.execute(insert(table), [row] * n)


def test_no_record_is_left_out_however_many_there_are(
    institution: Institution, locker: Made, rule: Made, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_automation import jobs

    monkeypatch.setattr(jobs, "_PART", 3)
    run_jobs(institution)
    rule(occasion="daily", **RED)
    many(institution, locker(), 10)
    with on_date(institution, date(2026, 7, 1)):
        run_jobs(institution)
    assert [outcome for outcome, _said in runs()] == ["done"] * 11


def test_a_part_that_failed_is_done_again_and_the_others_are_not(
    institution: Any, locker: Made, rule: Made, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_automation import jobs
    from tenor_automation.running import judge_one

    judged: list[int] = []
    broken = [True]

    def breaks_once(ctx: Any, rule: Any, heard: str, record: Any) -> str:
        if len(judged) == 4 and broken.pop():
            broken.append(False)
            raise ZeroDivisionError
        judged.append(record.id)
        return judge_one(ctx, rule, heard, record)

    monkeypatch.setattr(jobs, "_PART", 3)
    run_jobs(institution)
    rule(occasion="daily", **RED)
    many(institution, locker(), 8)
    monkeypatch.setattr("tenor_automation.jobs.judge_one", breaks_once)
    with on_date(institution, date(2026, 7, 1)):
        run_jobs(institution)
        at_first = len(runs())
        institution.clock.move(institution.clock.instant + timedelta(minutes=2))
        run_jobs(institution)
    assert (at_first, len(runs())) == (6, 9)
    assert len(judged) == 10  # one was judged twice: what it did the first time was undone


@pytest.mark.parametrize(
    "wrong",
    [
        {"occasion": "interval", "from_time": "12:00", "to_time": "11:00"},
        {"occasion": "weekly", "weekdays": ""},
        {"occasion": "weekly", "weekdays": "mon someday"},
        {"occasion": "date", "date_field": "name", "counted_in": "hours"},
    ],
)
def test_a_time_that_never_comes_isnt_proposed(rule: Made, wrong: dict[str, Any]) -> None:
    with pytest.raises(Blocked):
        rule(**{**RED, **wrong})


def test_the_next_edition_keeps_the_times(institution: Institution, rule: Made) -> None:
    from tenor_automation.public import Rule, revise

    made = rule(occasion="monthly", month_day=15, working_days_only=True, **RED)
    with as_actor(institution, WRITER) as ctx:
        revised = revise(ctx, ctx.session.get_one(Rule, made))
        assert (revised.month_day, revised.working_days_only) == (15, True)


def test_what_is_not_met_is_counted_and_not_kept(
    institution: Institution, locker: Made, rule: Made, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_automation import jobs
    from tenor_automation.public import Rule
    from tenor_automation.sheets import runs_of

    monkeypatch.setattr(jobs, "_PART", 3)
    run_jobs(institution)
    made = rule(occasion="daily", condition='name == "B2"', **RED)
    many(institution, locker(), 6)
    locker(name="B2")
    for day in (1, 2):
        with on_date(institution, date(2026, 7, day)):
            run_jobs(institution)
    assert [outcome for outcome, _said in runs()] == ["done", "done"]
    with on_date(institution, date(2026, 7, 2)), as_actor(institution, WRITER, write=False) as ctx:
        shown = runs_of(ctx, ctx.session.get_one(Rule, made))
        assert shown.caption is not None
        assert shown.caption.values == {"n": 14, "today": 7}
