"""Schedules in a running institution: one run however many look, none lost, none too far ahead."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from tenor.clock import StoppedClock
from tenor.events.rows import table_of
from tenor.events.wire import from_json
from tenor.jobs.leases import job
from tenor.jobs.records import Schedule
from tenor.jobs.schedules import Schedules
from tenor.kernel import Kernel
from tenor.testing import as_actor, on_date, run_jobs

pytestmark = pytest.mark.both_databases

CLERK = "lin.xiaowen"
schedule = table_of(Schedule)


def _later(institution: Kernel, **distance: float) -> None:
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(**distance))


def _looks(effects: Callable[[], list[str]]) -> int:
    return effects().count("looked round")


def _next_due(institution: Kernel, name: str) -> datetime:
    with institution.db.raw(write=False) as connection:
        found = connection.execute(select(schedule.c.next_due).where(schedule.c.name == name))
        due: datetime = found.scalar_one()
        return due


def test_a_schedule_runs_when_it_is_due_as_its_plugins_service(
    institution: Kernel, chores: Any, effects: Callable[[], list[str]]
) -> None:
    run_jobs(institution)
    assert _looks(effects) == 0
    _later(institution, minutes=5)
    run_jobs(institution)
    run_jobs(institution)
    assert _looks(effects) == 1
    with institution.db.raw(write=False) as connection:
        made = connection.execute(select(job).where(job.c.name == "chores.look_round")).one()
    assert (made.actor_id, made.service) == (None, "chores")


def test_after_a_pause_every_runs_once_and_each_runs_for_each_working_day(
    institution: Kernel, chores: Any, effects: Callable[[], list[str]]
) -> None:
    run_jobs(institution)  # Tuesday 30 June, ten in the morning
    with on_date(institution, date(2026, 7, 6)):  # Monday
        run_jobs(institution)
    assert _looks(effects) == 1
    with as_actor(institution, CLERK, write=False) as ctx:
        closed = ctx.session.execute(
            select(chores.Effect.day)
            .where(chores.Effect.name == "closed")
            .order_by(chores.Effect.day)
        )
        assert list(closed.scalars()) == [
            date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 3),
        ]  # fmt: skip


def _spans(institution: Kernel) -> list[tuple[datetime, datetime]]:
    """Between which instants the watchman looked, in his order."""
    with institution.db.raw(write=False) as connection:
        found = connection.execute(
            select(job.c.arguments).where(job.c.name == "chores.watch").order_by(job.c.id)
        )
        told = [from_json(arguments) for arguments in found.scalars()]
    return [(one["since"], one["until"]) for one in told]


def test_runs_divide_the_time_among_them(institution: Kernel, chores: Any) -> None:
    run_jobs(institution)
    begun = institution.clock.now()
    for minutes in (10, 3, 47, 10):
        _later(institution, minutes=minutes)
        run_jobs(institution)
    spans = _spans(institution)
    assert spans[0][0] == begun
    assert [until for _since, until in spans][:-1] == [since for since, _until in spans][1:]
    assert all(since < until for since, until in spans)


def test_a_clock_that_was_set_back_tells_no_span_that_ends_before_it_begins(
    institution: Kernel, chores: Any
) -> None:
    run_jobs(institution)
    _later(institution, minutes=30)
    run_jobs(institution)
    _later(institution, minutes=-60)
    run_jobs(institution)
    _later(institution, minutes=20)
    run_jobs(institution)
    spans = _spans(institution)
    assert len(spans) == 2
    assert spans[1][0] <= spans[1][1]


def test_two_schedulers_that_saw_the_same_make_one_run(
    institution: Kernel, chores: Any, effects: Callable[[], list[str]]
) -> None:
    run_jobs(institution)
    _later(institution, minutes=5)
    one, other = Schedules(institution), Schedules(institution)
    one._align()
    seen = [row for row in one._due(institution.clock.now()) if row.name == "chores.look_round"]
    assert [other._run(row) for row in seen] == [1]
    assert [one._run(row) for row in seen] == [0]
    run_jobs(institution)
    assert _looks(effects) == 1


def test_a_clock_that_is_set_back_holds_no_schedule_up(institution: Kernel, chores: Any) -> None:
    run_jobs(institution)
    with institution.db.raw() as connection:
        connection.execute(update(schedule).values(next_due=datetime(2026, 7, 30, tzinfo=UTC)))
    _later(institution, seconds=-1)
    run_jobs(institution)
    now = institution.clock.now()
    assert _next_due(institution, "chores.look_round") == now + timedelta(minutes=5)
    assert _next_due(institution, "chores.close_of_day") == datetime(2026, 6, 30, 12, tzinfo=UTC)


def test_a_schedule_that_is_declared_anew_is_due_by_its_new_words(
    institution: Kernel, chores: Any
) -> None:
    run_jobs(institution)
    with institution.db.raw() as connection:
        changed = {
            "declared": "Every(minutes=1)",
            "next_due": datetime(2026, 6, 30, 2, 1, tzinfo=UTC),
        }
        connection.execute(
            update(schedule).where(schedule.c.name == "chores.look_round").values(changed)
        )
    Schedules(institution).tick()
    due = institution.clock.now() + timedelta(minutes=5)
    assert _next_due(institution, "chores.look_round") == due


def test_the_worker_knows_when_something_is_due_next(institution: Kernel, chores: Any) -> None:
    assert institution.jobs.next_due() is None
    run_jobs(institution)
    due = institution.jobs.next_due()
    assert due is not None
    assert due <= institution.clock.now() + timedelta(minutes=5)


def _closed(institution: Kernel, chores: Any) -> list[date]:
    with as_actor(institution, CLERK, write=False) as ctx:
        effect = chores.Effect
        closed = select(effect.day).where(effect.name == "closed").order_by(effect.day)
        return list(ctx.session.execute(closed).scalars())


def test_a_clock_that_jumps_ahead_and_back_makes_no_run_twice(
    institution: Kernel, chores: Any
) -> None:
    """What it ran too early, as the clock said so, it doesn't run again when that day comes."""
    run_jobs(institution)  # Tuesday 30 June, ten in the morning
    for hours in (36, -36, 12, -12, 36):
        _later(institution, hours=hours)
        run_jobs(institution)
    assert _closed(institution, chores) == [date(2026, 6, 30), date(2026, 7, 1)]
    _later(institution, hours=24)
    run_jobs(institution)
    assert _closed(institution, chores) == [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 2)]


def test_many_schedulers_at_once_make_one_run(
    institution: Kernel, chores: Any, effects: Callable[[], list[str]]
) -> None:
    run_jobs(institution)
    _later(institution, minutes=5)
    schedulers = [Thread(target=Schedules(institution).tick) for _ in range(6)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join()
    run_jobs(institution)
    assert _looks(effects) == 1
