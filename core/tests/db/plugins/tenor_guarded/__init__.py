"""A plugin of the guard's tests: files of units, with lines and links."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

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
from tenor_sdk.records import AppendOnly


class Folder(Record, Owned, Archivable):
    """Something of a unit."""

    number: Mapped[str] = numbered("F-{year}-{n:04d}")
    subject: Mapped[str] = field(search=True, max_length=40)
    amount: Mapped[Amount | None]
    sheets: Mapped[list[Sheet]] = lines()


class Sheet(Line[Folder]):
    """A line of it."""

    text: Mapped[str]


class Pointer(Record):
    """Something that links to it."""

    folder_id: Mapped[int] = link(Folder)
    folder: Mapped[Folder] = linked(Folder, folder_id)


class Fact(Record, AppendOnly):
    """Something that is written once."""

    value: Mapped[int]


clerk = Role(
    "Clerk",
    can.everything(Folder, scope=Scope.BELOW),
    can.edit(Pointer, scope=through(Pointer.folder_id)),
    can.everything(Fact),
    positions=("clerk",),
)


@service()
def rename(ctx: Context, folder: Folder, subject: str) -> None:
    """Give it another subject."""
    folder.subject = subject


@service()
def throw_away(ctx: Context, folder: Folder) -> None:
    """Remove it, with whatever belongs to it."""
    ctx.session.delete(folder)
