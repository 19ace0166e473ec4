"""What loans tell the others."""

from __future__ import annotations

from datetime import date

from tenor_sdk import Amount, Event


class LoanDisbursed(Event):
    """The money of an application was released; its loan exists, with its schedule."""

    loan_id: int
    application_id: int
    customer_id: int
    amount: Amount
    currency: str
    drawn_on: date


class RepaymentBooked(Event):
    """A repayment was booked, or one was reversed: what is owed has changed."""

    loan_id: int
    posting_id: int
    value_date: date


class LoanClosed(Event):
    """Nothing is owed on a loan any more."""

    loan_id: int
