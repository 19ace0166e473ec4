"""Each way to decide a motion is a transition of its own, from the one state in which it is before its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from tenor_boards.records import Motion, Relative
from tenor_sdk import (
    Approval,
    Blocker,
    Context,
    Money,
    State,
    Task,
    Text,
    Transition,
    Workflow,
    _,
    ask,
    guard,
)
from tenor_sdk.access import APPROVER, RISK_OFFICER
from tenor_sdk.approvals import ApprovalStep, Committee
from tenor_sdk.authority import Authority, AuthorityLimit, Dimension, Measure

MEMBERS = ("committee-member", "committee-chair")
CHAIR = "committee-chair"

draft = State(name="draft", title="Draft")
tabled = State(
    name="tabled", title="Tabled", task=Task(title="Decide on the motion", position=APPROVER)
)
carried = State(name="carried", title="Carried", final="good")
dropped = State(name="dropped", title="Dropped", final="bad")


@dataclass(frozen=True)
class Rider:
    condition: str = ask("Condition", default="")


def add_rider(_ctx: Context, motion: Motion, said: Rider) -> None:
    if said.condition:
        motion.conditions = f"{motion.conditions}{said.condition};"


def party_to_it(ctx: Context, motion: Motion, members: Sequence[int]) -> Mapping[int, Text]:
    """The member who is party to it, and those whose relative is; of a list that no member may read."""
    if motion.subject == "crash":
        raise ZeroDivisionError("the rule is at fault")
    found = {one.member_id: Text(one.words) for one in ctx.session.scalars(select(Relative))}
    if motion.party_id is not None:
        found[motion.party_id] = _("Is party to it")
    return {who: why for who, why in found.items() if who in members}


def named_on_it(_ctx: Context, motion: Motion) -> Sequence[int]:
    return [int(one) for one in motion.named.split()]


def what_is_decided(_ctx: Context, motion: Motion) -> object:
    return {"subject": motion.subject, "amount": motion.amount, "conditions": motion.conditions}


def amount(_ctx: Context, motion: Motion) -> Money:
    return Money(motion.amount.minor, "CNY")


@guard
def has_amount(_ctx: Context, motion: Motion) -> Iterable[Blocker]:
    """An amount, so that there is something to lack."""
    if not motion.amount.minor:
        yield Blocker(_("An amount"))


powers = Authority(
    "motions",
    title="Decisions on motions",
    dimensions=(Dimension("amount", title="Amount", kind=Measure.MONEY, of=amount),),
    delivered=lambda _ctx: (
        AuthorityLimit(APPROVER, up_to={"amount": Money.of("100", "CNY")}),
        AuthorityLimit("committee-member", people=4, up_to={"amount": Money.of("1000", "CNY")}),
    ),
)
table = Transition(name="table", title="Table", source=draft, target=tabled)
pull = Transition(name="pull", title="Pull back", source=tabled, target=draft)
drop = Transition(name="drop", title="Drop", source=tabled, target=dropped, reason=True)


def by(committee: Committee | None = None, **more: object) -> Approval:
    return Approval(shown=what_is_decided, committee=committee, **more)  # type: ignore[arg-type]  # what Approval takes


def committee(**more: object) -> Committee:
    rule: dict[str, object] = {
        "members": MEMBERS, "veto": CHAIR, "quorum": 3, "share": Fraction(2, 3), "refusal": drop,
        "conflicts": party_to_it,
    }  # fmt: skip
    return Committee(**rule | more)  # type: ignore[arg-type]  # what Committee takes


def carried_by(name: str, approval: Approval, **more: object) -> Transition:
    return Transition(
        name=name,
        title=f"Carry ({name})",
        source=tabled,
        target=carried,
        approval=approval,
        **more,  # type: ignore[arg-type]  # what Transition takes
    )


carry = carried_by("carry", by(committee(), each=add_rider), inputs=Rider, guards=(has_amount,))
carry_slowly = carried_by("carry-slowly", by(committee(complete=True, closes_after=3)))
carry_named = carried_by(
    "carry-named", by(committee(members=named_on_it, veto="", quorum=2, conflicts=None))
)
carry_stepwise = carried_by(
    "carry-stepwise",
    by(
        steps=(
            ApprovalStep(members=(RISK_OFFICER,), title="The risk department"),
            ApprovalStep(members=(APPROVER,), people=2),
        )
    ),
)
carry_parallel = carried_by(
    "carry-parallel",
    by(
        steps=(ApprovalStep(members=(RISK_OFFICER,)), ApprovalStep(members=named_on_it, people=2)),
        parallel=True,
    ),
)
carry_by_authority = carried_by("carry-by-authority", by(committee(), authority=powers))
motion_flow = Workflow(
    Motion.state,
    states=(draft, tabled, carried, dropped),
    transitions=(
        table, pull, carry, carry_slowly, carry_named, carry_stepwise, carry_parallel,
        carry_by_authority, drop,
    ),
)  # fmt: skip
