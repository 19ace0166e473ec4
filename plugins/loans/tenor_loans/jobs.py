"""What happens to loans by itself: each night a step for each, and reminders on their days."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import select

from tenor_loans.booking import keep_balances, payable_on
from tenor_loans.positions import instalments_of
from tenor_loans.records import Instalment, Loan
from tenor_loans.reminding import moment_of, next_to_pay, plan_of, send_reminder
from tenor_sdk import Context, job
from tenor_sdk.jobs import Daily
from tenor_sdk.workflow import advance


@job(schedule=Daily(at=time(1)))
def start_the_day(ctx: Context) -> int:
    """A step of the day for each loan that isn't closed, each a job of its own: one that fails holds up no other."""
    loans = ctx.session.scalars(select(Loan.id).where(Loan.state == "active")).all()
    for loan_id in loans:
        ctx.enqueue(step_of_the_day, key=f"{loan_id} {ctx.today}", loan_id=loan_id)
    return len(loans)


@job(actor="service")
def step_of_the_day(ctx: Context, loan_id: int) -> None:
    """A loan's payment dates by the calendars that are out, its balances of today, its next reminders; closed where
    nothing is owed any more."""
    loan = ctx.session.get(Loan, loan_id)
    if loan is None:
        return
    settle_payment_dates(ctx, loan)
    keep_balances(ctx, loan)
    schedule_reminders(ctx, loan)
    advance(ctx, loan)


def settle_payment_dates(ctx: Context, loan: Loan) -> None:
    """Move payments that lie ahead to working days that a newer calendar names."""
    for row in instalments_of(ctx, loan):
        if row.payable_on > ctx.today and (day := payable_on(ctx, row.due)) != row.payable_on:
            row.payable_on = day
    ctx.session.flush()


def schedule_reminders(ctx: Context, loan: Loan) -> int:
    """Enqueue the reminders of the next payment; those that exist already aren't made again.

    Returns:
        How many of them lie ahead.
    """
    instalment = next_to_pay(ctx, loan)
    if instalment is None:
        return 0
    plan = [one for one in plan_of(ctx, loan) if one.instalment == instalment.number]
    ahead = [one for one in plan if one.on >= ctx.today]
    for one in ahead:
        ctx.enqueue(
            remind,
            at=moment_of(ctx, one.on),
            key=f"{instalment.id} {one.due} {one.days_before}",
            instalment_id=instalment.id,
            payable_on=one.due,
            days_before=one.days_before,
        )
    return len(ahead)


@job(actor="service")
def remind(ctx: Context, instalment_id: int, payable_on: date, days_before: int) -> bool:
    """Remind of a payment, unless it is made by then, or has moved to another day since."""
    instalment = ctx.session.get(Instalment, instalment_id)
    if instalment is None or instalment.payable_on != payable_on:
        return False
    return send_reminder(ctx, instalment.parent, instalment, days_before)
