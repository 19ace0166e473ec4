"""What can be done with bad loans."""

from __future__ import annotations

from sqlalchemy import select

from tenor_loans.public import Loan, position_of
from tenor_npl_disposal.records import NplCase
from tenor_sdk import Context, service


@service()
def open_case(ctx: Context, loan: Loan) -> NplCase:
    """The case of a bad loan, with its claim as of today; one that isn't closed is found again."""
    statement = select(NplCase).where(NplCase.loan_id == loan.id, NplCase.state != "closed")
    found = ctx.session.scalars(statement).first()
    if found is not None:
        return found
    claim = position_of(ctx, loan).claim
    case = NplCase(
        loan_id=loan.id,
        borrower=loan.borrower,
        unit_id=loan.unit_id,
        owner_id=loan.owner_id,
        currency=loan.currency,
        base_date=ctx.today,
        claim=claim,
    )
    ctx.session.add(case)
    ctx.session.flush()
    return case
