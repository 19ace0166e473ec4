"""The embedded worker: a thread that is nudged, that ends cleanly, and whose leases outlive slow jobs."""

from collections.abc import Callable, Iterator
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import update

from tenor.jobs.leases import job
from tenor.jobs.worker import Worker
from tenor.kernel import Kernel

pytestmark = pytest.mark.both_databases

Enqueue = Callable[..., int]
Row = Callable[[int], Any]


class Wake(Event):
    """Knows whether the worker sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.asleep = Event()

    def wait(self, timeout: float | None = None) -> bool:
        self.asleep.set()
        return super().wait(timeout)


@pytest.fixture
def sleepy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that isn't nudged sleeps longer than any test waits."""
    monkeypatch.setattr("tenor.jobs.worker._LONGEST_SLEEP", 600.0)


@pytest.fixture
def worker(institution: Kernel, chores: Any) -> Iterator[Worker]:
    made = institution.jobs.worker()
    made.wake = Wake()
    made.start()
    yield made
    made.stop()


def _wait(until: Callable[[], bool], seconds: float = 20) -> None:
    end = monotonic() + seconds
    while not until():
        assert monotonic() < end, "it didn't come to pass in time"
        sleep(0.01)


@pytest.mark.usefixtures("sleepy")
def test_a_job_is_done_as_soon_as_its_transaction_is_committed(
    worker: Worker, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    assert isinstance(worker.wake, Wake)
    assert worker.wake.asleep.wait(20)
    job_id = enqueue(chores.as_whoever)
    _wait(lambda: row(job_id).state == "done")


def test_many_jobs_are_each_done_once(
    worker: Worker, chores: Any, enqueue: Enqueue, row: Row, effects: Callable[[], list[str]]
) -> None:
    names = [f"chore {number}" for number in range(30)]
    last = [enqueue(chores.leave_effect, name=name) for name in names][-1]
    _wait(lambda: row(last).state == "done")
    worker.stop()
    assert sorted(effects()) == sorted(names)


def test_a_worker_that_is_stopped_finishes_the_job_at_hand_and_gives_back_the_rest(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    began, go_on = Event(), Event()
    real = institution.jobs.runner.run

    def run(lease: Any) -> bool:
        began.set()
        go_on.wait(10)
        return real(lease)

    institution.jobs.runner.run = run  # type: ignore[method-assign]  # to stand in its way
    ids = [enqueue(chores.as_whoever) for _ in range(5)]
    assert began.wait(10)
    worker.over.set()
    go_on.set()
    worker.stop()
    states = [row(job_id).state for job_id in ids]
    assert states.count("leased") == 0
    assert states[0] == "done"
    assert "ready" in states
    assert not worker.running


def test_a_job_that_takes_longer_than_its_lease_is_done_once(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Callable[[], list[str]]
) -> None:
    institution.jobs.lease_seconds = 0.6
    job_id = enqueue(chores.slow_effect, name="slow", seconds=2.0)
    worker = institution.jobs.worker()
    worker.start()
    try:
        _wait(lambda: row(job_id).state == "leased")
        while row(job_id).state == "leased":
            assert institution.jobs._claim_lost() == []
            sleep(0.05)
    finally:
        worker.stop()
    assert (row(job_id).state, row(job_id).attempt) == ("done", 1)
    assert effects() == ["slow"]


def test_a_worker_goes_on_after_the_database_was_away(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    failed = Event()
    real = institution.jobs._busy_queues

    def away() -> Any:
        institution.jobs._busy_queues = real  # type: ignore[method-assign]  # back again
        failed.set()
        raise OSError("the database is away")

    institution.jobs._busy_queues = away  # type: ignore[method-assign]  # for one round
    job_id = enqueue(chores.as_whoever)
    assert failed.wait(10)
    _wait(lambda: row(job_id).state == "done")


def test_a_job_that_raises_what_is_no_exception_takes_the_worker_not_down(
    worker: Worker, chores: Any, enqueue: Enqueue, row: Row, effects: Callable[[], list[str]]
) -> None:
    left, next_one = enqueue(chores.walk_away), enqueue(chores.leave_effect, name="after it")
    _wait(lambda: row(next_one).state == "done")
    assert worker.running
    assert row(left).state == "parked"
    assert effects() == ["after it"]


def test_a_queue_whose_jobs_take_long_holds_up_no_other(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    """A mail server that answers after half a minute costs the others one mail, and not a batch of them."""
    institution.jobs.batch_seconds = 0.1
    slow = [enqueue(chores.slow_effect, name=f"slow {n}", seconds=0.2) for n in range(4)]
    with institution.db.raw() as connection:
        connection.execute(update(job).where(job.c.id.in_(slow)).values(queue="a-first-one"))
    institution.jobs.kinds.queues = ("a-first-one", *institution.jobs.kinds.queues)
    other = enqueue(chores.leave_effect, name="quick")
    institution.jobs.work_round(Worker(institution))
    assert row(other).state == "done"
    assert [row(one).state for one in slow] == ["done", "ready", "ready", "ready"]
    assert [row(one).started_at for one in slow[1:]] == [None] * 3
