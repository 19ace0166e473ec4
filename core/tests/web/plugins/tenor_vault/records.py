from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor.access.records import User
from tenor_sdk import (
    Amount,
    Archivable,
    Discussed,
    Line,
    Owned,
    Rate,
    Record,
    field,
    lines,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import Customizable, computed, file_field


class Kind(StrEnum):
    PAPERS = "papers"
    GOLD = "gold-bars"


class Shelf(Record):
    """Where boxes stand."""

    name: Mapped[str] = field(max_length=100, search=True)


class Box(Record, Owned, Archivable, Discussed, Customizable):
    """A box in the vault."""

    number: Mapped[str] = numbered("BOX-{n:03d}")
    name: Mapped[str] = field(max_length=80, search=True)
    kind: Mapped[Kind] = field(default=Kind.PAPERS)
    value: Mapped[Amount | None] = field(label="Insured value", minimum=Amount(0))
    fee: Mapped[Rate | None] = field(label="Fee a year")
    since: Mapped[date | None] = field()
    sealed: Mapped[bool] = field(default=False)
    holder_identity: Mapped[str] = field(max_length=18, default="", mask="identity-number")
    pin: Mapped[str] = field(max_length=20, default="", secret=True)
    keeper_id: Mapped[int | None] = link(User, label="Keeper")
    shelf_id: Mapped[int | None] = link(Shelf, label="Shelf")
    shelf: Mapped[Shelf | None] = linked(Shelf, shelf_id)
    paper_id: Mapped[int | None] = file_field(label="Deed")
    remark: Mapped[str | None] = field(widget="long-text")
    carats: Mapped[int | None] = field()
    items: Mapped[list[Item]] = lines()

    @computed("value")
    def double(self) -> Amount | None:
        """Twice the insured value."""
        return self.value * 2 if self.value is not None else None


class Item(Line[Box]):
    """A thing in a box."""

    what: Mapped[str] = field(max_length=40)
    pieces: Mapped[int] = field(default=1, minimum=1)
    worth: Mapped[Amount | None] = field()
    mark: Mapped[str] = field(max_length=20, default="", mask="account")


class Guest(Record, Owned):
    """Somebody who came to the vault."""

    number: Mapped[str] = numbered("G-{n:03d}")
    name: Mapped[str] = field(max_length=80, search=True)
    company: Mapped[str] = field(max_length=80, default="")
    since: Mapped[date | None] = field()


class Opening(Record):
    """That somebody opened a box."""

    box_id: Mapped[int] = link(Box)
    reason: Mapped[str] = field(max_length=200)
