"""Collection cases: a loan that is late, and what was said about it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Mapped

from tenor_loans.public import Loan
from tenor_sdk import Amount, AppendOnly, Discussed, Owned, Record, field, link, linked, numbered
from tenor_sdk.records import linked_from, person, state_field, stored

#: the stages of the delivered strategies; one of an institution's own is shown by its name
STAGES = (
    ("early", "Early"),
    ("second-early", "Second early"),
    ("middle", "Middle"),
    ("before-npl", "Before NPL"),
    ("npl", "NPL"),
    ("npl-enforcement", "Enforcement"),
    ("doubtful", "Doubtful"),
    ("loss", "Loss"),
)


class Channel(StrEnum):
    """How somebody was reached."""

    PHONE = "phone"
    LETTER = "letter"
    MESSAGE = "message"
    VISIT = "visit"


class CollectionCase(Record, Owned, Discussed):
    """A loan that is past due, from the first day until it is paid or handed over."""

    number: Mapped[str] = numbered("CL-{year}-{n:05d}")
    loan_id: Mapped[int] = link(Loan, readonly=True)
    loan: Mapped[Loan] = linked(Loan, loan_id)
    borrower: Mapped[str] = field(max_length=200, search=True, readonly=True)
    state: Mapped[str] = state_field("open")
    currency: Mapped[str] = field(max_length=3, default="CNY", readonly=True)
    overdue: Mapped[Amount] = field(readonly=True, label="Past due")
    days_past_due: Mapped[int] = field(readonly=True, index=True)
    stage: Mapped[str] = field(
        max_length=40, readonly=True, label="Stage of arrears", choices=STAGES
    )
    opened_on: Mapped[date] = field(readonly=True)
    contacts: Mapped[list[Contact]] = linked_from("Contact.case_id")

    @stored("contacts.at", label="Last contact", index=True)
    def last_contact_at(self) -> datetime | None:
        """When the debtor was last called, written to or visited"""
        return max((contact.at for contact in self.contacts), default=None)

    def display(self) -> str:
        """Its number."""
        return str(self.number)


class Contact(Record, AppendOnly):
    """That somebody was called, written to or visited, and what came of it."""

    case_id: Mapped[int] = link(CollectionCase)
    channel: Mapped[Channel] = field()
    at: Mapped[datetime] = field(label="When")
    text: Mapped[str] = field(widget="long-text", label="What came of it")
    by_id: Mapped[int] = person(label="By")


class Promise(Record, AppendOnly):
    """A promise to pay so much by a day."""

    case_id: Mapped[int] = link(CollectionCase)
    currency: Mapped[str] = field(max_length=3, default="CNY")
    amount: Mapped[Amount] = field(minimum=Amount(1))
    promised_for: Mapped[date] = field()
    taken_on: Mapped[date] = field()
    by_id: Mapped[int] = person(label="Taken by")
