"""How long callbacks take and how often they fail, by plugin; kept in memory, for the plugins page and the metrics."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter
from types import TracebackType
from typing import Any, Final

from tenor.meters import Meter, Times
from tenor_sdk.errors import Refused, TenorError

#: kind (``hook``, ``handler``, ``guard``, ``job``, ``tile`` …), plugin, name
Key = tuple[str, str, str]
#: of these an error that isn't a refusal is none of their answers: it is put on record, or the job is tried again
_ANSWERED_BY_REFUSING: Final = frozenset(("handler", "hook", "job"))
#: told of each call: its key and its seconds
Listener = Callable[[Key, float], None]


@dataclass(frozen=True)
class Timing:
    """What one callback came to in this process.

    Args:
        kind: ``handler``, ``hook``, ``guard``, ``job``, ``transition``, ``callback``, ``action``, ``page``, ``panel``,
            ``tile``, ``heading`` or ``offer`` (whether an action is offered).
        lately, ever: of the last hour, and since the process began.
    """

    kind: str
    plugin: str
    name: str
    lately: Times = field(default_factory=Times)
    ever: Times = field(default_factory=Times)

    @property
    def calls(self) -> int:
        return self.ever.calls

    @property
    def failed(self) -> int:
        """Calls out of which an error came that is nobody's answer."""
        return self.ever.failed

    @property
    def seconds(self) -> float:
        return self.ever.seconds

    @property
    def slowest(self) -> float:
        return self.ever.slowest


class Timings:
    """The timings of this process.

    Attributes:
        known: for each callback where its calls are counted.
        listener: hears of each call; for those who develop.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.known: dict[Key, Meter] = {}
        self.listener: Listener | None = None

    def meter(self, kind: str, plugin: str, name: str) -> Meter:
        """Where the calls of a callback are counted."""
        key = (kind, plugin, name)
        found = self.known.get(key)
        if found is None:
            with self._lock:
                found = self.known.setdefault(key, Meter())
        return found

    def timed(self, kind: str, plugin: str, name: str) -> AbstractContextManager[None]:
        """Count and time the block; an exception counts as a failure, where it is no answer, and goes on."""
        key = (kind, plugin, name)
        return _Timed(self.known.get(key) or self.meter(*key), key, self.listener)

    def all(self) -> list[Timing]:
        """Every callback that was called, the costliest first."""
        with self._lock:
            known = list(self.known.items())
        found = [Timing(*key, meter.lately(), meter.ever()) for key, meter in known]
        return sorted((each for each in found if each.calls), key=lambda timing: -timing.seconds)

    def average(self, kind: str, plugin: str, name: str) -> float | None:
        """Seconds that a callback took on average; None where it wasn't called."""
        known = self.known.get((kind, plugin, name))
        return known.average() if known is not None else None

    def of_plugin(self, plugin: str) -> list[Timing]:
        """Those of one plugin, the costliest first."""
        return [timing for timing in self.all() if timing.plugin == plugin]


class _Timed(AbstractContextManager[None]):
    """One call. A class, as a generator would cost as much again as all that it counts."""

    __slots__ = ("_began", "_key", "_listener", "_meter")

    def __init__(self, meter: Meter, key: Key, listener: Listener | None) -> None:
        self._meter, self._key, self._listener = meter, key, listener

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        ended = perf_counter()
        failed = error is not None and is_failure(self._key[0], error)
        self._meter.count(self._began, failed, ended)
        if self._listener is not None:
            self._listener(self._key, ended - self._began)


def is_failure(kind: str, error: BaseException) -> bool:
    """Whether an error that came out of a callback is nobody's answer."""
    if not isinstance(error, (Exception, SystemExit)):
        return False  # it was stopped from outside: a job that is cancelled, Ctrl-C
    return not isinstance(error, Refused if kind in _ANSWERED_BY_REFUSING else TenorError)


def place_of(function: Any, otherwise: str) -> str:
    """A function's place in its plugin, by which it is known: ``tenor_loans.views.open_tasks``.

    Args:
        otherwise: for one without a name of its own.
    """
    name = getattr(function, "__qualname__", "")
    return otherwise if not name or "<" in name else f"{function.__module__}.{name}"
