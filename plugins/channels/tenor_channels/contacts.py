"""People outside the house: that they agreed, that they changed their mind, and telling them something."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tenor_channels import texting
from tenor_channels.access import record_consent, tell_contacts
from tenor_channels.records.contacts import (
    EVIDENCE,
    GIVEN,
    SMS,
    WAYS,
    WITHDRAWN,
    Consent,
    ContactNotice,
    ContactPerson,
    Purpose,
)
from tenor_channels.settings import ChannelsSettings
from tenor_channels.sms import parts_of
from tenor_sdk import Context, Invalid, NotFound, Refused, Text, _, ask, service
from tenor_sdk.files import Upload, store_file
from tenor_sdk.i18n import in_words


@dataclass(frozen=True)
class Agreed:
    """What a contact person agreed to, or doesn't any more, and how that is proved."""

    purpose: int = ask("Purpose", widget="link", target=Purpose)
    way: str = ask("Way", choices=WAYS)
    said_on: date = ask("Said on")
    said_by: str = ask(
        "Said by", max_length=100, help="The person themselves, or who acts for them"
    )
    evidence: str = ask("Evidence", choices=EVIDENCE)
    where: str = ask("Where the evidence is", default="", max_length=300)
    file: Upload | None = ask("File", default=None)


@service(needs=record_consent)
def give_consent(ctx: Context, contact: ContactPerson, said: Agreed) -> Text:
    """Put on record that a contact person agreed: to the purpose's words of today, for their address of today.

    Raises:
        Refused: ``no-address``: they have none of this kind.
        Invalid: ``said-in-future``, ``no-evidence``: neither where it is nor the file itself is given.
    """
    if not contact.address(said.way):
        raise Refused("no-address", name=contact.name)
    if not (said.where.strip() or said.file):
        raise Invalid("invalid", {"where": Invalid("no-evidence")})
    _record(ctx, contact, said, GIVEN)
    return _("The consent of {name} is on record.", name=contact.name)


@service(needs=record_consent)
def withdraw_consent(ctx: Context, contact: ContactPerson, said: Agreed) -> Text:
    """Put on record that they changed their mind: at once, without proof, and nothing that waits is sent any more.

    Raises:
        Invalid: ``said-in-future``.
    """
    _record(ctx, contact, said, WITHDRAWN)
    return _("{name} is told nothing for this purpose any more.", name=contact.name)


def _record(ctx: Context, contact: ContactPerson, said: Agreed, act: str) -> None:
    if said.said_on > ctx.today:
        raise Invalid("invalid", {"said_on": Invalid("said-in-future")})
    purpose = ctx.session.get(Purpose, said.purpose)
    if purpose is None:
        raise NotFound("not-found", what=Purpose.called())
    kept = store_file(ctx, said.file.name, said.file.content, about=contact) if said.file else None
    entry = Consent(
        contact_id=contact.id,
        purpose_id=purpose.id,
        way=said.way,
        act=act,
        said_on=said.said_on,
        said_by=said.said_by,
        evidence=said.evidence,
        where=said.where,
        file_id=kept.id if kept else None,
        address=contact.address(said.way),
        words=purpose.words,
    )
    ctx.session.add(entry)
    ctx.session.flush()


def consent_of(ctx: Context, contact: ContactPerson, purpose: Purpose, way: str) -> Consent | None:
    """The consent that stands: the last entry, for the address and the words of today; None where there is none."""
    last = (
        select(Consent)
        .where(
            Consent.contact_id == contact.id,
            Consent.purpose_id == purpose.id,
            Consent.way == way,
        )
        .order_by(Consent.id.desc())
        .limit(1)
    )
    found = ctx.session.scalars(last).first()
    stands = (
        found is not None
        and found.act == GIVEN
        and found.address == contact.address(way)
        and found.words == purpose.words
        and not (contact.archived or purpose.archived)
    )
    return found if stands else None


# -- telling ---------------------------------------------------------------------------------------


