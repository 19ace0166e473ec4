"""What people were told, and the mails that told them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenor_sdk.fields import field
from tenor_sdk.records import Record

WAITING: Final = "waiting"
SENT: Final = "sent"
DROPPED: Final = "dropped"


class Notice(Record):
    """Something that one person is told. Its words are kept as a message with its values, so that each reads them in
    their own language; what it is about is looked up when it is shown, with that person's eyes."""

    __title__ = "Notice"
    __journal__: ClassVar[bool] = True
    __table_args__ = (Index(None, "user_id", "read_at"),)
    user_id: Mapped[int] = field(label="Person")
    title: Mapped[Any] = mapped_column(JSON)
    body: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    about_table: Mapped[str] = field(max_length=100, default="", label="About")
    about_id: Mapped[int | None] = field(label="About id")
    read_at: Mapped[datetime | None] = field(label="Read")


class Mail(Record):
    """A mail to one person: *waiting*, *sent*, or *dropped* where nobody is there any more to read it."""

    __title__ = "Mail"
    __journal__: ClassVar[bool] = True
    notice_id: Mapped[int] = field(label="Notice", index=True)
    user_id: Mapped[int] = field(label="Person")
    address: Mapped[str] = field(max_length=200, label="To", search=True)
    subject: Mapped[str] = field(max_length=500, default="", search=True)
    body: Mapped[str] = field(default="", widget="long-text")
    state: Mapped[str] = field(max_length=20, default=WAITING)
    sent_at: Mapped[datetime | None] = field(label="Sent")
    key: Mapped[str] = field(max_length=100, unique=True, label="Idempotency key")
