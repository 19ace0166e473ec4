"""People outside the house who may be told something: what they agreed to, and what they were told."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from tenor_channels.records.house import ARRIVED, NOT_ARRIVED
from tenor_channels.sms import check_number, normal_number
from tenor_sdk import (
    AppendOnly,
    Archivable,
    Discussed,
    Invalid,
    Owned,
    Record,
    field,
    link,
    linked,
)
from tenor_sdk.records import file_field

MAIL: Final = "mail"
SMS: Final = "sms"
WAYS: Final = ((MAIL, "E-mail"), (SMS, "SMS"))

GIVEN: Final = "given"
WITHDRAWN: Final = "withdrawn"
ACTS: Final = ((GIVEN, "Given"), (WITHDRAWN, "Withdrawn"))
EVIDENCE: Final = (
    ("signed", "A signed paper"),
    ("contract", "A signed contract"),
    ("call", "A recorded call"),
    ("message", "A mail or message of theirs"),
    ("person", "Said in person"),
)

WAITING: Final = "waiting"
SENT: Final = "sent"
REFUSED: Final = "refused"
BOUNCED: Final = "bounced"
NOT_SENT: Final = "not-sent"
STATES: Final = (
    (WAITING, "Waiting"),
    (SENT, "Sent"),
    (REFUSED, "Refused"),
    (BOUNCED, "Bounced"),
    (NOT_SENT, "Not sent: no consent any more"),
    (ARRIVED, "Arrived"),
    (NOT_ARRIVED, "Not arrived"),
)
LANGUAGES: Final = (("zh-CN", "Chinese"), ("en", "English"))


def normal_mail(given: str) -> str:
    """A mail address as it is stored."""
    return given.strip().lower()


def check_mail(address: str) -> None:
    """Whether a text may be a mail address; empty: none.

    Raises:
        Invalid: ``not-a-mail-address``.
    """
    name, _at, host = address.rpartition("@")
    blank = any(letter <= " " or not letter.isprintable() for letter in address)
    if address and (blank or not name or "." not in host.strip(".")):
        raise Invalid("not-a-mail-address")


class ContactPerson(Record, Owned, Archivable, Discussed):
    """Somebody outside the house who acts for a customer, or is one, and may be told something."""

    __title__ = "Contact person"
    __plural__ = "Contact persons"
    name: Mapped[str] = field(max_length=100, search=True)
    acts_for: Mapped[str] = field(
        max_length=200, default="", search=True, label="Acts for", help="The customer’s name"
    )
    email: Mapped[str] = field(
        max_length=200, default="", label="E-mail", check=check_mail, normal=normal_mail
    )
    mobile: Mapped[str] = field(
        max_length=30, default="", label="Mobile number", mask="phone",
        check=check_number, normal=normal_number,
    )  # fmt: skip
    language: Mapped[str] = field(max_length=10, default="zh-CN", choices=LANGUAGES)

    def address(self, way: str) -> str:
        """Where they are told this way; empty: nowhere."""
        return self.email if way == MAIL else self.mobile


class Purpose(Record, Archivable):
    """For what contact persons are told something, and the words to which they agree.

    Who agreed to other words agreed to something else: once the words change, everybody is asked again (个人信息保护法
    第十四条)."""

    __title__ = "Purpose of notices"
    __plural__ = "Purposes of notices"
    code: Mapped[str] = field(
        max_length=60, unique=True, pattern="[a-z][a-z0-9-]*", search=True,
        help="By which plugins name it, such as repayment-reminder",
    )  # fmt: skip
    title: Mapped[str] = field(max_length=100, search=True)
    words: Mapped[str] = field(
        widget="long-text", label="Words agreed to",
        help="What is said, by whom, in which way and how often, and how consent is withdrawn",
    )  # fmt: skip


class Consent(Record, AppendOnly):
    """That a contact person gave their consent, or withdrew it: the last entry for a purpose and a way counts.

    It is for the address and the words that stand here, and for no others."""

    __table_args__ = (Index(None, "contact_id", "purpose_id", "way", "id"),)
    contact_id: Mapped[int] = link(ContactPerson, label="Contact person", readonly=True)
    contact: Mapped[ContactPerson] = linked(ContactPerson, contact_id)
    purpose_id: Mapped[int] = link(Purpose, label="Purpose", readonly=True)
    way: Mapped[str] = field(max_length=10, choices=WAYS, readonly=True)
    act: Mapped[str] = field(max_length=10, choices=ACTS, label="Consent", readonly=True)
    said_on: Mapped[date] = field(label="Said on", readonly=True)
    said_by: Mapped[str] = field(max_length=100, label="Said by", readonly=True)
    evidence: Mapped[str] = field(max_length=10, choices=EVIDENCE, readonly=True)
    where: Mapped[str] = field(
        max_length=300, default="", label="Where the evidence is", readonly=True
    )
    file_id: Mapped[int | None] = file_field(label="File")
    address: Mapped[str] = field(max_length=200, default="", mask="all", readonly=True)
    words: Mapped[str] = field(
        default="", widget="long-text", label="Words agreed to", readonly=True
    )

    def display(self) -> str:
        """Its day."""
        return self.said_on.isoformat()


class ContactNotice(Record):
    """What a contact person was told: with which words, to which address, on whose behalf, and what came of it."""

    __title__ = "Notice to a contact person"
    __plural__ = "Notices to contact persons"
    contact_id: Mapped[int] = link(ContactPerson, label="Contact person", readonly=True)
    purpose_id: Mapped[int] = link(Purpose, label="Purpose", readonly=True)
    consent_id: Mapped[int] = link(Consent, label="Consent", readonly=True)
    way: Mapped[str] = field(max_length=10, choices=WAYS, readonly=True)
    address: Mapped[str] = field(max_length=200, mask="all", readonly=True)
    title: Mapped[str] = field(max_length=500, readonly=True)
    words: Mapped[str] = field(widget="long-text", readonly=True)
    parts: Mapped[int] = field(default=0, readonly=True, help="Of an SMS")
    asked_by: Mapped[str] = field(max_length=100, label="Told by plugin", readonly=True)
    state: Mapped[str] = field(max_length=20, default=WAITING, choices=STATES, readonly=True)
    sent_at: Mapped[datetime | None] = field(label="Sent at", readonly=True)
    problem: Mapped[str] = field(max_length=500, default="", readonly=True)
    reported_at: Mapped[datetime | None] = field(
        label="Reported for",
        readonly=True,
        help="When the provider says that it arrived, or failed",
    )
