"""The distributed set-up for tests: Celery workers in processes of their own, and what they have to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import func, select

from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.testing import as_actor

CLERK = "lin.xiaowen"


class Celery:
    """Celery worker processes."""

    def __init__(
        self, url: str, redis_url: str, folder: Path, paths: list[str], processes: int = 0
    ) -> None:
        path = os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")])
        self._environment = {**os.environ, "PYTHONPATH": path, "TENOR_TEST_DATABASE": url}
        self._words = [
            str(Path(__file__).with_name("celery_process.py")),
            str(folder),
            redis_url,
            str(processes),
        ]
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


def enqueue(institution: Kernel, chores: Any, count: int, seconds: float = 0) -> list[str]:
    names = [f"chore {number}" for number in range(count)]
    with as_actor(institution, CLERK) as ctx:
        for name in names:
            ctx.enqueue(chores.slow_effect, name=name, seconds=seconds)
    return names


def done(institution: Kernel) -> int:
    done = select(func.count()).where(job.c.state == "done", job.c.name == "chores.slow_effect")
    with institution.db.raw(write=False) as connection:
        return int(connection.execute(done).scalar_one())


def wait(until: Callable[[], bool], seconds: float = 90) -> None:
    end = monotonic() + seconds
    while not until():
        assert monotonic() < end, "it didn't come to pass in time"
        sleep(0.02)


def each_once(institution: Kernel, chores: Any, names: list[str]) -> None:
    with as_actor(institution, CLERK, write=False) as ctx:
        effects = Counter(name for name in chores.names(ctx) if name.startswith("chore "))
    assert effects == Counter(names)
