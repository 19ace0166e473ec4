"""What jobs cost: ten thousand that do nothing, and how long after a commit one begins.

Embedded is SQLite and the worker's thread; distributed is PostgreSQL that writes through to the disk, a relay, Redis
and a Celery worker of two processes, beside a bare Celery task that does nothing on the same Redis.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, update

from bench.figures import ROOT, Figure
from bench.installing import PLUGINS, installed
from tenor.jobs.leases import job
from tenor.testing import as_actor, build, start, stop

if TYPE_CHECKING:
    from tenor.kernel import Kernel

JOBS: Final = int(os.environ.get("TENOR_BENCH_JOBS", "10000"))
COMMITS: Final = 100
PROCESSES: Final = 2
#: 2,500 jobs a second, as milliseconds for a thousand
_BAR: Final = 1000 / 2.5
#: 0.6 of what bare Celery does in the same time
_CELERY_BAR: Final = 1 / 0.6


def figures() -> Iterator[Figure]:
    """Milliseconds of wall for a thousand jobs, and of waiting."""
    from tenor_test_support.postgres import durable
    from tenor_test_support.redis_server import RedisServer

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(installed("mill", folder))
        embedded = f"sqlite:///{folder / 'mill.db'}"
        server, _ = stack.enter_context(durable())
        distributed = stack.enter_context(server.database()).url
        for url in (embedded, distributed):
            build(url, ["mill"], folder)
        with _kernel(embedded, folder) as kernel:
            yield _throughput(kernel, "embedded")
            yield _waiting(kernel, folder, "embedded", bar=200)
        redis = stack.enter_context(RedisServer())
        with _kernel(distributed, folder) as kernel:
            yield _throughput(kernel, "on PostgreSQL")
            yield from _through_celery(kernel, folder, redis.url)


@contextmanager
def _kernel(url: str, folder: Path) -> Iterator[Kernel]:
    from tenor.clock import Clock

    kernel = start(url, ["mill"], folder)
    kernel.clock = Clock()
    try:
        yield kernel
    finally:
        stop(kernel)


# -- ten thousand jobs ----------------------------------------------------------------------------


def _throughput(kernel: Kernel, where: str) -> Figure:
    """By the embedded worker, from its start to the last one's end."""
    _enqueue(kernel)
    worker = kernel.jobs.worker()
    begun = time.perf_counter()
    worker.start()
    _wait(lambda: _left(kernel) == 0)
    took = time.perf_counter() - begun
    worker.stop()
    work = f"{JOBS:,} jobs that do nothing, {where}, a thousand"
    return Figure(part=4, work=work, value=_per_thousand(took), unit="ms", bar=_BAR)


def _enqueue(kernel: Kernel) -> None:
    """One through the door, the others like it."""
    with as_actor(kernel, "lin.xiaowen") as ctx:
        first = ctx.enqueue(_mill().turn)
    with kernel.db.raw() as connection:
        row = dict(connection.execute(select(job).where(job.c.id == first)).mappings().one())
        del row["id"]
        connection.execute(insert(job), [row] * (JOBS - 1))


def _mill() -> Any:
    return importlib.import_module("tenor_mill")


def _left(kernel: Kernel) -> int:
    waiting = select(func.count()).where(job.c.plugin == "mill", job.c.state != "done")
    with kernel.db.raw(write=False) as connection:
        return int(connection.execute(waiting).scalar_one())


def _wait(until: Callable[[], bool], pause: float = 0.05) -> None:
    end = time.monotonic() + 300
    while not until():
        assert time.monotonic() < end, "the jobs aren't done after five minutes"
        time.sleep(pause)


def _per_thousand(seconds: float) -> float:
    return seconds * 1000 / JOBS * 1000


# -- from commit to start -------------------------------------------------------------------------


def _waiting(kernel: Kernel, folder: Path, where: str, *, bar: float) -> Figure:
    """The 95th percentile: a hundred commits, each when the worker is idle."""
    worker = kernel.jobs.worker()
    worker.start()
    figure = _struck(kernel, folder, where, bar=bar)
    worker.stop()
    return figure


