"""A figure: what was measured, against whom, and whether the bar holds."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from tenor.clock import Clock

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "bench" / "results.json"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A measurement.

    Args:
        part: of the plan.
        work: what was done.
        value: how much ours took, in ``unit``.
        bare: how much the same work by hand took; None where there is none to compare with.
        peer: how much another system took for it; compared with where there is no ``bare``.
        bar: what is to be reached, as a ratio where there is something to compare with, else in ``unit``; None: only
            told.
        runs: how many were taken; the figure is their median.
    """

    part: int
    work: str
    value: float
    unit: str
    bare: float | None = None
    peer: float | None = None
    bar: float | None = None
    runs: int = 1

    @property
    def ratio(self) -> float | None:
        """Ours to bare, or to the peer."""
        beside = self.bare or self.peer
        return self.value / beside if beside else None

    @property
    def holds(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        if self.bar is None:
            return None
        return (self.ratio if self.ratio is not None else self.value) <= self.bar


def show(figure: Figure) -> None:
    """A line of the table."""
    ratio = f"{figure.ratio:6.2f} ×" if figure.ratio is not None else " " * 8
    bar = f"bar {figure.bar:g}" if figure.bar is not None else ""
    verdict = {True: "holds", False: "MISSED", None: ""}[figure.holds]
    beside = figure.bare if figure.bare is not None else figure.peer
    name = "bare" if figure.bare is not None else "peer"
    bare = f"{name} {beside:9.3f}" if beside is not None else " " * 14
    print(
        f"{figure.part}  {figure.work:<52} {figure.value:10.3f} {figure.unit:<4} {bare} {ratio} {bar:<8} {verdict}",
        flush=True,
    )


def keep(figures: list[Figure]) -> None:
    """Write them into ``bench/results.json``; what was measured of other works stays there, with its own date."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    about = {
        "commit": commit,
        "when": Clock().now().isoformat(timespec="seconds"),
        "load": os.getloadavg()[0],
    }
    rows = [{**asdict(one), "ratio": one.ratio, "holds": one.holds, **about} for one in figures]
    taken = {row["work"] for row in rows}
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    rows = [row for row in before if row["work"] not in taken] + rows
    RESULTS.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
