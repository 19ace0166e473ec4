from __future__ import annotations

from tenor_petitions.records import Petition
from tenor_petitions.workflow import submit
from tenor_sdk import Amount, Context, service
from tenor_sdk.workflow import advance, record_duty, transition


@service()
def file_petition(
    ctx: Context, subject: str = "a bridge", amount: str = "1000000", papers: int = 13
) -> Petition:
    """A petition of whoever asks, in their unit."""
    petition = Petition(
        subject=subject,
        amount=Amount.of(amount),
        papers=papers,
        unit_id=ctx.actor.unit_id,
        owner_id=ctx.actor.id,
    )
    ctx.session.add(petition)
    ctx.session.flush()
    return petition


@service()
def bring_paper(ctx: Context, petition: Petition) -> bool:
    """One paper more; whether it was the last."""
    petition.papers += 1
    ctx.session.flush()
    return advance(ctx, petition)


@service()
def change_amount(ctx: Context, petition: Petition, amount: str) -> None:
    petition.amount = Amount.of(amount)


@service()
def rate(ctx: Context, petition: Petition) -> None:
    record_duty(ctx, petition, "rate")


@service()
def push(ctx: Context, petition: Petition) -> None:
    """Sets the state past the workflow, which is refused."""
    petition.state = "granted"


@service()
def hurry(ctx: Context, petition: Petition) -> bool:
    return transition(ctx, petition, submit)
