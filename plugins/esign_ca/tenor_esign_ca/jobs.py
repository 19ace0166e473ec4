"""What happens to a signing by itself: it is sent, signed, taken home, followed, called back.

All jobs act as the plugin's service. Each asks first how the signing stands, so that a repeated one does nothing.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from tenor_esign_ca import calling
from tenor_esign_ca.calling import Outcome
from tenor_esign_ca.codes import code_of
from tenor_esign_ca.envelopes import EnvelopeState, Intent
from tenor_esign_ca.events import (
    CodeDrawn,
    SentForSignature,
    SignatureMade,
    SignatureWanted,
    SigningEnded,
)
from tenor_esign_ca.guards import OPEN
from tenor_esign_ca.keeping import keep_signature, keep_signed
from tenor_esign_ca.provider import provider
from tenor_esign_ca.records import BORROWER, SignatureStatus, Signing
from tenor_esign_ca.sending import envelope_of
from tenor_esign_ca.settings import EsignSettings
from tenor_esign_ca.telling import tell_ended, tell_in_question, tell_signed_though_ended
from tenor_esign_ca.workflow import (
    ENDED,
    begin,
    borrower_signed,
    complete,
    put_in_question,
    run_out,
)
from tenor_sdk import Conflict, Context, _, job
from tenor_sdk.files import read_file
from tenor_sdk.jobs import Every, Retry
from tenor_sdk.notify import mail
from tenor_sdk.workflow import transition

#: A provider that is away for half an hour parks nothing.
_PATIENT: Final = Retry(times=7, pause=timedelta(seconds=30))


@job(on=SentForSignature, actor="service", retry=_PATIENT)
def prepare(ctx: Context, event: SentForSignature) -> None:
    """Prepare the envelope at the provider's and send it to its signers."""
    signing = ctx.session.get(Signing, event.signing_id)
    if signing is None or signing.state != "preparing":
        return
    try:
        envelope = envelope_of(ctx, signing)
    except Conflict as error:  # the stored contract isn't what was issued
        _question(ctx, signing, error.key)
        return
    outcome = calling.send(ctx, signing, envelope)
    if "problem" in outcome:
        _question(ctx, signing, outcome["problem"])
        return
    signing.envelope = outcome["envelope"]
    if signing.state == "preparing":
        transition(ctx, signing, begin)
    elif signing.state in ENDED:  # recalled while it was on its way
        ctx.enqueue(cancel_envelope, signing_id=signing.id, reason=signing.state)


@job(on=CodeDrawn, actor="service", queue="mail", retry=_PATIENT)
def mail_the_code(ctx: Context, event: CodeDrawn) -> None:
    """Mail the borrower the code, unless another was drawn since."""
    signing = ctx.session.get(Signing, event.signing_id)
    if signing is None or signing.state != "with-borrower":
        return
    signature = signing.signature(BORROWER)
    if signature.codes != event.serial or not signature.code_seed:
        return
    subject = _("Code for the signature of contract {number}", number=signing.contract.number)
    body = _(
        "Your one-time code for signing contract {number}:\n\n{code}\n\n"
        "Tell it to your relationship manager at the counter only if you want to sign this contract now. "
        "It is valid for {minutes} minutes.",
        number=signing.contract.number,
        code=code_of(ctx, signature),
        minutes=ctx.settings(EsignSettings).code_minutes,
    )
    mail(ctx, f"code-{signature.id}-{event.serial}", signing.email, subject, body)


@job(on=SignatureWanted, actor="service", retry=_PATIENT)
def make_signature(ctx: Context, event: SignatureWanted) -> None:
    """Have the provider sign for somebody who wanted it: once, whenever a worker is killed."""
    signing = ctx.session.get(Signing, event.signing_id)
    if signing is None or signing.state in ENDED:
        return
    signature = signing.signature(event.signer)
    if signature.status is not SignatureStatus.CONFIRMED or signature.intent_at is None:
        return
    intent = Intent(signature.intent_method, signature.intent_reference, signature.intent_at)
    outcome = calling.sign(ctx, signing, event.signer, intent)
    if "problem" in outcome:
        _question(ctx, signing, outcome["problem"])
        return
    _signed(ctx, signing, outcome)


