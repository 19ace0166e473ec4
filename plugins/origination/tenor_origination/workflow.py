"""The way of an application."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select

from tenor_credit.public import valid_rating
from tenor_origination.authority import credit_decisions
from tenor_origination.events import ApplicationApproved, ApplicationDeclined, ApplicationSubmitted
from tenor_origination.guards import (
    approver_is_independent,
    conditions_are_met,
    decides_within_authority,
    file_is_complete,
    rating_is_in_force,
    term_is_allowed,
    who_is_not_independent,
)
from tenor_origination.records import Application, Condition, Opinion, View
from tenor_sdk import (
    Approval,
    Context,
    Deadline,
    Invalid,
    SegregationOfDuties,
    State,
    Task,
    Transition,
    Workflow,
    ask,
)
from tenor_sdk.access import (
    APPROVER,
    BRANCH_HEAD,
    COMMITTEE_CHAIR,
    COMMITTEE_MEMBER,
    OPERATIONS,
    RISK_OFFICER,
)
from tenor_sdk.approvals import Committee

draft = State(
    name="draft", title="Application", task=Task(title="Complete the application", to_owner=True)
)
intake = State(
    name="intake",
    title="Intake",
    task=Task(title="Bring what is missing", to_owner=True),
    customer=True,
)
risk_review = State(
    name="risk-review",
    title="Risk review",
    frozen=True,
    task=Task(
        title="Review the risk",
        position=RISK_OFFICER,
        deadline=Deadline(working_days=2, escalate_to=BRANCH_HEAD),
    ),
)
approval = State(
    name="approval",
    title="Approval",
    frozen=True,
    task=Task(
        title="Decide on the application", position=APPROVER, deadline=Deadline(working_days=3)
    ),
)
conditions = State(
    name="conditions",
    title="Conditions precedent",
    frozen=True,
    task=Task(
        title="Check the conditions precedent",
        position=OPERATIONS,
        deadline=Deadline(working_days=5),
    ),
)
completed = State(name="completed", title="Paid out", final="good", frozen=True)
declined = State(name="declined", title="Declined", final="bad", frozen=True, aside=True)
withdrawn = State(name="withdrawn", title="Withdrawn", final="bad", frozen=True, aside=True)
#: names of the states in which an application is over
FINAL = (completed.name, declined.name, withdrawn.name)


@dataclass(frozen=True)
class Recommendation:
    """What the risk officer says."""

    view: View = ask("Opinion")
    text: str = ask("Reasons", widget="long-text", max_length=5000)
    conditions: str = ask(
        "Conditions precedent",
        widget="long-text",
        default="",
        help="One on each line",
        max_length=5000,
    )


@dataclass(frozen=True)
class Decision:
    """What an approver says."""

    text: str = ask("Reasons", widget="long-text", default="", max_length=5000)
    conditions: str = ask(
        "Further conditions",
        widget="long-text",
        default="",
        help="One on each line. They are part of what is decided: whoever voted before votes again",
        max_length=5000,
    )


def _submitted(ctx: Context, application: Application, _inputs: None) -> None:
    ctx.emit(ApplicationSubmitted(application_id=application.id))


def _say(ctx: Context, application: Application, stage: State, view: View, text: str) -> None:
    ctx.session.add(
        Opinion(
            application_id=application.id,
            stage=stage.name,
            view=view,
            text=text,
            by_id=ctx.actor.id,
            said_on=ctx.today,
        )
    )


def _add_conditions(ctx: Context, application: Application, text: str) -> None:
    for line in filter(None, (one.strip() for one in text.splitlines())):
        ctx.session.add(
            Condition(application_id=application.id, text=line[:500], set_by_id=ctx.actor.id)
        )
    ctx.session.flush()


def _has_conditions(ctx: Context, application: Application) -> bool:
    standing = select(Condition.id).where(Condition.application_id == application.id).limit(1)
    return ctx.session.scalars(standing).first() is not None


def _recommended(ctx: Context, application: Application, said: Recommendation) -> None:
    """The opinion; one that agrees with conditions names them, unless some stand from an earlier round."""
    conditional = said.view is View.AGREE_WITH_CONDITIONS and not said.conditions.strip()
    if conditional and not _has_conditions(ctx, application):
        raise Invalid("invalid", {"conditions": Invalid("conditions-needed")})
    _say(ctx, application, risk_review, said.view, said.text)
    _add_conditions(ctx, application, said.conditions)


def _decided(ctx: Context, application: Application, said: Decision) -> None:
    """Each approver's words; conditions are added before the vote is bound, so that the others decide on them too."""
    _add_conditions(ctx, application, said.conditions)
    view = View.AGREE_WITH_CONDITIONS if said.conditions.strip() else View.AGREE
    _say(ctx, application, approval, view, said.text)


