"""Holding the leases of long jobs while their process lives."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from tenor.jobs.leases import Lease, renew

if TYPE_CHECKING:
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)


class LeaseKeeper:
    """A thread that renews what this process holds, three times within a lease.

    Without it, a job that takes longer than its lease would be begun again by others without end. A process that
    dies takes its keeper along, and its leases run out.
    """

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

    @contextmanager
    def holding(self, lease: Lease) -> Iterator[None]:
        """Hold a lease within the block, if the keeper runs."""
        with self._lock:
            self._held.add(lease)
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(lease)

    def _keep(self) -> None:
        while not self._over.wait(self.kernel.jobs.lease_seconds / 3):
            with self._lock:
                held = sorted(self._held, key=lambda lease: lease.id)
            if held:
                self._renew(held)

    def _renew(self, held: list[Lease]) -> None:
        try:
            with self.kernel.db.raw() as connection:
                renew(connection, held, self.kernel.jobs.lease_seconds)
        except Exception:
            log.exception("leases couldn't be renewed; tried again shortly")
