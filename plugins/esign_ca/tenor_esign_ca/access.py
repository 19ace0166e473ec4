"""Who sends, signs, seals and looks. Nobody changes a signing by hand: transitions, codes and jobs do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from tenor_customers.public import Customer
from tenor_documents.public import Contract, ContractTemplate, contracts_of_my_cases
from tenor_esign_ca.permissions import confirm_for_borrower, verify_signatures
from tenor_esign_ca.records import BookEntry, EvidenceStep, Signing, Verdict
from tenor_esign_ca.workflow import (
    all_signed,
    begin,
    borrower_signed,
    call_back,
    complete,
    give_back,
    put_in_question,
    recall,
    run_out,
    seal,
    send_for_signature,
)
from tenor_origination.public import Application, Condition
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
    through,
)

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor_sdk import Actor


def signings_of_my_cases(actor: Actor) -> ColumnElement[bool]:
    """The signings on which somebody has or had a task, and those of the applications on which they had one."""
    return or_(
        Signing.application_id.in_(actor.assigned(Application)),
        Signing.id.in_(actor.assigned(Signing)),
    )


def contracts_that_i_seal(actor: Actor) -> ColumnElement[bool]:
    """The contracts of the signings on which somebody has or had a task."""
    mine = select(Signing.contract_id).where(Signing.id.in_(actor.assigned(Signing)))
    return Contract.id.in_(mine)


_details = (
    can.read(EvidenceStep, scope=through(EvidenceStep.signing_id)),
    can.read(Verdict, scope=through(Verdict.signing_id)),
    can.use(verify_signatures),
)

at_the_counter = Role(
    "Taker of the borrower's signature",
    can.read(Signing, scope=Scope.OWN),
    can.use(confirm_for_borrower),
    *_details,
    positions=(RELATIONSHIP_MANAGER,),
)
branch_reader = Role(
    "Reader of the unit's signings",
    can.read(Signing, scope=Scope.BELOW),
    *_details,
    positions=(BRANCH_HEAD,),
)
reader = Role(
    "Reader of all signings",
    can.read(Signing),
    *_details,
    positions=(RISK_OFFICER, POST_LOAN),
)
auditor = Role(
    "Auditor of signings",
    can.read(Signing),
    can.export(Signing, EvidenceStep, Verdict),
    *_details,
    positions=(AUDITOR,),
)
case_reader = Role(
    "Reader of the signings of one's cases",
    can.read(Signing, scope=signings_of_my_cases),
    *_details,
    positions=(APPROVER, LEGAL, OPERATIONS, RELEASE_CHECKER),
)
sender = Role(
    "Sender of contracts for signature",
    can.use(send_for_signature, recall, scope=contracts_of_my_cases),
    can.use(call_back, scope=signings_of_my_cases),
    positions=(LEGAL,),
)
sealer = Role(
    "Sealer of contracts for the lender",
    can.read(Contract, scope=contracts_that_i_seal),
    can.use(seal, scope=Scope.ASSIGNED),
    positions=(OPERATIONS,),
)
by_itself = Role(
    "Signings by themselves",
    can.read(Signing, BookEntry),
    can.read(Contract, ContractTemplate, Application, Condition, Customer),
    can.use(all_signed, give_back),
    can.use(begin, borrower_signed, complete, put_in_question, run_out),
    *_details,
    positions=("service:esign_ca",),
)
