"""The distributed set-up while everything fails by turns: Redis away, empty, or delivering twice, PostgreSQL crashed,
workers killed. Jobs and work in parts have their effects once."""

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Row, Select, func, select
from sqlalchemy.exc import DBAPIError

from core.tests.jobs.distributed import CLERK, Celery, enqueue, wait
from tenor.jobs import celery_app
from tenor.jobs.leases import job
from tenor.jobs.relay import Message, Publish
from tenor.kernel import Kernel
from tenor.testing import as_actor, build
from tenor_test_support import RedisServer
from tenor_test_support.postgres import durable

pytestmark = pytest.mark.soak

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
#: each fault once, every day; in a soak hundreds of them, Redis being away for two minutes now and then
ROUNDS, JOBS, PARTS = (60, 25, 10) if SOAKING else (1, 20, 6)
AWAY, LONG_AWAY, NOW_AND_THEN = 3.0, 120.0, 10


@pytest.fixture(scope="module")
def crash_and_url(
    plugins: tuple[str, ...], test_plugins: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Callable[[], None], str]]:
    with durable() as (server, crash), server.database() as made:
        build(made.url, plugins, tmp_path_factory.mktemp("faults"))
        yield crash, made.url


@pytest.fixture
def database(crash_and_url: tuple[Callable[[], None], str]) -> str:
    return crash_and_url[1]


class Faults:
    """What may happen, each as one function."""

    def __init__(
        self, kernel: Kernel, celery: Celery, redis: RedisServer, crash: Callable[[], None]
    ) -> None:
        self.kernel, self.celery, self.redis, self.crash = kernel, celery, redis, crash
        self._times_away = 0
        self.all: list[Callable[[], None]] = [
            redis.flush, self.away, self.twice, crash, self.kill, self.long_away,
        ]  # fmt: skip

    def away(self) -> None:
        self.redis.stop()
        sleep(0.5)
        self.redis.start()

    def long_away(self) -> None:
        self._times_away += 1
        self.redis.stop()
        sleep(AWAY if self._times_away % NOW_AND_THEN else LONG_AWAY)
        self.redis.start()

    def twice(self) -> None:
        """Everything that isn't done comes again, whether it was sent or not."""
        ids = select(job.c.id, job.c.queue).where(job.c.state.in_(("ready", "leased")))
        found: list[Sequence[Row[Any]] | None] = []

        def read() -> bool:
            found.append(_read(self.kernel, ids))
            return found[-1] is not None

        wait(read, seconds=60)  # the database may be on its way up again
        publish: Publish = celery_app.publisher(celery_app.make_app(self.kernel))
        for _ in range(2):
            publish([Message(row.id, row.queue) for row in found[-1] or ()])

    def kill(self) -> None:
        self.celery.end(kill=True)
        self.celery.start()

    def over(self) -> bool:
        """Whether all is done, by workers of which one that ends by itself is always started anew."""
        return self.celery.supervised() and _left(self.kernel) == 0


@pytest.fixture
def faults(
    institution: Kernel,
    crash_and_url: tuple[Callable[[], None], str],
    redis_server: RedisServer,
    redis_url: str,
    tmp_path: Path,
    test_plugins: list[str],
) -> Iterator[Faults]:
    institution.settings = institution.settings.but(mode="distributed", redis_url=redis_url)
    celery = Celery(crash_and_url[1], redis_url, tmp_path, test_plugins)
    celery.start()
    relay, over = celery_app.relay(institution, resend_after=1.0), Event()
    thread = Thread(target=relay.run, args=(over,))
    thread.start()
    yield Faults(institution, celery, redis_server, crash_and_url[0])
    over.set()
    thread.join()
    celery.stop()


def _left(institution: Kernel) -> int | None:
    """How many aren't done; None while the database is away."""
    waiting = select(func.count()).where(job.c.plugin == "chores", job.c.state != "done")
    rows = _read(institution, waiting)
    return None if rows is None else int(rows[0][0])


def _read(institution: Kernel, statement: Select[Any]) -> Sequence[Row[Any]] | None:
    try:
        with institution.db.raw(write=False) as connection:
            return connection.execute(statement).all()
    except DBAPIError:
        return None


def test_whatever_fails_in_whatever_order_each_effect_is_there_once(
    institution: Kernel, chores: Any, faults: Faults
) -> None:
    expected: Counter[str] = Counter()
    chance = random.Random(4)  # noqa: S311 -- the same order in each run, no secret
    for _ in range(ROUNDS):
        wait(faults.over, seconds=240)
        expected.update(enqueue(institution, chores, JOBS, seconds=0.03))
        with as_actor(institution, CLERK) as ctx:
            ctx.enqueue(chores.clean_up, count=PARTS, seconds=0.02)
        expected.update(["rooms counted", "all clean", *(f"room {n}" for n in range(PARTS))])
        for fault in chance.sample(faults.all, len(faults.all)):
            fault()
            sleep(chance.random() * 0.3)
            faults.celery.supervised()
    wait(faults.over, seconds=240)
    with as_actor(institution, CLERK, write=False) as ctx:
        made = Counter(name for name in chores.names(ctx) if name != "looked round")
    assert made == expected
