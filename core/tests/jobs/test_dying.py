"""Whoever works dies at each single statement, and before each commit: every effect is there once."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs

pytestmark = [pytest.mark.both_databases, pytest.mark.soak]

SOAKING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
#: every day some of the statements, others on SQLite than on PostgreSQL; in a soak each of them
STEP = 1 if SOAKING else 17


def _unfinished(institution: Kernel) -> int:
    waiting = select(func.count()).where(
        job.c.state.in_(("ready", "leased", "parts")), job.c.plugin == "chores"
    )
    with institution.db.raw(write=False) as connection:
        return int(connection.execute(waiting).scalar_one())


def test_a_worker_that_dies_at_any_statement_leaves_each_effect_once(
    institution: Kernel,
    chores: Any,
    database: str,
    tmp_path: Path,
    test_plugins: list[str],
    effects: Callable[[], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tenor.jobs.runs.MOST_LOST", 10**6)
    (tmp_path / "provider").mkdir()
    path = os.pathsep.join([*test_plugins, os.environ.get("PYTHONPATH", "")])
    script = str(Path(__file__).with_name("dying_process.py"))
    first = "1" if SOAKING or institution.db.writers_wait else "9"
    said = subprocess.run(
        [sys.executable, script, str(tmp_path), first, str(STEP)],
        env={**os.environ, "PYTHONPATH": path, "TENOR_TEST_DATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-3000:]
    died = int(said.stdout)
    end = monotonic() + 60
    while _unfinished(institution):
        assert monotonic() < end, "jobs are left"
        run_jobs(institution)
        sleep(0.02)
    runs = died + 1  # the last one came through
    assert died >= 5
    made = Counter(effects())
    del made["looked round"]
    plain = [name for name in made if name.startswith("plain")]
    paid = [name for name in made if name.startswith("paid")]
    assert (len(plain), len(paid)) == (runs, runs)
    assert {made[name] for name in (*plain, *paid)} == {1}
    for step in ("rooms counted", "room 0", "room 1", "all clean"):
        assert made[step] == runs, step
    calls = [len(one.read_text().splitlines()) for one in (tmp_path / "provider").iterdir()]
    assert calls == [1] * runs
    with as_actor(institution, "lin.xiaowen", write=False) as ctx:
        states = select(job.c.state).where(job.c.plugin == "chores").distinct()
        assert list(institution.db.execute(ctx.session, states).scalars()) == ["done"]
