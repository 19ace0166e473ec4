"""What the machine does for lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor_sdk.jobs import job

if TYPE_CHECKING:
    from tenor.context import KernelContext


@job(queue="bulk")
def change_many(ctx: KernelContext, number: int) -> None:
    """Change many records in the name of whoever asked for it; a job that is run again goes on where the one before
    was."""
    kernel = ctx.kernel
    with kernel.db.pause(ctx.guarded):
        kernel.views.bulk.go(ctx.actor, number)
    ctx.renew(ctx.guarded, kernel.clock.now())
