"""Reminders and escalations of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tenor_sdk.jobs import Every, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


@job(schedule=Every(minutes=5))
def remind_of_tasks(ctx: Context) -> None:
    """Remind whoever has a task half-way, and tell the next position of those that are overdue; each once."""
    kernel_ctx = cast("KernelContext", ctx)
    kernel_ctx.kernel.workflow.work.remind(kernel_ctx)
