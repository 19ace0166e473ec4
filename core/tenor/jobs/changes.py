"""What those who look after jobs do to one: run it again, cancel it. Web and command line call these."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, case, delete, or_, select, update

from tenor.events.rows import table_of
from tenor.jobs.access import look_after_jobs
from tenor.jobs.leases import job
from tenor.jobs.records import (
    CANCELLED,
    LEASED,
    PARKED,
    PARTS,
    READY,
    UNKNOWN,
    Job,
    OutsideCall,
)
from tenor_sdk.errors import Conflict, NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext

_call: Final = table_of(OutsideCall)


def again(ctx: KernelContext, job_id: int) -> None:
    """Run a parked or cancelled job again; of work in parts, those parts that are, and the rest stands.

    Where nobody knew whether an effect outside was made, it is made: whoever runs the job again has found out that it
    wasn't.

    Raises:
        Forbidden: ``not-permitted``.
        NotFound: no such job.
        Conflict: ``job-not-parked``.
    """
    ctx.kernel.access.check_use(ctx, look_after_jobs)
    if not revive(ctx, job_id):
        raise _why_not(ctx, job_id, "job-not-parked")
    ctx.kernel.audit.note(ctx, "job-again", job_id=job_id)


def revive(ctx: KernelContext, job_id: int) -> bool:
    """Run a parked or cancelled job again, where whoever asks for it may do so in another way than by looking after
    jobs; whether it was one."""
    stopped = job.c.state.in_((PARKED, CANCELLED))
    half_done = and_(job.c.parts.is_not(None), job.c.parts_done < job.c.parts)
    # a part that was cancelled was so with its whole, and runs again with it
    alone = or_(job.c.parent_id.is_(None), job.c.state == PARKED)
    whole = _change(
        ctx,
        and_(job.c.id == job_id, stopped, alone),
        {"state": case((half_done, PARTS), else_=READY)},
    )
    of_parts = _change(ctx, and_(job.c.parent_id == job_id, stopped), {"state": READY})
    # those at work, which the cancelling hasn't reached yet, go on, and so do those that failed before it did
    at_work = job.c.state.in_((LEASED, READY))
    _set(ctx, and_(job.c.parent_id == job_id, at_work), {"cancel_asked": False})
    if not whole and not of_parts:
        return False
    mine = select(job.c.id).where(or_(job.c.id == job_id, job.c.parent_id == job_id))
    unknown = delete(_call).where(_call.c.job_id.in_(mine), _call.c.state == UNKNOWN)
    ctx.kernel.db.execute(ctx.guarded, unknown)
    ctx.after_commit.append(ctx.kernel.jobs.nudge)
    return True


def cancel(ctx: KernelContext, job_id: int) -> str:
    """Never run a job that waits or is parked, nor its parts; one that runs ends where it next says how far it is.

    What parts did that are done stands.

    Returns:
        How the job stands now: ``cancelled``, or ``leased`` where it is to be stopped.

    Raises:
        Forbidden: ``not-permitted``.
        NotFound: no such job.
        Conflict: ``job-not-waiting``: it is done or cancelled. ``job-is-a-part``: the whole would wait for it for ever.
    """
    ctx.kernel.access.check_use(ctx, look_after_jobs)
    whole = _whole_of(ctx, job_id)
    if whole is not None:
        raise Conflict("job-is-a-part", job=job_id, whole=whole)
    waits, runs = job.c.state.in_((READY, PARKED, PARTS)), job.c.state == LEASED
    # one of the two fits: the row is locked by the first that does
    ended = _set(ctx, and_(job.c.id == job_id, waits), {"state": CANCELLED})
    if not ended and not _set(ctx, and_(job.c.id == job_id, runs), {"cancel_asked": True}):
        raise _why_not(ctx, job_id, "job-not-waiting")
    of_it = job.c.parent_id == job_id
    _set(ctx, and_(of_it, job.c.state.in_((READY, PARKED))), {"state": CANCELLED})
    _set(ctx, and_(of_it, runs), {"cancel_asked": True})
    ctx.kernel.audit.note(ctx, "job-cancelled", job_id=job_id)
    return CANCELLED if ended else LEASED


def _change(ctx: KernelContext, where: ColumnElement[bool], state: dict[str, Any]) -> int:
    """As if it had never been tried."""
    fresh = {
        "failures": 0, "lost": 0, "due_at": ctx.now, "error": "", "sent_at": None, "fault": False,
        "cancel_asked": False, "finished_at": None,
    }  # fmt: skip
    return _set(ctx, where, {**fresh, **state})


def _whole_of(ctx: KernelContext, job_id: int) -> int | None:
    """Of which job it is a part."""
    statement = select(job.c.parent_id).where(job.c.id == job_id)
    found: int | None = ctx.kernel.db.execute(ctx.guarded, statement).scalar()
    return found


def _set(ctx: KernelContext, where: ColumnElement[bool], values: dict[str, Any]) -> int:
    return ctx.kernel.db.execute(ctx.guarded, update(job).where(where).values(values)).rowcount


def _why_not(ctx: KernelContext, job_id: int, otherwise: str) -> Exception:
    known = select(job.c.id).where(job.c.id == job_id)
    if ctx.kernel.db.execute(ctx.guarded, known).first() is None:
        return NotFound("not-found", what=Job.called())
    return Conflict(otherwise, job=job_id)
