"""What other plugins may import from esign_ca. All else may change.

The driver that signs here is ``OwnSigning`` in ``own.py``; others come from plugins of their own, under the
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
    signing,
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
from tenor_esign_ca.events import SentForSignature, SignatureMade, SigningEnded
from tenor_esign_ca.evidence import (
    GENESIS,
    EvidenceEntry,
    chained,
    evidence_time,
    first_break,
    sealed,
)
from tenor_esign_ca.records import EvidenceStep, Signature, Signing, Verdict
from tenor_esign_ca.sending import SendTo, latest_signing
from tenor_esign_ca.services import signing_callbacks
from tenor_esign_ca.views import signing_form, signing_list
from tenor_esign_ca.workflow import recall, seal, send_for_signature

__all__ = [
    "GENESIS",
    "CallbackAuth",
    "CallbackEvent",
    "Capabilities",
    "Envelope",
    "EnvelopeFile",
    "EnvelopeState",
    "EvidenceEntry",
    "EvidenceStep",
    "Health",
    "Intent",
    "NullSigning",
    "Party",
    "PartyKind",
    "PartyStatus",
    "Progress",
    "SendTo",
    "SentForSignature",
    "SignUrl",
    "Signature",
    "SignatureCheck",
    "SignatureEvidence",
    "SignatureMade",
    "SignedFile",
    "SignedPackage",
    "Signer",
    "Signing",
    "SigningDriver",
    "SigningEnded",
    "Verdict",
    "Verification",
    "advanced",
    "chained",
    "confirmed",
    "evidence_time",
    "first_break",
    "latest_signing",
    "recall",
    "require_complete",
    "seal",
    "sealed",
    "send_for_signature",
    "signing",
    "signing_callbacks",
    "signing_form",
    "signing_list",
]
