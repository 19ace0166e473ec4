"""A loan's records as the values with which its position is computed, and the position itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from tenor_loans.domain.allocation import Due
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.facts import Fact
from tenor_loans.domain.position import Position, position
from tenor_loans.domain.schedule import Instalment as Row
from tenor_loans.domain.terms import Terms
from tenor_loans.records import Instalment, Loan, Posting
from tenor_sdk import Amount, Context, NotFound
from tenor_sdk.values import total

#: Arrears are counted by days; a loan whose schedule is by whole months has them by the bank's year.
_BY_DAYS = (DayCount.ACT_360, DayCount.ACT_365F, DayCount.THIRTY_E_360)


def terms_of(loan: Loan) -> Terms:
    """The terms under which a loan is serviced."""
    return Terms(
        rate=loan.rate,
        penalty_rate=loan.penalty_rate,
        maturity=loan.maturity,
        basis=loan.day_count if loan.day_count in _BY_DAYS else DayCount.ACT_360,
        compound=loan.compound,
    )


def instalments_of(ctx: Context, loan: Loan) -> Sequence[Instalment]:
    """The rows of a loan's schedule, in order."""
    statement = select(Instalment).where(Instalment.parent_id == loan.id)
    return ctx.session.scalars(statement.order_by(Instalment.number)).all()


def payable_rows(instalments: Sequence[Instalment]) -> tuple[Row, ...]:
    """The same rows as values, due on the days on which they are paid."""
    return tuple(
        Row(each.number, each.start, each.payable_on, each.opening, each.principal, each.interest)
        for each in instalments
    )


def postings_of(ctx: Context, loan: Loan) -> Sequence[Posting]:
    """A loan's postings, as they were booked."""
    statement = select(Posting).where(Posting.loan_id == loan.id)
    return ctx.session.scalars(statement.order_by(Posting.id)).all()


def fact_of(posting: Posting) -> Fact:
    """A posting as a value."""
    return Fact(
        id=posting.id,
        kind=posting.kind,
        amount=posting.amount,
        value_date=posting.value_date,
        booked_on=posting.booked_on,
        reverses=posting.reverses_id,
    )


def position_of(
    ctx: Context,
    loan: Loan,
    as_of: date | None = None,
    *,
    known_on: date | None = None,
    also: Sequence[Fact] = (),
) -> Position:
    """What is owed on a loan that the person may read.

    Args:
        as_of: the day; by default the business date.
        known_on: leave out what was booked after this day.
        also: facts that aren't booked, for a preview.

    Raises:
        NotFound: ``not-found``: whoever can't read the loan's postings gets no position, rather than that of a loan
            on which nothing happened.
    """
    postings, instalments = postings_of(ctx, loan), instalments_of(ctx, loan)
    if not postings or not instalments:
        raise NotFound("not-found", what=Loan.called())
    facts = [*map(fact_of, postings), *also]
    rows = payable_rows(instalments)
    return position(terms_of(loan), rows, facts, as_of or ctx.today, known_on=known_on)


def due_of(found: Position, instalment: Instalment) -> Due | None:
    """What is open of an instalment; None where it is paid, or not due yet."""
    return next((due for due in found.dues if due.ref == str(instalment.number)), None)


def past_due(found: Position) -> Amount:
    """What was to be paid before the position's day and wasn't."""
    return total(due.total for due in found.dues if due.on < found.as_of)
