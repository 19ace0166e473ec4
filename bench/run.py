"""Every performance figure we have: printed, and written to bench/results.json. `make bench`.

Each is the best of several runs in fresh processes: on a shared machine the best is the least wrong. CPU seconds are
compared before wall seconds.
"""

from __future__ import annotations

import gzip
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results.json"
ROUNDS = 5


@dataclass(frozen=True)
class Figure:
    """A measurement: what, how much, in which unit."""

    name: str
    value: float
    unit: str


def main() -> None:
    """Measure, print, write."""
    figures = list(_figures())
    width = max(len(figure.name) for figure in figures)
    for figure in figures:
        print(f"{figure.name:<{width}}  {figure.value:>10,.3f} {figure.unit}")
    machine = {
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "system": platform.system(),
    }
    told = {"machine": machine, "figures": [asdict(figure) for figure in figures]}
    RESULTS.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def _figures() -> Iterator[Figure]:
    for module in ("tenor_sdk", "tenor.boot", "tenor.cli"):
        yield from _fresh(f"import {module}", f"import {module}")
    static = ROOT / "core" / "tenor" / "web" / "static"
    for suffix in ("css", "js"):
        files = [path for path in static.rglob(f"*.{suffix}") if "echarts" not in path.name]
        packed = sum(len(gzip.compress(path.read_bytes())) for path in files)
        yield Figure(f"{suffix} of a page without charts, gzipped", packed / 1024, "KB")


def _fresh(name: str, program: str) -> Iterator[Figure]:
    """Wall and CPU seconds of a program in a new process, less those of an empty one."""
    wall, cpu = _best(program)
    empty_wall, empty_cpu = _best("pass")
    yield Figure(f"{name}, wall", wall - empty_wall, "s")
    yield Figure(f"{name}, CPU", cpu - empty_cpu, "s")


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


if __name__ == "__main__":
    main()
