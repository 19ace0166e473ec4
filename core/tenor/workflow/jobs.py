"""What the machine does for tasks and for the calendar."""

from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Final, cast

from tenor.workflow.notices import CALENDAR
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.i18n import _
from tenor_sdk.jobs import Daily, Every, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context

#: The next year's notice comes out in November; two months before the table ends somebody should enter it.
_COVER: Final = timedelta(days=60)
_MONDAY: Final = 0


@job(schedule=Every(minutes=5))
def remind_of_tasks(ctx: Context) -> int:
    """Remind whoever has a task at half time, and tell the next position of those that are overdue; each once."""
    kernel_ctx = cast("KernelContext", ctx)
    return kernel_ctx.kernel.workflow.deadlines.run(kernel_ctx)


@job(schedule=Every(minutes=5))
def pass_on_tasks(ctx: Context) -> int:
    """Pass on the tasks of whoever has left or lost the position; offer those of whoever is on leave, once."""
    kernel_ctx = cast("KernelContext", ctx)
    return kernel_ctx.kernel.workflow.leaving.run(kernel_ctx)


@job(actor="service")
def time_out(ctx: Context, case_id: int, stay: int) -> bool:
    """Go the time-out of the state in which a case stands since its step ``stay``; whether it did."""
    kernel_ctx = cast("KernelContext", ctx)
    return kernel_ctx.kernel.workflow.timing.run(kernel_ctx, case_id, stay)


@job(actor="service")
def go_on(ctx: Context, table: str, record_id: int) -> bool:
    """Go on with a record that waited for another which has arrived; whether its state has changed."""
    kernel_ctx = cast("KernelContext", ctx)
    return kernel_ctx.kernel.workflow.go_on(kernel_ctx, table, record_id)


@job(schedule=Every(minutes=5))
def count_votes(ctx: Context) -> int:
    """Carry out what committees have decided without a further vote: by the end of their time, or as a member left.
    Whoever is party to a case by now doesn't have it before them any more, and what is decided in steps begins with the
    first again where what was shown has changed."""
    kernel_ctx = cast("KernelContext", ctx)
    kernel_ctx.kernel.workflow.seating.run(kernel_ctx)
    kernel_ctx.kernel.workflow.turns.run(kernel_ctx)
    return kernel_ctx.kernel.workflow.closing.run(kernel_ctx)


@job(schedule=Daily(at=time(7)))
def watch_the_calendar(ctx: Context) -> bool:
    """Tell administrators, each Monday, when the confirmed working days soon end."""
    kernel_ctx = cast("KernelContext", ctx)
    kernel, cover = kernel_ctx.kernel, kernel_ctx.kernel.workflow.calendar.cover(kernel_ctx)
    if cover >= _COVER or ctx.today.weekday() != _MONDAY:
        return False
    title = _(
        "The calendar of working days is confirmed for {days} more days only", days=cover.days
    )
    body = _("Enter the days off and the make-up working days of the official notice.")
    keepers = kernel.access.holders(kernel_ctx, ADMINISTRATOR, None)
    kernel.notify.notify(kernel_ctx, keepers, title, body, None, kind=CALENDAR)
    return True
