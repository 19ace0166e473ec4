"""What people were told, the mails that told them, and what each wants to be told in which way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenor.access.records import User
from tenor.notify.offered import channels, kinds
from tenor_sdk.fields import field, link
from tenor_sdk.notify import AT_ONCE, DIGEST, MAIL, NONE
from tenor_sdk.records import Record

WAITING: Final = "waiting"
SENT: Final = "sent"
DROPPED: Final = "dropped"
HELD: Final = "held"
BUNDLED: Final = "bundled"
BOUNCED: Final = "bounced"

WAYS: Final[Sequence[tuple[str, str]]] = (
    (AT_ONCE, "At once"),
    (DIGEST, "In the digest"),
    (NONE, "Not at all"),
)
CLOCK: Final = r"|([01]\d|2[0-3]):[0-5]\d"


class Notice(Record):
    """Something that one person is told. Its words are kept as a message with its values, so that each reads them in
    their own language; what it is about is looked up when it is shown, with that person's eyes.

    Attributes:
        case_id, round: the stay of a case whose task it tells of. Once that is over, there is nothing left to do, and
            it counts as read.
    """

    __title__ = "Notice"
    __journal__: ClassVar[bool] = True
    __table_args__ = (Index(None, "user_id", "read_at"),)
    user_id: Mapped[int] = field(label="Person")
    kind: Mapped[str] = field(max_length=200, default="", help="As it is declared: plugin.name")
    title: Mapped[Any] = mapped_column(JSON)
    body: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    about_table: Mapped[str] = field(max_length=100, default="", label="About")
    about_id: Mapped[int | None] = field(label="About id")
    read_at: Mapped[datetime | None] = field(label="Read")
    case_id: Mapped[int | None] = field(label="Case")
    round: Mapped[int | None] = field()


class Mail(Record):
    """A mail to one person: *waiting*, *sent*; *dropped* where nobody is there any more to read it; *held* for a
    digest, then *bundled* in one; *bounced* where the address took none, or sent it back."""

    __title__ = "Mail"
    __journal__: ClassVar[bool] = True
    __table_args__ = (Index(None, "state", "due_at"),)
    notice_id: Mapped[int] = field(
        label="Notice", index=True, help="0: it tells of several, or of none"
    )
    user_id: Mapped[int] = field(label="Person")
    address: Mapped[str] = field(max_length=200, label="To", search=True)
    subject: Mapped[str] = field(max_length=500, default="", search=True)
    body: Mapped[str] = field(default="", widget="long-text")
    state: Mapped[str] = field(max_length=20, default=WAITING)
    sent_at: Mapped[datetime | None] = field(label="Sent")
    due_at: Mapped[datetime | None] = field(
        label="Due", help="When the digest that it is held for is made"
    )
    within_id: Mapped[int | None] = field(
        label="Within", index=True, help="The digest that holds it"
    )
    error: Mapped[str] = field(max_length=500, default="", label="Problem")
    key: Mapped[str] = field(max_length=100, unique=True, label="Idempotency key")


class HeldNotice(Record):
    """A notice that waits for the digest of a channel beside mail, and in which digest it went.

    Attributes:
        digest_id: the first row that is in the same digest; none: it waits.
    """

    __title__ = "Notice in a digest"
    __plural__ = "Notices in digests"
    __journal__: ClassVar[bool] = True
    __table_args__ = (
        UniqueConstraint("notice_id", "channel"),
        Index(None, "digest_id", "due_at"),
    )
    notice_id: Mapped[int] = link(Notice)
    user_id: Mapped[int] = field(label="Person")
    channel: Mapped[str] = field(max_length=100)
    due_at: Mapped[datetime] = field(
        label="Due", help="When the digest that it is held for is made"
    )
    digest_id: Mapped[int | None] = field(label="Within")


class BouncedAddress(Record):
    """An address that takes no mail: none is sent to it until somebody removes this row."""

    __title__ = "Address that bounces"
    __plural__ = "Addresses that bounce"
    address: Mapped[str] = field(max_length=200, unique=True, search=True)
    user_id: Mapped[int | None] = link(User, label="Person")
    reason: Mapped[str] = field(max_length=500, help="In the words of the mail server")

    def display(self) -> str:
        return self.address


class NoticeDefault(Record):
    """In which way people are told of a kind of notice who didn't choose themselves; *fixed*: whatever they chose."""

    __title__ = "Notice by default"
    __plural__ = "Notices by default"
    __table_args__ = (UniqueConstraint("kind", "channel"),)
    kind: Mapped[str] = field(max_length=200, offered=kinds)
    channel: Mapped[str] = field(max_length=100, default=MAIL, offered=channels)
    way: Mapped[str] = field(max_length=20, choices=WAYS)
    fixed: Mapped[bool] = field(default=False, help="Nobody may choose otherwise")

    def display(self) -> str:
        return f"{self.kind} · {self.channel}"


class NoticeChoice(Record):
    """In which way a person wants to be told of a kind of notice."""

    __title__ = "Choice of notices"
    __plural__ = "Choices of notices"
    __table_args__ = (UniqueConstraint("user_id", "kind", "channel"),)
    user_id: Mapped[int] = link(User, label="Person")
    kind: Mapped[str] = field(max_length=200)
    channel: Mapped[str] = field(max_length=100)
    way: Mapped[str] = field(max_length=20, choices=WAYS)


class QuietHours(Record):
    """The hours in which a person is told nothing but in the inbox, in the institution's time zone; from and until
    empty: none at all."""

    __title__ = "Quiet hours"
    __plural__ = "Quiet hours"
    user_id: Mapped[int] = link(User, label="Person", unique=True)
    starts: Mapped[str] = field(max_length=5, default="", pattern=CLOCK, label="From")
    ends: Mapped[str] = field(max_length=5, default="", pattern=CLOCK, label="Until")
