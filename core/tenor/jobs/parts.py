"""Work in parts: split in one transaction, each part a job of its own, a final step once the last of them is done.

The whole counts its parts: whoever finishes one counts it in the same transaction, and whoever counts the last lets
the whole run again, for its final step. So whatever is killed where, each part has one effect, and the final step comes
once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, and_, case, insert, select, update

from tenor.events.rows import stamps
from tenor.events.wire import from_json, to_json
from tenor.jobs.leases import job
from tenor.jobs.records import CANCELLED, DONE, PARTS, READY

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.jobs.kinds import JobKind
    from tenor_sdk.jobs import Chunks


@dataclass(frozen=True)
class Call:
    """With what a job is called, after what comes before its arguments."""

    positional: Sequence[Any]
    named: Mapping[str, Any]

    def of(self, function: Callable[..., Any], *leading: Any) -> Any:
        return function(*leading, *self.positional, **self.named)


def perform(ctx: KernelContext, kind: JobKind, row: Row[Any], call: Call) -> dict[str, Any]:
    """Do a job, or the step of it that is due.

    Returns:
        How the job's row stands afterwards.
    """
    chunks = kind.chunks
    if chunks is None:
        return _done(call.of(kind.function, ctx))
    if row.parent_id is not None:
        return _done(call.of(kind.function, ctx, from_json(row.part)))
    if row.parts is None:
        return _split(ctx, row, [to_json(part) for part in call.of(chunks.split, ctx)])
    return _done(_final(ctx, chunks, row, call))


def count(ctx: KernelContext, row: Row[Any]) -> None:
    """Of a part that is done: count it, and let the whole go on after the last one. The whole's row is locked from here
    to the end of the transaction, so that of two last parts one is the last."""
    all_done = and_(job.c.state == PARTS, job.c.parts_done + 1 >= job.c.parts)
    counted = update(job).where(job.c.id == row.parent_id, job.c.state.in_((PARTS, CANCELLED)))
    ctx.kernel.db.execute(
        ctx.guarded,
        counted.values(
            parts_done=job.c.parts_done + 1, state=case((all_done, READY), else_=job.c.state)
        ),
    )
    _nudge(ctx)


def _done(result: object) -> dict[str, Any]:
    return {"state": DONE, "result": _result(result)}


def _result(value: object) -> Any:
    """What a job returned, where JSON has words for it; nobody's job fails for what it returns."""
    try:
        return to_json(value)
    except TypeError:
        return None


def _split(ctx: KernelContext, row: Row[Any], parts: Sequence[Any]) -> dict[str, Any]:
    """Make a job of each part."""
    same = {
        name: getattr(row, name)
        for name in (
            "name", "plugin", "queue", "arguments", "event_id", "actor_id", "service", "rank", "due_at",
            "request_id", "business_day", "mandate_id", "causes",
        )
    }  # fmt: skip
    rows = [
        {**same, **stamps(ctx), "parent_id": row.id, "number": number, "part": part}
        for number, part in enumerate(parts)
    ]
    if rows:
        ctx.kernel.db.execute(ctx.guarded, insert(job), rows)
    _nudge(ctx)
    # what is counted from here on are the tries of the final step
    return {
        "state": PARTS if rows else READY, "parts": len(rows), "parts_done": 0, "failures": 0, "lost": 0,
        "sent_at": None,
    }  # fmt: skip


def _final(ctx: KernelContext, chunks: Chunks, row: Row[Any], call: Call) -> Any:
    if chunks.final is None:
        return None
    statement = select(job.c.result).where(job.c.parent_id == row.id).order_by(job.c.number)
    found = ctx.kernel.db.execute(ctx.guarded, statement).scalars()
    return call.of(chunks.final, ctx, [from_json(result) for result in found])


def _nudge(ctx: KernelContext) -> None:
    if ctx.kernel.jobs.nudge not in ctx.after_commit:
        ctx.after_commit.append(ctx.kernel.jobs.nudge)
