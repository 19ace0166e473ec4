from __future__ import annotations

from collections.abc import Iterable

from tenor_permits.records import Permit
from tenor_sdk import Approval, Blocker, Context, State, Task, Transition, Workflow, _, guard
from tenor_sdk.access import APPROVER, RISK_OFFICER

draft = State(name="draft", title="Draft", task=Task(title="Complete the permit", to_owner=True))
intake = State(name="intake", title="Intake")
review = State(
    name="review", title="Review", task=Task(title="Review the permit", position=RISK_OFFICER)
)
decision = State(
    name="decision", title="Decision", task=Task(title="Decide on the permit", position=APPROVER)
)
granted = State(name="granted", title="Granted", final="good")
dropped = State(name="dropped", title="Dropped", final="bad", aside=True)


def note_submission(ctx: Context, permit: Permit, inputs: None) -> None:
    permit.note += "submitted "


def forget_submission(ctx: Context, permit: Permit) -> None:
    permit.note = permit.note.replace("submitted ", "")


@guard
def is_not_kept(ctx: Context, permit: Permit) -> Iterable[Blocker]:
    """What somebody wants to keep doesn't lapse."""
    if permit.subject == "keep it":
        yield Blocker(_("Somebody wants to keep it"))


submit = Transition(
    name="submit",
    title="Submit",
    source=draft,
    target=intake,
    do=note_submission,
    recall=True,
    undo=forget_submission,
)
accept = Transition(name="accept", title="Accept", source=intake, target=review, automatic=True)
reviewed = Transition(name="reviewed", title="Pass on", source=review, target=decision, recall=True)
send_back = Transition(
    name="send-back", title="Send back", source=(review, decision), target=draft, returns="again"
)
ask_again = Transition(
    name="ask-again", title="Ask again", source=decision, target=draft, returns="straight"
)
review_again = Transition(
    name="review-again", title="Review again", source=decision, target=review, returns="again"
)
grant = Transition(
    name="grant",
    title="Grant",
    source=decision,
    target=granted,
    approval=Approval(needed=lambda ctx, permit: 2, shown=lambda ctx, permit: permit.subject),
)
drop = Transition(
    name="drop", title="Drop", source=(draft, intake, review, decision), target=dropped, recall=True
)
lapse = Transition(
    name="lapse",
    title="Lapse",
    source=decision,
    target=dropped,
    after=5,
    guards=(is_not_kept,),
)
permit_flow = Workflow(
    Permit.state,
    states=(draft, intake, review, decision, granted, dropped),
    transitions=(
        submit, accept, reviewed, send_back, ask_again, review_again, grant, drop, lapse,
    ),
)  # fmt: skip
