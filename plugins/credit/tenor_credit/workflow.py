"""The life of a rating."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from tenor_credit.events import RatingConfirmed
from tenor_credit.records import CustomerRating, Rating
from tenor_credit.settings import CreditSettings
from tenor_customers.public import filed_statements
from tenor_sdk import Blocker, Context, State, Transition, Workflow, _, guard
from tenor_sdk.workflow import advance, counts_for, who_did

proposed = State(name="proposed", title="Proposed")
confirmed = State(name="confirmed", title="Confirmed", frozen=True)
superseded = State(name="superseded", title="Superseded", final="good", frozen=True, aside=True)
withdrawn = State(name="withdrawn", title="Withdrawn", final="bad", frozen=True, aside=True)


@guard
def figures_are_still_those_on_file(ctx: Context, rating: Rating) -> Iterable[Blocker]:
    """A rating made before a later statement came in is made anew."""
    filed = filed_statements(ctx, rating.customer_id)
    if filed and filed[-1].id != rating.statement_id:
        yield Blocker(
            _("A later statement is on file"),
            why=_("The rating must be made on the newest figures"),
            href=f"/customers/customer/{rating.customer_id}/actions/rate",
        )


@guard
def confirmed_by_another(ctx: Context, rating: Rating) -> Iterable[Blocker]:
    """Where the institution wants it, who rated doesn't confirm."""
    raters = {rating.rated_by_id, *who_did(ctx, rating, "create")}
    if ctx.settings(CreditSettings).second_person_confirms and counts_for(ctx) & raters:
        yield Blocker(_("You made this rating"), why=_("Another person confirms it"))


@guard
def a_later_one_is_confirmed(ctx: Context, rating: Rating) -> Iterable[Blocker]:
    """A rating counts until a later one of the same customer does."""
    later = select(Rating.id).where(
        Rating.customer_id == rating.customer_id,
        Rating.id > rating.id,
        Rating.state == confirmed.name,
    )
    if ctx.session.scalars(later.limit(1)).first() is None:
        yield Blocker(_("It is the rating in force"))


def _put_in_force(ctx: Context, rating: Rating, _inputs: None) -> None:
    beside = ctx.session.scalars(
        select(CustomerRating).where(CustomerRating.id == rating.customer_id)
    ).first()
    if beside is None:
        beside = CustomerRating(id=rating.customer_id)
        ctx.session.add(beside)
    beside.grade, beside.score = rating.grade, rating.score
    beside.rating_id, beside.rated_valid_until = rating.id, rating.valid_until
    ctx.session.flush()
    for earlier in _confirmed_before(ctx, rating):
        advance(ctx, earlier)
    ctx.emit(
        RatingConfirmed(rating_id=rating.id, customer_id=rating.customer_id, grade=rating.grade)
    )


def _confirmed_before(ctx: Context, rating: Rating) -> list[Rating]:
    statement = select(Rating).where(
        Rating.customer_id == rating.customer_id,
        Rating.id < rating.id,
        Rating.state == confirmed.name,
    )
    return list(ctx.session.scalars(statement))


confirm = Transition(
    name="confirm",
    title="Confirm",
    source=proposed,
    target=confirmed,
    guards=(figures_are_still_those_on_file, confirmed_by_another),
    do=_put_in_force,
    style="primary",
)
supersede = Transition(
    name="supersede",
    title="Supersede",
    source=confirmed,
    target=superseded,
    guards=(a_later_one_is_confirmed,),
    automatic=True,
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
    Rating.state,
    states=(proposed, confirmed, superseded, withdrawn),
    transitions=(confirm, supersede, withdraw),
)
