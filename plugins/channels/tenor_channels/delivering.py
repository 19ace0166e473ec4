"""Sending what a contact person is told: not in quiet hours, not without consent, and what came of it is on record."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tenor_channels import texting
from tenor_channels.contacts import still_agreed
from tenor_channels.records import ContactNotice
from tenor_channels.records.contacts import BOUNCED, NOT_SENT, REFUSED, SENT, SMS, WAITING
from tenor_channels.settling import KEY, settle, settle_notice_by_news
from tenor_channels.sms import sms
from tenor_channels.sms_reports import in_one_line
from tenor_sdk import Context, Refused, _
from tenor_sdk.notify import mail, quiet_until

#: what is the other side's answer; anything else is for the house to put right, and parks the job
_THEIRS: Final = {"address-bounces": BOUNCED, "mail-refused": REFUSED, "sms-refused": REFUSED}


def deliver(ctx: Context, notice_id: int) -> datetime | None:
    """Send a notice, where whoever it is for still agrees.

    Returns:
        When to try again: after quiet hours, or when their number bears the next message.

    Raises:
        Busy: the provider takes nothing for now.
        Refused: it isn't set up.
    """
    notice = ctx.session.get_one(ContactNotice, notice_id)
    if notice.state != WAITING:
        return None
    if not still_agreed(ctx, notice):
        settle(ctx, notice, NOT_SENT)
        return None
    later = quiet_until(ctx) or _free_at(ctx, notice)
    if later is not None:
        return later
    try:
        _hand_over(ctx, notice)
    except Refused as refusal:
        if refusal.key not in _THEIRS:
            raise
        said = refusal.values.get("problem") or refusal.values.get("reason") or refusal.key
        notice = ctx.session.get_one(ContactNotice, notice_id)
        settle(ctx, notice, _THEIRS[refusal.key], in_one_line(str(said)))
    else:
        sent = ctx.session.get_one(ContactNotice, notice_id)
        settle(ctx, sent, SENT)
        settle_notice_by_news(ctx, sent)
    return None


def _free_at(ctx: Context, notice: ContactNotice) -> datetime | None:
    if notice.way != SMS:
        return None
    return texting.free_at(ctx, notice.address, ctx.driver(sms).paces)


def _hand_over(ctx: Context, notice: ContactNotice) -> None:
    key = f"{KEY}{notice.id}"
    if notice.way == SMS:
        texting.send(ctx, texting.Going(key, notice.address, notice.words))
        return
    # as values, lest a brace in the words be taken for a place
    subject, body = _("{words}", words=notice.title), _("{words}", words=notice.words)
    mail(ctx, key, notice.address, subject, body)
