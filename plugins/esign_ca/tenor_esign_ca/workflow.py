"""The way of a contract out for signature and back, added to documents'; and the life of a signing."""

from __future__ import annotations

from tenor_documents.public import (
    Contract,
    application_awaits_it,
    contract_agrees,
    contract_flow,
    issued,
    mark_signed,
    signed,
)
from tenor_esign_ca.confirming import CONFIRM, want_signature
from tenor_esign_ca.events import SentForSignature, SigningEnded
from tenor_esign_ca.guards import (
    all_have_signed,
    it_is_not_being_signed,
    no_signature_is_being_made,
    provider_is_ready,
    signers_are_complete,
)
from tenor_esign_ca.records import LENDER, Signing
from tenor_esign_ca.sending import SendTo, latest_signing, open_signing
from tenor_sdk import (
    Context,
    Deadline,
    NotFound,
    SegregationOfDuties,
    State,
    Task,
    Transition,
    Workflow,
    WorkflowPatch,
)
from tenor_sdk.access import BRANCH_HEAD, OPERATIONS
from tenor_sdk.workflow import transition

# -- the contract: out for signature, and back, signed or not ---------------------------------------------------------

out = State(name="signing", title="Out for signature", frozen=True)


def _sent(ctx: Context, contract: Contract, given: SendTo) -> None:
    made = open_signing(ctx, contract, given)
    ctx.emit(SentForSignature(signing_id=made.id, contract_id=contract.id))


def _recalled(ctx: Context, contract: Contract, _inputs: None) -> None:
    signing = _signing_of(ctx, contract)
    if signing.state not in ENDED:  # else it was recalled there, and led the contract here
        transition(ctx, signing, call_back, reason=contract.number)


def _all_signed(ctx: Context, contract: Contract, _inputs: None) -> None:
    mark_signed(ctx, contract.id, _signing_of(ctx, contract).signed_file_id or 0)


def _signing_of(ctx: Context, contract: Contract) -> Signing:
    found = latest_signing(ctx, contract.id)
    if found is None:
        raise NotFound("not-found", what=Signing.singular())
    return found


send_for_signature = Transition(
    name="send-for-signature",
    title="Send for signature",
    source=issued,
    target=out,
    guards=(application_awaits_it, contract_agrees, provider_is_ready, signers_are_complete),
    inputs=SendTo,
    do=_sent,
    style="primary",
)
all_signed = Transition(
    name="all-signed",
    title="All sides have signed",
    source=out,
    target=signed,
    guards=(all_have_signed,),
    do=_all_signed,
)
recall = Transition(
    name="recall",
    title="Recall",
    source=out,
    target=issued,
    guards=(no_signature_is_being_made,),
    do=_recalled,
    reason=True,
    style="danger",
)
give_back = Transition(
    name="signing-expired",
    title="Not signed in time",
    source=out,
    target=issued,
    guards=(no_signature_is_being_made,),
)
signing_out = WorkflowPatch(
    contract_flow,
    states=((out, issued),),
    transitions=(send_for_signature, all_signed, recall, give_back),
)

# -- the signing -------------------------------------------------------------------------------------------------------

#: States in which a signing is over.
ENDED = ("completed", "recalled", "expired")

preparing = State(name="preparing", title="Being prepared", frozen=True)
with_borrower = State(
    name="with-borrower",
    title="Borrower signs",
    frozen=True,
    task=Task(
        title="Have the borrower sign",
        to_owner=True,
        deadline=Deadline(working_days=5, escalate_to=BRANCH_HEAD),
    ),
)
with_bank = State(
    name="with-bank",
    title="Lender seals",
    frozen=True,
    task=Task(
        title="Seal the contract for the lender",
        position=OPERATIONS,
        deadline=Deadline(working_days=1, escalate_to=BRANCH_HEAD),
    ),
)
sealing = State(name="sealing", title="Being sealed and verified", frozen=True)
completed = State(name="completed", title="Completed", final="good", frozen=True)
in_question = State(name="in-question", title="In question", frozen=True, aside=True)
recalled = State(name="recalled", title="Recalled", final="bad", frozen=True, aside=True)
expired = State(name="expired", title="Expired", final="bad", frozen=True, aside=True)


def _sealed(ctx: Context, signing: Signing, _inputs: None) -> None:
    want_signature(ctx, signing, LENDER, "workplace", f"{ctx.actor.login} {ctx.request_id}")


def _completed(ctx: Context, signing: Signing, _inputs: None) -> None:
    transition(ctx, signing.contract, all_signed)


def _called_back(ctx: Context, signing: Signing, _inputs: None) -> None:
    _end(ctx, signing, "recalled")
    if signing.contract.state == out.name:
        transition(ctx, signing.contract, recall, reason=signing.number)


def _ran_out(ctx: Context, signing: Signing, _inputs: None) -> None:
    _end(ctx, signing, "expired")
    transition(ctx, signing.contract, give_back)


def _end(ctx: Context, signing: Signing, how: str) -> None:
    ctx.emit(SigningEnded(signing_id=signing.id, contract_id=signing.contract_id, how=how))


begin = Transition(name="begin", title="At the provider's", source=preparing, target=with_borrower)
borrower_signed = Transition(
    name="borrower-signed", title="The borrower has signed", source=with_borrower, target=with_bank
)
seal = Transition(
    name="seal",
    title="Seal for the lender",
    source=with_bank,
    target=sealing,
    do=_sealed,
    style="primary",
)
complete = Transition(
    name="complete",
    title="Signed by all, verified",
    source=(with_bank, sealing),
    target=completed,
    do=_completed,
)
put_in_question = Transition(
    name="put-in-question",
    title="Put in question",
    source=(preparing, with_borrower, with_bank, sealing),
    target=in_question,
)
call_back = Transition(
    name="call-back",
    title="Recall",
    source=(preparing, with_borrower, with_bank, in_question),
    target=recalled,
    guards=(it_is_not_being_signed,),
    do=_called_back,
    reason=True,
    style="danger",
)
run_out = Transition(
    name="run-out",
    title="Not signed in time",
    source=(preparing, with_borrower, with_bank, in_question),
    target=expired,
    guards=(it_is_not_being_signed,),
    do=_ran_out,
)
signing_flow = Workflow(
    Signing.state,
    states=(
        preparing,
        with_borrower,
        with_bank,
        sealing,
        completed,
        in_question,
        recalled,
        expired,
    ),
    transitions=(
        begin,
        borrower_signed,
        seal,
        complete,
        put_in_question,
        call_back,
        run_out,
    ),
)
who_sends_never_signs = SegregationOfDuties(
    title="Who sends a contract out signs it for neither side, and nobody signs it for both",
    steps=("create", CONFIRM, seal),
)
