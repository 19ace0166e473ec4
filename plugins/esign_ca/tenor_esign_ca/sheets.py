"""What a signing's page shows: its signers as they stand, the evidence of each signature, the last look at the file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from tenor_documents.public import Contract
from tenor_esign_ca.codes import MOST_CODES
from tenor_esign_ca.guards import address
from tenor_esign_ca.provider import title_of
from tenor_esign_ca.records import (
    BORROWER,
    LENDER,
    EvidenceStep,
    Signature,
    SignatureStatus,
    Signing,
)
from tenor_esign_ca.sending import latest_signing
from tenor_esign_ca.settings import EsignSettings
from tenor_esign_ca.verifying import last_verdict
from tenor_sdk import Context, Refused, _
from tenor_sdk.notify import names_of
from tenor_sdk.views import Cell, Column, Facts, Table

#: What stands in the evidence, in words.
_EVENTS: Final = {
    "created": _("Envelope prepared"),
    "file_fixed": _("File fixed"),
    "sent": _("Sent to the signers"),
    "viewed": _("Viewed"),
    "signer_authenticated": _("Signer proved who they are"),
    "signed": _("Signed"),
    "timestamped": _("Time stamp"),
    "provider_completed": _("All have signed"),
    "cancelled": _("Called back"),
    "declined": _("Declined"),
}
_METHODS: Final = {
    "mail-code": _("One-time code by mail"),
    "workplace": _("At the workplace"),
}
_ROLES: Final = {BORROWER: _("Borrower"), LENDER: _("Lender")}
_TURN: Final = {"with-borrower": 1, "with-bank": 2}
_SHOWN_OF_HASH: Final = 16


def signers_table(ctx: Context, signing: Signing) -> Table:
    """Who signs in which order, and how far each is."""
    names = names_of(ctx, [one.by_id for one in signing.signatures if one.by_id is not None])
    columns = (
        Column(_("Order"), "number"),
        Column(_("Signer")),
        Column(_("Person who signs")),
        Column(_("Status"), "state"),
        Column(_("Proof of will")),
        Column(_("Taken by")),
        Column(_("Signed")),
    )
    rows = [
        [
            one.turn,
            Cell(one.name, note=_ROLES.get(one.key)),
            one.represented_by or None,
            _status(signing, one),
            Cell(one.intent_at, note=_METHODS.get(one.intent_method)),
            names.get(one.by_id or 0),
            one.signed_at,
        ]
        for one in signing.signatures
    ]
    return Table(columns, rows)


def code_facts(ctx: Context, signing: Signing) -> Facts | None:
    """The code that is out; nothing of the code itself."""
    signature = signing.signature(BORROWER)
    if signing.state != "with-borrower" or signature.code_until is None:
        return None
    tries = _("{n} of {most}", n=signature.code_tries, most=ctx.settings(EsignSettings).code_tries)
    return Facts(
        [
            (_("Code valid until"), signature.code_until, "text"),
            (_("Wrong tries"), tries, "text"),
            (_("Codes mailed"), _("{n} of {most}", n=signature.codes, most=MOST_CODES), "text"),
        ]
    )


def trouble(_ctx: Context, signing: Signing) -> Facts | None:
    """Why a signing is in question."""
    if not signing.problem:
        return None
    why = _("{error}", error=Refused(signing.problem))
    return Facts([(_("In question"), Cell(why, tone="adverse"), "text")])


def provider_facts(ctx: Context, signing: Signing) -> Facts:
    """Who keeps the envelope, and under which name."""
    return Facts(
        [
            (_("Provider"), title_of(ctx, signing.provider), "text"),
            (_("Envelope at the provider"), signing.envelope or None, "text"),
        ]
    )


def _status(signing: Signing, one: Signature) -> Cell:
    if one.status is SignatureStatus.SIGNED:
        return Cell(_("Signed"), tone="strong")
    if one.status is SignatureStatus.CONFIRMED:
        return Cell(_("Being made"))
    if _TURN.get(signing.state) == one.turn:
        return Cell(_("Has the turn"))
    return Cell(_("Not yet"), tone="quiet")


def certificates_table(_ctx: Context, signing: Signing) -> Table | None:
    """The certificate of each signature that was made."""
    made = [one for one in signing.signatures if one.status is SignatureStatus.SIGNED]
    if not made:
        return None
    columns = (
        Column(_("Signer")),
        Column(_("Certificate")),
        Column(_("Issuer")),
        Column(_("Level")),
        Column(_("Hash after the signature")),
    )
    rows = [
        [
            one.name,
            one.certificate_serial[:20],
            one.issuer,
            f"PAdES {one.level}",
            one.sha256[:_SHOWN_OF_HASH],
        ]
        for one in made
    ]
    return Table(columns, rows, caption=_("A time stamp after RFC 3161 is in each signature"))


def evidence_table(ctx: Context, signing: Signing) -> Table:
    """The chain of evidence that the provider handed over with the signed file."""
    columns = (
        Column(_("Step"), "number"),
        Column(_("When")),
        Column(_("What")),
        Column(_("Whose")),
        Column(_("Hash")),
    )
    steps = select(EvidenceStep).where(EvidenceStep.signing_id == signing.id)
    names = {one.key: one.name for one in signing.signatures}
    rows = [
        [
            step.position,
            step.at,
            _EVENTS.get(step.event, step.event),
            names.get(str(step.entry.get("signer", "")), ""),
            step.hash[:_SHOWN_OF_HASH],
        ]
        for step in ctx.session.scalars(steps.order_by(EvidenceStep.position))
    ]
    return Table(columns, rows, empty=_("Comes with the signed contract"))


def verdict_sheet(ctx: Context, signing: Signing) -> Sequence[Table | Facts] | Table | None:
    """What the last look at the signed contract found."""
    if signing.signed_file_id is None:
        return None
    verdict = last_verdict(ctx, signing)
    if verdict is None:
        return Table((Column(_("Finding")),), [], empty=_("Nobody has looked at it yet"))
    by = names_of(ctx, [verdict.by_id] if verdict.by_id else [])
    same = verdict.recorded == verdict.found
    facts = Facts(
        [
            (_("Finding"), _found(sound=verdict.sound), "state"),
            (_("Looked at"), verdict.created_at, "text"),
            (_("Verified by"), by.get(verdict.by_id or 0, ""), "text"),
            (
                _("File"),
                Cell(_("Hash as on record") if same else _("The file was changed"),
                     note=_("{found} found, {recorded} on record", found=verdict.found[:_SHOWN_OF_HASH] or "–",
                            recorded=verdict.recorded[:_SHOWN_OF_HASH]),
                     tone="" if same else "adverse"),
                "text",
            ),
            (
                _("Chain of evidence"),
                Cell(_("Holds")) if verdict.chain_holds else Cell(_("Broken"), tone="adverse"),
                "text",
            ),
        ]
    )  # fmt: skip
    return [facts, _checks_table(verdict.checks)]


def _checks_table(checks: Sequence[dict[str, str]]) -> Table:
    columns = (
        Column(_("Signature of")),
        Column(_("Time stamp")),
        Column(_("Certificate")),
        Column(_("Level")),
        Column(_("Finding"), "state"),
    )
    rows = [
        [
            check["signer"],
            datetime.fromisoformat(check["signed_at"]) if check["signed_at"] else "",
            check["serial"][:20],
            f"PAdES {check['level']}",
            _found(sound=not check["problem"], problem=check["problem"]),
        ]
        for check in checks
    ]
    return Table(columns, rows, empty=_("No signature can be read in the file"))


def _found(*, sound: bool, problem: str = "") -> Cell:
    if sound:
        return Cell(_("Holds"), tone="strong")
    why = _("{error}", error=Refused(problem)) if problem else None
    return Cell(_("Doesn't hold"), note=why, tone="adverse")


def on_contract(ctx: Context, contract: Contract) -> Sequence[Table | Facts] | None:
    """On the contract's page: the signing that is under way, or was the last."""
    signing = latest_signing(ctx, contract.id)
    if signing is None:
        return None
    facts = Facts(
        [
            (_("Signing"), Cell(signing.number, href=address(signing)), "text"),
            (_("To be signed by"), signing.expires_at, "text"),
        ]
    )
    return [facts, signers_table(ctx, signing)]