def _struck(kernel: Kernel, folder: Path, where: str, *, bar: float) -> Figure:
    hours = folder / f"hours {where}"
    hours.touch()
    waits = []
    for number in range(COMMITS):
        time.sleep(0.05 + number % 7 * 0.03)  # at no fixed beat of whoever looks for it
        with as_actor(kernel, "lin.xiaowen") as ctx:
            ctx.enqueue(_mill().strike, begun=str(hours))
        committed = time.monotonic()
        waits.append(max(_next_strike(hours, number) - committed, 0.0))
    value = sorted(waits)[int(COMMITS * 0.95) - 1] * 1000
    work = f"from commit to start of a job, idle, p95, {where}"
    return Figure(part=4, work=work, value=value, unit="ms", bar=bar, runs=COMMITS)


def _next_strike(hours: Path, before: int) -> float:
    """When it struck next after so many times."""
    _wait(lambda: len(_struck_at(hours)) > before, pause=0.002)
    return _struck_at(hours)[-1]


def _struck_at(hours: Path) -> list[float]:
    """Whole lines: the last may be half written."""
    return [float(line) for line in hours.read_text().split("\n")[:-1]]


# -- through Celery -------------------------------------------------------------------------------


def _through_celery(kernel: Kernel, folder: Path, redis_url: str) -> Iterator[Figure]:
    from tenor.jobs import celery_app

    kernel.settings = kernel.settings.but(mode="distributed", redis_url=redis_url)
    with _process("ours", kernel.settings.database_url, str(folder), redis_url):
        with _relaying(celery_app.relay(kernel)):
            yield _struck(kernel, folder, "distributed", bar=300)
        with kernel.db.raw() as connection:
            connection.execute(update(job).where(job.c.plugin == "mill").values(state="done"))
        _enqueue(kernel)
        begun = time.perf_counter()
        with _relaying(celery_app.relay(kernel)):
            _wait(lambda: _left(kernel) == 0)
        ours = time.perf_counter() - begun
    bare = _bare(redis_url)
    work = f"{JOBS:,} jobs through Celery, prefork {PROCESSES}, a thousand"
    yield Figure(
        part=4,
        work=work,
        value=_per_thousand(ours),
        unit="ms",
        bare=_per_thousand(bare),
        bar=_CELERY_BAR,
    )


@contextmanager
def _relaying(relay: Any) -> Iterator[None]:
    over = Event()
    thread = Thread(target=relay.run, args=(over,))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _bare(redis_url: str) -> float:
    """Seconds from the first message to the last one's end, by as many processes."""
    from redis import Redis

    app = _bare_app(redis_url)
    with _process("bare", redis_url), Redis.from_url(redis_url) as redis:
        redis.flushall()
        begun = time.perf_counter()
        with app.producer_pool.acquire(block=True) as producer:
            for _ in range(JOBS):
                app.tasks["bare.turn"].apply_async(producer=producer, queue="bare")
        # a worker that takes the last message has begun all others; the few at hand end within a moment
        _wait(lambda: not redis.llen("bare") and not redis.hlen("unacked"), pause=0.01)
        return time.perf_counter() - begun


def _bare_app(redis_url: str) -> Any:
    from celery import Celery

    app = Celery("bare", broker=redis_url, set_as_current=False)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        worker_prefetch_multiplier=1,
        task_default_queue="bare",
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )

    def turn() -> None:
        """Do nothing."""

    app.task(turn, name="bare.turn", shared=False)
    return app


@contextmanager
def _process(*words: str) -> Iterator[None]:
    """A Celery worker of its own, ours or the bare one, until the block ends."""
    path = os.pathsep.join(
        [str(PLUGINS), *(each for each in sys.path if "site" in Path(each).name)]
    )
    environment = {**os.environ, "PYTHONPATH": path}
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.jobs", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


def _say_so(**_: object) -> None:
    print("ready", flush=True)


def main(kind: str, *words: str) -> None:
    """Be a worker."""
    from celery.signals import worker_ready

    worker_ready.connect(_say_so, weak=False)
    if kind == "bare":
        _bare_app(words[0]).worker_main(
            [
                "--quiet",
                "worker",
                "--pool=prefork",
                f"--concurrency={PROCESSES}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                "--loglevel=WARNING",
            ]
        )
        return
    from tenor.jobs.celery_app import run_worker

    url, folder, redis_url = words
    with _kernel(url, Path(folder)) as kernel:
        kernel.settings = kernel.settings.but(mode="distributed", redis_url=redis_url)
        run_worker(kernel, processes=PROCESSES)


if __name__ == "__main__":
    main(*sys.argv[1:])
