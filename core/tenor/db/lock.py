"""A fair lock before ``BEGIN IMMEDIATE``.

SQLite's busy handler sleeps between tries, so whoever releases and takes again wins, and a busy worker starved every
request in a trial (decision on fair writing). First come, first served cures it: the wait is one transaction.
"""

from __future__ import annotations

from collections import deque
from threading import Event, Lock
from time import monotonic

from tenor.db.file_turn import FileTurn
from tenor_sdk.errors import Conflict


class FairLock:
    """A lock that is handed over in the order in which it was asked for.

    Args:
        among: the turns among several processes; None where nobody else writes.
    """

    def __init__(self, among: FileTurn | None = None) -> None:
        self._among = among
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
        until = monotonic() + timeout
        self._acquire_here(timeout)
        if self._among is None:
            return
        try:
            came = self._among.take(until - monotonic())
        except BaseException:
            self._release_here()
            raise
        if not came:
            self._release_here()
            raise Conflict("database-busy")

    def release(self) -> None:
        """Hand it to whoever has waited longest; where a process waits, to that first."""
        try:
            if self._among is not None:
                self._among.give_up()
        finally:
            self._release_here()

    def leave(self) -> None:
        """In a process that was forked, or at the end: leave what is shared with other processes alone."""
        if self._among is not None:
            self._among.close()

    def _acquire_here(self, timeout: float) -> None:
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

    def _release_here(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False
