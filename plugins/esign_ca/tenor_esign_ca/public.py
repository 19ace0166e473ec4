"""What other plugins may import from esign_ca. All else may change.

The driver that signs here is ``EmbeddedSigning`` in ``embedded.py``; others come from plugins of their own, under the
entry point ``tenor.drivers.signing``, and prove themselves by ``tenor_esign_ca.testing.SigningDriverContract``.
"""

from tenor_esign_ca.drivers import (
    CallbackAuth,
    CallbackEvent,
    Capabilities,
    Health,
    NullSigning,
    SigningDriver,
    SignUrl,
)
from tenor_esign_ca.envelopes import (
    Envelope,
    EnvelopeFile,
    EnvelopeState,
    Intent,
    Party,
    PartyKind,
    PartyStatus,
    Progress,
    SignatureCheck,
    SignatureEvidence,
    SignedFile,
    SignedPackage,
    Signer,
    Verification,
    advanced,
    confirmed,
    require_complete,
)
from tenor_esign_ca.evidence import (
    GENESIS,
    EvidenceEntry,
    chained,
    evidence_time,
    first_break,
    sealed,
)
from tenor_sdk import DriverKind

#: The family of drivers for electronic signatures.
signing: DriverKind[SigningDriver] = DriverKind(
    "signing",
    SigningDriver,
    title="Electronic signatures",
    null=NullSigning,
)

__all__ = [
    "GENESIS",
    "CallbackAuth",
    "CallbackEvent",
    "Capabilities",
    "Envelope",
    "EnvelopeFile",
    "EnvelopeState",
    "EvidenceEntry",
    "Health",
    "Intent",
    "NullSigning",
    "Party",
    "PartyKind",
    "PartyStatus",
    "Progress",
    "SignUrl",
    "SignatureCheck",
    "SignatureEvidence",
    "SignedFile",
    "SignedPackage",
    "Signer",
    "SigningDriver",
    "Verification",
    "advanced",
    "chained",
    "confirmed",
    "evidence_time",
    "first_break",
    "require_complete",
    "sealed",
    "signing",
]
