"""Leases: who holds which job, decided by the database alone.

A job is claimed by ``UPDATE … RETURNING``, which counts its ``attempt`` up; whoever holds an older attempt can do
nothing with the job any more. Leases run by the database's clock, so that two machines needn't agree on the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, type_coerce, update

from tenor.events.rows import table_of
from tenor.jobs.records import LEASED, READY, Job
from tenor_sdk.columns import UtcTime

job: Final = table_of(Job)


@dataclass(frozen=True)
class Lease:
    """A job that is held.

    Args:
        attempt: the number that fences: a newer lease of the same job has a higher one.
    """

    id: int
    attempt: int

    @property
    def mine(self) -> ColumnElement[bool]:
        """The row, as long as nobody else has leased it since."""
        return and_(job.c.id == self.id, job.c.attempt == self.attempt, job.c.state == LEASED)


def moment(dialect: str, seconds: float = 0) -> ColumnElement[datetime]:
    """This instant on the database's clock, or so many seconds later (or, below zero, before)."""
    if dialect == "sqlite":
        text = func.strftime("%Y-%m-%d %H:%M:%f", "now", f"{seconds:+.3f} seconds")
        # three decimals, where the kernel's own times have six: the database compares them as text
        return type_coerce(text.op("||")("000"), UtcTime())
    shift = func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return type_coerce(func.clock_timestamp() + shift, UtcTime())


def ready(now: datetime, plugins: Sequence[str]) -> ColumnElement[bool]:
    """Jobs that are due.

    Args:
        now: by the institution's clock.
        plugins: the enabled ones; jobs of others wait until theirs is enabled again.
    """
    return and_(job.c.state == READY, job.c.due_at <= now, job.c.plugin.in_(plugins))


def expired(dialect: str, plugins: Sequence[str]) -> ColumnElement[bool]:
    """Jobs whose lease has run out: their worker is gone, or too slow."""
    return and_(job.c.state == LEASED, job.c.until < moment(dialect), job.c.plugin.in_(plugins))


def claim(
    connection: Connection,
    where: ColumnElement[bool],
    *,
    seconds: float,
    limit: int = 1,
    lost: bool = False,
) -> list[Lease]:
    """Lease jobs, the longest due first.

    Args:
        where: which may be claimed: ``ready`` or ``expired``, and more.
        seconds: how long the lease runs.
        lost: whether they are taken from a worker that is gone.
    """
    chosen = _locked(select(job.c.id).where(where).order_by(job.c.due_at, job.c.id).limit(limit))
    statement = (
        update(job)
        .where(job.c.id.in_(chosen))
        .values(
            state=LEASED,
            attempt=job.c.attempt + 1,
            lost=job.c.lost + int(lost),
            until=moment(connection.dialect.name, seconds),
            started_at=moment(connection.dialect.name),
        )
        .returning(job.c.id, job.c.attempt, job.c.due_at)
    )
    rows = sorted(connection.execute(statement).all(), key=lambda row: (row.due_at, row.id))
    return [Lease(row.id, row.attempt) for row in rows]


def _locked(chosen: Select[Any]) -> Select[Any]:
    """On PostgreSQL workers pass by what another is just claiming; SQLite has one writer at a time."""
    return chosen.with_for_update(skip_locked=True)


def renew(connection: Connection, leases: Sequence[Lease], seconds: float) -> list[Lease]:
    """Hold leases longer.

    Returns:
        Those that are still held; the others were taken over.
    """
    kept = []
    for lease in leases:
        statement = (
            update(job).where(lease.mine).values(until=moment(connection.dialect.name, seconds))
        )
        if connection.execute(statement).rowcount == 1:
            kept.append(lease)
    return kept


def release(connection: Connection, leases: Sequence[Lease]) -> None:
    """Give back what was claimed and not begun."""
    for lease in leases:
        connection.execute(update(job).where(lease.mine).values(state=READY, until=None))
