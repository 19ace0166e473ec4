"""What the kernel's own records let happen again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from tenor.base.settings import BaseSettings
from tenor.base.stamping import stamp_within
from tenor.notify.mails import send_to
from tenor_sdk.i18n import _
from tenor_sdk.jobs import Every, Retry, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


@job(schedule=Every(hours=24))
def mail_root(ctx: Context) -> None:
    """Mail the last root to whoever keeps it outside: whoever rewrites entries and seals can't rewrite that mail."""
    kernel_ctx = cast("KernelContext", ctx)
    address = ctx.settings(BaseSettings).root_mail
    last = kernel_ctx.kernel.audit.last_root(kernel_ctx) if address else None
    if last is None:
        return
    number, digest = last
    subject = _("Seal {n} of the ledger", n=number)
    body = _(
        "Keep this line; tenor audit verify --roots compares it.\n\n{n} {digest}",
        n=number,
        digest=digest,
    )
    send_to(kernel_ctx, f"ledger-root-{number}", address, subject, body, "zh-CN")


# seven pauses that double make two hours; after them a person is told, and the next hour begins anew
@job(schedule=Every(hours=1), retry=Retry(times=8, pause=timedelta(minutes=1)))
def stamp_seal(ctx: Context) -> None:
    """Have the last seal stamped by the time stamp authority, where the institution has one."""
    stamp_within(cast("KernelContext", ctx), "base.stamp_seal")
