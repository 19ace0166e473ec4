"""Calls of the provider from a job: each has one effect, and what the provider refuses is an answer, no accident."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tenor_esign_ca.envelopes import Envelope, EnvelopeState, Intent, Progress, SignatureEvidence
from tenor_esign_ca.evidence import first_break
from tenor_esign_ca.keeping import keep_signed_file
from tenor_esign_ca.provider import provider
from tenor_esign_ca.records import Signing
from tenor_sdk import Context, TenorError
from tenor_sdk.jobs import outside, own_transaction

#: What an attempt gave: JSON values, with ``problem`` (an error's key) where the provider said no.
Outcome = Mapping[str, Any]

#: Refusals that pass: the job is tried again.
_PASSING = frozenset({"envelope-busy"})


def _once(ctx: Context, key: str, act: Callable[[str], Outcome]) -> Outcome:
    """``act``, an effect outside, once. A driver's methods may be repeated: an attempt whose end nobody knows is."""

    def call(key: str) -> Outcome:
        try:
            return act(key)
        except TenorError as error:
            if error.key in _PASSING:
                raise
            return {"problem": error.key}

    return outside(ctx, key, call, ask=lambda _key: None)


def send(ctx: Context, signing: Signing, envelope: Envelope) -> Outcome:
    """Prepare an envelope at the provider's, and send it to its signers.

    Returns:
        ``envelope``: the provider's id of it.
    """
    driver, at = provider(ctx), ctx.now

    def act(key: str) -> Outcome:
        for signer in envelope.signers:
            driver.ensure_party(signer.party, at=at)
        made = driver.create(envelope, idempotency_key=key, at=at)
        driver.start(made, at=at)
        return {"envelope": made}

    return _once(ctx, f"send {signing.number}", act)


def sign(ctx: Context, signing: Signing, signer: str, intent: Intent) -> Outcome:
    """Have a signer's signature made.

    Returns:
        As ``evidence_values``.
    """
    driver, at, envelope = provider(ctx), ctx.now, signing.envelope

    def act(_key: str) -> Outcome:
        return evidence_values(driver.sign(envelope, signer, intent, at=at))

    return _once(ctx, f"sign {signing.number} {signer}", act)


def look(ctx: Context, signing: Signing) -> Outcome:
    """How the envelope stands at the provider's.

    Returns:
        ``state``, and ``signed``: a list of ``evidence_values``.
    """
    driver, at, envelope = provider(ctx), ctx.now, signing.envelope
    return _once(
        ctx,
        f"look {signing.number} {ctx.request_id}",
        lambda _key: _progress_values(driver.fetch(envelope, at=at)),
    )


def cancel(ctx: Context, signing: Signing, reason: str) -> Outcome:
    """Call the envelope back at the provider's.

    Returns:
        ``state``.
    """
    driver, at, envelope = provider(ctx), ctx.now, signing.envelope

    def act(_key: str) -> Outcome:
        state = driver.fetch(envelope, at=at).state
        if state.terminal:
            return {"state": state.value}
        return {"state": driver.cancel(envelope, reason, at=at).state.value}

    return _once(ctx, f"cancel {signing.number}", act)


def take_home(ctx: Context, signing: Signing, issued: bytes, name: str) -> Outcome:
    """Fetch the signed file, judge it and keep it.

    Args:
        issued: the contract as it was issued, with which the signed file must begin.

    Returns:
        ``file_id``, ``sha256``, ``evidence``: the chain.
    """
    driver, at, envelope = provider(ctx), ctx.now, signing.envelope

    def act(_key: str) -> Outcome:
        state = driver.fetch(envelope, at=at).state
        if state is not EnvelopeState.PROVIDER_COMPLETED:
            return {"problem": "envelope-not-complete"}
        package = driver.download(envelope, at=at)
        content = package.files[0].content
        if len(package.files) != 1 or not content.startswith(issued):
            return {"problem": "signed-file-of-another-contract"}
        if first_break(package.evidence) is not None:
            return {"problem": "evidence-broken"}
        if not driver.verify(content, at=at).sound:
            return {"problem": "signed-file-not-sound"}
        with own_transaction(ctx) as books:
            file_id = keep_signed_file(books, name, content)
        return {
            "file_id": file_id,
            "sha256": package.files[0].sha256,
            "evidence": [{"entry": dict(one.entry), "hash": one.hash} for one in package.evidence],
        }

    return _once(ctx, f"take {signing.number} home", act)


def evidence_values(made: SignatureEvidence) -> Outcome:
    """What is known of a signature, as JSON values."""
    return {
        "signer": made.signer,
        "signed_at": made.signed_at.isoformat(),
        "serial": made.certificate_serial,
        "issuer": made.issuer,
        "level": made.level,
        "sha256": made.files[0] if made.files else "",
    }


def _progress_values(progress: Progress) -> Outcome:
    return {
        "state": progress.state.value,
        "signed": [evidence_values(one) for one in progress.signed],
    }


def moment(text: str) -> datetime:
    """An instant of an outcome."""
    return datetime.fromisoformat(text)
