"""What can be done with loans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tenor_customers.public import Customer
from tenor_loans.booking import Agreed, book_loan, keep_balances, penalty_rate_for, post
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.facts import Fact, FactKind
from tenor_loans.domain.schedule import Method, Schedule
from tenor_loans.events import RepaymentBooked
from tenor_loans.jobs import schedule_reminders
from tenor_loans.permissions import book_repayments, take_over_loans
from tenor_loans.records import Loan, Posting
from tenor_sdk import Amount, Context, Invalid, Rate, Refused, TenorError, _, ask, service
from tenor_sdk.i18n import Text
from tenor_sdk.workflow import advance


@dataclass(frozen=True)
class Receipt:
    """Money that came in for a loan."""

    amount: Amount = ask("Amount", minimum=Amount(1))
    value_date: date | None = ask(
        "Value date", default=None, help="The day from which it counts; empty: today"
    )
    note: str = ask("Note", default="", max_length=500)


@dataclass(frozen=True)
class Undo:
    """Why an entry is reversed."""

    note: str = ask("Reason", max_length=500)


def receipt_as_fact(ctx: Context, loan: Loan, receipt: Receipt) -> Fact:
    """A receipt as it would be booked now.

    Raises:
        Invalid: ``value-date-ahead``, ``value-date-before-drawdown``.
    """
    day = receipt.value_date or ctx.today
    if day > ctx.today:
        raise _at("value_date", Invalid("value-date-ahead", None, day=day, today=ctx.today))
    if day < loan.drawn_on:
        raise _at("value_date", Invalid("value-date-before-drawdown", None, day=loan.drawn_on))
    return Fact(
        id=2**62,
        kind=FactKind.REPAYMENT,
        amount=receipt.amount,
        value_date=day,
        booked_on=ctx.today,
    )


def _at(field: str, error: TenorError) -> Invalid:
    return Invalid("invalid", {field: error})


@service(needs=book_repayments)
def book_repayment(ctx: Context, loan: Loan, receipt: Receipt) -> Posting:
    """Book money that came in; what it pays follows from its value date and the order of allocation.

    Raises:
        Invalid: as ``receipt_as_fact``.
        Refused: ``loan-closed``.
    """
    if loan.state != "active":
        raise Refused("loan-closed", number=loan.number)
    fact = receipt_as_fact(ctx, loan, receipt)
    posting = post(ctx, loan, FactKind.REPAYMENT, fact.amount, fact.value_date, note=receipt.note)
    _booked(ctx, loan, posting)
    return posting


@service(needs=book_repayments)
def reverse_posting(ctx: Context, posting: Posting, undo: Undo) -> Posting:
    """Cancel a repayment from its value date on; both entries stay.

    Raises:
        Refused: ``only-repayments-are-reversed``, ``reversed-already``.
    """
    if posting.kind is not FactKind.REPAYMENT:
        raise Refused("only-repayments-are-reversed")
    if is_reversed(ctx, posting):
        raise Refused("reversed-already", posting=posting.id)
    reversal = post(
        ctx,
        posting.loan,
        FactKind.REVERSAL,
        posting.amount,
        posting.value_date,
        reverses_id=posting.id,
        note=undo.note,
    )
    _booked(ctx, posting.loan, reversal)
    return reversal


def is_reversed(ctx: Context, posting: Posting) -> bool:
    """Whether an entry has been cancelled."""
    statement = select(Posting.id).where(Posting.reverses_id == posting.id)
    return ctx.session.scalars(statement).first() is not None


def _booked(ctx: Context, loan: Loan, posting: Posting) -> None:
    keep_balances(ctx, loan)
    advance(ctx, loan)
    ctx.emit(RepaymentBooked(loan_id=loan.id, posting_id=posting.id, value_date=posting.value_date))


@service(needs=take_over_loans)
def take_over_loan(
    ctx: Context,
    customer: Customer,
    schedule: Schedule,
    *,
    rate: Rate,
    method: Method,
    drawn_on: date,
    day_count: DayCount = DayCount.MONTHS_12,
    penalty_rate: Rate | None = None,
    compound: bool = True,
    repayments: Sequence[tuple[date, Amount]] = (),
) -> Loan:
    """A loan that was paid out before it came into this system (存量), with what was repaid since.

    Args:
        schedule: as agreed.
        penalty_rate: by default the contract rate with the institution's mark-up.
        repayments: value dates and amounts; all are booked today.
    """
    agreed = Agreed(
        customer_id=customer.id,
        borrower=customer.name,
        application_id=None,
        unit_id=customer.unit_id,
        owner_id=customer.owner_id,
        currency=customer.currency,
        rate=rate,
        penalty_rate=penalty_rate_for(ctx, rate) if penalty_rate is None else penalty_rate,
        compound=compound,
        method=method,
        day_count=day_count,
        drawn_on=drawn_on,
        schedule=schedule,
    )
    loan = book_loan(ctx, agreed)
    for value_date, amount in repayments:
        post(ctx, loan, FactKind.REPAYMENT, amount, value_date)
    keep_balances(ctx, loan)
    if not advance(ctx, loan):
        schedule_reminders(ctx, loan)
    return loan


def repay(ctx: Context, loan: Loan, receipt: Receipt) -> Text:
    """The action: book a repayment and say so."""
    posting = book_repayment(ctx, loan, receipt)
    return _(
        "Booked: {amount} {currency}, value date {day}",
        amount=posting.amount,
        currency=posting.currency,
        day=posting.value_date,
    )


def undo_posting(ctx: Context, posting: Posting, undo: Undo) -> Text:
    """The action: reverse an entry and say so."""
    reversal = reverse_posting(ctx, posting, undo)
    return _("Reversed: {amount} {currency}", amount=reversal.amount, currency=reversal.currency)
