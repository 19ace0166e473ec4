"""The embedded worker: a thread of ``tenor serve`` that empties the outbox."""

from __future__ import annotations

import logging
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

#: How long it sleeps at most: jobs may come from other processes, which can't nudge it.
_LONGEST_SLEEP: Final = 5.0
#: How long it waits after the database failed, doubled each time up to the second figure.
_AFTER_FAILURE: Final = (1.0, 30.0)


class Worker:
    """One thread that runs what is due, batch by batch, each queue in its turn.

    It sleeps until it is nudged (``wake``) or the next job or schedule is due.
    """

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.wake = Event()
        self.over = Event()
        self._thread = Thread(target=self._work, name="tenor-worker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.kernel.jobs.keeper.start()
        self._thread.start()

    def stop(self, timeout: float | None = 30.0) -> None:
        """Finish the job at hand, give back what was claimed beyond it, and end.

        Args:
            timeout: seconds to wait for the job at hand.
        """
        self.over.set()
        self.wake.set()
        self._thread.join(timeout)
        self.kernel.jobs.keeper.stop()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def _work(self) -> None:
        pause = _AFTER_FAILURE[0]
        while not self.over.is_set():
            self.wake.clear()
            try:
                ran = self.kernel.jobs.work_round(self)
                sleep = 0.0 if ran else self._until_due()
                pause = _AFTER_FAILURE[0]
            except Exception:
                log.exception("the worker couldn't reach its jobs; tries again in %s s", pause)
                sleep, pause = pause, min(pause * 2, _AFTER_FAILURE[1])
            if sleep:
                self.wake.wait(sleep)

    def _until_due(self) -> float:
        due = self.kernel.jobs.next_due()
        if due is None:
            return _LONGEST_SLEEP
        seconds = (due - self.kernel.clock.now()).total_seconds()
        return min(max(seconds, 0.01), _LONGEST_SLEEP)
