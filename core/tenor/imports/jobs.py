"""What the machine does for imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor_sdk.jobs import job

if TYPE_CHECKING:
    from tenor.context import KernelContext


@job(queue="import")
def take_in(ctx: KernelContext, number: int) -> None:
    """Take a file in, or go through it dry: chunk by chunk, each in a transaction of its own; a job that is run again
    goes on where the one before was."""
    kernel = ctx.kernel
    with kernel.db.pause(ctx.guarded):
        kernel.imports.go(ctx.actor, number)
    ctx.renew(ctx.guarded, kernel.clock.now())
