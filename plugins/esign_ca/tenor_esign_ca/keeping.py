"""What is kept of a signing once its provider has answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenor_esign_ca.records import EvidenceStep, Signature, SignatureStatus, Signing
from tenor_sdk import Context, service
from tenor_sdk.files import store_file


@service()
def keep_signed_file(ctx: Context, name: str, content: bytes) -> int:
    """Keep a signed file in the institution's store; its id."""
    return store_file(ctx, name, content).id


def keep_signature(signature: Signature, made: Mapping[str, Any]) -> None:
    """Put down what the provider says of a signature. Called within a procedure of esign_ca.

    Args:
        made: see ``calling.evidence_values``.
    """
    signature.status = SignatureStatus.SIGNED
    signature.signed_at = datetime.fromisoformat(made["signed_at"])
    signature.certificate_serial = made["serial"]
    signature.issuer, signature.level = made["issuer"], made["level"]
    signature.sha256 = made["sha256"]


def keep_signed(ctx: Context, signing: Signing, taken: Mapping[str, Any]) -> None:
    """Put down the signed file and the chain of evidence. Called within a procedure of esign_ca."""
    signing.signed_file_id, signing.signed_sha256 = taken["file_id"], taken["sha256"]
    signing.completed_at = ctx.now
    for position, link in enumerate(taken["evidence"], start=1):
        ctx.session.add(
            EvidenceStep(
                signing_id=signing.id,
                position=position,
                at=datetime.fromisoformat(link["entry"]["t"]),
                event=link["entry"]["e"],
                entry=link["entry"],
                hash=link["hash"],
            )
        )
    ctx.session.flush()
