"""Who may see loans, pay them out and book on them. Nobody changes one by hand: postings and releases do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor_customers.public import Customer
from tenor_loans.permissions import book_repayments, take_over_loans
from tenor_loans.records import Disbursement, Loan, PaymentInstruction, Posting, Reminder
from tenor_loans.workflow import prepare_disbursement, release, send_back_disbursement
from tenor_origination.public import Application
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import (
    AUDITOR,
    BRANCH_HEAD,
    LEGAL,
    OPERATIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RELEASE_CHECKER,
    RISK_OFFICER,
    through,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk import Actor


def loans_of_my_cases(actor: Actor) -> ColumnElement[bool]:
    """The loans of the applications on which somebody has or had a task."""
    return Loan.application_id.in_(actor.assigned(Application))


_details = (
    can.read(Posting, scope=through(Posting.loan_id)),
    can.read(PaymentInstruction, scope=through(PaymentInstruction.loan_id)),
    can.read(Reminder, scope=through(Reminder.loan_id)),
    can.read(Disbursement, scope=through(Disbursement.application_id)),
)

own_reader = Role(
    "Reader of one's own loans",
    can.read(Loan, scope=Scope.OWN),
    *_details,
    positions=(RELATIONSHIP_MANAGER,),
)
branch_reader = Role(
    "Reader of the unit's loans",
    can.read(Loan, scope=Scope.BELOW),
    *_details,
    positions=(BRANCH_HEAD,),
)
reader = Role("Reader of all loans", can.read(Loan), *_details, positions=(RISK_OFFICER, POST_LOAN))
auditor = Role(
    "Auditor of loans",
    can.read(Loan),
    can.export(Loan, Posting, PaymentInstruction),
    *_details,
    positions=(AUDITOR,),
)
case_reader = Role(
    "Reader of the loans of one's cases",
    can.read(Loan, scope=loans_of_my_cases),
    *_details,
    positions=(LEGAL,),
)
preparer = Role(
    "Preparer of disbursements",
    can.read(Loan),
    can.use(prepare_disbursement, scope=Scope.ASSIGNED),
    can.use(book_repayments),
    *_details,
    positions=(OPERATIONS,),
)
releaser = Role(
    "Releaser of disbursements",
    can.read(Loan),
    can.use(release, send_back_disbursement, scope=Scope.ASSIGNED),
    *_details,
    positions=(RELEASE_CHECKER,),
)
keeper = Role(
    "Loans by themselves",
    can.read(Loan),
    can.read(Customer),
    can.use(take_over_loans),
    *_details,
    positions=("service:loans",),
)
taker_over = Role(
    "Taker-over of existing loans", can.read(Loan), can.use(take_over_loans), *_details
)