def _signed(ctx: Context, signing: Signing, made: Outcome) -> None:
    """A signature is there: the next one's turn, or all of them are."""
    signature = signing.signature(made["signer"])
    if signature.status is SignatureStatus.SIGNED:
        return
    keep_signature(signature, made)
    ctx.session.flush()
    ctx.emit(
        SignatureMade(signing_id=signing.id, contract_id=signing.contract_id, signer=made["signer"])
    )
    if all(one.status is SignatureStatus.SIGNED for one in signing.signatures):
        ctx.enqueue(take_home, key=str(signing.id), signing_id=signing.id)
    elif signing.state == "with-borrower":
        transition(ctx, signing, borrower_signed)


@job(actor="service", retry=_PATIENT)
def take_home(ctx: Context, signing_id: int) -> None:
    """Fetch what all have signed, verify it, keep it with its evidence, and lead the contract on."""
    signing = ctx.session.get(Signing, signing_id)
    if signing is None or signing.state not in ("with-bank", "sealing"):
        return
    try:
        _kept, issued = read_file(ctx, signing.contract.file_id or 0)
    except Conflict as error:
        _question(ctx, signing, error.key)
        return
    taken = calling.take_home(ctx, signing, issued, f"{signing.contract.number}-signed.pdf")
    if "problem" in taken:
        _question(ctx, signing, taken["problem"])
        return
    keep_signed(ctx, signing, taken)
    transition(ctx, signing, complete)


@job(on=SigningEnded, actor="service", retry=_PATIENT)
def call_envelope_back(ctx: Context, event: SigningEnded) -> None:
    """Tell that a signing is over without its signatures, and call its envelope back at the provider's."""
    signing = ctx.session.get(Signing, event.signing_id)
    if signing is not None:
        tell_ended(ctx, signing, event.how)
        ctx.enqueue(cancel_envelope, signing_id=signing.id, reason=event.how)


@job(actor="service", retry=_PATIENT)
def cancel_envelope(ctx: Context, signing_id: int, reason: str) -> str:
    """Cancel an envelope; tell the legal department where it had been signed by all before.

    Returns:
        How it stands at the provider's.
    """
    signing = ctx.session.get(Signing, signing_id)
    if signing is None or not signing.envelope:
        return ""
    outcome = calling.cancel(ctx, signing, reason)
    if outcome.get("problem") == "envelope-not-open":
        tell_signed_though_ended(ctx, signing)
    return str(outcome.get("state", ""))


@job(schedule=Every(minutes=15))
def follow_up(ctx: Context) -> int:
    """Look after each signing whose time is up, or whose provider signs elsewhere.

    Returns:
        How many.
    """
    awaited = select(Signing.id).where(Signing.state.in_(OPEN))
    if provider(ctx).capabilities().signs_here:  # nothing happens there that isn't known here
        awaited = awaited.where(Signing.expires_at <= ctx.now)
    found = ctx.session.scalars(awaited.order_by(Signing.id)).all()
    for signing_id in found:
        key = f"{signing_id} {ctx.now:%Y-%m-%dT%H:%M}"
        ctx.enqueue(look_after, key=key, signing_id=signing_id)
    return len(found)


@job(actor="service", retry=_PATIENT)
def look_after(ctx: Context, signing_id: int) -> str:
    """Ask the provider how an envelope stands, take over what is new, and end it where its time is up.

    Returns:
        The provider's state of it.
    """
    signing = ctx.session.get(Signing, signing_id)
    if signing is None or signing.state in ENDED or not signing.envelope:
        return _unsent_too_long(ctx, signing)
    seen = calling.look(ctx, signing)
    for made in seen.get("signed", ()):
        _signed(ctx, signing, made)
    state = str(seen.get("state", ""))
    if state in (EnvelopeState.DECLINED.value, EnvelopeState.CANCELLED.value):
        _question(ctx, signing, f"envelope-{state}")
    _run_out_if_late(ctx, signing)
    return state


def _unsent_too_long(ctx: Context, signing: Signing | None) -> str:
    if signing is not None and signing.state not in ENDED:
        _run_out_if_late(ctx, signing)
    return ""


def _run_out_if_late(ctx: Context, signing: Signing) -> None:
    under_way = any(one.status is SignatureStatus.CONFIRMED for one in signing.signatures)
    stuck = signing.state == "in-question"
    can_end = signing.state in OPEN and signing.state != "sealing" and (stuck or not under_way)
    if ctx.now >= signing.expires_at and can_end:
        transition(ctx, signing, run_out)


def _question(ctx: Context, signing: Signing, problem: str) -> None:
    """Leave it to a person what becomes of a signing: what the provider says contradicts what is known here."""
    if signing.state in (*ENDED, "in-question"):
        return
    signing.problem = problem
    transition(ctx, signing, put_in_question)
    tell_in_question(ctx, signing)
