"""The life of a contract, and the stage that it adds to an application's way."""

from __future__ import annotations

from tenor_documents.events import ContractIssued, ContractVoided
from tenor_documents.guards import (
    AWAITING,
    application_awaits_it,
    contract_agrees,
    contract_is_signed,
    no_contract_is_out,
)
from tenor_documents.records import Contract
from tenor_documents.signing import SignedCopy, record_copy
from tenor_origination.public import application_flow, approval, approve, conditions
from tenor_sdk import Context, Deadline, State, Task, Transition, Workflow, WorkflowPatch
from tenor_sdk.access import BRANCH_HEAD, LEGAL

# -- the contract --------------------------------------------------------------------------------------------------

draft = State(name="draft", title="Draft")
issued = State(name="issued", title="Issued", frozen=True)
signed = State(name="signed", title="Signed", final="good", frozen=True)
void = State(name="void", title="Void", final="bad", frozen=True, aside=True)


def _issued(ctx: Context, contract: Contract, _inputs: None) -> None:
    ctx.emit(ContractIssued(contract_id=contract.id, application_id=contract.application_id))


def _copied(ctx: Context, contract: Contract, copy: SignedCopy) -> None:
    record_copy(ctx, contract, copy)


def _voided(ctx: Context, contract: Contract, _inputs: None) -> None:
    ctx.emit(ContractVoided(contract_id=contract.id, application_id=contract.application_id))


issue = Transition(
    name="issue",
    title="Issue",
    source=draft,
    target=issued,
    guards=(application_awaits_it, contract_agrees),
    do=_issued,
    style="primary",
)
record_signed_copy = Transition(
    name="record-signed-copy",
    title="Record the signed copy",
    source=issued,
    target=signed,
    guards=(application_awaits_it,),
    inputs=SignedCopy,
    do=_copied,
    reason=True,
)
make_void = Transition(
    name="void",
    title="Make void",
    source=(draft, issued),
    target=void,
    do=_voided,
    reason=True,
    style="danger",
)
contract_flow = Workflow(
    Contract.state,
    states=(draft, issued, signed, void),
    transitions=(issue, record_signed_copy, make_void),
)

# -- the application: nothing is paid out before its contract is signed ---------------------------------------------

contract_stage = State(
    name=AWAITING,
    title="Contract",
    frozen=True,
    task=Task(
        title="Prepare the contract",
        position=LEGAL,
        deadline=Deadline(working_days=3, escalate_to=BRANCH_HEAD),
    ),
)
contract_signed = Transition(
    name="contract-signed",
    title="Go on to the conditions precedent",
    source=contract_stage,
    target=conditions,
    guards=(contract_is_signed,),
    automatic=True,
)
return_to_approval = Transition(
    name="return-to-approval",
    title="Return to those who decide",
    source=contract_stage,
    target=approval,
    guards=(no_contract_is_out,),
    reason=True,
)
contracting = WorkflowPatch(
    application_flow,
    states=((contract_stage, approval),),
    transitions=(contract_signed, return_to_approval),
    reroute=((approve, contract_stage),),
)
