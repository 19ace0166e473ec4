from __future__ import annotations

from collections.abc import Iterable

from tenor_permits.records import Opening, Permit, Plan
from tenor_sdk import (
    Approval,
    Blocker,
    Branch,
    Context,
    Deadline,
    State,
    Task,
    Transition,
    Wait,
    Workflow,
    _,
    guard,
)
from tenor_sdk.access import APPROVER, LEGAL, OPERATIONS, RISK_OFFICER

draft = State(name="draft", title="Draft", task=Task(title="Complete the permit", to_owner=True))
intake = State(name="intake", title="Intake")
review = State(
    name="review", title="Review", task=Task(title="Review the permit", position=RISK_OFFICER)
)
drafting = State(
    name="drafting", title="Drafting", task=Task(title="Draft the deed", position=LEGAL, unit="any")
)
checking = State(
    name="checking", title="Checking", task=Task(title="Check the deed", position=RISK_OFFICER)
)
deed_done = State(name="deed-done", title="Deed done", final="good")
drafted = Transition(
    name="drafted", title="Pass on the deed", source=drafting, target=checking, recall=True
)
checked = Transition(name="checked", title="Confirm the deed", source=checking, target=deed_done)
redraft = Transition(
    name="redraft", title="Draft it again", source=checking, target=drafting, returns="again"
)
deed = Branch(
    name="deed",
    title="Deed",
    states=(drafting, checking, deed_done),
    transitions=(drafted, checked, redraft),
)

visiting = State(
    name="visiting",
    title="Visiting",
    task=Task(
        title="Visit the place", position=OPERATIONS, unit="any", deadline=Deadline(working_days=3)
    ),
)
visited = State(name="visited", title="Visited", final="good")
unfit = State(name="unfit", title="Unfit", final="bad")
visit = Transition(name="visit", title="Note the visit", source=visiting, target=visited)
refuse_place = Transition(
    name="refuse-place", title="Refuse the place", source=visiting, target=unfit, reason=True
)
miss = Transition(name="miss", title="Missed", source=visiting, target=unfit, after=10)
site = Branch(
    name="site",
    title="Site",
    states=(visiting, visited, unfit),
    transitions=(visit, refuse_place, miss),
)
preparation = State(name="preparation", title="Preparation", branches=(deed, site))
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
open_plan = State(name="open", title="Open")
approved_plan = State(name="approved", title="Approved")
void_plan = State(name="void", title="Void", final="good")
approve_plan = Transition(
    name="approve-plan", title="Approve the plan", source=open_plan, target=approved_plan
)
void = Transition(name="void", title="Void", source=(open_plan, approved_plan), target=void_plan)
plan_flow = Workflow(
    Plan.state, states=(open_plan, approved_plan, void_plan), transitions=(approve_plan, void)
)
plans = State(name="plans", title="Plans", aside=True)
draw = Transition(name="draw", title="Ask for plans", source=review, target=plans)
drawn = Transition(
    name="drawn",
    title="Drawn",
    source=plans,
    target=decision,
    waits=(Wait(on=Plan.permit_id, until=(approved_plan, void_plan)),),
    automatic=True,
)
prepare = Transition(
    name="prepare", title="Prepare", source=review, target=preparation, recall=True
)
prepared = Transition(
    name="prepared",
    title="Prepared",
    source=preparation,
    target=decision,
    joins="all",
    automatic=True,
)
failed = Transition(
    name="failed",
    title="Failed",
    source=preparation,
    target=dropped,
    joins="failed",
    automatic=True,
)
send_back = Transition(
    name="send-back",
    title="Send back",
    source=(review, preparation, decision),
    target=draft,
    returns="again",
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
    name="drop",
    title="Drop",
    source=(draft, intake, review, preparation, decision),
    target=dropped,
    recall=True,
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
    states=(draft, intake, review, preparation, plans, decision, granted, dropped),
    transitions=(
        submit, accept, reviewed, prepare, draw, drawn, prepared, failed, send_back, ask_again, review_again,
        grant, drop, lapse,
    ),
)  # fmt: skip

planned = State(name="planned", title="Planned")
opened = State(name="opened", title="Opened", final="good")
called_off = State(name="called-off", title="Called off", final="bad")
call_off = Transition(name="call-off", title="Call off", source=planned, target=called_off)
open_up = Transition(
    name="open-up",
    title="Open",
    source=planned,
    target=opened,
    waits=(Wait(on=Opening.permit_id, until=(granted,)),),
    automatic=True,
)
opening_flow = Workflow(
    Opening.state, states=(planned, opened, called_off), transitions=(open_up, call_off)
)
