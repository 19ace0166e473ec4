"""How often something may be done, for each of many: counted in this process, forgotten once it has no more effect."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Final

#: of whom a pace is kept; the longest unheard-of are forgotten first
_MOST: Final = 10_000


class Pace:
    """So many times within a span; what wasn't used comes back bit by bit.

    Args:
        times: at once, and in each span.
        within: the span.
        clock: seconds that only go on.
    """

    def __init__(
        self, times: int, within: timedelta, clock: Callable[[], float] = monotonic
    ) -> None:
        self._times, self._clock = times, clock
        self._each = within.total_seconds() / times
        self._lock = Lock()
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def let(self, who: Hashable) -> bool:
        """Whether it may be done now; if so, it counts."""
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.pop(who, now), now) + self._each
            allowed = full_at - now <= self._each * self._times * (1 + 1e-9)
            self._full_at[who] = full_at if allowed else full_at - self._each
            if len(self._full_at) > _MOST:
                self._full_at.popitem(last=False)
            return allowed
