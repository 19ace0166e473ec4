from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from tenor_bids.records import Bid
from tenor_sdk import (
    Amount,
    Approval,
    Blocker,
    Context,
    Money,
    State,
    Task,
    Transition,
    Workflow,
    ask,
    guard,
)
from tenor_sdk.access import APPROVER
from tenor_sdk.authority import Authority, Dimension, Measure, above_authority

draft = State(name="draft", title="Draft")
decision = State(
    name="decision", title="Decision", task=Task(title="Decide on the bid", position=APPROVER)
)
granted = State(name="granted", title="Granted", final="good", frozen=True)
declined = State(name="declined", title="Declined", final="bad", frozen=True)


def amount(_ctx: Context, bid: Bid) -> Money:
    if bid.borrower == "crash":
        raise ZeroDivisionError("the figure is at fault")
    return Money(bid.amount.minor, bid.currency)


def sterling(_ctx: Context, figure: Money, currency: str) -> Money | None:
    """Nine CNY are a pound; nothing else is converted."""
    if (figure.currency, currency) == ("GBP", "CNY"):
        return Money(figure.minor * 9, "CNY")
    return None


def exposure(ctx: Context, bid: Bid) -> Money:
    """Everything that a borrower wants, whoever may see it."""
    bids = ctx.session.scalars(select(Bid).where(Bid.borrower == bid.borrower))
    return Money(sum(one.amount.minor for one in bids), bid.currency)


def granted_in_unit(ctx: Context, bid: Bid) -> Money:
    """What the unit was granted in all, with this."""
    won = select(Bid).where(Bid.unit_id == bid.unit_id, Bid.state == "granted", Bid.id != bid.id)
    return Money(sum(one.amount.minor for one in (bid, *ctx.session.scalars(won))), bid.currency)


bids_decided = Authority(
    "bids",
    title="Decisions on bids",
    dimensions=(
        Dimension("amount", title="Amount", kind=Measure.MONEY, of=amount, convert=sterling),
        Dimension("months", title="Term", kind=Measure.MONTHS, of=lambda _ctx, bid: bid.months),
        Dimension(
            "grade", title="Grade", kind=Measure.GRADE, order=("A", "B", "C"),
            of=lambda _ctx, bid: bid.grade or None,
        ),
        Dimension(
            "kind", title="Kind", kind=Measure.CHOICE, of=lambda _ctx, bid: bid.kind,
            choices=(("plain", "Plain"), ("secured", "Secured")),
        ),
        Dimension("exposure", title="Exposure", kind=Measure.MONEY, of=exposure),
        Dimension("unit", title="Granted in the unit", kind=Measure.MONEY, of=granted_in_unit),
    ),
    one_at_a_time=Bid.unit_id,
)  # fmt: skip


@guard
def declines_within_authority(ctx: Context, bid: Bid) -> Iterable[Blocker]:
    """Who may grant it may decline it."""
    return above_authority(ctx, bid, bids_decided)


@dataclass(frozen=True)
class Raise:
    more: int = ask("More", default=0)


def raise_it(_ctx: Context, bid: Bid, asked: Raise) -> None:
    if asked.more:
        bid.amount = bid.amount + Amount(asked.more)


hand_in = Transition(name="hand-in", title="Hand in", source=draft, target=decision)
grant = Transition(
    name="grant",
    title="Grant",
    source=decision,
    target=granted,
    inputs=Raise,
    approval=Approval(
        authority=bids_decided, shown=lambda _ctx, bid: {"to": bid.borrower}, each=raise_it
    ),
)
decline = Transition(
    name="decline",
    title="Decline",
    source=decision,
    target=declined,
    guards=(declines_within_authority,),
)
bid_flow = Workflow(
    Bid.state,
    states=(draft, decision, granted, declined),
    transitions=(hand_in, grant, decline),
)
