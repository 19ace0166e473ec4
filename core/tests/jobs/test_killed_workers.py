"""Workers that are killed at any point: every job is done, each with one effect, each outside call made once."""

import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.testing import as_actor

pytestmark = [pytest.mark.both_databases, pytest.mark.soak]

CLERK = "lin.xiaowen"
SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
KILLS, JOBS = (60, 4000) if SOAKING else (4, 160)
LEASE_SECONDS = 0.5
WORKERS = 3


class Workers:
    """Worker processes, of which one is killed now and then and another takes its place."""

    def __init__(self, url: str, folder: Path, paths: list[str]) -> None:
        path = os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")])
        self._environment = {**os.environ, "PYTHONPATH": path, "TENOR_TEST_DATABASE": url}
        self._folder = folder
        self._running: list[subprocess.Popen[str]] = []
        self.killed = 0

    def start(self, count: int) -> None:
        """Start so many, and wait until each works."""
        script = [sys.executable, str(Path(__file__).with_name("worker_process.py"))]
        fresh = [
            subprocess.Popen(
                [*script, str(self._folder), str(LEASE_SECONDS)],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            for _ in range(count)
        ]
        self._running.extend(fresh)
        for process in fresh:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", "a worker didn't come up"

    def kill_one(self) -> None:
        """SIGKILL: no clean-up of any kind."""
        victim = self._running.pop(secrets.randbelow(len(self._running)))
        self._kill(victim)
        self.killed += 1

    def stop(self) -> None:
        while self._running:
            self._kill(self._running.pop())

    def _kill(self, process: subprocess.Popen[str]) -> None:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def workers(
    institution: Kernel, database: str, tmp_path: Path, test_plugins: list[str]
) -> Iterator[Workers]:
    made = Workers(database, tmp_path, test_plugins)
    yield made
    made.stop()


def _enqueue(institution: Kernel, chores: Any, folder: Path) -> None:
    """Mostly quick jobs, some that take longer than their lease once, some that pay outside."""
    with as_actor(institution, CLERK) as ctx:
        for number in range(JOBS):
            name = f"chore {number}"
            if number % 40 == 7:
                ctx.enqueue(chores.slow_effect, name=name, seconds=LEASE_SECONDS * 0.9)
            elif number % 8 == 3:
                ctx.enqueue(chores.pay, folder=str(folder), reference=f"p{number}")
            else:
                ctx.enqueue(chores.slow_effect, name=name, seconds=0.02)


def _unfinished(institution: Kernel) -> int:
    waiting = select(func.count()).where(job.c.state.in_(("ready", "leased")))
    with institution.db.raw(write=False) as connection:
        return int(connection.execute(waiting.where(job.c.plugin == "chores")).scalar_one())


def _work_while_killing(institution: Kernel, workers: Workers) -> None:
    """Kill one each time a share of the jobs is done, until all are."""
    end, step = monotonic() + 60 + JOBS, JOBS // (KILLS + 1)
    next_kill = JOBS - step
    while left := _unfinished(institution):
        assert monotonic() < end, f"{left} jobs are left"
        if left <= next_kill and workers.killed < KILLS:
            workers.kill_one()
            workers.start(1)
            next_kill = left - step
        sleep(0.01)


def test_whoever_is_killed_every_job_has_one_effect(
    institution: Kernel, chores: Any, workers: Workers, tmp_path: Path
) -> None:
    folder = tmp_path / "provider"
    folder.mkdir()
    workers.start(WORKERS)
    _enqueue(institution, chores, folder)
    _work_while_killing(institution, workers)
    workers.stop()
    with as_actor(institution, CLERK, write=False) as ctx:
        effects = Counter(name for name in chores.names(ctx) if name != "looked round")
    assert len(effects) == JOBS
    assert set(effects.values()) == {1}
    calls = {path.name: len(path.read_text().splitlines()) for path in folder.iterdir()}
    assert len(calls) == JOBS // 8
    assert max(calls.values()) == 1
    with institution.db.raw(write=False) as connection:
        states = connection.execute(
            select(job.c.state, func.count()).where(job.c.plugin == "chores").group_by(job.c.state)
        )
        assert {tuple(row) for row in states} == {("done", JOBS)}
    assert workers.killed >= 1
