"""How long callbacks take and how often they fail, by plugin; kept in memory, for the plugins page and the trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from time import perf_counter
from typing import Final

#: kind, plugin, name
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Timing:
    """What one callback came to since this process began.

    Args:
        kind: ``handler``, ``hook`` or ``job``.
        seconds, slowest: of all calls together, and of the slowest.
        failed: calls out of which an error came.
    """

    kind: str
    plugin: str
    name: str
    calls: int = 0
    failed: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


class Meter:
    """The times of one callback.

    A call is counted without a lock, which would cost as much as all the rest: of two threads that count the same thing
    in the same instant one may go uncounted. Nothing is decided by a single call.
    """

    __slots__ = ("calls", "failed", "seconds", "slowest")

    def __init__(self) -> None:
        self.calls = self.failed = 0
        self.seconds = self.slowest = 0.0

    def count(self, began: float, failed: bool, ended: float) -> None:
        """Count a call.

        Args:
            began, ended: by ``perf_counter``.
        """
        seconds = ended - began
        self.calls += 1
        self.seconds += seconds
        self.slowest = max(self.slowest, seconds)
        if failed:
            self.failed += 1


class Timings:
    """The timings of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.known: Final[dict[Key, Meter]] = {}

    def meter(self, kind: str, plugin: str, name: str) -> Meter:
        """Where the calls of a callback are counted."""
        key = (kind, plugin, name)
        found = self.known.get(key)
        if found is None:
            with self._lock:
                found = self.known.setdefault(key, Meter())
        return found

    @contextmanager
    def timed(self, kind: str, plugin: str, name: str) -> Iterator[None]:
        """Count and time the block; an exception counts as a failure and goes on."""
        began = perf_counter()
        failed = True
        try:
            yield
            failed = False
        finally:
            self.meter(kind, plugin, name).count(began, failed, perf_counter())

    def all(self) -> list[Timing]:
        """Every callback that was called, the costliest first."""
        with self._lock:
            known = list(self.known.items())
        found = [
            Timing(*key, each.calls, each.failed, each.seconds, each.slowest) for key, each in known
        ]
        return sorted((each for each in found if each.calls), key=lambda timing: -timing.seconds)

    def average(self, kind: str, plugin: str, name: str) -> float | None:
        """Seconds that a callback took on average; None where it wasn't called."""
        known = self.known.get((kind, plugin, name))
        return known.seconds / known.calls if known is not None and known.calls else None

    def of_plugin(self, plugin: str) -> list[Timing]:
        """Those of one plugin, the costliest first."""
        return [timing for timing in self.all() if timing.plugin == plugin]
