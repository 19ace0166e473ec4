"""The words in which the embedded driver writes down what happened to an envelope."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from tenor_documents.public import Data
from tenor_esign_ca.envelope_log import Course
from tenor_esign_ca.envelopes import (
    Envelope,
    EnvelopeState,
    Intent,
    SignatureEvidence,
)
from tenor_esign_ca.evidence import evidence_time
from tenor_sdk.errors import Refused

Entry: TypeAlias = Mapping[str, Data]


def opening_entries(envelope: Envelope, prepared: Sequence[str], at: datetime) -> list[Entry]:
    """What was asked, and the hash of each file in its final form.

    Args:
        prepared: SHA-256 of each file with its empty signature fields.
    """
    t = evidence_time(at)
    created: Entry = {
        "t": t,
        "e": "created",
        "subject": envelope.subject,
        "request_sha256": envelope.request_sha256(),
        "expires_at": evidence_time(envelope.expires_at),
        "signers": [
            {
                "key": signer.key,
                "party": signer.party.fingerprint,
                "name": signer.party.name,
                "role": signer.role,
                "order": signer.order,
            }
            for signer in envelope.signers
        ],
        "files": [
            {
                "name": file.name,
                "prepared_sha256": digest,
                "places": [vars(place) for place in file.places],
            }
            for file, digest in zip(envelope.files, prepared, strict=True)
        ],
    }
    fixed: list[Entry] = [
        {"t": t, "e": "file_fixed", "file": file.name, "sha256": file.sha256}
        for file in envelope.files
    ]
    return [created, *fixed]


def signing_entries(
    course: Course, intent: Intent, made: SignatureEvidence, tsa_serial: str
) -> list[Entry]:
    """What one signature leaves: the will, the signature, its time stamp, and perhaps the end."""
    t = evidence_time(made.signed_at)
    entries: list[Entry] = [
        {
            "t": evidence_time(intent.at),
            "e": "signer_authenticated",
            "signer": made.signer,
            "method": intent.method,
            "reference": intent.reference,
        },
        {
            "t": t,
            "e": "signed",
            "signer": made.signer,
            "name": made.name,
            "cert_serial": made.certificate_serial,
            "issuer": made.issuer,
            "level": made.level,
            "files": [*made.files],
        },
        {"t": t, "e": "timestamped", "signer": made.signer, "tsa_serial": tsa_serial},
    ]
    if len(course.signed) + 1 == len(course.opening["signers"]):
        entries.append({"t": t, "e": "provider_completed"})
    return entries


def ending_entries(
    course: Course, how: EnvelopeState, at: datetime, **details: Data
) -> list[Entry]:
    """The entry that ends an envelope; none where it ended so already.

    Raises:
        Refused: ``envelope-not-open`` (``state``).
    """
    state = course.state(at)
    if state is how:
        return []
    if state is not EnvelopeState.DRAFT and not state.open:
        raise Refused("envelope-not-open", state=state.value)
    return [{"t": evidence_time(at), "e": how.value, **details}]
