"""A case put as a question to the adviser that the institution has chosen, and its answer held against the claim."""

from __future__ import annotations

from tenor_loans.public import position_of
from tenor_npl_disposal.drivers import Advice, BadLoan, Question, npl_adviser
from tenor_npl_disposal.records import NplCase
from tenor_sdk import Context, Refused


def question_of(ctx: Context, case: NplCase) -> Question:
    """A case's loan as its base date left it. What its collateral is worth isn't on file."""
    on_file = position_of(ctx, case.loan, as_of=case.base_date)
    loan = BadLoan(
        key=case.number,
        claim=case.claim,
        principal=on_file.outstanding,
        days_past_due=on_file.days_past_due,
        provision=case.provision,
    )
    return Question(loans=(loan,), currency=case.currency, base_date=case.base_date, rate=case.rate)


def advice_on(ctx: Context, question: Question) -> Advice:
    """What the institution's adviser says.

    Raises:
        Refused: ``no-driver`` where none is installed, enabled and chosen; ``adviser-declines``;
            ``advice-beyond-the-claim``: nobody gets more than is owed.
    """
    advice = ctx.driver(npl_adviser).advise(question, at=ctx.now)
    if advice.high > question.claim:
        raise Refused(
            "advice-beyond-the-claim",
            high=advice.high.text(question.currency),
            claim=question.claim.text(question.currency),
        )
    return advice
