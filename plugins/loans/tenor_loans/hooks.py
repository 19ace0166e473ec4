"""What loans tell others when they compute."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tenor_loans.records import Loan
from tenor_origination.public import Owed, owed_by_customer
from tenor_sdk import Context, Money, hookimpl


@hookimpl(owed_by_customer)
def owed_on_loans(ctx: Context, customer_id: int) -> Sequence[Owed]:
    """The principal outstanding of each of a customer's loans, as of its last posting."""
    loans = ctx.session.scalars(select(Loan).where(Loan.customer_id == customer_id))
    return [Owed(Money(one.outstanding.minor, one.currency), one.application_id) for one in loans]