def tell_contact(
    ctx: Context,
    contact: ContactPerson,
    title: Text,
    body: Text,
    purpose: str,
    *,
    way: str = "",
) -> list[int]:
    """Tell a contact person something, once this transaction commits, by each way to which they agreed.

    The words are fixed now, in their language; whether they still agree is looked at again before it is sent, and in
    the institution's quiet hours it waits. Who calls it must be able to read contact persons and their consents.

    Args:
        title: one line; the subject of a mail.
        body: what more is said.
        purpose: the code of a ``Purpose``.
        way: ``mail`` or ``sms`` alone.

    Returns:
        The ids of the ``ContactNotice``s, one a way.

    Raises:
        NotFound: ``no-purpose``.
        Refused: ``no-consent``: they agreed to none of these ways, or withdrew it, or agreed to other words, or for
            another address.
    """
    # which plugin tells is put on record; it isn't left to what it says of itself
    asking = sys._getframe(1)  # noqa: SLF001 -- the public way builds the whole stack
    plugin = str(asking.f_globals["__name__"]).partition(".")[0].removeprefix("tenor_")
    return _tell(ctx, contact, (title, body), purpose, way, plugin)


@service()
def _tell(
    ctx: Context, contact: ContactPerson, said: tuple[Text, Text], code: str, way: str, plugin: str
) -> list[int]:
    purpose = ctx.session.scalars(select(Purpose).where(Purpose.code == code)).first()
    if purpose is None:
        raise NotFound("no-purpose", code=code)
    ways = [way] if way else [key for key, _title in WAYS]
    agreed = [found for each in ways if (found := consent_of(ctx, contact, purpose, each))]
    if not agreed:
        raise Refused("no-consent", name=contact.name, purpose=purpose.title)
    title, body = (in_words(ctx, text, contact.language) for text in said)
    return [_queue(ctx, contact, consent, (title, body), plugin) for consent in agreed]


def _queue(
    ctx: Context, contact: ContactPerson, consent: Consent, said: tuple[str, str], plugin: str
) -> int:
    from tenor_channels.jobs import send_to_contact

    title, body = said
    footer = ctx.settings(ChannelsSettings).contact_footer
    if consent.way == SMS:
        words = texting.worded(ctx, f"{title} {body}", after=footer)
    else:
        words = "\n\n".join(part for part in (body, footer) if part)
    notice = ContactNotice(
        contact_id=contact.id,
        purpose_id=consent.purpose_id,
        consent_id=consent.id,
        way=consent.way,
        address=consent.address,
        title=" ".join(title.split())[:500],
        words=words,
        parts=parts_of(words) if consent.way == SMS else 0,
        asked_by=plugin,
    )
    ctx.session.add(notice)
    ctx.session.flush()
    ctx.enqueue(send_to_contact, notice_id=notice.id)
    return notice.id


def still_agreed(ctx: Context, notice: ContactNotice) -> bool:
    """Whether the consent on which a notice rests stands now, for the address to which it goes."""
    contact = ctx.session.get_one(ContactPerson, notice.contact_id)
    purpose = ctx.session.get_one(Purpose, notice.purpose_id)
    found = consent_of(ctx, contact, purpose, notice.way)
    return found is not None and found.address == notice.address


# -- by hand ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ByHand:
    """What somebody of the house tells a contact person."""

    purpose: int = ask("Purpose", widget="link", target=Purpose)
    title: str = ask("Title", max_length=100)
    words: str = ask("Words", widget="long-text", max_length=5000)


@service(needs=tell_contacts)
def tell_by_hand(ctx: Context, contact: ContactPerson, given: ByHand) -> Text:
    """Tell a contact person something in one's own words.

    Raises:
        Refused: ``no-consent``.
    """
    purpose = ctx.session.get(Purpose, given.purpose)
    if purpose is None:
        raise NotFound("not-found", what=Purpose.called())
    # as values, lest a brace in somebody's words be taken for a place
    title, words = _("{words}", words=given.title), _("{words}", words=given.words)
    tell_contact(ctx, contact, title, words, purpose.code)
    return _("{name} is told.", name=contact.name)
