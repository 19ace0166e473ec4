"""How people like their lists, filters and columns; and what they do to many rows of one at once."""

from __future__ import annotations

from typing import ClassVar, Final

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor.access.records import User
from tenor_sdk.fields import field, link
from tenor_sdk.records import Json, Record

#: characters of a name that stands on a tab, and of what an address holds
NAME: Final = 40
QUERY: Final = 4000


class SavedFilter(Record):
    """What narrows and sorts a list, under a name: one's own, or shared with all who may read that list."""

    __title__ = "Saved filter"
    __table_args__ = (
        UniqueConstraint("owner_id", "record", "name"),
        Index(None, "record", "shared"),
    )
    owner_id: Mapped[int] = link(User, label="Owner")
    record: Mapped[str] = field(
        max_length=100, label="List", help="Of which records: plugin.record"
    )
    name: Mapped[str] = field(max_length=NAME)
    query: Mapped[str] = field(
        max_length=QUERY, label="Filter", help="As the list's address holds it"
    )
    shared: Mapped[bool] = field(default=False, help="With all who may read the list")

    def display(self) -> str:
        return self.name


class ListChoice(Record):
    """How somebody wants a list to be: its columns, and the filter with which it opens."""

    __title__ = "Choice of a list"
    __plural__ = "Choices of lists"
    __table_args__ = (UniqueConstraint("user_id", "record", "view"),)
    user_id: Mapped[int] = link(User, label="Person")
    record: Mapped[str] = field(
        max_length=100, label="List", help="Of which records: plugin.record"
    )
    view: Mapped[str] = field(max_length=100, default="", help="Which of their lists")
    columns: Mapped[str] = field(
        max_length=4000,
        default="",
        help="Their keys in order, with spaces between; empty: as declared",
    )
    opens_id: Mapped[int | None] = field(
        label="Opens with", help="The filter that is saved under this id"
    )

    def display(self) -> str:
        return f"{self.record} {self.view}".strip()


WAITING: Final = "waiting"
DONE: Final = "done"
STOPPED: Final = "stopped"


class BulkChange(Record):
    """One change of many records: of which, what, by whom, and how far it is. A journal, moved by the kernel alone;
    what it did to each record is in the ledger."""

    __title__ = "Change of many"
    __plural__ = "Changes of many"
    __journal__: ClassVar[bool] = True

    record: Mapped[str] = field(
        max_length=100, label="List", help="Of which records: plugin.record"
    )
    what: Mapped[str] = field(max_length=200, help="Of what kind the change is, and its name")
    given: Mapped[Json] = field(help="What was filled in", secret=True)
    total: Mapped[int] = field(label="How many were chosen")
    state: Mapped[str] = field(max_length=20, default=WAITING)
    reached: Mapped[int] = field(default=0, label="How many were tried")
    changed: Mapped[int] = field(default=0)
    already: Mapped[int] = field(default=0, label="How many were so already")
    job_id: Mapped[int | None] = field(label="Job", help="Of more than are changed at once")
    problem: Mapped[str] = field(
        default="", help="Why it was stopped, in the language of whoever began it"
    )
    told: Mapped[Json | None] = field(secret=True, help="Why it was stopped, in no language yet")

    def display(self) -> str:
        return f"{self.record} {self.what}"


class BulkRow(Record):
    """A record that was chosen for a change of many. It is there until it was changed; one that was refused stays, with
    the reason, and so does one that was so already."""

    __title__ = "Row of a change of many"
    __plural__ = "Rows of changes of many"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("change_id", "place"), Index(None, "record_id"))

    change_id: Mapped[int] = field(label="Change of many")
    place: Mapped[int] = field(help="Where it stands among them, from 1")
    record_id: Mapped[int] = field(label="Record id")
    was: Mapped[int | None] = field(label="Version", help="As it was when it was chosen")
    already: Mapped[bool] = field(default=False, label="Was so already")
    # secret to lists and the API: they are told to whoever changed them, and shown to nobody else
    name: Mapped[str] = field(default="", secret=True)
    why: Mapped[str] = field(
        default="", secret=True, help="In the language of whoever changed them"
    )
    told: Mapped[Json | None] = field(secret=True, help="Why, in no language yet")

    def display(self) -> str:
        return f"{self.change_id}.{self.place}"
