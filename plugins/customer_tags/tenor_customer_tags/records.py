"""Tags, who carries them, and the text that lists show."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped

from tenor_customers.public import Customer
from tenor_sdk import Archivable, Extension, Record, field, link, linked
from tenor_sdk.records import person


class Origin(StrEnum):
    """Where a tag on a customer comes from."""

    RULE = "rule"
    PERSON = "person"


class Tag(Record, Archivable):
    """What customers can be known for."""

    code: Mapped[str] = field(
        max_length=40, unique=True, pattern="[a-z0-9]+(-[a-z0-9]+)*", help="Such as key-account"
    )
    name: Mapped[str] = field(max_length=40, search=True)
    by_rule: Mapped[bool] = field(
        default=False, readonly=True, label="Given by rule", help="Then nobody gives it by hand"
    )
    priority: Mapped[int] = field(
        default=0, readonly=True, help="The higher, the earlier in queues; it skips no check"
    )


class CustomerTag(Record):
    """A tag on a customer: by a rule for as long as its facts hold, by a person until a day."""

    __title__ = "Tag of a customer"
    __plural__ = "Tags of customers"

    customer_id: Mapped[int] = link(Customer, readonly=True)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    tag_id: Mapped[int] = link(Tag, readonly=True)
    tag: Mapped[Tag] = linked(Tag, tag_id)
    origin: Mapped[Origin] = field(readonly=True)
    reason: Mapped[str] = field(max_length=500, default="", readonly=True)
    facts: Mapped[list[Any]] = field(default=list, readonly=True)
    rule_version: Mapped[int | None] = field(readonly=True)
    since: Mapped[date] = field(readonly=True)
    until: Mapped[date | None] = field(readonly=True, help="The last day on which it is carried")
    given_by_id: Mapped[int | None] = person(label="Given by")
    ended_on: Mapped[date | None] = field(readonly=True)
    end_reason: Mapped[str] = field(max_length=500, default="", readonly=True)

    def display(self) -> str:
        """The tag's name."""
        return str(self.tag.name) if self.tag is not None else f"#{self.id}"

    def held_on(self, day: date) -> bool:
        """Whether it is carried on a day."""
        over = self.ended_on is not None and self.ended_on <= day
        return self.since <= day and not over and (self.until is None or day <= self.until)


class CustomerTags(Extension[Customer]):
    """The tags that a customer carries today, beside it."""

    __title__ = "Tags of a customer, in a line"
    __plural__ = "Tags of customers, in a line"

    tags: Mapped[str] = field(max_length=400, default="", readonly=True, widget="tags", search=True)
    priority: Mapped[int] = field(default=0, readonly=True)
