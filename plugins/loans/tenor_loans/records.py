"""Loans: what was agreed, what was booked, what was told. Balances are computed from the postings."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_customers.public import Customer
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.facts import FactKind
from tenor_loans.domain.schedule import Method
from tenor_origination.public import Application
from tenor_sdk import (
    Amount,
    AppendOnly,
    Archivable,
    Discussed,
    Line,
    Owned,
    Rate,
    Record,
    field,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import person, state_field


class Loan(Record, Owned, Archivable, Discussed):
    """Money lent to a customer, as it was agreed when it was paid out.

    What is owed on a day is computed from its postings; ``outstanding`` and what follows it are that computation as of
    the last posting or the last night, for lists and sums.
    """

    # all by which their list is filtered and sorted at first: a page of it is found here
    __table_args__ = (Index(None, "unit_id", "number", "state", "archived", "id"),)

    number: Mapped[str] = numbered("LN-{year}-{n:06d}")
    customer_id: Mapped[int] = link(Customer, readonly=True)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    borrower: Mapped[str] = field(
        max_length=200,
        search=True,
        readonly=True,
        help="The customer's name when the money was paid out",
    )
    application_id: Mapped[int | None] = link(Application, readonly=True, unique=True)
    application: Mapped[Application] = linked(Application, application_id)
    state: Mapped[str] = state_field("active")
    currency: Mapped[str] = field(max_length=3, default="CNY", readonly=True)
    principal: Mapped[Amount] = field(readonly=True, minimum=Amount(1))
    rate: Mapped[Rate] = field(label="Annual rate", readonly=True)
    penalty_rate: Mapped[Rate] = field(readonly=True, help="On principal that is past due")
    compound: Mapped[bool] = field(
        label="Compound interest", default=True, readonly=True, help="On interest that is past due"
    )
    method: Mapped[Method] = field(label="Repayment", readonly=True)
    day_count: Mapped[DayCount] = field(readonly=True)
    instalment_count: Mapped[int] = field(label="Instalments", readonly=True)
    drawn_on: Mapped[date] = field(label="Paid out on", readonly=True)
    first_due: Mapped[date] = field(label="First due date", readonly=True)
    maturity: Mapped[date] = field(readonly=True)
    outstanding: Mapped[Amount] = field(readonly=True, label="Principal outstanding")
    overdue: Mapped[Amount] = field(readonly=True, default=Amount(0), label="Past due")
    days_past_due: Mapped[int] = field(readonly=True, default=0, index=True)
    next_due: Mapped[date | None] = field(readonly=True, label="Next payment")

    def display(self) -> str:
        """Its number."""
        return str(self.number)


class Instalment(Line[Loan]):
    """One row of a loan's schedule.

    ``due`` is the agreed date, at which interest is struck; ``payable_on`` the working day on which it is paid, moved
    where a calendar that comes out later says so.
    """

    __table_args__ = (UniqueConstraint("parent_id", "number"),)

    number: Mapped[int] = field(readonly=True)
    start: Mapped[date] = field(readonly=True, label="Interest from")
    due: Mapped[date] = field(readonly=True, index=True)
    payable_on: Mapped[date] = field(readonly=True, index=True)
    opening: Mapped[Amount] = field(readonly=True, label="Principal before")
    principal: Mapped[Amount] = field(readonly=True)
    interest: Mapped[Amount] = field(readonly=True)

    @property
    def currency(self) -> str:
        """That of its loan."""
        return self.parent.currency

    def display(self) -> str:
        """Its number within the loan."""
        return str(self.number)


class Posting(Record, AppendOnly, journal=True):
    """An entry of a loan: what happened, from which day it counts, on which day it became known. Written once."""

    loan_id: Mapped[int] = link(Loan)
    loan: Mapped[Loan] = linked(Loan, loan_id)
    kind: Mapped[FactKind] = field()
    currency: Mapped[str] = field(max_length=3)
    amount: Mapped[Amount] = field(minimum=Amount(1))
    value_date: Mapped[date] = field()
    booked_on: Mapped[date] = field()
    reverses_id: Mapped[int | None] = field(label="Reverses", unique=True)
    note: Mapped[str] = field(max_length=500, default="")


class Disbursement(Record, AppendOnly):
    """To whom the money of an application is to be paid; where it was sent back, the latest one counts."""

    application_id: Mapped[int] = link(Application)
    application: Mapped[Application] = linked(Application, application_id)
    payee: Mapped[str] = field(max_length=200)
    account: Mapped[str] = field(max_length=34, mask="account")
    bank: Mapped[str] = field(max_length=200, label="Bank of the account")
    first_due: Mapped[date | None] = field(label="First due date")
    prepared_on: Mapped[date] = field()
    prepared_by_id: Mapped[int] = person(label="Prepared by")

    def display(self) -> str:
        """The payee."""
        return str(self.payee)


class PaymentInstruction(Record, AppendOnly):
    """The order to pay a loan out: exactly one for each release."""

    number: Mapped[str] = numbered("PI-{year}-{n:06d}")
    loan_id: Mapped[int] = link(Loan)
    loan: Mapped[Loan] = linked(Loan, loan_id)
    disbursement_id: Mapped[int] = link(Disbursement, unique=True)
    payee: Mapped[str] = field(max_length=200)
    account: Mapped[str] = field(max_length=34, mask="account")
    bank: Mapped[str] = field(max_length=200, label="Bank of the account")
    currency: Mapped[str] = field(max_length=3)
    amount: Mapped[Amount] = field(minimum=Amount(1))
    value_date: Mapped[date] = field()
    prepared_by_id: Mapped[int] = person(label="Prepared by")
    released_by_id: Mapped[int] = person(label="Released by")


class Reminder(Record, AppendOnly):
    """That somebody was reminded of an instalment, so many days before its payment."""

    __table_args__ = (UniqueConstraint("instalment_id", "payable_on", "days_before"),)

    loan_id: Mapped[int] = link(Loan)
    instalment_id: Mapped[int] = link(Instalment)
    days_before: Mapped[int] = field()
    payable_on: Mapped[date] = field()
    currency: Mapped[str] = field(max_length=3)
    principal: Mapped[Amount] = field()
    interest: Mapped[Amount] = field()
    sent_on: Mapped[date] = field()
