"""The groups that have a robot, people's mobile numbers, and what went to either."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_channels.sms import check_number, normal_number
from tenor_sdk import Archivable, Line, Record, field, lines, link
from tenor_sdk.fields import person

POSTING: Final = "posting"
POSTED: Final = "posted"
REFUSED: Final = "refused"
STATES: Final = ((POSTING, "Being posted"), (POSTED, "Posted"), (REFUSED, "Refused"))
SENDING: Final = "sending"
SENT: Final = "sent"
ARRIVED: Final = "arrived"
NOT_ARRIVED: Final = "not-arrived"
SMS_STATES: Final = (
    (SENDING, "Being sent"),
    (SENT, "Sent"),
    (REFUSED, "Refused"),
    (ARRIVED, "Arrived"),
    (NOT_ARRIVED, "Not arrived"),
)
NEWS: Final = (
    (ARRIVED, "Arrived"),
    (NOT_ARRIVED, "Not arrived"),
    ("withdrawal", "Wants no more"),
)


class ChatGroup(Record, Archivable):
    """A group of the chat provider with a robot that tells its people their notices."""

    __title__ = "Chat group"
    name: Mapped[str] = field(max_length=100, unique=True, search=True, label="Name of the group")
    address: Mapped[str] = field(max_length=1000, default="", secret=True, readonly=True)
    key: Mapped[str] = field(max_length=200, default="", secret=True, readonly=True)
    tells_words: Mapped[bool] = field(
        default=False,
        label="Tells the words of notices",
        help="Everybody in the group reads them; else only what kind of notice it is, and the link",
    )
    members: Mapped[list[GroupMember]] = lines()


class GroupMember(Line[ChatGroup]):
    """Somebody in a group; each is in one at most."""

    __title__ = "Member of a chat group"
    __plural__ = "Members of a chat group"
    user_id: Mapped[int] = person(label="Person", readonly=False)
    chat_id: Mapped[str] = field(
        max_length=100,
        default="",
        label="Id in the chat",
        help="By which the provider mentions them; empty: by name",
    )
    __table_args__ = (UniqueConstraint("user_id"),)


class Post(Record):
    """What was told in a group: to whom, when, with which words.

    Numbered within its group: the 20th before the next says whether there is room for it."""

    __title__ = "Posted in a group"
    __plural__ = "Posted in groups"
    __table_args__ = (
        UniqueConstraint("group_id", "number"),
        UniqueConstraint("notice_id", "attempt"),
    )
    group_id: Mapped[int] = link(ChatGroup, label="Group", readonly=True)
    number: Mapped[int] = field(readonly=True)
    notice_id: Mapped[int] = field(label="Notice", readonly=True)
    attempt: Mapped[int] = field(label="Try", readonly=True)
    user_id: Mapped[int] = person(label="Person")
    posted_at: Mapped[datetime] = field(label="At", readonly=True)
    words: Mapped[str] = field(widget="long-text", readonly=True)
    state: Mapped[str] = field(max_length=20, default=POSTING, choices=STATES, readonly=True)
    problem: Mapped[str] = field(max_length=500, default="", readonly=True)


class MobileNumber(Record):
    """Where somebody of the house is told by SMS what they chose to be told so."""

    __title__ = "Mobile number"
    user_id: Mapped[int] = person(label="Person", readonly=False)
    number: Mapped[str] = field(
        label="Mobile number",
        max_length=30,
        mask="phone",
        check=check_number,
        normal=normal_number,
        help="Of the mainland, or with + and the country’s code",
    )
    __table_args__ = (UniqueConstraint("user_id"),)


class Sms(Record):
    """A short message as it was handed to the provider, each try of it.

    Numbered within its mobile number: the one so many before says whether there is room for the next."""

    __title__ = "SMS"
    __plural__ = "SMS"
    __table_args__ = (UniqueConstraint("mobile", "number"), UniqueConstraint("key", "attempt"))
    mobile: Mapped[str] = field(label="Mobile number", max_length=30, mask="phone", readonly=True)
    number: Mapped[int] = field(readonly=True)
    key: Mapped[str] = field(max_length=100, label="Idempotency key", readonly=True)
    attempt: Mapped[int] = field(label="Try", readonly=True)
    user_id: Mapped[int | None] = person(label="Person")
    sent_at: Mapped[datetime] = field(label="At", readonly=True)
    words: Mapped[str] = field(widget="long-text", readonly=True)
    parts: Mapped[int] = field(readonly=True, help="As the provider charges them")
    state: Mapped[str] = field(max_length=20, default=SENDING, choices=SMS_STATES, readonly=True)
    problem: Mapped[str] = field(max_length=500, default="", readonly=True)
    reported_at: Mapped[datetime | None] = field(
        label="Reported for",
        readonly=True,
        help="When the provider says that it arrived, or failed",
    )

    def display(self) -> str:
        """The try of its message."""
        return f"{self.key} · {self.attempt}"


class SmsNews(Record):
    """What the provider of short messages reported, each once: a message arrived or didn't, somebody wants no more.

    Kept whether or not it is known what it is about: a report may come before its message stands as sent."""

    __title__ = "Report of the SMS provider"
    __plural__ = "Reports of the SMS provider"
    event: Mapped[str] = field(
        max_length=100, unique=True, label="Id at the provider", readonly=True
    )
    kind: Mapped[str] = field(max_length=20, choices=NEWS, readonly=True, label="What")
    key: Mapped[str] = field(
        max_length=100, default="", index=True, label="Idempotency key", readonly=True
    )
    mobile: Mapped[str] = field(
        label="Mobile number", max_length=30, default="", mask="phone", readonly=True
    )
    words: Mapped[str] = field(max_length=100, default="", readonly=True)
    problem: Mapped[str] = field(max_length=500, default="", readonly=True)
    happened_at: Mapped[datetime] = field(label="At", readonly=True, index=True)
    applied_at: Mapped[datetime | None] = field(label="Acted on", readonly=True, index=True)

    def display(self) -> str:
        """Its id at the provider."""
        return self.event
