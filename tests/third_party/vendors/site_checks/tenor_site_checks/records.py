"""What was found on site, and what that adds to a customer."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor_customers.public import Customer
from tenor_sdk import Discussed, Extension, Owned, Record, field, link, linked


class Verdict(StrEnum):
    """What somebody thinks who was there."""

    SOUND = "sound"
    DOUBTFUL = "doubtful"
    DESERTED = "deserted"


class SiteCheck(Record, Owned, Discussed):
    """A look at a customer's works."""

    customer_id: Mapped[int] = link(Customer, readonly=True)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    checked_on: Mapped[date] = field(index=True, readonly=True)
    verdict: Mapped[Verdict] = field(readonly=True)
    finding: Mapped[str] = field(max_length=2000, default="", widget="long-text", search=True)

    def display(self) -> str:
        """Its day."""
        return self.checked_on.isoformat()


class CustomerCheck(Extension[Customer]):
    """How often a customer was checked."""

    __title__ = "Site checks"
    __plural__ = "Site checks"

    checks: Mapped[int] = field(default=0, minimum=0, label="Site checks")
    last_checked_on: Mapped[date | None] = field(label="Last checked on site")
