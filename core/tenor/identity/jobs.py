"""What is kept of signing in, and for how long."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, cast

from tenor_sdk.jobs import Daily, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


@job(schedule=Daily(at=time(4)))
def forget_sign_ins(ctx: Context) -> None:
    """Remove sessions that are over, failed tries that lock nobody out any more, and drafts of the day before."""
    kernel_ctx = cast("KernelContext", ctx)
    kernel_ctx.kernel.identity.prune(kernel_ctx)
