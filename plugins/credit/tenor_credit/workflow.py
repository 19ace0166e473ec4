"""The life of a rating."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from tenor_credit.events import RatingConfirmed
from tenor_credit.records import CustomerRating, Rating
from tenor_sdk import Blocker, Context, State, Transition, Workflow, _, guard
from tenor_sdk.workflow import record_duty

proposed = State(name="proposed", title="Proposed")
confirmed = State(name="confirmed", title="Confirmed", final="good", frozen=True)
withdrawn = State(name="withdrawn", title="Withdrawn", final="bad", frozen=True, aside=True)


@guard
def figures_are_still_those_on_file(ctx: Context, rating: Rating) -> Iterable[Blocker]:
    """A rating made before a later statement came in is made anew."""
    from tenor_customers.public import filed_statements

    filed = filed_statements(ctx, rating.customer_id)
    if filed and filed[-1].id != rating.statement_id:
        yield Blocker(
            _("A later statement is on file"),
            why=_("The rating must be made on the newest figures"),
        )


def _put_in_force(ctx: Context, rating: Rating, _inputs: None) -> None:
    beside = ctx.session.scalars(
        select(CustomerRating).where(CustomerRating.id == rating.customer_id)
    ).first()
    if beside is None:
        beside = CustomerRating(id=rating.customer_id)
        ctx.session.add(beside)
    beside.grade, beside.score = rating.grade, rating.score
    beside.rating_id, beside.rated_valid_until = rating.id, rating.valid_until
    record_duty(ctx, rating, "rated")
    ctx.emit(
        RatingConfirmed(rating_id=rating.id, customer_id=rating.customer_id, grade=rating.grade)
    )


confirm = Transition(
    name="confirm",
    title="Confirm",
    source=proposed,
    target=confirmed,
    guards=(figures_are_still_those_on_file,),
    do=_put_in_force,
    style="primary",
)
withdraw = Transition(
    name="withdraw",
    title="Withdraw",
    source=proposed,
    target=withdrawn,
    reason=True,
    style="danger",
)
rating_flow = Workflow(
    Rating.state, states=(proposed, confirmed, withdrawn), transitions=(confirm, withdraw)
)
