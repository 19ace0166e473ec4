"""What people say on a record's timeline, the fields that they add to records, and what other systems call records."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar, Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor.access.records import User
from tenor_sdk.fields import field, lines, link
from tenor_sdk.records import AppendOnly, Archivable, Line, Record


class Comment(Record, AppendOnly):
    """A remark on a record's timeline; read by whoever may read that record."""

    table_name: Mapped[str] = field(max_length=100, index=True)
    record_id: Mapped[int] = field(index=True)
    text: Mapped[str] = field(widget="long-text")
    mentions: Mapped[dict[str, Any] | None] = field(
        readonly=True, help="Who is named in it, and where: ids, places and lengths"
    )


class Follower(Record):
    """A person who is told of what is said and done on a record."""

    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("table_name", "record_id", "user_id"),)
    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    user_id: Mapped[int] = link(User, label="Person")


class CustomKind(StrEnum):
    """What a value of a custom field is."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    INTEGER = "integer"
    AMOUNT = "amount"
    RATE = "rate"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"


KINDS: Final = (
    (CustomKind.TEXT.value, "Text of one line"), (CustomKind.LONG_TEXT.value, "Text of several lines"),
    (CustomKind.INTEGER.value, "Whole number"), (CustomKind.AMOUNT.value, "Amount in the record’s currency"),
    (CustomKind.RATE.value, "Rate"), (CustomKind.DATE.value, "Date"), (CustomKind.BOOLEAN.value, "Yes or no"),
    (CustomKind.CHOICE.value, "Choice"),
)  # fmt: skip


class CustomField(Record, Archivable):
    """A field that the institution adds to a kind of record; it stands wherever the record's own fields do."""

    __title__ = "Custom field"
    __table_args__ = (UniqueConstraint("record", "key"),)

    label: Mapped[str] = field(max_length=100, label="Label in Chinese", search=True)
    label_en: Mapped[str] = field(max_length=100, default="", label="Label in English", search=True)
    record: Mapped[str] = field(
        max_length=100, label="Kind of record",
        help="By its name, such as customers.customer",
    )  # fmt: skip
    key: Mapped[str] = field(
        max_length=40, search=True, pattern=r"[a-z][a-z0-9]*(_[a-z0-9]+)*",
        help="Its name in API, files and ledger: small letters, figures, single underscores",
    )  # fmt: skip
    kind: Mapped[CustomKind] = field(
        choices=KINDS, help="It can’t be changed any more as soon as values stand"
    )
    required: Mapped[bool] = field(
        default=False, help="Records that lack it stay valid until somebody edits them"
    )
    searched: Mapped[bool] = field(
        default=False, help="Lists can be filtered by it, and the search box looks into its texts"
    )
    place: Mapped[int] = field(default=100, help="In the order of the fields; lower comes first")
    help: Mapped[str] = field(max_length=300, default="", label="Help in Chinese")
    help_en: Mapped[str] = field(max_length=300, default="", label="Help in English")
    choices: Mapped[list[CustomChoice]] = lines()

    def display(self) -> str:
        """Its label."""
        return str(self.label)


class CustomChoice(Line[CustomField]):
    """A value that a custom field may have."""

    __title__ = "Choice"
    __table_args__ = (UniqueConstraint("parent_id", "value"),)

    value: Mapped[str] = field(max_length=60, pattern=r"[A-Za-z0-9][A-Za-z0-9_.-]*")
    label: Mapped[str] = field(max_length=100, label="Label in Chinese")
    label_en: Mapped[str] = field(max_length=100, default="", label="Label in English")
    withdrawn: Mapped[bool] = field(
        default=False, help="No longer offered; where it was chosen it stays"
    )


class CustomEpoch(Record):
    """How often custom fields changed; one row, counted by the database itself.

    What was read of their definitions holds until this number moves.
    """

    __title__ = "Changes of custom fields"
    __plural__ = "Changes of custom fields"
    number: Mapped[int] = field(default=1, readonly=True)


class ExternalId(Record):
    """What another system calls a record."""

    __title__ = "External id"
    __table_args__ = (
        UniqueConstraint("table_name", "source", "value"),
        UniqueConstraint("table_name", "record_id", "source"),
    )

    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    source: Mapped[str] = field(max_length=60)
    value: Mapped[str] = field(max_length=200)
