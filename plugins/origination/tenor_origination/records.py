"""Applications, what was brought and said on them, and their conditions precedent."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor_customers.public import Customer
from tenor_origination.checklist import Product
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
from tenor_sdk.records import file_field, state_field


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


class Application(Record, Owned, Archivable, Discussed):
    """A customer's wish to borrow, on its way through the departments."""

    number: Mapped[str] = numbered("APP-{year}-{n:06d}")
    customer_id: Mapped[int] = link(Customer)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    product: Mapped[Product] = field(default=Product.WORKING_CAPITAL)
    currency: Mapped[str] = field(max_length=3, default="CNY", pattern="[A-Z]{3}")
    amount: Mapped[Amount] = field(minimum=Amount(1))
    months: Mapped[int] = field(label="Term in months", minimum=1, maximum=360)
    rate: Mapped[Rate] = field(label="Annual rate", minimum=Rate(0), maximum=Rate.of("0.24"))
    repayment: Mapped[Repayment] = field(default=Repayment.LEVEL_PAYMENT)
    purpose: Mapped[str] = field(max_length=500, widget="long-text")
    state: Mapped[str] = state_field("draft")
    approved_amount: Mapped[Amount | None] = field(readonly=True)
    approved_rate: Mapped[Rate | None] = field(readonly=True)
    approved_months: Mapped[int | None] = field(readonly=True, label="Approved term in months")
    decided_on: Mapped[date | None] = field(readonly=True)

    def display(self) -> str:
        """Its number."""
        return str(self.number)


class ApplicationDocument(Record, AppendOnly):
    """A document that was brought; of a kind that is brought again the last one counts."""

    application_id: Mapped[int] = link(Application)
    kind: Mapped[str] = field(max_length=60)
    file_id: Mapped[int] = file_field(label="File")
    name: Mapped[str] = field(max_length=255)
    brought_on: Mapped[date] = field()
    brought_by_id: Mapped[int] = field()


class Opinion(Record, AppendOnly):
    """What somebody said on an application, when it was theirs to say."""

    application_id: Mapped[int] = link(Application)
    stage: Mapped[str] = field(max_length=64)
    view: Mapped[View] = field()
    text: Mapped[str] = field(widget="long-text")
    by_id: Mapped[int] = field()
    said_on: Mapped[date] = field()


class Condition(Record, Discussed):
    """A condition precedent: what must be there before money is paid out."""

    application_id: Mapped[int] = link(Application, readonly=True)
    application: Mapped[Application] = linked(Application, application_id)
    text: Mapped[str] = field(max_length=500, readonly=True)
    set_by_id: Mapped[int] = field(readonly=True)
    met_on: Mapped[date | None] = field(readonly=True)
    met_by_id: Mapped[int | None] = field(readonly=True)
    note: Mapped[str] = field(default="", readonly=True)
    file_id: Mapped[int | None] = file_field(label="Evidence")

    def display(self) -> str:
        """Its text."""
        return str(self.text)
