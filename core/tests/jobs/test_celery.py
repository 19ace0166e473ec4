"""The distributed set-up, whole: PostgreSQL, Redis, a Celery worker, a relay.

Redis loses everything, delivers twice, and is away; workers are killed; each job has one effect.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.jobs import celery_app
from tenor.jobs.leases import job
from tenor.jobs.relay import Message, Relay
from tenor.kernel import Kernel
from tenor.testing import as_actor, build
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


class Celery:
    """Celery worker processes."""

    def __init__(self, url: str, redis_url: str, folder: Path, paths: list[str]) -> None:
        path = os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")])
        self._environment = {**os.environ, "PYTHONPATH": path, "TENOR_TEST_DATABASE": url}
        self._words = [str(Path(__file__).with_name("celery_process.py")), str(folder), redis_url]
        self._log = (folder / "celery.log").open("ab")
        self.running: list[subprocess.Popen[str]] = []

    def start(self) -> None:
        process = subprocess.Popen(
            [sys.executable, *self._words],
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self.running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", "a Celery worker didn't come up"

    def supervised(self) -> bool:
        """One that ended by itself is started anew, as its supervisor would."""
        if self.running[0].poll() is not None:
            self.end()
            self.start()
        return True

    def end(self, *, kill: bool = False) -> int:
        """End the oldest; its exit code."""
        process = self.running.pop(0)
        process.kill() if kill else process.terminate()
        code = process.wait(60)
        assert process.stdout is not None
        process.stdout.close()
        return code

    def stop(self) -> None:
        while self.running:
            self.end(kill=True)
        self._log.close()


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


def _enqueue(institution: Kernel, chores: Any, count: int, seconds: float = 0) -> list[str]:
    names = [f"chore {number}" for number in range(count)]
    with as_actor(institution, CLERK) as ctx:
        for name in names:
            ctx.enqueue(chores.slow_effect, name=name, seconds=seconds)
    return names


def _done(institution: Kernel) -> int:
    done = select(func.count()).where(job.c.state == "done", job.c.name == "chores.slow_effect")
    with institution.db.raw(write=False) as connection:
        return int(connection.execute(done).scalar_one())


def _wait(until: Callable[[], bool], seconds: float = 90) -> None:
    end = monotonic() + seconds
    while not until():
        assert monotonic() < end, "it didn't come to pass in time"
        sleep(0.02)


def _each_once(institution: Kernel, chores: Any, names: list[str]) -> None:
    with as_actor(institution, CLERK, write=False) as ctx:
        effects = Counter(name for name in chores.names(ctx) if name.startswith("chore "))
    assert effects == Counter(names)


def test_jobs_are_done_whatever_becomes_of_redis_and_of_workers(
    distributed: Kernel, chores: Any, celery: Celery, relaying: Relay, redis_server: RedisServer
) -> None:
    celery.start()
    names = _enqueue(distributed, chores, 40, seconds=0.05)
    _wait(lambda: _done(distributed) >= 5)
    redis_server.flush()  # it forgets every message
    _wait(lambda: _done(distributed) >= 10)
    redis_server.stop()  # it is away, and comes back empty
    redis_server.start()
    _wait(lambda: celery.supervised() and _done(distributed) >= 15)
    celery.end(kill=True)  # a worker dies with jobs in its hands
    celery.start()
    _wait(lambda: celery.supervised() and _done(distributed) == len(names), seconds=150)
    _each_once(distributed, chores, names)
    assert celery.end() == 0  # asked to end, it ends cleanly


def test_messages_delivered_twice_have_one_effect(
    distributed: Kernel, chores: Any, celery: Celery
) -> None:
    names = _enqueue(distributed, chores, 12)
    publish = celery_app.publisher(celery_app.make_app(distributed))
    with distributed.db.raw(write=False) as connection:
        ids = connection.execute(select(job.c.id).where(job.c.plugin == "chores")).scalars().all()
    for _ in range(3):
        publish([Message(job_id, "chores") for job_id in ids])
    celery.start()
    _wait(lambda: _done(distributed) == len(names))
    _each_once(distributed, chores, names)


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
