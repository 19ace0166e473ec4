from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tenor_petitions.records import Petition
from tenor_sdk import (
    Amount,
    Approval,
    Blocker,
    Context,
    Deadline,
    State,
    Task,
    Transition,
    Workflow,
    _,
    ask,
    guard,
)
from tenor_sdk.access import APPROVER, RISK_OFFICER
from tenor_sdk.errors import Refused
from tenor_sdk.workflow import advance

draft = State(name="draft", title="Draft", task=Task(title="Complete the petition", to_owner=True))
intake = State(name="intake", title="Intake", task=Task(title="Bring the papers", to_owner=True))
review = State(
    name="review",
    title="Review",
    task=Task(
        title="Assess the petition",
        position=RISK_OFFICER,
        deadline=Deadline(working_days=2, escalate_to=APPROVER),
    ),
)
approval = State(
    name="approval", title="Approval", task=Task(title="Decide on the petition", position=APPROVER)
)
granted = State(name="granted", title="Granted", final="good", frozen=True)
declined = State(name="declined", title="Declined", final="bad")


@guard
def has_papers(ctx: Context, petition: Petition) -> Iterable[Blocker]:
    """Thirteen papers are needed."""
    if petition.papers < 13:
        yield Blocker(_("{n} papers are missing", n=13 - petition.papers))


@guard
def has_subject(ctx: Context, petition: Petition) -> Iterable[Blocker]:
    """It must say what for."""
    if not petition.subject:
        yield Blocker(_("A subject"))


@guard
def has_amount(ctx: Context, petition: Petition) -> Iterable[Blocker]:
    """Something must be asked for."""
    if not petition.amount.minor:
        yield Blocker(_("An amount"), why=_("Nothing is asked for"))


@guard
def is_calm(ctx: Context, petition: Petition) -> Iterable[Blocker]:
    """Breaks in as many ways as its subject names."""
    if petition.subject == "crash":
        raise ZeroDivisionError("the guard is at fault")
    if petition.subject == "refuse":
        raise Refused("not-today")
    if petition.subject == "write":
        petition.opinion = "written by a guard"
    return ()


@dataclass(frozen=True)
class Assessment:
    opinion: str = ask("Opinion", widget="long-text")
    points: int = ask("Points", default=0)


@dataclass(frozen=True)
class Opinion:
    opinion: str = ask("Opinion", default="")


def hurry_on(ctx: Context, petition: Petition, inputs: None) -> None:
    if petition.subject == "complete at once":
        petition.papers = 13
        advance(ctx, petition)


def note_opinion(ctx: Context, petition: Petition, inputs: Assessment) -> None:
    petition.opinion = inputs.opinion


def fail(ctx: Context, petition: Petition, inputs: Opinion) -> None:
    if petition.subject == "fail in do":
        raise Refused("no-money")


def people_needed(ctx: Context, petition: Petition) -> int:
    return 2 if petition.amount > Amount.of("10000000") else 1


def what_is_decided(ctx: Context, petition: Petition) -> object:
    return {"subject": petition.subject, "amount": petition.amount}


submit = Transition(
    name="submit",
    title="Submit",
    source=draft,
    target=intake,
    guards=(has_subject, has_amount),
    do=hurry_on,
    style="primary",
)
arrive = Transition(
    name="arrive",
    title="Arrive",
    source=intake,
    target=review,
    guards=(has_papers,),
    automatic=True,
)
assess = Transition(
    name="assess",
    title="Assess",
    source=review,
    target=approval,
    guards=(is_calm,),
    do=note_opinion,
    inputs=Assessment,
    style="primary",
)
send_back = Transition(
    name="send-back", title="Send back", source=(review, approval), target=draft, reason=True
)
approve = Transition(
    name="approve",
    title="Approve",
    source=approval,
    target=granted,
    do=fail,
    inputs=Opinion,
    approval=Approval(needed=people_needed, shown=what_is_decided),
    style="primary",
)
decline = Transition(
    name="decline", title="Decline", source=approval, target=declined, reason=True, style="danger"
)
reopen = Transition(name="reopen", title="Reopen", source=granted, target=approval, reason=True)
petition_flow = Workflow(
    Petition.state,
    states=(draft, intake, review, approval, granted, declined),
    transitions=(submit, arrive, assess, send_back, approve, decline, reopen),
)
