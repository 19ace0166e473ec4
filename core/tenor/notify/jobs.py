"""What the machine does for notices."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenor.notify import mails
from tenor_sdk.jobs import Retry, job

if TYPE_CHECKING:
    from tenor.context import KernelContext


@job(queue="mail", actor="service", retry=Retry(times=8, pause=timedelta(minutes=1)))
def send_mail(ctx: KernelContext, mail_id: int) -> None:
    """Send one mail. A server that is away for two hours loses none."""
    mails.send(ctx, mail_id)
