"""The way of an application's money, added to the application's; and the life of a loan."""

from __future__ import annotations

from collections.abc import Iterable

from tenor_loans.disbursing import PayTo, latest_disbursement
from tenor_loans.disbursing import prepare as put_down
from tenor_loans.disbursing import release as pay_out
from tenor_loans.events import LoanClosed
from tenor_loans.positions import position_of
from tenor_loans.records import Loan
from tenor_origination.public import (
    Application,
    application_flow,
    complete,
    completed,
    conditions,
    conditions_are_met,
)
from tenor_sdk import (
    Blocker,
    Context,
    Deadline,
    SegregationOfDuties,
    State,
    Task,
    Transition,
    Workflow,
    WorkflowPatch,
    _,
    guard,
)
from tenor_sdk.access import OPERATIONS, RELEASE_CHECKER

# -- the application: money is released by a second person --------------------------------------------------------

disbursement = State(
    name="disbursement",
    title="Disbursement",
    frozen=True,
    task=Task(
        title="Release the disbursement",
        position=RELEASE_CHECKER,
        deadline=Deadline(working_days=1, escalate_to=OPERATIONS),
    ),
)


def _step(application: Application, transition: str) -> str:
    return f"/origination/application/{application.id}/transitions/{transition}"


@guard
def money_is_released_by_two(ctx: Context, application: Application) -> Iterable[Blocker]:
    """No application is paid out past the release."""
    yield Blocker(
        _("The payment is prepared, and released by a second person"),
        why=_("Nobody confirms a payment alone"),
        href=_step(application, prepare_disbursement.name),
    )


@guard
def payment_is_prepared(ctx: Context, application: Application) -> Iterable[Blocker]:
    """It is put down to whom the money goes, and the first due date still lies ahead."""
    prepared = latest_disbursement(ctx, application.id)
    if prepared is None:
        yield Blocker(_("The payee of the disbursement"), why=_("Not prepared yet"))
    elif prepared.first_due is not None and prepared.first_due <= ctx.today:
        yield Blocker(
            _("The first due date {day} doesn't lie ahead any more", day=prepared.first_due),
            why=_("Send the disbursement back and prepare it anew"),
            href=_step(application, send_back_disbursement.name),
            who=prepared.prepared_by_id,
        )


def _prepared(ctx: Context, application: Application, pay_to: PayTo) -> None:
    put_down(ctx, application, pay_to)


def _released(ctx: Context, application: Application, _inputs: None) -> None:
    pay_out(ctx, application)


prepare_disbursement = Transition(
    name="prepare-disbursement",
    title="Prepare the disbursement",
    source=conditions,
    target=disbursement,
    guards=(conditions_are_met,),
    inputs=PayTo,
    do=_prepared,
    style="primary",
)
release = Transition(
    name="release",
    title="Release",
    source=disbursement,
    target=completed,
    guards=(conditions_are_met, payment_is_prepared),
    do=_released,
    style="primary",
)
send_back_disbursement = Transition(
    name="send-back-disbursement",
    title="Send the disbursement back",
    source=disbursement,
    target=conditions,
    reason=True,
)
paying_out = WorkflowPatch(
    application_flow,
    states=((disbursement, conditions),),
    transitions=(prepare_disbursement, release, send_back_disbursement),
    guards=((complete, money_is_released_by_two),),
)
prepare_and_release = SegregationOfDuties(
    title="Who prepares a disbursement never releases it", steps=(prepare_disbursement, release)
)

# -- the loan ------------------------------------------------------------------------------------------------------

active = State(name="active", title="Active")
closed = State(name="closed", title="Closed", final="good", frozen=True)


def _is_owed(ctx: Context, loan: Loan) -> bool:
    found = position_of(ctx, loan)
    return bool(found.outstanding or found.total_due)


@guard
def nothing_is_owed(ctx: Context, loan: Loan) -> Iterable[Blocker]:
    """All principal is repaid, and nothing that fell due is open."""
    if _is_owed(ctx, loan):
        yield Blocker(_("The loan isn't repaid"))


@guard
def something_is_owed(ctx: Context, loan: Loan) -> Iterable[Blocker]:
    """A reversal has opened again what was repaid."""
    if not _is_owed(ctx, loan):
        yield Blocker(_("The loan is repaid"))


def _closed(ctx: Context, loan: Loan, _inputs: None) -> None:
    ctx.emit(LoanClosed(loan_id=loan.id))


close = Transition(
    name="close",
    title="Close",
    source=active,
    target=closed,
    guards=(nothing_is_owed,),
    do=_closed,
    automatic=True,
)
reopen = Transition(
    name="reopen",
    title="Open again",
    source=closed,
    target=active,
    guards=(something_is_owed,),
    automatic=True,
)
loan_flow = Workflow(Loan.state, states=(active, closed), transitions=(close, reopen))
