"""The processes that run jobs: each says now and then that it is there, so that a person sees where none is."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError

from tenor.events.rows import inserting, table_of
from tenor.jobs.leases import moment
from tenor.jobs.records import JobProcess

if TYPE_CHECKING:
    from tenor.kernel import Kernel

WORKER: Final = "worker"
RELAY: Final = "relay"

#: Seconds between two signs of life, and after how many a process counts as gone.
_BEAT: Final = 20.0
GONE_AFTER: Final = 90.0

process: Final = table_of(JobProcess)


class Beat:
    """The signs of life of this process.

    Args:
        kind: ``worker`` or ``relay``.
    """

    def __init__(self, kernel: Kernel, kind: str) -> None:
        self.kernel = kernel
        self._kind = kind
        self._name = f"{socket.gethostname()}:{os.getpid()} {kind}"
        self._last: float | None = None

    def give(self) -> None:
        """Say so, if it wasn't said lately; what hasn't been heard of for a day is forgotten."""
        if self._last is not None and monotonic() - self._last < _BEAT:
            return
        now, stamp = moment(self.kernel.db.dialect), self.kernel.clock.now()
        seen = {"name": self._name, "kind": self._kind, "seen_at": now}
        row = {**seen, "version": 1, "created_at": stamp, "changed_at": stamp}
        write = inserting(self.kernel.db.dialect)(process).values(row)
        yesterday = moment(self.kernel.db.dialect, -86400)
        with self.kernel.db.raw() as connection:
            connection.execute(
                write.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now})
            )
            connection.execute(delete(process).where(process.c.seen_at < yesterday))
        self._last = monotonic()

    def end(self) -> None:
        """This process runs none any more. Where the database is away, it is forgotten by its silence."""
        with suppress(SQLAlchemyError), self.kernel.db.raw() as connection:
            connection.execute(delete(process).where(process.c.name == self._name))
