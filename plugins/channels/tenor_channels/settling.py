"""What came of what was sent, on record: by the provider's answer, by its later report, or by one that came first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from tenor_channels.records import (
    ARRIVED,
    NOT_ARRIVED,
    SENDING,
    SENT,
    ContactNotice,
    ContactPerson,
    Sms,
    SmsNews,
)
from tenor_channels.records.contacts import BOUNCED, NOT_SENT
from tenor_sdk import Context, Text, _
from tenor_sdk.notify import notify

#: with the notice's id, by which what comes back of it is known
KEY: Final = "contact-"


def settle(ctx: Context, notice: ContactNotice, state: str, problem: str = "") -> None:
    """Put on record what came of a notice, and tell whoever asked for it where it didn't arrive."""
    notice.state, notice.problem = state, problem[:500]
    if state == SENT:
        notice.sent_at = ctx.now
    elif notice.created_by_id is not None:
        contact = ctx.session.get_one(ContactPerson, notice.contact_id)
        title = _("{name} wasn’t told: {title}", name=contact.name, title=notice.title)
        notify(ctx, [notice.created_by_id], title, body=_why(state, problem), about=contact)


def _why(state: str, problem: str) -> Text:
    if state == NOT_SENT:
        return _("They don’t agree to it any more.")
    if state == BOUNCED:
        return _("The address takes no mail: {problem}", problem=problem)
    return _("The provider said: {problem}", problem=problem)


def settle_by_news(ctx: Context, one: Sms) -> None:
    """What was reported of a message before it stood as sent."""
    reported = select(SmsNews).where(SmsNews.key == one.key, SmsNews.key != "")
    for row in ctx.session.scalars(reported.order_by(SmsNews.id)):
        settle_sms(one, row)


def settle_notice_by_news(ctx: Context, notice: ContactNotice) -> None:
    """The same of a notice to a contact person."""
    key = f"{KEY}{notice.id}"
    for row in ctx.session.scalars(select(SmsNews).where(SmsNews.key == key).order_by(SmsNews.id)):
        settle_notice(ctx, notice, row)


def settle_sms(one: Sms, row: SmsNews) -> None:
    """Put on record what was reported of a message. What arrived stays so, whatever is reported afterwards."""
    if row.kind == "arrived" and one.state in (SENDING, SENT, NOT_ARRIVED):
        one.state, one.problem, one.reported_at = ARRIVED, "", row.happened_at
    elif row.kind == "not-arrived" and one.state in (SENDING, SENT):
        one.state, one.problem, one.reported_at = NOT_ARRIVED, row.problem, row.happened_at


def settle_notice(ctx: Context, notice: ContactNotice, row: SmsNews) -> None:
    """Put on record what was reported of a notice, and tell whoever asked for it where it didn't arrive."""
    if row.kind == "arrived" and notice.state in (SENT, NOT_ARRIVED):
        notice.state, notice.problem, notice.reported_at = ARRIVED, "", row.happened_at
    elif row.kind == "not-arrived" and notice.state == SENT:
        settle(ctx, notice, NOT_ARRIVED, row.problem)
        notice.reported_at = row.happened_at
