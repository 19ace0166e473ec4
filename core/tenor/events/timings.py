"""How long callbacks take and how often they fail, by plugin; kept in memory, for the plugins page and the trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter


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


class Timings:
    """The timings of this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: dict[tuple[str, str, str], Timing] = {}

    @contextmanager
    def timed(self, kind: str, plugin: str, name: str) -> Iterator[None]:
        """Count and time the block; an exception counts as a failure and goes on."""
        began = perf_counter()
        failed = True
        try:
            yield
            failed = False
        finally:
            self._count((kind, plugin, name), perf_counter() - began, failed)

    def all(self) -> list[Timing]:
        """Every callback that was called, the costliest first."""
        with self._lock:
            return sorted(self._known.values(), key=lambda timing: -timing.seconds)

    def average(self, kind: str, plugin: str, name: str) -> float | None:
        """Seconds that a callback took on average; None where it wasn't called."""
        known = self._known.get((kind, plugin, name))
        return known.seconds / known.calls if known is not None else None

    def of_plugin(self, plugin: str) -> list[Timing]:
        """Those of one plugin, the costliest first."""
        return [timing for timing in self.all() if timing.plugin == plugin]

    def _count(self, key: tuple[str, str, str], seconds: float, failed: bool) -> None:
        with self._lock:
            before = self._known.get(key) or Timing(*key)
            self._known[key] = replace(
                before,
                calls=before.calls + 1,
                failed=before.failed + failed,
                seconds=before.seconds + seconds,
                slowest=max(before.slowest, seconds),
            )
