"""Who may do what with contracts: the legal department makes them, whoever works on the case reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor_documents.permissions import generate_contracts, verify_contracts
from tenor_documents.records import Contract, ContractTemplate
from tenor_documents.workflow import issue, make_void, record_signed_copy, return_to_approval
from tenor_origination.public import Application
from tenor_sdk import Role, Scope, can
from tenor_sdk.access import (
    APPROVER,
    AUDITOR,
    BRANCH_HEAD,
    LEGAL,
    OPERATIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RELEASE_CHECKER,
    RISK_OFFICER,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk import Actor


def contracts_of_my_cases(actor: Actor) -> ColumnElement[bool]:
    """The contracts of the applications on which somebody has or had a task."""
    return Contract.application_id.in_(actor.assigned(Application))


_always = (can.read(ContractTemplate), can.use(verify_contracts))

own_reader = Role(
    "Reader of the contracts of one's own customers",
    can.read(Contract, scope=Scope.OWN),
    *_always,
    positions=(RELATIONSHIP_MANAGER,),
)
branch_reader = Role(
    "Reader of the unit's contracts",
    can.read(Contract, scope=Scope.BELOW),
    *_always,
    positions=(BRANCH_HEAD,),
)
reader = Role(
    "Reader of all contracts",
    can.read(Contract),
    *_always,
    positions=(RISK_OFFICER, POST_LOAN),
)
auditor = Role(
    "Auditor of contracts",
    can.read(Contract),
    can.export(Contract),
    *_always,
    positions=(AUDITOR,),
)
case_reader = Role(
    "Reader of the contracts of one's cases",
    can.read(Contract, scope=contracts_of_my_cases),
    *_always,
    positions=(APPROVER, LEGAL, OPERATIONS, RELEASE_CHECKER),
)
contract_maker = Role(
    "Maker of contracts",
    can.use(generate_contracts),
    can.use(issue, record_signed_copy, make_void, scope=contracts_of_my_cases),
    can.use(return_to_approval, scope=Scope.ASSIGNED),
    positions=(LEGAL,),
)
watchman = Role(
    "Watchman of the stored contracts", can.read(Contract), positions=("service:documents",)
)