def _approved(ctx: Context, application: Application, _said: Decision | None) -> None:
    rating = valid_rating(ctx, application.customer_id)
    application.rating_id = rating.id if rating is not None else None
    application.approved_amount = application.amount
    application.approved_rate = application.rate
    application.approved_months = application.months
    application.decided_on = ctx.today
    ctx.emit(
        ApplicationApproved(
            application_id=application.id, amount=application.amount, currency=application.currency
        )
    )


def _declined(ctx: Context, application: Application, _inputs: None) -> None:
    application.decided_on = ctx.today
    ctx.emit(ApplicationDeclined(application_id=application.id))


def what_is_decided(ctx: Context, application: Application) -> object:
    """The terms, the rating and the conditions: if one changes, it is decided again."""
    rating = valid_rating(ctx, application.customer_id)
    texts = select(Condition.text).where(Condition.application_id == application.id)
    return {
        "customer": application.customer_id,
        "product": application.product.value,
        "amount": application.amount.text(application.currency),
        "currency": application.currency,
        "months": application.months,
        "rate": application.rate.text(),
        "repayment": application.repayment.value,
        "purpose": application.purpose,
        "rating": None if rating is None else [rating.id, rating.score, rating.grade],
        "conditions": sorted(ctx.session.scalars(texts)),
    }


submit = Transition(
    name="submit",
    title="Submit",
    source=draft,
    target=intake,
    guards=(term_is_allowed,),
    do=_submitted,
    recall=True,
    style="primary",
)
accept = Transition(
    name="accept",
    title="Pass on to the risk department",
    source=intake,
    target=risk_review,
    guards=(file_is_complete,),
    automatic=True,
)
recommend = Transition(
    name="recommend",
    title="Give the opinion and send on",
    source=risk_review,
    target=approval,
    guards=(rating_is_in_force,),
    inputs=Recommendation,
    do=_recommended,
    style="primary",
)
send_back = Transition(
    name="send-back", title="Send back", source=risk_review, target=draft, returns="again"
)
return_to_risk = Transition(
    name="return-to-risk", title="Return to the risk department", source=approval,
    target=risk_review, returns="again",
)  # fmt: skip
decline = Transition(
    name="decline",
    title="Decline",
    source=(risk_review, approval),
    target=declined,
    guards=(approver_is_independent, decides_within_authority),
    do=_declined,
    reason=True,
    style="danger",
)
committee = Committee(
    members=(COMMITTEE_MEMBER, COMMITTEE_CHAIR),
    veto=COMMITTEE_CHAIR,
    quorum=3,
    share=Fraction(2, 3),
    refusal=decline,
    conflicts=who_is_not_independent,
)
approve = Transition(
    name="approve",
    title="Approve",
    source=approval,
    target=conditions,
    guards=(rating_is_in_force, approver_is_independent),
    inputs=Decision,
    do=_approved,
    approval=Approval(
        authority=credit_decisions,
        committee=committee,
        shown=what_is_decided,
        each=_decided,
        opinion="text",
    ),
    style="primary",
)
complete = Transition(
    name="complete",
    title="Confirm the payment",
    source=conditions,
    target=completed,
    guards=(conditions_are_met,),
    style="primary",
)
withdraw = Transition(
    name="withdraw",
    title="Withdraw",
    source=(draft, intake, risk_review, approval, conditions),
    target=withdrawn,
    reason=True,
    style="danger",
)
application_flow = Workflow(
    Application.state,
    states=(draft, intake, risk_review, approval, conditions, completed, declined, withdrawn),
    transitions=(
        submit, accept, recommend, send_back, approve, return_to_risk, decline, complete, withdraw,
    ),
)  # fmt: skip

make_and_decide = SegregationOfDuties(
    title="Who makes an application never decides on it", steps=("create", approve)
)
submit_and_decide = SegregationOfDuties(title="Who submits never decides", steps=(submit, approve))
recommend_and_decide = SegregationOfDuties(
    title="Who gives the risk opinion never decides", steps=(recommend, approve)
)
submit_and_recommend = SegregationOfDuties(
    title="Who submits never gives the risk opinion", steps=(submit, recommend)
)
