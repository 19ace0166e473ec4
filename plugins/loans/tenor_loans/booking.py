"""Making a loan: its terms, its schedule to the cent, the posting of its drawdown. Called within a procedure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tenor_loans.domain.calendar import Rolling
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.facts import FactKind
from tenor_loans.domain.payment_dates import payment_date
from tenor_loans.domain.penalty import checked_mark_up, mark_up_rule, marked_up
from tenor_loans.domain.position import Position
from tenor_loans.domain.rules import rule_on
from tenor_loans.domain.schedule import Method, Schedule
from tenor_loans.positions import instalments_of, past_due, position_of
from tenor_loans.records import Instalment, Loan, Posting
from tenor_loans.reference import delivered_rules
from tenor_loans.settings import LoansSettings
from tenor_sdk import Amount, Context, Rate
from tenor_sdk.calendar import is_working_day


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What a loan is made from.

    Args:
        schedule: its instalments; they add up to what is lent.
        application_id: None for a loan that existed before.
    """

    customer_id: int
    borrower: str
    application_id: int | None
    unit_id: int
    owner_id: int | None
    currency: str
    rate: Rate
    penalty_rate: Rate
    compound: bool
    method: Method
    day_count: DayCount
    drawn_on: date
    schedule: Schedule


def penalty_rate_for(ctx: Context, rate: Rate) -> Rate:
    """The rate on arrears of a new loan, with the institution's mark-up.

    Raises:
        Invalid: ``mark-up-outside-rule``: the institution's mark-up isn't what the rule of today permits.
    """
    rule = rule_on(delivered_rules(), "overdue-mark-up", ctx.today)
    mark_up = ctx.settings(LoansSettings).overdue_mark_up
    return marked_up(rate, checked_mark_up(mark_up, mark_up_rule(rule.value)))


def book_loan(ctx: Context, agreed: Agreed) -> Loan:
    """A loan with its instalments and the posting of its drawdown; its balances are kept afterwards."""
    loan = _loan(agreed)
    ctx.session.add(loan)
    ctx.session.flush()
    for row in agreed.schedule.instalments:
        instalment = Instalment(
            parent_id=loan.id,
            number=row.number,
            start=row.start,
            due=row.due,
            payable_on=payable_on(ctx, row.due),
            opening=row.opening,
            principal=row.principal,
            interest=row.interest,
        )
        ctx.session.add(instalment)
    post(ctx, loan, FactKind.DRAWDOWN, agreed.schedule.principal, agreed.drawn_on)
    return loan


def _loan(agreed: Agreed) -> Loan:
    rows = agreed.schedule.instalments
    return Loan(
        customer_id=agreed.customer_id,
        borrower=agreed.borrower,
        application_id=agreed.application_id,
        unit_id=agreed.unit_id,
        owner_id=agreed.owner_id,
        currency=agreed.currency,
        principal=agreed.schedule.principal,
        rate=agreed.rate,
        penalty_rate=agreed.penalty_rate,
        compound=agreed.compound,
        method=agreed.method,
        day_count=agreed.day_count,
        instalment_count=len(rows),
        drawn_on=agreed.drawn_on,
        first_due=rows[0].due,
        maturity=agreed.schedule.maturity,
        outstanding=agreed.schedule.principal,
    )


def payable_on(ctx: Context, due: date) -> date:
    """The day on which an instalment is paid, as far as calendars are out; the agreed day beyond them."""
    rolling: Rolling = ctx.settings(LoansSettings).rolling
    return payment_date(due, rolling, lambda day: is_working_day(ctx, day)).on


def post(
    ctx: Context,
    loan: Loan,
    kind: FactKind,
    amount: Amount,
    value_date: date,
    *,
    reverses_id: int | None = None,
    note: str = "",
) -> Posting:
    """Enter a fact, known from today on."""
    posting = Posting(
        loan_id=loan.id,
        kind=kind,
        currency=loan.currency,
        amount=amount,
        value_date=value_date,
        booked_on=ctx.today,
        reverses_id=reverses_id,
        note=note,
    )
    ctx.session.add(posting)
    ctx.session.flush()
    return posting


def keep_balances(ctx: Context, loan: Loan) -> Position:
    """Compute the position of today, and keep with the loan what lists and sums show of it."""
    found = position_of(ctx, loan)
    ahead = (row.payable_on for row in instalments_of(ctx, loan) if row.payable_on >= ctx.today)
    kept = {
        "outstanding": found.outstanding,
        "overdue": past_due(found),
        "days_past_due": found.days_past_due,
        "next_due": min(ahead, default=None),
    }
    for name, value in kept.items():
        if getattr(loan, name) != value:
            setattr(loan, name, value)
    ctx.session.flush()
    return found
