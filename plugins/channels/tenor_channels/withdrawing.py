"""A contact person answers that they want no more short messages: their consents end at once."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tenor_channels.records import Consent, ContactPerson, Purpose, SmsNews
from tenor_channels.records.contacts import GIVEN, SMS, WITHDRAWN
from tenor_sdk import Context, _
from tenor_sdk.calendar import time_zone
from tenor_sdk.notify import notify


def withdraw(ctx: Context, answer: SmsNews) -> int:
    """End every consent to short messages to the number from which an answer came; how many.

    One that was given on a later day than the answer stands. A number that is nobody's changes nothing.
    """
    # whoever agreed for it, though they have another number now: it may be theirs again
    agreed = select(Consent.contact_id).where(Consent.way == SMS, Consent.address == answer.mobile)
    of_number = select(ContactPerson).where(ContactPerson.id.in_(agreed))
    contacts = list(ctx.session.scalars(of_number.order_by(ContactPerson.id)))
    return sum(_withdraw_of(ctx, contact, answer) for contact in contacts)


def _withdraw_of(ctx: Context, contact: ContactPerson, answer: SmsNews) -> int:
    day = _day_of(ctx, answer)
    standing = [one for one in _last_of_each(ctx, contact) if one.act == GIVEN]
    ended = [one for one in standing if one.address == answer.mobile and one.said_on <= day]
    for one in ended:
        purpose = ctx.session.get_one(Purpose, one.purpose_id)
        ctx.session.add(
            Consent(
                contact_id=contact.id, purpose_id=one.purpose_id, way=SMS, act=WITHDRAWN,
                said_on=day, said_by=contact.name, evidence="message",
                where=f"SMS {answer.event}: {answer.words}"[:300], address=answer.mobile,
                words=purpose.words,
            )
        )  # fmt: skip
    ctx.session.flush()
    if ended and contact.owner_id is not None:
        title = _("{name} wants no more SMS", name=contact.name)
        body = _("Answered by SMS: {words}. The consents to it have ended.", words=answer.words)
        notify(ctx, [contact.owner_id], title, body=body, about=contact)
    return len(ended)


def _day_of(ctx: Context, answer: SmsNews) -> date:
    """The day of the institution's on which it came."""
    zone = time_zone(ctx)
    return ctx.today - (
        ctx.now.astimezone(zone).date() - answer.happened_at.astimezone(zone).date()
    )


def _last_of_each(ctx: Context, contact: ContactPerson) -> list[Consent]:
    """The entry that counts for each purpose."""
    rows = select(Consent).where(Consent.contact_id == contact.id, Consent.way == SMS)
    last = {one.purpose_id: one for one in ctx.session.scalars(rows.order_by(Consent.id))}
    return [*last.values()]
