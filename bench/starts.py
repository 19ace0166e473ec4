"""How long a process takes until it can begin: in new ones, less an empty one, the best of several."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.figures import ROOT, Figure

ROUNDS = 5


def figures() -> Iterator[Figure]:
    """Wall and CPU seconds of an import."""
    for module in ("tenor_sdk", "tenor.boot", "tenor.cli"):
        wall, cpu = _best(f"import {module}")
        empty_wall, empty_cpu = _best("pass")
        yield Figure(
            part=1, work=f"import {module}, wall", value=wall - empty_wall, unit="s", runs=ROUNDS
        )
        yield Figure(
            part=1, work=f"import {module}, CPU", value=cpu - empty_cpu, unit="s", runs=ROUNDS
        )


def _best(program: str) -> tuple[float, float]:
    runs = [_run(program) for _ in range(ROUNDS)]
    return min(wall for wall, _ in runs), min(cpu for _, cpu in runs)


def _run(program: str) -> tuple[float, float]:
    before = os.times()
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
    wall = time.perf_counter() - begun
    after = os.times()
    spent = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    return wall, spent
