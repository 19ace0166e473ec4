"""What goes on beside the jobs of a process: holding their leases, keeping to their time, noting how far they are."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from tenor.jobs.leases import Lease, job, renew
from tenor.jobs.processes import WORKER, Beat

if TYPE_CHECKING:
    from tenor.jobs.runs import Run
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

#: Seconds between two looks at what runs.
_LOOK: Final = 1.0
#: Seconds that a job whose time is over has to end, before the process ends that runs it alone; and the exit code.
_GRACE: Final = 5.0
_OVERDUE: Final = 75


class LeaseKeeper:
    """A thread that renews what this process holds, three times within a lease.

    Without it, a job that takes longer than its lease would be begun again by others without end. A process that
    dies takes its keeper along, and its leases run out.

    A thread can't be ended from outside. A job whose time is over loses its lease, so that it leaves nothing and others
    may try it, but its thread goes on until it says how far it is, or returns. Only a process that runs one job at a
    time is ended with it.

    Attributes:
        alone: whether this process runs one job at a time and is replaced when it ends.
    """

    alone = False

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._held: set[Lease] = set()
        self._lock = Lock()
        self._over = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begin; nothing happens where it runs."""
        if self._thread is None or not self._thread.is_alive():
            self._over.clear()
            self._thread = Thread(target=self._keep, name="tenor-leases", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def let_go(self, lease: Lease) -> None:
        """Renew a lease no more."""
        with self._lock:
            self._held.discard(lease)

    @contextmanager
    def holding(self, *leases: Lease) -> Iterator[None]:
        """Hold leases within the block, if the keeper runs."""
        with self._lock:
            self._held.update(leases)
        try:
            yield
        finally:
            with self._lock:
                self._held.difference_update(leases)

    def _keep(self) -> None:
        beat, renewed = Beat(self.kernel, WORKER), monotonic()
        self._try(beat.give)
        while not self._over.wait(min(self.kernel.jobs.lease_seconds / 3, _LOOK)):
            if monotonic() - renewed >= self.kernel.jobs.lease_seconds / 3 * 0.9:
                renewed = monotonic()
                self._try(self._renew)
            for run in self.kernel.jobs.runner.running():
                self._try(partial(self._look_at, run))
            self._try(beat.give)
        self._try(beat.end)

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:
            log.exception("something beside the jobs went wrong; tried again shortly")

    def _renew(self) -> None:
        with self._lock:
            held = sorted(self._held, key=lambda lease: lease.id)
        if held:
            with self.kernel.db.raw() as connection:
                renew(connection, held, self.kernel.jobs.lease_seconds)

    def _look_at(self, run: Run) -> None:
        if run.out_of_time and not run.given_up:
            self.let_go(run.lease)
            self.kernel.jobs.runner.give_up(run)
        limit = run.kind.time_limit
        if self.alone and limit and monotonic() - run.began > limit.total_seconds() + _GRACE:
            log.error("%s goes on though its time is over: this process ends", run.kind.name)
            os._exit(_OVERDUE)
        # on SQLite the job itself may hold the only right to write; who shares its process reads it from memory
        if run.said is not None and not self.kernel.db.writers_wait:
            done, of = run.said
            statement = update(job).where(run.lease.mine).values(progress=done, progress_of=of)
            with self.kernel.db.raw() as connection:
                connection.execute(statement)
