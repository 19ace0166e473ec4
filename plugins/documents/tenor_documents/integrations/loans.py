"""With loans enabled, a contract carries the repayment plan by which the loan will be booked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tenor_documents.contracts import Instalment
from tenor_documents.plans import repayment_plan
from tenor_loans.public import schedule_for
from tenor_origination.public import Terms
from tenor_sdk import Context, hookimpl


@hookimpl(repayment_plan)
def plan_of_the_loan(ctx: Context, terms: Terms, drawn_on: date) -> Sequence[Instalment]:
    """Every instalment of the schedule, to the fen."""
    made = schedule_for(ctx, terms, None, drawn_on)
    return [Instalment(row.due, row.principal, row.interest) for row in made.instalments]
