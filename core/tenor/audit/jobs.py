"""Sealing the ledger, again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tenor_sdk.i18n import _
from tenor_sdk.jobs import Every, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


@job(schedule=Every(minutes=5))
def seal_ledger(ctx: Context) -> None:
    """Seal the entries whose transactions are over for everybody."""
    kernel_ctx = cast("KernelContext", ctx)
    kernel_ctx.kernel.audit.seal_within(kernel_ctx)


@job(schedule=Every(hours=24))
def mail_root(ctx: Context) -> None:
    """Mail the last root to whoever keeps it outside: whoever rewrites entries and seals can't rewrite that mail."""
    from tenor.base.settings import BaseSettings
    from tenor.notify.mails import send_to

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
