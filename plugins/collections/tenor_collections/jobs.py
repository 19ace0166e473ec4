"""What collections do by themselves: each night a look at every loan that is late, or was."""

from __future__ import annotations

from datetime import time

from sqlalchemy import or_, select

from tenor_collections.records import CollectionCase
from tenor_collections.services import OPEN, follow
from tenor_loans.public import Loan, RepaymentBooked
from tenor_sdk import Context, job
from tenor_sdk.jobs import Daily


@job(schedule=Daily(at=time(3)))
def look_at_late_loans(ctx: Context) -> int:
    """A job for each loan that is late by now or whose case is open; one that fails holds up no other."""
    cases = select(CollectionCase.loan_id).where(CollectionCase.state.in_(OPEN))
    late = or_(Loan.next_due < ctx.today, Loan.days_past_due > 0, Loan.id.in_(cases))
    loans = ctx.session.scalars(select(Loan.id).where(Loan.state == "active", late)).all()
    for loan_id in loans:
        ctx.enqueue(look_at_loan, key=f"{loan_id} {ctx.today}", loan_id=loan_id)
    return len(loans)


@job(actor="service")
def look_at_loan(ctx: Context, loan_id: int) -> None:
    """Open, bring up to date or end the case of one loan."""
    loan = ctx.session.get(Loan, loan_id)
    if loan is not None:
        follow(ctx, loan)


@job(on=RepaymentBooked, actor="service")
def look_after_repayment(ctx: Context, event: RepaymentBooked) -> None:
    """A repayment may end a case at once."""
    look_at_loan(ctx, event.loan_id)
