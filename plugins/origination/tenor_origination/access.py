"""Who may do what with applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from tenor_customers.public import Customer
from tenor_origination.records import Application, ApplicationDocument, Condition, Opinion
from tenor_origination.workflow import (
    approve,
    complete,
    decline,
    recommend,
    return_to_risk,
    send_back,
    submit,
    withdraw,
)
from tenor_sdk import Permission, Role, Scope, can
from tenor_sdk.access import (
    APPROVER,
    AUDITOR,
    BRANCH_HEAD,
    COMMITTEE_CHAIR,
    COMMITTEE_MEMBER,
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

confirm_conditions = Permission(title="Confirm conditions precedent")
review_queue = Permission(title="Work on the risk department's queue")


def customers_of_my_cases(actor: Actor) -> ColumnElement[bool]:
    """The customers of the applications on which somebody has or had a task."""
    mine = Application.id.in_(actor.assigned(Application))
    return Customer.id.in_(select(Application.customer_id).where(mine))


_details = (
    can.read(ApplicationDocument, scope=through(ApplicationDocument.application_id)),
    can.read(Opinion, scope=through(Opinion.application_id)),
    can.read(Condition, scope=through(Condition.application_id)),
)

applicant = Role(
    "Applicant",
    can.edit(Application, scope=Scope.OWN),
    can.export(Application, scope=Scope.OWN),
    can.use(submit, withdraw, scope=Scope.OWN),
    *_details,
    positions=(RELATIONSHIP_MANAGER,),
)
branch_reader = Role(
    "Reader of the unit's applications",
    can.read(Application, scope=Scope.BELOW),
    *_details,
    positions=(BRANCH_HEAD,),
)
branch_approver = Role(
    "Approver within the unit",
    can.use(approve, decline, return_to_risk, scope=Scope.BELOW),
    positions=(BRANCH_HEAD,),
)
risk = Role(
    "Risk reviewer",
    can.read(Application),
    can.use(recommend, send_back, decline),
    can.use(review_queue),
    *_details,
    positions=(RISK_OFFICER,),
)
reader = Role(
    "Reader of all applications", can.read(Application), *_details, positions=(POST_LOAN,)
)
auditor = Role(
    "Auditor of applications",
    can.read(Application),
    can.export(Application),
    *_details,
    positions=(AUDITOR,),
)
approver = Role(
    "Approver",
    can.use(approve, decline, return_to_risk, scope=Scope.ASSIGNED),
    positions=(APPROVER,),
)
committee_member = Role(
    "Member of the credit committee",
    can.use(approve, scope=Scope.ASSIGNED),
    positions=(COMMITTEE_MEMBER, COMMITTEE_CHAIR),
)
case_reader = Role(
    "Reader of the cases assigned",
    can.read(Application, scope=Scope.ASSIGNED),
    can.read(Customer, scope=customers_of_my_cases),
    *_details,
    positions=(
        APPROVER, COMMITTEE_MEMBER, COMMITTEE_CHAIR, LEGAL, OPERATIONS, RELEASE_CHECKER,
    ),
)  # fmt: skip
operations = Role(
    "Confirmer of payments", can.use(complete, scope=Scope.ASSIGNED), positions=(OPERATIONS,)
)
#: of those of the cases that they may read
conditions = Role(
    "Checker of conditions",
    can.use(confirm_conditions),
    positions=(RISK_OFFICER, LEGAL, OPERATIONS),
)
