"""Applications, what was brought and said on them, and their conditions precedent."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from tenor_credit.public import Rating
from tenor_customers.public import Customer
from tenor_origination.checklist import KINDS, Product
from tenor_sdk import (
    Amount,
    AppendOnly,
    Archivable,
    Discussed,
    Owned,
    Rate,
    Record,
    field,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import Customizable, file_field, person, state_field

#: where an application without any priority stands in a queue; lower comes first
NO_PRIORITY = 100


class Repayment(StrEnum):
    """How a loan is paid back."""

    LEVEL_PAYMENT = "level-payment"
    LEVEL_PRINCIPAL = "level-principal"
    BULLET = "bullet"


class View(StrEnum):
    """What somebody thinks of an application."""

    AGREE = "agree"
    AGREE_WITH_CONDITIONS = "agree-with-conditions"
    OBJECT = "object"


class Application(Record, Owned, Archivable, Discussed, Customizable):
    """A customer's wish to borrow, on its way through the departments."""

    # all by which their list and the risk queue are filtered and sorted at first: a page of either is found here
    __table_args__ = (
        Index(None, "unit_id", "created_at", "state", "archived", "id"),
        Index(None, "state", "queue_rank", "unit_id", "archived", "id"),
    )

    number: Mapped[str] = numbered("APP-{year}-{n:06d}")
    customer_id: Mapped[int] = link(Customer)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    product: Mapped[Product] = field(default=Product.WORKING_CAPITAL)
    currency: Mapped[str] = field(
        max_length=3, default="CNY", pattern="[A-Z]{3}", widget="currency"
    )
    amount: Mapped[Amount] = field(minimum=Amount(1))
    months: Mapped[int] = field(label="Term in months", minimum=1, maximum=360)
    rate: Mapped[Rate] = field(label="Annual rate", minimum=Rate(0), maximum=Rate.of("0.24"))
    repayment: Mapped[Repayment] = field(default=Repayment.LEVEL_PAYMENT)
    purpose: Mapped[str] = field(max_length=500, widget="long-text")
    state: Mapped[str] = state_field("draft")
    priority: Mapped[str] = field(
        max_length=100, default="", readonly=True, widget="tags", help="Why it comes before others"
    )
    queue_rank: Mapped[int] = field(
        default=NO_PRIORITY, readonly=True, label="Rank in the queue", help="Lower comes first"
    )
    approved_amount: Mapped[Amount | None] = field(readonly=True)
    approved_rate: Mapped[Rate | None] = field(readonly=True, label="Approved annual rate")
    approved_months: Mapped[int | None] = field(readonly=True, label="Approved term in months")
    rating_id: Mapped[int | None] = link(
        Rating, label="Rating at the decision", readonly=True, help="On which it was decided"
    )
    rating: Mapped[Rating | None] = linked(Rating, rating_id)
    decided_on: Mapped[date | None] = field(readonly=True)


class ApplicationDocument(Record, AppendOnly):
    """A document that was brought; of a kind that is brought again the last one counts."""

    __title__ = "Document of an application"
    __plural__ = "Documents of applications"

    application_id: Mapped[int] = link(Application)
    kind: Mapped[str] = field(
        label="Document", max_length=60, choices=tuple((kind.code, kind.title) for kind in KINDS)
    )
    file_id: Mapped[int] = file_field(label="File")
    name: Mapped[str] = field(max_length=255)
    brought_on: Mapped[date] = field()
    brought_by_id: Mapped[int] = person(label="Brought by")


class Opinion(Record, AppendOnly):
    """What somebody said on an application, when it was theirs to say."""

    application_id: Mapped[int] = link(Application)
    stage: Mapped[str] = field(max_length=64)
    view: Mapped[View] = field(label="Opinion")
    text: Mapped[str] = field(label="Reasons", widget="long-text")
    by_id: Mapped[int] = person(label="Person")
    said_on: Mapped[date] = field(label="Day")

    def display(self) -> str:
        """Its first words."""
        return str(self.text)[:40] or str(self.view.value)


class Condition(Record, Discussed):
    """A condition precedent: what must be there before money is paid out."""

    __title__ = "Condition precedent"
    __plural__ = "Conditions precedent"

    application_id: Mapped[int] = link(Application, readonly=True)
    application: Mapped[Application] = linked(Application, application_id)
    text: Mapped[str] = field(label="Condition", max_length=500, readonly=True)
    set_by_id: Mapped[int] = person(label="Set by")
    met_on: Mapped[date | None] = field(readonly=True)
    met_by_id: Mapped[int | None] = person(label="Confirmed by")
    note: Mapped[str] = field(label="What shows it", max_length=500, default="", readonly=True)
    file_id: Mapped[int | None] = file_field(label="Evidence")

    def display(self) -> str:
        """Its text."""
        return str(self.text)
