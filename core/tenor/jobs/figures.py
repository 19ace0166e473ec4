"""How the jobs stand, in a few figures, for whoever watches over the institution."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, func, select

from tenor.jobs.leases import job, ready
from tenor.jobs.records import LEASED, PARKED, PARTS, READY

if TYPE_CHECKING:
    from tenor.kernel import Kernel


@dataclass(frozen=True)
class Figures:
    """The jobs of the institution.

    Args:
        due, later: those that could run now, and those that aren't due yet.
        oldest_due: seconds for which the oldest of those that are due has been; those of plugins that are paused or
            aren't enabled among them.
        lag: seconds for which the oldest that is due, and may run, waits to be taken: by a worker, in the distributed
            mode by the broker.
    """

    due: int = 0
    later: int = 0
    running: int = 0
    in_parts: int = 0
    parked: int = 0
    oldest_due: float = 0.0
    lag: float = 0.0


def figures(kernel: Kernel, connection: Connection) -> Figures:
    """How the jobs stand; jobs that are over aren't looked at, of which there are millions."""
    now = kernel.clock.now()
    counted = select(job.c.state, func.count().label("number")).group_by(job.c.state)
    open_ones = counted.where(job.c.state.in_((LEASED, PARTS, PARKED)))
    found = {row.state: row.number for row in connection.execute(open_ones)}
    is_due = and_(job.c.state == READY, job.c.due_at <= now)
    due, oldest = connection.execute(
        select(func.count(), func.min(job.c.due_at)).where(is_due)
    ).one()
    later = select(func.count()).where(job.c.state == READY, job.c.due_at > now)
    waits = ready(now, kernel.jobs.kinds.plugins)
    if kernel.settings.mode == "distributed":
        waits = and_(waits, job.c.sent_at.is_(None))
    first = select(func.min(job.c.due_at)).where(waits)
    return Figures(
        due=due,
        later=connection.execute(later).scalar_one(),
        running=found.get(LEASED, 0),
        in_parts=found.get(PARTS, 0),
        parked=found.get(PARKED, 0),
        oldest_due=_age(now, oldest),
        lag=_age(now, connection.execute(first).scalar_one()),
    )


def _age(now: datetime, since: datetime | None) -> float:
    return max((now - since).total_seconds(), 0.0) if since is not None else 0.0
