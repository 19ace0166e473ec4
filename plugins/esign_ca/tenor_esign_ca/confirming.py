"""The will of a signer, taken for one signature: at the counter by a one-time code, for the lender by its seal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tenor_esign_ca.codes import check_code, draw_code
from tenor_esign_ca.events import CodeDrawn, SignatureWanted
from tenor_esign_ca.permissions import confirm_for_borrower
from tenor_esign_ca.provider import require_signs_here
from tenor_esign_ca.records import BORROWER, Signature, SignatureStatus, Signing
from tenor_esign_ca.settings import EsignSettings
from tenor_sdk import Context, Refused, Text, _, ask, service
from tenor_sdk.workflow import record_duty

#: The step of whoever takes the borrower's signature, for the segregation of duties.
CONFIRM: Final = "confirm-borrower"


@dataclass(frozen=True)
class Code:
    """What the borrower read in the mail."""

    code: str = ask(
        "One-time code", max_length=20, help="Six digits, from the mail to the borrower"
    )


@service(needs=confirm_for_borrower)
def mail_code(ctx: Context, signing: Signing, _inputs: None = None) -> Text:
    """Mail the borrower a code; the one before is worth nothing any more.

    Raises:
        Refused: ``borrower-not-in-turn``, ``codes-used-up``, ``signed-at-the-provider``.
    """
    require_signs_here(ctx)
    signature = _of_borrower(signing)
    draw_code(ctx, signature)
    ctx.session.flush()
    ctx.emit(CodeDrawn(signing_id=signing.id, serial=signature.codes))
    return _(
        "A code goes to {email}; it is valid for {minutes} minutes",
        email=signing.email,
        minutes=ctx.settings(EsignSettings).code_minutes,
    )


@service(needs=confirm_for_borrower)
def confirm_borrower(ctx: Context, signing: Signing, given: Code) -> Text | Refused:
    """Take the borrower's will by the code, and have the signature made.

    Returns:
        A refusal where the code is wrong: that try counts.

    Raises:
        Refused: ``borrower-not-in-turn``, ``code-not-mailed``, ``code-expired``, ``code-blocked``.
        Forbidden: ``segregated``: whoever sent the contract out.
    """
    signature = _of_borrower(signing)
    wrong = check_code(ctx, signature, given.code)
    if wrong is not None:
        return wrong
    record_duty(ctx, signing, CONFIRM)
    reference = f"code {signature.codes} to {signing.email}"
    want_signature(ctx, signing, BORROWER, "mail-code", reference)
    return _("Confirmed; the signature of {name} is being made", name=signature.name)


def _of_borrower(signing: Signing) -> Signature:
    signature = signing.signature(BORROWER)
    if signing.state != "with-borrower" or signature.status is not SignatureStatus.WAITING:
        raise Refused("borrower-not-in-turn", number=signing.number)
    return signature


def want_signature(ctx: Context, signing: Signing, key: str, method: str, reference: str) -> None:
    """Put a signer's will on record, and have a job sign. Called within a procedure of esign_ca.

    Raises:
        Refused: ``signature-wanted-already``, ``signed-at-the-provider``.
    """
    require_signs_here(ctx)
    signature = signing.signature(key)
    if signature.status is not SignatureStatus.WAITING:
        raise Refused("signature-wanted-already", name=signature.name)
    signature.status = SignatureStatus.CONFIRMED
    signature.by_id = ctx.actor.id
    signature.intent_method, signature.intent_reference = method, reference
    signature.intent_at = ctx.now
    ctx.session.flush()
    ctx.emit(SignatureWanted(signing_id=signing.id, signer=key))
