from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Discussed, Owned, Record, field, link
from tenor_sdk.records import state_field


class Permit(Record, Owned, Discussed):
    """Leave to build something."""

    subject: Mapped[str] = field(max_length=200, search=True)
    note: Mapped[str] = field(default="")
    state: Mapped[str] = state_field("draft")


class Plan(Record, Owned):
    """A drawing of what is to be built."""

    name: Mapped[str] = field(max_length=100, search=True)
    permit_id: Mapped[int] = link(Permit)
    state: Mapped[str] = state_field("open")

    def display(self) -> str:
        return self.name


class Opening(Record, Owned):
    """The day on which what was built is opened: not before its permit is granted."""

    permit_id: Mapped[int] = link(Permit)
    state: Mapped[str] = state_field("planned")
