"""A plugin of the guard's tests: files of units, with lines and links."""

from __future__ import annotations

from sqlalchemy import ColumnElement, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, relationship

from tenor_sdk import (
    Amount,
    Archivable,
    Context,
    Line,
    Owned,
    Record,
    Role,
    Scope,
    can,
    field,
    lines,
    link,
    linked,
    numbered,
    service,
)
from tenor_sdk.access import through
from tenor_sdk.bulk import load
from tenor_sdk.records import AppendOnly


class Folder(Record, Owned, Archivable):
    """Something of a unit."""

    number: Mapped[str] = numbered("F-{year}-{n:04d}")
    subject: Mapped[str] = field(search=True, max_length=40)
    amount: Mapped[Amount | None]
    sheets: Mapped[list[Sheet]] = lines()

    @hybrid_property
    def large(self) -> bool:
        """Whether it is more than half a unit of money; asked in SQL as well."""
        return self.amount is not None and self.amount > Amount(50)

    @large.inplace.expression
    @classmethod
    def _large(cls) -> ColumnElement[bool]:
        return cls.amount > Amount(50)


class Sheet(Line[Folder]):
    """A line of it."""

    text: Mapped[str]


class Pointer(Record):
    """Something that links to it."""

    folder_id: Mapped[int] = link(Folder)
    folder: Mapped[Folder] = linked(Folder, folder_id)


class Trail(Record):
    """Something that leads to it, loaded in the ways that a relation can say by itself."""

    folder_id: Mapped[int] = link(Folder)
    by_ids: Mapped[Folder] = relationship(Folder, lazy="selectin", viewonly=True)
    by_subquery: Mapped[Folder] = relationship(Folder, lazy="subquery", viewonly=True)
    at_once: Mapped[Folder] = relationship(Folder, lazy="immediate", viewonly=True)


class Track(Record):
    """The same, loaded by a join."""

    folder_id: Mapped[int] = link(Folder)
    by_join: Mapped[Folder] = relationship(Folder, lazy="joined", viewonly=True)


class Fact(Record, AppendOnly):
    """Something that is written once."""

    value: Mapped[int]


class Receipt(Record, AppendOnly, journal=True):
    """Something that is written once and in great number, and is sealed directly."""

    amount: Mapped[Amount]
    payer: Mapped[str] = field(max_length=20, default="")
    note: Mapped[str | None] = field(max_length=20)


class Badge(Record, Owned):
    """Something of which no two are alike."""

    __table_args__ = (UniqueConstraint("series", "holder_name"),)
    code: Mapped[str | None] = field(max_length=20, unique=True)
    series: Mapped[str | None] = field(max_length=20)
    holder_name: Mapped[str | None] = field(label="Issued to", max_length=20)
    pin: Mapped[str | None] = field(max_length=20, unique=True, secret=True)


class Ballot(Record):
    """Something that is handed in and seen no more."""

    voter: Mapped[str] = field(max_length=20, unique=True)


clerk = Role(
    "Clerk",
    can.everything(Folder, scope=Scope.BELOW),
    can.edit(Pointer, scope=through(Pointer.folder_id)),
    can.everything(Fact),
    can.everything(Receipt),
    can.everything(Badge, scope=Scope.BELOW),
    can.create(Ballot),
    positions=("clerk",),
)

all_pointers = Role(
    "Reader of all pointers",
    can.read(Pointer),
    can.edit(Trail),
    can.edit(Track),
    positions=("clerk",),
)

#: reads what a clerk reads, without being one
reader = Role("Reader of the unit", can.read(Folder, scope=Scope.UNIT))


@service()
def rename(ctx: Context, folder: Folder, subject: str) -> None:
    """Give it another subject."""
    folder.subject = subject


@service()
def take(ctx: Context, amounts: list[int]) -> None:
    """Take receipts, all at once."""
    load(ctx, Receipt, [{"amount": Amount(each)} for each in amounts])


@service()
def throw_away(ctx: Context, folder: Folder) -> None:
    """Remove it, with whatever belongs to it."""
    ctx.session.delete(folder)
