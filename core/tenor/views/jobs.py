"""What the machine does for lists."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, cast

from tenor_sdk.jobs import Daily, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.views.bulk_journal import Entry
    from tenor_sdk.context import Context


@job(queue="bulk")
def change_many(ctx: KernelContext, number: int) -> None:
    """Change many records in the name of whoever asked for it; a job that is run again goes on where the one before
    was, and one that has done its share leaves the rest to the next."""
    kernel, course = ctx.kernel, ctx.kernel.views.bulk_course

    def told(entry: Entry) -> None:
        kernel.jobs.progress(ctx, entry.reached, entry.total)

    with kernel.db.pause(ctx.guarded):
        more = course.go(ctx.actor, number, told)
    ctx.renew(ctx.guarded, kernel.clock.now())
    if more:
        course.hand_on(ctx, number)


@job(schedule=Daily(at=time(4)))
def forget_changes(ctx: Context) -> None:
    """Remove what is kept of changes of many that were over, or stood, for ninety days: what was filled in, and which
    records were refused. What was done to each record stays in the ledger."""
    kernel_ctx = cast("KernelContext", ctx)
    kernel_ctx.kernel.views.bulk_course.journal.prune(kernel_ctx)
