"""Quick jobs share a transaction as long as all goes well; whatever goes wrong, each has its effect once."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from tenor.jobs.leases import job
from tenor.jobs.worker import Worker
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

Enqueue = Callable[..., int]
Row = Callable[[int], Any]
Effects = Callable[[], list[str]]


@pytest.fixture
def worker(institution: Kernel, chores: Any, enqueue: Enqueue) -> Worker:
    """A worker that isn't started, and knows that these jobs are quick, however busy the machine is."""
    institution.jobs.together.quick_seconds = institution.jobs.together.shared_seconds = 60
    enqueue(chores.leave_effect, name="the first")
    enqueue(chores.as_whoever)
    run_jobs(institution)
    return institution.jobs.worker()


def test_quick_jobs_share_a_transaction(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, effects: Effects
) -> None:
    names = [f"chore {number}" for number in range(10)]
    ids = [enqueue(chores.leave_effect, name=name) for name in names]
    counted: list[int] = []
    event.listen(institution.db.writer, "commit", lambda _: counted.append(1))
    assert institution.jobs.work_round(worker) == 10
    assert effects() == ["the first", *names]
    assert len(counted) <= 4  # two claims, what the schedules may want, and all ten of them
    with institution.db.raw(write=False) as connection:
        found = select(job.c.state, job.c.attempt).where(job.c.id.in_(ids))
        assert {tuple(row) for row in connection.execute(found)} == {("done", 1)}


def test_each_acts_as_whoever_asked_and_keeps_its_result(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    mine = enqueue(chores.as_whoever)
    with as_actor(institution, "ding.ning") as ctx:
        hers = ctx.enqueue(chores.as_whoever)
    institution.jobs.work_round(worker)
    assert (row(mine).result, row(hers).result) == ("lin.xiaowen", "ding.ning")


def test_one_that_fails_undoes_none_of_the_others(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    names = [f"chore {number}" for number in range(9)]
    ids = [
        enqueue(chores.leave_effect, name=name, fails=number == 4, refuses=number == 6)
        for number, name in enumerate(names)
    ]
    institution.jobs.work_round(worker)
    failed, refused = ids[4], ids[6]
    assert Counter(effects()) == Counter(
        ["the first", *(name for number, name in enumerate(names) if number not in (4, 6))]
    )
    assert (row(failed).state, row(failed).failures) == ("ready", 1)
    assert row(refused).state == "parked"
    assert {row(one).failures for one in ids if one not in (failed, refused)} == {0}


def test_one_that_was_taken_over_leaves_nothing_and_the_others_are_done(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    ids = [enqueue(chores.leave_effect, name=f"chore {number}") for number in range(4)]
    held = institution.jobs._claim(institution.jobs._ready(), 4)
    with institution.db.raw() as connection:
        taken = update(job).where(job.c.id == ids[1]).values(attempt=job.c.attempt + 1)
        connection.execute(taken)
    institution.jobs._batch(held, worker)
    assert Counter(effects()) == Counter(["the first", "chore 0", "chore 2", "chore 3"])
    assert row(ids[1]).state == "leased"


def test_one_that_calls_outside_is_run_by_itself(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, effects: Effects, tmp_path: Path
) -> None:  # fmt: skip
    folder = tmp_path / "provider"
    folder.mkdir()
    enqueue(chores.pay, folder=str(folder), reference="p0")
    run_jobs(institution)  # it is quick, too
    for number in range(3):
        enqueue(chores.leave_effect, name=f"chore {number}")
        enqueue(chores.pay, folder=str(folder), reference=f"q{number}")
    for _ in range(3):
        institution.jobs.work_round(worker)
    assert Counter(name for name in effects() if name.startswith("chore")) == Counter(
        ["chore 0", "chore 1", "chore 2"]
    )
    calls = [len(one.read_text().splitlines()) for one in folder.iterdir()]
    assert calls == [1] * 4
    assert not institution.jobs.together._is_quick("chores.pay")


def test_what_a_job_enqueues_or_tells_is_there_once_however_it_came_about(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, effects: Effects
) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        for number in range(3):
            chores.ask(ctx, f"chore {number}")
    for _ in range(2):
        institution.jobs.work_round(worker)
    assert len([name for name in effects() if name.startswith("chore ")]) == 3


def test_a_message_of_many_runs_those_that_are_due_once(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    ids = [enqueue(chores.leave_effect, name=f"chore {number}") for number in range(5)]
    slow = enqueue(chores.slow_effect, name="slow", seconds=0.01)
    institution.jobs.run_one(ids[2])
    institution.jobs.run_those([*ids, slow, *ids])
    assert Counter(effects()) == Counter(["the first", *(f"chore {n}" for n in range(5)), "slow"])
    assert {row(one).attempt for one in (*ids, slow)} == {1}


def test_the_guard_watches_those_that_share_a_transaction_as_any(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    assert institution.jobs.together._is_quick("chores.as_whoever")
    reads = enqueue(chores.read_what_isnt_its_own)
    run_jobs(institution)
    assert row(reads).error.startswith("Unguarded")
    ids = [enqueue(chores.as_whoever), enqueue(chores.read_what_isnt_its_own)]
    held = institution.jobs._claim(institution.jobs._ready(), 2)
    assert institution.jobs.together.run(held) == 0
    institution.jobs._batch(held, worker)
    assert [row(one).state for one in ids] == ["done", "parked"]
