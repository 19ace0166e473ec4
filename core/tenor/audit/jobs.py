"""Sealing the ledger, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tenor_sdk.jobs import Every, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


@job(schedule=Every(minutes=5))
def seal_ledger(ctx: Context) -> None:
    """Seal the entries whose transactions are over for everybody."""
    kernel_ctx = cast("KernelContext", ctx)
    kernel_ctx.kernel.audit.seal_within(kernel_ctx)
