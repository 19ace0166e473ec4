"""A Celery worker that has gone deaf, and its end.

A worker that lost Redis for a moment may connect again and yet take no message any more (celery issues 8030 and 8091);
nothing about it tells, and its jobs wait. So each worker looks whether messages wait while it is idle and takes none;
then it ends, and whoever supervises it starts another. Leases are fenced, so nothing is done twice by that.
"""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final

_log = logging.getLogger("tenor.jobs")

#: seconds for which messages wait for an idle worker before it counts as deaf: a worker that hears takes one at once
PATIENCE: Final = 30.0
#: seconds for a deaf worker to end in order; its connection may hang
_GRACE: Final = 10.0
#: the exit code of one that couldn't
_HUNG: Final = 75


class Hearing:
    """What one worker hears.

    Args:
        patience: seconds for which messages wait, nothing runs and nothing is taken, until it counts as deaf.
        clock: seconds that only go forward.
    """

    def __init__(self, patience: float = PATIENCE, clock: Callable[[], float] = monotonic) -> None:
        self.deaf = False
        self._patience, self._clock = patience, clock
        self._lock = Lock()
        self._running = 0
        self._taken = self._seen = 0
        self._quiet_since: float | None = None

    @contextmanager
    def job(self) -> Iterator[None]:
        """Around each message that is taken."""
        with self._lock:
            self._running += 1
            self._taken += 1
        try:
            yield
        finally:
            with self._lock:
                self._running -= 1

    def took(self) -> None:
        """A message was taken, for another process to run its job."""
        with self._lock:
            self._taken += 1

    def listen(self, waiting: int | None, running: int = 0) -> bool:
        """Whether it is deaf, now that it is known how many messages wait.

        Args:
            waiting: how many; None where Redis can't be asked, which is no deafness.
            running: how many jobs it has given to other processes.
        """
        with self._lock:
            heard = self._running or running or self._taken != self._seen
            self._seen = self._taken
        if heard or not waiting:
            self._quiet_since = None
        elif self._quiet_since is None:
            self._quiet_since = self._clock()
        else:
            self.deaf = self._clock() - self._quiet_since >= self._patience
        return self.deaf


class Watch:
    """Looks at a worker's hearing now and then, and ends its process where it is deaf.

    Args:
        queues: names of the broker's lists from which the worker takes.
        pause: seconds between two looks.
        running: how many jobs other processes run for this one.
    """

    def __init__(
        self,
        hearing: Hearing,
        redis_url: str,
        queues: Sequence[str],
        *,
        pause: float = 5.0,
        running: Callable[[], int] = int,
    ) -> None:
        self.hearing = hearing
        self._url, self._queues, self._pause = redis_url, queues, pause
        self._running = running
        self._told = False
        self._over = Event()
        self._thread = Thread(target=self._run, name="tenor-hearing", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def told_to_end(self) -> None:
        """Whoever supervises it ends it: that it takes no message from now on is no deafness."""
        self._told = True

    def stop(self) -> None:
        """Look no more."""
        self._over.set()

    def _run(self) -> None:
        while not self._over.wait(self._pause):
            if self.hearing.listen(self._waiting(), self._running()):
                self._end(0 if self._told else _HUNG)
                return

    def _end(self, code: int) -> None:
        """End the process, which runs nothing: a pool that lost a process may hang in its own end as well."""
        if code:
            _log.error(
                "this worker takes no message any more though some wait: it ends, to be started anew"
            )
            os.kill(os.getpid(), signal.SIGTERM)
        if not self._over.wait(_GRACE):
            os._exit(code)

    def _waiting(self) -> int | None:
        """How many messages wait; None where Redis doesn't say."""
        from redis import Redis, RedisError

        try:
            with Redis.from_url(self._url, socket_timeout=5, socket_connect_timeout=5) as redis:
                return sum(int(redis.llen(name)) for name in self._queues)
        except RedisError:
            return None
