"""How long something takes, counted in a fixed histogram whose steps grow with the time: one increment a call.

A quantile is read from it to within one step, which is a quarter of the time at most; what it costs and keeps doesn't
grow with the number of calls. Of the last hour by slices of five minutes; of all that was before, only the sum.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter
from typing import Final

#: seconds of a slice, and how many of them are looked back on
SLICE: Final = 300.0
SLICES: Final = 12
#: microseconds below which each has a step of its own; above, each doubling has four
_FINE: Final = 8
_QUARTERS: Final = 4
#: the last step: what takes longer than two minutes
LAST: Final = 104
_HIGHEST: Final = 2**27


def end_of(step: int) -> float:
    """The seconds at which a step ends; of the last one, at which it begins."""
    if step < _FINE:
        return (step + 1) / 1_000_000
    if step >= LAST:
        return _HIGHEST / 1_000_000
    doublings, quarter = divmod(step - _FINE, _QUARTERS)
    return ((quarter + _QUARTERS + 1) << (doublings + 1)) / 1_000_000


#: where each step but the last ends
_ENDS: Final = [end_of(step) for step in range(LAST)]


def step_of(seconds: float) -> int:
    """In which step a time falls."""
    return bisect_right(_ENDS, seconds)


@dataclass(frozen=True)
class Times:
    """What some calls came to.

    Args:
        failed: calls out of which an error came.
        seconds, slowest: of all of them together, and of the slowest.
        steps: how many fell in which step.
    """

    calls: int = 0
    failed: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    steps: Mapping[int, int] = field(default_factory=dict)

    def quantile(self, share: float) -> float | None:
        """The time within which a share of the calls was over, to the end of its step; None where there was none."""
        if not self.calls:
            return None
        wanted = max(1.0, share * self.calls)
        seen = 0
        for step in sorted(self.steps):
            seen += self.steps[step]
            if seen >= wanted:
                return self.slowest if step == LAST else min(end_of(step), self.slowest)
        return self.slowest

    @property
    def median(self) -> float | None:
        return self.quantile(0.5)

    @property
    def p95(self) -> float | None:
        return self.quantile(0.95)

    def within(self, seconds: float) -> int:
        """How many took no longer than this; exact where a step ends there."""
        return sum(
            times for step, times in self.steps.items() if step < LAST and end_of(step) <= seconds
        )


class _Slice:
    """What fell in one slice, or in all before."""

    __slots__ = ("ends", "failed", "number", "seconds", "slowest", "steps")

    def __init__(self, number: int) -> None:
        self.number = number
        self.ends = (number + 1) * SLICE
        self.failed = 0
        self.seconds = self.slowest = 0.0
        self.steps = [0] * (LAST + 1)

    def lasted(self, seconds: float) -> None:
        """A call that took longer than those before; seldom, and so not worth a function call each time."""
        self.slowest = seconds

    def add(self, other: _Slice) -> None:
        self.failed += other.failed
        self.seconds += other.seconds
        self.slowest = max(self.slowest, other.slowest)
        self.steps = [one + more for one, more in zip(self.steps, other.steps, strict=True)]

    def told(self) -> Times:
        steps = {step: times for step, times in enumerate(self.steps) if times}
        return Times(sum(steps.values()), self.failed, self.seconds, self.slowest, steps)


class Meter:
    """The times of one thing in this process.

    A call is counted without a lock, which would cost as much as all the rest: of two threads that count the same thing
    in the same instant one may go uncounted. Nothing is decided by a single call.

    Attributes:
        failures: calls out of which an error came.
        odds: how many more calls failed lately than went well; never less than none.
    """

    __slots__ = ("_lock", "_now", "_past", "_slices", "failures", "odds")

    def __init__(self) -> None:
        self._lock = Lock()
        self._now = _Slice(-1)
        self._slices: list[_Slice] = []
        self._past = _Slice(-1)
        self.failures = 0
        self.odds = 0

    def count(self, began: float, failed: bool, ended: float) -> None:
        """Count a call.

        Args:
            began, ended: by ``perf_counter``.
        """
        seconds = ended - began
        now = self._now
        if ended >= now.ends:
            now = self._turn(int(ended // SLICE))
        now.steps[bisect_right(_ENDS, seconds)] += (
            1  # step_of, which would cost as much as all the rest
        )
        now.seconds += seconds
        if seconds > now.slowest:
            now.lasted(seconds)
        if failed:
            now.failed += 1
            self.failures += 1
            self.odds += 1
        elif self.odds:
            self.odds -= 1

    def _turn(self, number: int) -> _Slice:
        """Begin a slice; what is older than is looked back on goes into the sum."""
        with self._lock:
            if self._now.number != number:
                self._slices = [each for each in self._slices if not self._leaves(each, number)]
                self._now = _Slice(number)
                self._slices.append(self._now)
            return self._now

    def _leaves(self, each: _Slice, number: int) -> bool:
        if each.number > number - SLICES:
            return False
        self._past.add(each)
        return True

    def lately(self, at: float | None = None) -> Times:
        """What the calls of the last hour came to.

        Args:
            at: by ``perf_counter``; by default now.
        """
        number = int((perf_counter() if at is None else at) // SLICE)
        with self._lock:
            return _sum(each for each in self._slices if each.number > number - SLICES)

    def ever(self) -> Times:
        """What all calls came to since this process began."""
        with self._lock:
            return _sum((self._past, *self._slices))

    def average(self) -> float | None:
        """Seconds that a call took on average in this slice, else ever; None where there was none."""
        calls = sum(self._now.steps)
        if calls:
            return self._now.seconds / calls
        ever = self.ever()
        return ever.seconds / ever.calls if ever.calls else None


def _sum(slices: Iterable[_Slice]) -> Times:
    found = _Slice(0)
    for each in slices:
        found.add(each)
    return found.told()
