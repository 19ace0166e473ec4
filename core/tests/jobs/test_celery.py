"""The distributed set-up, whole: PostgreSQL, Redis, a Celery worker, a relay.

Redis loses everything, delivers twice, and is away; workers are killed; each job has one effect.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from core.tests.jobs.distributed import Celery, done, each_once, enqueue, wait
from tenor.jobs import celery_app
from tenor.jobs.leases import job
from tenor.jobs.relay import Message, Relay
from tenor.kernel import Kernel
from tenor.testing import build
from tenor_test_support import PostgresServer, RedisServer

CLERK = "lin.xiaowen"


@pytest.fixture
def database(
    plugins: tuple[str, ...],
    postgres_server: PostgresServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Distributed means PostgreSQL, whatever databases the other tests run on."""
    folder = tmp_path_factory.mktemp("celery")
    template = postgres_server.template(
        "institution-chores", lambda url: build(url, plugins, folder)
    )
    with postgres_server.database(template) as made:
        yield made.url


@pytest.fixture
def distributed(institution: Kernel, redis_url: str) -> Kernel:
    institution.settings = institution.settings.but(mode="distributed", redis_url=redis_url)
    return institution


@pytest.fixture
def celery(
    distributed: Kernel, database: str, redis_url: str, tmp_path: Path, test_plugins: list[str]
) -> Iterator[Celery]:
    made = Celery(database, redis_url, tmp_path, test_plugins)
    yield made
    made.stop()


@pytest.fixture
def relaying(distributed: Kernel) -> Iterator[Relay]:
    """A relay that runs, and is soon of the opinion that a message was lost."""
    made = celery_app.relay(distributed, resend_after=1.0)
    over = Event()
    thread = Thread(target=made.run, args=(over,))
    thread.start()
    yield made
    over.set()
    thread.join()


def test_jobs_are_done_whatever_becomes_of_redis_and_of_workers(
    distributed: Kernel, chores: Any, celery: Celery, relaying: Relay, redis_server: RedisServer
) -> None:
    celery.start()
    names = enqueue(distributed, chores, 40, seconds=0.05)
    wait(lambda: done(distributed) >= 5)
    redis_server.flush()  # it forgets every message
    wait(lambda: done(distributed) >= 10)
    redis_server.stop()  # it is away, and comes back empty
    redis_server.start()
    wait(lambda: celery.supervised() and done(distributed) >= 15)
    celery.end(kill=True)  # a worker dies with jobs in its hands
    celery.start()
    wait(lambda: celery.supervised() and done(distributed) == len(names), seconds=150)
    each_once(distributed, chores, names)
    assert celery.end() == 0  # asked to end, it ends cleanly


def test_messages_delivered_twice_have_one_effect(
    distributed: Kernel, chores: Any, celery: Celery
) -> None:
    names = enqueue(distributed, chores, 12)
    publish = celery_app.publisher(celery_app.make_app(distributed))
    with distributed.db.raw(write=False) as connection:
        ids = connection.execute(select(job.c.id).where(job.c.plugin == "chores")).scalars().all()
    for _ in range(3):
        publish([Message(job_id, "chores") for job_id in ids])
    celery.start()
    wait(lambda: done(distributed) == len(names))
    each_once(distributed, chores, names)


def test_celery_isnt_imported_where_it_isnt_asked_for() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, tenor.jobs, tenor.jobs.celery_app as c; print('celery' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False"


def test_jobs_share_messages_by_how_many_lie_in_the_broker_already() -> None:
    def sizes(count: int, beside: int) -> list[int]:
        messages = [Message(number, "default", beside) for number in range(count)]
        return [len(ids) for _queue, ids in celery_app._bundled(messages)]

    assert sizes(20, 0) == [1] * 20
    assert sizes(20, 300) == [20]
    assert sizes(120, 10_000) == [50, 50, 20]
