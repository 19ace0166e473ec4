"""Celery workers as processes of one job each: one whose time is over is ended with its process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from core.tests.jobs.distributed import Celery, done, each_once, enqueue, wait
from tenor.jobs import celery_app
from tenor.kernel import Kernel
from tenor.testing import as_actor, build
from tenor_test_support import PostgresServer

Row = Callable[[int], Any]


@pytest.fixture
def database(
    plugins: tuple[str, ...],
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("prefork")
    template = postgres_server.template(
        "institution-chores", lambda url: build(url, plugins, folder)
    )
    with postgres_server.database(template) as made:
        yield made.url


@pytest.fixture
def relaying(institution: Kernel, redis_url: str) -> Iterator[None]:
    institution.settings = institution.settings.but(mode="distributed", redis_url=redis_url)
    relay, over = celery_app.relay(institution, resend_after=1.0), Event()
    thread = Thread(target=relay.run, args=(over,))
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def celery(
    institution: Kernel, database: str, redis_url: str, tmp_path: Path, test_plugins: list[str]
) -> Iterator[Celery]:
    made = Celery(database, redis_url, tmp_path, test_plugins, processes=1)
    yield made
    made.stop()


def test_a_job_that_hangs_is_ended_with_its_process_and_the_others_are_done(
    institution: Kernel, chores: Any, row: Row, celery: Celery, relaying: None
) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        hangs = ctx.enqueue(chores.dawdle, name="hung", steps=1, seconds=600, told=False)
    names = enqueue(institution, chores, 4)
    celery.start()
    wait(lambda: row(hangs).error == "OutOfTime")
    wait(lambda: done(institution) == len(names))
    each_once(institution, chores, names)
    assert (row(hangs).state, row(hangs).failures) == ("ready", 1)
    assert celery.end() == 0
