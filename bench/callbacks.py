"""What it costs to count and time a plugin's callback: a timed block, less an empty one, in the same process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from statistics import median
from time import process_time
from typing import Final

from bench.figures import Figure
from tenor.events import Timings

ROUNDS: Final = 9
CALLS: Final = 100_000


def figures() -> Iterator[Figure]:
    """Microseconds of CPU a call."""
    timings, nothing = Timings(), nullcontext()

    def timed() -> None:
        with timings.timed("hook", "plugin", "tenor_plugin.hooks.part"):
            pass

    def bare() -> None:
        with nothing:
            pass

    counted, empty = [], []
    for _round in range(ROUNDS):
        counted.append(_each(timed))
        empty.append(_each(bare))
    yield Figure(
        part=5,
        work="count and time one callback, CPU",
        value=(median(counted) - median(empty)) * 1e6,
        unit="µs",
        bar=1.0,
        runs=ROUNDS,
    )


def _each(act: Callable[[], None]) -> float:
    began = process_time()
    for _call in range(CALLS):
        act()
    return (process_time() - began) / CALLS
