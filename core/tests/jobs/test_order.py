"""Which job runs when: by priority, one at a time for the same, within its time, until it is cancelled."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from tenor.clock import StoppedClock
from tenor.jobs.leases import job
from tenor.jobs.worker import Worker
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

CLERK, ADMINISTRATOR = "lin.xiaowen", "ding.ning"
Enqueue = Callable[..., int]
Row = Callable[[int], Any]
Effects = Callable[[], list[str]]


@pytest.fixture
def worker(institution: Kernel, chores: Any) -> Iterator[Worker]:
    made = institution.jobs.worker()
    yield made
    made.stop()


def _wait(until: Callable[[], bool], seconds: float = 20) -> None:
    end = monotonic() + seconds
    while not until():
        assert monotonic() < end, "it didn't come to pass in time"
        sleep(0.01)


def _later(institution: Kernel, **distance: float) -> None:
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(**distance))


def test_what_is_urgent_goes_first_and_what_isnt_waits(
    institution: Kernel, chores: Any, enqueue: Enqueue, effects: Effects
) -> None:
    enqueue(chores.unhurried, name="unhurried")
    enqueue(chores.leave_effect, name="normal")
    enqueue(chores.urgent, name="urgent")
    run_jobs(institution)
    assert effects() == ["urgent", "normal", "unhurried"]


def test_of_jobs_for_the_same_one_is_leased_at_a_time(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    first, _, other = (
        enqueue(chores.sweep, room=room, name=name)
        for room, name in ((1, "first"), (1, "second"), (2, "other"))
    )
    held = institution.jobs._claim(institution.jobs._ready(), 10)
    assert {lease.id for lease in held} == {first, other}
    assert institution.jobs._claim(institution.jobs._ready(), 10) == []
    institution.jobs.runner.run(held[0])
    assert len(institution.jobs._claim(institution.jobs._ready(), 10)) == 1


def test_jobs_of_a_plugin_with_the_same_words_wait_for_each_other(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    with as_actor(institution, CLERK) as ctx:
        chore_id = chores.ask(ctx, "air the room")
    swept = enqueue(chores.sweep, room=chore_id, name="swept")
    ready = institution.jobs._ready()
    leased = {row(lease.id).name for lease in institution.jobs._claim(ready, 10)}
    assert leased == {"chores.run_chore", "chores.air"}
    assert row(swept).turn == f"chores: room {chore_id}"
    assert row(swept).state == "ready"


def test_the_database_itself_refuses_two_leases_for_the_same(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    for name in ("first", "second"):
        enqueue(chores.sweep, room=1, name=name)
    with pytest.raises(IntegrityError), institution.db.raw() as connection:
        connection.execute(update(job).values(state="leased"))


def test_many_who_claim_at_once_never_hold_two_for_the_same(
    institution: Kernel, chores: Any, enqueue: Enqueue, effects: Effects
) -> None:
    names = [f"sweep {number}" for number in range(24)]
    for number, name in enumerate(names):
        enqueue(chores.sweep, room=number % 3, name=name, seconds=0.005)
    failures: list[BaseException] = []

    def work() -> None:
        try:
            end = monotonic() + 60
            while len(effects()) < len(names) and monotonic() < end:
                run_jobs(institution)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(effects()) == sorted(names)


def test_a_message_for_a_job_that_waits_for_its_turn_is_sent_again(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    enqueue(chores.sweep, room=1, name="first")
    last = enqueue(chores.sweep, room=1, name="second")
    with institution.db.raw() as connection:
        connection.execute(update(job).values(sent_at=institution.clock.now()))
    assert not institution.jobs.run_one(last)
    assert row(last).sent_at is None
    assert row(last).state == "ready"


def test_a_job_that_says_how_far_it_is_stops_when_its_time_is_over(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.dawdle, name="dawdled", steps=200, seconds=0.01)
    run_jobs(institution)
    assert (row(job_id).state, row(job_id).failures) == ("ready", 1)
    assert row(job_id).error == "OutOfTime"
    _later(institution, minutes=1)
    run_jobs(institution)
    assert row(job_id).state == "parked"
    assert effects() == []


def test_a_job_that_returns_after_its_time_leaves_nothing(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.dawdle, name="late", steps=1, seconds=0.4, told=False)
    run_jobs(institution)
    assert (row(job_id).state, row(job_id).error) == ("ready", "OutOfTime")
    assert effects() == []


def test_a_job_that_was_cancelled_and_lost_its_worker_isnt_begun_again(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.leave_effect, name="bread")
    with institution.db.raw() as connection:
        gone = {
            "state": "leased",
            "cancel_asked": True,
            "until": institution.clock.now() - timedelta(days=400),
        }
        connection.execute(update(job).where(job.c.id == job_id).values(gone))
    run_jobs(institution)
    assert row(job_id).state == "cancelled"
    assert effects() == []


def test_how_far_a_job_is_is_seen_while_it_runs_and_afterwards(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row, tmp_path: Path
) -> None:
    job_id = enqueue(chores.climb, name="climbed", steps=4, folder=str(tmp_path))
    for step in range(2):
        (tmp_path / str(step)).touch()
    worker.start()

    def seen() -> tuple[int | None, int | None]:
        with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
            (view,) = [view for view in institution.jobs.overview(ctx).jobs if view.id == job_id]
        return view.progress, view.progress_of

    _wait(lambda: seen() == (2, 4))
    if not institution.db.writers_wait:  # for those who share no process with it
        _wait(lambda: (row(job_id).progress, row(job_id).progress_of) == (2, 4))
    for step in range(2, 4):
        (tmp_path / str(step)).touch()
    _wait(lambda: row(job_id).state == "done")
    assert row(job_id).result == 4
    assert seen() == (3, 4)
