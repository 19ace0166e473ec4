"""What those who look after jobs see and do: web and command line call these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, select, update

from tenor.events.rows import table_of
from tenor.jobs.access import look_after_jobs
from tenor.jobs.leases import job
from tenor.jobs.records import CANCELLED, PARKED, READY, STATES, UNKNOWN, Job, OutsideCall
from tenor_sdk.errors import Conflict, Forbidden, NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext

_call: Final = table_of(OutsideCall)


@dataclass(frozen=True)
class JobView:
    """A job as it is shown."""

    id: int
    name: str
    plugin: str
    state: str
    failures: int
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str
    arguments: Mapping[str, Any]
    result: Any
    request_id: str


@dataclass(frozen=True)
class Overview:
    """The jobs of the institution.

    Args:
        counts: for each state how many.
        waiting: jobs of plugins that aren't enabled; they run when theirs is again.
        jobs: the latest first.
    """

    counts: Mapping[str, int]
    waiting: int
    jobs: Sequence[JobView]


_SHOWN: Final = tuple(JobView.__dataclass_fields__)


def overview(ctx: KernelContext, state: str | None, limit: int) -> Overview:
    """How many jobs are in which state, and the latest.

    Args:
        state: only those in this one.

    Raises:
        Forbidden: ``not-permitted``.
    """
    if not ctx.may(Job, "read"):
        raise Forbidden("not-permitted", what=Job.called())
    execute, session = ctx.kernel.db.execute, ctx.guarded
    found = execute(
        session, select(job.c.state, func.count().label("number")).group_by(job.c.state)
    )
    counts = dict.fromkeys(STATES, 0) | {row.state: row.number for row in found}
    away = job.c.plugin.not_in(ctx.kernel.jobs.kinds.plugins)
    waiting = select(func.count()).where(job.c.state == READY, away)
    latest = select(*(job.c[name] for name in _SHOWN)).order_by(job.c.id.desc()).limit(limit)
    if state is not None:
        latest = latest.where(job.c.state == state)
    return Overview(
        counts,
        execute(session, waiting).scalar_one(),
        [JobView(**row) for row in execute(session, latest).mappings()],
    )


def again(ctx: KernelContext, job_id: int) -> None:
    """Run a parked or cancelled job again. Where nobody knew whether an effect outside was made, it is made: whoever
    runs the job again has found out that it wasn't.

    Raises:
        Forbidden: ``not-permitted``.
        NotFound: no such job.
        Conflict: ``job-not-parked``.
    """
    now = {
        "state": READY,
        "failures": 0,
        "lost": 0,
        "due_at": ctx.now,
        "error": "",
        "sent_at": None,
    }
    _change(ctx, job_id, (PARKED, CANCELLED), "job-not-parked", now)
    unknown = delete(_call).where(_call.c.job_id == job_id, _call.c.state == UNKNOWN)
    ctx.kernel.db.execute(ctx.guarded, unknown)
    ctx.kernel.audit.note(ctx, "job-again", job_id=job_id)
    ctx.after_commit.append(ctx.kernel.jobs.nudge)


def cancel(ctx: KernelContext, job_id: int) -> None:
    """Never run a job that waits or is parked.

    Raises:
        Forbidden: ``not-permitted``.
        NotFound: no such job.
        Conflict: ``job-not-waiting``: it runs, is done or cancelled.
    """
    _change(ctx, job_id, (READY, PARKED), "job-not-waiting", {"state": CANCELLED})
    ctx.kernel.audit.note(ctx, "job-cancelled", job_id=job_id)


def _change(
    ctx: KernelContext, job_id: int, states: Sequence[str], otherwise: str, values: dict[str, Any]
) -> None:
    ctx.kernel.access.check_use(ctx, look_after_jobs)
    execute, session = ctx.kernel.db.execute, ctx.guarded
    moved = update(job).where(job.c.id == job_id, job.c.state.in_(states)).values(values)
    if execute(session, moved).rowcount == 1:
        return
    if execute(session, select(job.c.id).where(job.c.id == job_id)).first() is None:
        raise NotFound("not-found", what=Job.called())
    raise Conflict(otherwise, job=job_id)
