"""A look at a signed contract as it lies in the store: its hash, each signature with its certificate and time stamp,
and the chain of evidence."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from sqlalchemy import select

from tenor_esign_ca.envelopes import SignatureCheck, Verification
from tenor_esign_ca.evidence import EvidenceEntry, first_break
from tenor_esign_ca.permissions import verify_signatures
from tenor_esign_ca.provider import provider
from tenor_esign_ca.records import EvidenceStep, Signing, Verdict
from tenor_sdk import Conflict, Context, Refused, Text, ngettext, service
from tenor_sdk.files import read_file


@service(needs=verify_signatures)
def verify_signing(ctx: Context, signing: Signing, _inputs: None = None) -> Text | Refused:
    """Judge the signed contract as it lies, keep what was found, and say it.

    Returns:
        A refusal, beside what is kept, where something doesn't hold.

    Raises:
        Refused: ``nothing-signed-yet``.
    """
    if signing.signed_file_id is None:
        raise Refused("nothing-signed-yet", number=signing.number)
    content = _content(ctx, signing.signed_file_id)
    seen = provider(ctx).verify(content, at=ctx.now)
    found = sha256(content).hexdigest() if content else ""
    verdict = Verdict(
        signing_id=signing.id,
        by_id=ctx.actor.id or None,
        recorded=signing.signed_sha256,
        found=found,
        sound=seen.sound and found == signing.signed_sha256,
        problem=seen.problem or "",
        chain_holds=first_break(chain_of(ctx, signing)) is None,
        checks=[_kept(check) for check in seen.signatures],
    )
    ctx.session.add(verdict)
    ctx.session.flush()
    return _said(signing, verdict, seen)


def _content(ctx: Context, file_id: int) -> bytes:
    """The bytes as they lie; none where the file is gone."""
    try:
        return read_file(ctx, file_id, as_it_lies=True)[1]
    except Conflict:
        return b""


def _kept(check: SignatureCheck) -> dict[str, Any]:
    return {
        "place": check.place,
        "signer": check.signer,
        "serial": check.certificate_serial,
        "signed_at": check.signed_at.isoformat() if check.signed_at else "",
        "level": check.level,
        "problem": check.problem or "",
    }


def _said(signing: Signing, verdict: Verdict, seen: Verification) -> Text | Refused:
    number = signing.contract.number
    if not verdict.found:
        return Refused("signed-file-missing", number=number)
    if seen.problem == "not-verified":
        return Refused("signing-provider-missing")
    if not verdict.sound:
        broken = seen.first_broken
        # where not even the signatures can be read, the first on record is the first that doesn't hold
        name = broken.signer if broken is not None else signing.signatures[0].name
        return Refused("signed-file-changed", number=number, signer=name)
    if not verdict.chain_holds:
        return Refused("evidence-chain-broken", number=number)
    return ngettext(
        "{number} is unchanged: its signature, certificate and time stamp hold",
        "{number} is unchanged: its {n} signatures, certificates and time stamps hold",
        len(verdict.checks),
        number=number,
    )


def chain_of(ctx: Context, signing: Signing) -> list[EvidenceEntry]:
    """The chain of evidence as it is kept."""
    steps = select(EvidenceStep).where(EvidenceStep.signing_id == signing.id)
    ordered = ctx.session.scalars(steps.order_by(EvidenceStep.position))
    return [EvidenceEntry(step.entry, step.hash) for step in ordered]


def last_verdict(ctx: Context, signing: Signing) -> Verdict | None:
    """The latest look at a signed contract."""
    statement = select(Verdict).where(Verdict.signing_id == signing.id)
    return ctx.session.scalars(statement.order_by(Verdict.id.desc()).limit(1)).first()
