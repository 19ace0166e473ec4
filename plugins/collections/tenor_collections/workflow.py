"""The life of a collection case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tenor_collections.events import CaseHandedOver
from tenor_collections.records import CollectionCase, Promise
from tenor_sdk import (
    Amount,
    Blocker,
    Context,
    Deadline,
    Invalid,
    State,
    Task,
    Transition,
    Workflow,
    _,
    ask,
    guard,
)
from tenor_sdk.access import ASSET_PRESERVATION, COLLECTIONS

opened = State(
    name="open",
    title="In collection",
    task=Task(
        title="Reach the borrower",
        position=COLLECTIONS,
        unit="any",
        deadline=Deadline(working_days=1, escalate_to=ASSET_PRESERVATION),
    ),
)
promised = State(name="promised", title="Promise to pay")
cured = State(name="cured", title="Paid", final="good", frozen=True)
handed_over = State(
    name="handed-over", title="Handed over for disposal", final="bad", frozen=True, aside=True
)


@dataclass(frozen=True)
class ToPay:
    """What the borrower promises."""

    amount: Amount = ask("Amount", minimum=Amount(1))
    by: date = ask("By")


@guard
def nothing_is_past_due(_ctx: Context, case: CollectionCase) -> Iterable[Blocker]:
    """A case ends when nothing is past due any more."""
    if case.overdue:
        yield Blocker(_("{amount} is past due", amount=case.overdue), why=_("The case goes on"))


def _keep(ctx: Context, case: CollectionCase, given: ToPay) -> None:
    if given.by < ctx.today:
        raise Invalid("invalid", {"by": Invalid("promise-in-the-past")})
    ctx.session.add(
        Promise(
            case_id=case.id,
            currency=case.currency,
            amount=given.amount,
            promised_for=given.by,
            taken_on=ctx.today,
            by_id=ctx.actor.id,
        )
    )


def _tell(ctx: Context, case: CollectionCase, _inputs: None) -> None:
    ctx.emit(CaseHandedOver(case_id=case.id, loan_id=case.loan_id))


promise = Transition(
    name="promise", title="Record a promise to pay", source=opened, target=promised, inputs=ToPay,
    do=_keep, style="primary",
)  # fmt: skip
break_promise = Transition(
    name="break-promise",
    title="The promise was broken",
    source=promised,
    target=opened,
    reason=True,
)
cure = Transition(
    name="cure", title="Paid", source=(opened, promised), target=cured,
    guards=(nothing_is_past_due,), automatic=True,
)  # fmt: skip
hand_over = Transition(
    name="hand-over", title="Hand over for disposal", source=(opened, promised),
    target=handed_over, reason=True, do=_tell, style="danger",
)  # fmt: skip
case_flow = Workflow(
    CollectionCase.state,
    states=(opened, promised, cured, handed_over),
    transitions=(promise, break_promise, cure, hand_over),
)
