"""Stopping a job that runs: on PostgreSQL, as on SQLite a job that has written holds the only right to write."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from tenor.jobs.worker import Worker
from tenor.kernel import Kernel
from tenor.testing import as_actor, build
from tenor_test_support import PostgresServer

ADMINISTRATOR = "ding.ning"
Enqueue = Callable[..., int]
Row = Callable[[int], Any]
Effects = Callable[[], list[str]]


@pytest.fixture
def database(
    plugins: tuple[str, ...],
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("stopping")
    template = postgres_server.template(
        "institution-chores", lambda url: build(url, plugins, folder)
    )
    with postgres_server.database(template) as made:
        yield made.url


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


def test_the_lease_of_a_job_whose_time_is_over_is_given_back_while_it_goes_on(
    institution: Kernel, worker: Worker, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.dawdle, name="late", steps=1, seconds=4, told=False)
    worker.start()
    _wait(lambda: row(job_id).error == "OutOfTime", seconds=3.5)
    assert institution.jobs.runner.running() != []
    _wait(lambda: institution.jobs.runner.running() == [])
    assert (row(job_id).state, row(job_id).failures) == ("ready", 1)
    assert effects() == []


def test_a_running_job_ends_where_it_next_says_how_far_it_is_when_it_is_cancelled(
    institution: Kernel,
    worker: Worker,
    chores: Any,
    enqueue: Enqueue,
    row: Row,
    effects: Effects,
    tmp_path: Path,
) -> None:
    institution.jobs.runner.look_seconds = 0.05
    job_id = enqueue(chores.climb, name="climbed", steps=3, folder=str(tmp_path))
    worker.start()
    _wait(lambda: row(job_id).state == "leased")
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert institution.jobs.cancel(ctx, job_id) == "leased"
    _wait(lambda: row(job_id).state == "cancelled")
    assert effects() == []
    for step in range(3):
        (tmp_path / str(step)).touch()
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.again(ctx, job_id)
    _wait(lambda: row(job_id).state == "done")
    assert effects() == ["climbed"]
