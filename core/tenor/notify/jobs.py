"""What the machine does for notices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenor.notify import held, mails
from tenor_sdk.jobs import Every, Retry, job

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: a server that is away for two hours loses no mail
_PATIENT = Retry(times=8, pause=timedelta(minutes=1))


@job(queue="mail", actor="service", retry=_PATIENT)
def send_mail(ctx: KernelContext, mail_id: int) -> None:
    """Send one mail; in its recipient's quiet hours, when they are over."""
    later = mails.send(ctx, mail_id)
    if later is not None:
        ctx.kernel.jobs.enqueue(ctx, send_mail, {"mail_id": mail_id}, at=later)


@job(queue="mail", schedule=Every(minutes=5))
def gather_digests(ctx: KernelContext) -> int:
    """Make the digests that are due.

    Returns:
        How many.
    """
    made = mails.gather(ctx)
    for mail_id in made:
        ctx.kernel.jobs.enqueue(ctx, send_mail, {"mail_id": mail_id})
    return len(made) + held.gather(ctx)
