"""A fair lock before ``BEGIN IMMEDIATE``.

SQLite's busy handler sleeps between tries, so whoever releases and takes again wins, and a busy worker starved every
request in a trial (decision on fair writing). First come, first served cures it: the wait is one transaction.
"""

from __future__ import annotations

from collections import deque
from threading import Event, Lock

from tenor_sdk.errors import Conflict


class FairLock:
    """A lock that is handed over in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._held = False
        self._waiting: deque[Event] = deque()

    def acquire(self, timeout: float = 30.0) -> None:
        """Wait for one's turn.

        Args:
            timeout: seconds.

        Raises:
            Conflict: ``database-busy``: the turn didn't come in time.
        """
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return
        with self._guard:
            if turn.is_set():  # handed over between the time-out and here
                return
            self._waiting.remove(turn)
        raise Conflict("database-busy")

    def release(self) -> None:
        """Hand it to whoever has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False
