"""Which reminders are due when, and what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from tenor_loans.domain.allocation import Component
from tenor_loans.domain.reminders import Reminder as Planned
from tenor_loans.domain.reminders import reminder_plan
from tenor_loans.notices import PAYMENT_DUE
from tenor_loans.positions import due_of, instalments_of, payable_rows, position_of
from tenor_loans.records import Instalment, Loan, Reminder
from tenor_loans.settings import LoansSettings
from tenor_sdk import Amount, Context, _
from tenor_sdk.access import BRANCH_HEAD
from tenor_sdk.notify import holders_of, notify


def plan_of(ctx: Context, loan: Loan) -> Sequence[Planned]:
    """Every reminder of a loan's schedule, by day."""
    return reminder_plan(payable_rows(instalments_of(ctx, loan)), loan.drawn_on)


def next_to_pay(ctx: Context, loan: Loan) -> Instalment | None:
    """The first instalment whose payment lies ahead, today's included."""
    rows = instalments_of(ctx, loan)
    return next((row for row in rows if row.payable_on >= ctx.today), None)


def moment_of(ctx: Context, day: date) -> datetime:
    """From when on a reminder of a day goes out."""
    return datetime.combine(day, time(ctx.settings(LoansSettings).remind_at), UTC)


def open_amounts(ctx: Context, loan: Loan, instalment: Instalment) -> tuple[Amount, Amount]:
    """What is still to be paid of an instalment on its day: principal and interest, with what waits unapplied
    taken off."""
    due = due_of(position_of(ctx, loan, instalment.payable_on), instalment)
    if due is None:
        return Amount(0), Amount(0)
    return due.open(Component.PRINCIPAL), due.open(Component.INTEREST)


def send_reminder(ctx: Context, loan: Loan, instalment: Instalment, days_before: int) -> bool:
    """Tell whoever looks after a loan of a payment that is due, and put that on record.

    Returns:
        Whether there was something to remind of: not where the instalment is paid by then.
    """
    principal, interest = open_amounts(ctx, loan, instalment)
    if not principal and not interest:
        return False
    total = principal + interest
    ctx.session.add(
        Reminder(
            loan_id=loan.id,
            instalment_id=instalment.id,
            days_before=days_before,
            payable_on=instalment.payable_on,
            currency=loan.currency,
            principal=principal,
            interest=interest,
            sent_on=ctx.today,
        )
    )
    ctx.session.flush()
    title = _(
        "{borrower} pays {amount} {currency} on {day}",
        borrower=loan.borrower,
        amount=total,
        currency=loan.currency,
        day=instalment.payable_on,
    )
    body = _(
        "Loan {number}, instalment {n}: principal {principal}, interest {interest}.",
        number=loan.number,
        n=instalment.number,
        principal=principal,
        interest=interest,
    )
    told: Sequence[int] = ()
    if loan.owner_id is not None:
        told = notify(ctx, [loan.owner_id], title, body=body, about=loan, kind=PAYMENT_DUE)
    if not told:  # it has no owner, or they have left
        heads = holders_of(ctx, BRANCH_HEAD, unit=loan.unit_id)
        notify(ctx, heads, title, body=body, about=loan, kind=PAYMENT_DUE)
    return True
