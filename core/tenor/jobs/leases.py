"""Leases: who holds which job, decided by the database alone.

A job is claimed by ``UPDATE … RETURNING``, which counts its ``attempt`` up; whoever holds an older attempt can do
nothing with the job any more. Leases run by the database's clock, so that two machines needn't agree on the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from tenor.events.rows import table_of
from tenor.jobs.records import CANCELLED, LEASED, PARTS, READY, Job, PausedPlugin
from tenor_sdk.columns import UtcTime

job: Final = table_of(Job)
#: In which jobs are claimed, and sent to the broker.
ORDER: Final = (job.c.rank, job.c.due_at, job.c.id)

_paused: Final = table_of(PausedPlugin)
_other: Final = job.alias("other")

#: The advisory lock on PostgreSQL under which jobs that run one at a time are claimed ("turns", in hexadecimal).
_TURNS: Final = 0x7475726E73


@dataclass(frozen=True)
class Lease:
    """A job that is held.

    Args:
        attempt: the number that fences: a newer lease of the same job has a higher one.
        name: of the job.
    """

    id: int
    attempt: int
    name: str = field(default="", compare=False)

    @property
    def mine(self) -> ColumnElement[bool]:
        """The row, as long as nobody else has leased it since."""
        return and_(job.c.id == self.id, job.c.attempt == self.attempt, job.c.state == LEASED)


@lru_cache(
    maxsize=64
)  # each job that ends asks for it, and making it took more than all else of that end
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
    due = and_(job.c.state == READY, job.c.due_at <= now)
    return and_(due, in_service(plugins), or_(job.c.turn.is_(None), _has_its_turn(now)))


def in_service(plugins: Sequence[str]) -> ColumnElement[bool]:
    """Jobs of plugins that are enabled and not paused."""
    return and_(job.c.plugin.in_(plugins), job.c.plugin.not_in(paused()))


def paused() -> Select[str]:
    """The plugins whose jobs aren't run."""
    return select(_paused.c.plugin).where(_paused.c.paused)


def turn_is_free() -> ColumnElement[bool]:
    """None with its words is leased, nor stands between its split and the end of its final step. One that has been
    split has its turn already."""
    alike = _other.c.turn == job.c.turn
    leased = exists().where(alike, _other.c.state == LEASED)
    begun = and_(_other.c.state == READY, _other.c.parts.is_not(None))
    split = exists().where(alike, or_(_other.c.state == PARTS, begun))
    return or_(job.c.turn.is_(None), and_(~leased, or_(job.c.parts.is_not(None), ~split)))


def _has_its_turn(now: datetime) -> ColumnElement[bool]:
    """None with its words is leased, and it comes before those that are due beside it."""
    alike = _other.c.turn == job.c.turn
    before = or_(
        _other.c.rank < job.c.rank, and_(_other.c.rank == job.c.rank, _other.c.id < job.c.id)
    )
    due = and_(_other.c.state == READY, _other.c.due_at <= now)
    first = or_(job.c.parts.is_not(None), ~exists().where(alike, due, before))
    return and_(turn_is_free(), first)


def expired(dialect: str, plugins: Sequence[str]) -> ColumnElement[bool]:
    """Jobs whose lease has run out: their worker is gone, or too slow. Those of a paused plugin wait, as its others."""
    return and_(job.c.state == LEASED, job.c.until < moment(dialect), in_service(plugins))


def take_turns(connection: Connection) -> None:
    """Before jobs are claimed of which some run one at a time: let nobody else claim until this transaction ends.

    Two who claim at once would each see that none is leased. SQLite has one writer anyhow.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_TURNS)))


def claim(
    connection: Connection,
    where: ColumnElement[bool],
    *,
    seconds: float,
    limit: int = 1,
    lost: bool = False,
) -> list[Lease]:
    """Lease jobs, by rank, then the longest due first.

    Args:
        where: which may be claimed: ``ready`` or ``expired``, and more.
        seconds: how long the lease runs.
        lost: whether they are taken from a worker that is gone.
    """
    chosen = _locked(select(job.c.id).where(where).order_by(*ORDER).limit(limit))
    statement = (
        update(job)
        .where(job.c.id.in_(chosen))
        .values(
            state=LEASED,
            attempt=job.c.attempt + 1,
            lost=job.c.lost + int(lost),
            until=moment(connection.dialect.name, seconds),
            started_at=moment(connection.dialect.name),
            progress=None,
            progress_of=None,
        )
        .returning(job.c.id, job.c.attempt, job.c.name, job.c.rank, job.c.due_at)
    )
    rows = sorted(
        connection.execute(statement).all(), key=lambda row: (row.rank, row.due_at, row.id)
    )
    return [Lease(row.id, row.attempt, row.name) for row in rows]


def _locked(chosen: Select[Any]) -> Select[Any]:
    """On PostgreSQL workers pass by what another is just claiming; SQLite has one writer at a time."""
    return chosen.with_for_update(skip_locked=True)


def all_mine(leases: Sequence[Lease]) -> ColumnElement[bool]:
    """The rows of those that nobody else has leased since."""
    pairs = [(lease.id, lease.attempt) for lease in leases]
    return and_(tuple_(job.c.id, job.c.attempt).in_(pairs), job.c.state == LEASED)


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
    """Give back what was claimed and not begun; what was cancelled meanwhile ends so."""
    state = case((job.c.cancel_asked, CANCELLED), else_=READY)
    given_back = {"state": state, "until": None, "started_at": None}
    connection.execute(update(job).where(all_mine(leases)).values(given_back))
