"""What is signed, by whom, and how far it has come: the values that every signing driver speaks in.

An *envelope* is what is sent for signature together: files, signers, an order, a last day.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum
from hashlib import sha256
from typing import Final

from tenor_documents.public import Data, SignaturePlace, canonical_json
from tenor_esign_ca.evidence import EvidenceEntry, evidence_time
from tenor_sdk.errors import Invalid

#: A signer's key is the name of a field in a PDF as well: no dots, which would nest it.
_KEY: Final = re.compile("[a-z][a-z0-9-]*")


class PartyKind(StrEnum):
    """Who can sign."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True)
class Party:
    """A person or organisation that signs.

    Args:
        id: ours; the driver registers it once.
        name: as registered.
        identity_number: unified social credit code or identity card number; never logged.
    """

    id: str
    kind: PartyKind
    name: str
    identity_number: str = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """A name for the party as it is now: another name or credit code is another party to certify.

        A person's number is left out: a hash of so few digits would give it away.
        """
        number = self.identity_number if self.kind is PartyKind.ORGANISATION else ""
        facts = (self.id, self.kind.value, self.name, number)
        return sha256(canonical_json(facts).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class PartyStatus:
    """How a party stands with the provider.

    Args:
        party_id: ours.
        provider_id: the provider's.
        ready: whether it can sign.
        authorise_url: where it proves its identity and accepts the provider's agreement, if it still must.
    """

    party_id: str
    provider_id: str
    ready: bool
    authorise_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Signer:
    """One signature that an envelope asks for.

    Args:
        key: names the signer in the envelope and its places in the files: ``"borrower"``.
        party: whose certificate signs.
        role: as the stamp shows it, 借款人.
        order: signers of a lower number go first; those of one number in any order.
    """

    key: str
    party: Party
    role: str
    order: int = 1


@dataclass(frozen=True)
class EnvelopeFile:
    """A file to be signed.

    Args:
        name: as it is offered for download.
        content: the bytes.
        places: where it is signed; the name of a place is a signer's key.
    """

    name: str
    content: bytes = field(repr=False)
    places: tuple[SignaturePlace, ...]

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Envelope:
    """What is sent for signature together.

    Args:
        subject: what it is about, for the signers.
        expires_at: from then on nobody signs.
        callback_url: where a remote provider reports; None where it is polled.
    """

    subject: str
    files: tuple[EnvelopeFile, ...]
    signers: tuple[Signer, ...]
    expires_at: datetime
    callback_url: str | None = None

    def request_sha256(self) -> str:
        """A hash of all that was asked: the same key with another request is a mistake, not a repetition."""
        asked: dict[str, Data] = {
            "subject": self.subject,
            "files": [
                {
                    "name": file.name,
                    "sha256": file.sha256,
                    "places": [vars(place) for place in file.places],
                }
                for file in self.files
            ],
            "signers": [
                {
                    "key": signer.key,
                    "party": signer.party.id,
                    "role": signer.role,
                    "order": signer.order,
                }
                for signer in self.signers
            ],
            "expires_at": evidence_time(self.expires_at),
            "callback_url": self.callback_url,
        }
        return sha256(canonical_json(asked).encode()).hexdigest()


def require_complete(envelope: Envelope) -> None:
    """Refuse an envelope that couldn't be signed to the end.

    Raises:
        Invalid: ``envelope-empty`` without files or signers; ``signer-key-not-taken``, ``signer-repeated``,
            ``signer-without-place`` (``signer``); ``place-without-signer``, ``place-repeated``,
            ``place-without-room`` (``file``, ``place``).
    """
    if not envelope.files or not envelope.signers:
        raise Invalid("envelope-empty")
    keys = Counter(signer.key for signer in envelope.signers)
    for key in [key for key in keys if not _KEY.fullmatch(key)]:
        raise Invalid("signer-key-not-taken", signer=key)
    for key in [key for key, times in keys.items() if times > 1]:
        raise Invalid("signer-repeated", signer=key)
    placed = {place.name for file in envelope.files for place in file.places}
    for key in sorted(set(keys) - placed):
        raise Invalid("signer-without-place", signer=key)
    for file in envelope.files:
        _require_places(file, frozenset(keys))


def _require_places(file: EnvelopeFile, keys: frozenset[str]) -> None:
    for name, times in Counter(place.name for place in file.places).items():
        if name not in keys:
            raise Invalid("place-without-signer", file=file.name, place=name)
        if times > 1:
            raise Invalid("place-repeated", file=file.name, place=name)
    for place in file.places:
        if place.page < 1 or place.width < 1 or place.height < 1:
            raise Invalid("place-without-room", file=file.name, place=place.name)


class EnvelopeState(Enum):
    """How far an envelope has come, in one vocabulary for all providers."""

    DRAFT = "draft"
    SENT = "sent"
    VIEWED = "viewed"
    PARTIALLY_SIGNED = "partially_signed"
    PROVIDER_COMPLETED = "provider_completed"  # the provider says so
    COMPLETED = "completed"  # downloaded, hashed, verified by us
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    VOIDED = "voided"
    REVIEW_REQUIRED = "review_required"

    @property
    def terminal(self) -> bool:
        """Whether nothing but a rescission follows."""
        return self in _TERMINAL

    @property
    def open(self) -> bool:
        """Whether signatures are still taken."""
        return self in {self.SENT, self.VIEWED, self.PARTIALLY_SIGNED}


_COURSE: Final = (
    EnvelopeState.DRAFT,
    EnvelopeState.SENT,
    EnvelopeState.VIEWED,
    EnvelopeState.PARTIALLY_SIGNED,
    EnvelopeState.PROVIDER_COMPLETED,
)
_TERMINAL: Final = frozenset(
    {
        EnvelopeState.COMPLETED,
        EnvelopeState.DECLINED,
        EnvelopeState.EXPIRED,
        EnvelopeState.CANCELLED,
        EnvelopeState.FAILED,
        EnvelopeState.VOIDED,
    }
)


def advanced(current: EnvelopeState, reported: EnvelopeState | None) -> EnvelopeState:
    """The state after a provider reports ``reported``, in whatever order and however often reports arrive.

    What is over stays over (a completed envelope can only be voided). A late report moves nothing back. A provider's
    word alone never completes: that takes ``confirmed``. What contradicts (cancelled after all signed), and what the
    driver couldn't read (None), goes to a person.
    """
    if current.terminal:
        voided = (current, reported) == (EnvelopeState.COMPLETED, EnvelopeState.VOIDED)
        return EnvelopeState.VOIDED if voided else current
    if current is EnvelopeState.REVIEW_REQUIRED or reported is None:
        return EnvelopeState.REVIEW_REQUIRED
    if reported is EnvelopeState.COMPLETED:
        reported = EnvelopeState.PROVIDER_COMPLETED
    if reported in _COURSE:
        return max(current, reported, key=_COURSE.index)
    if current is EnvelopeState.PROVIDER_COMPLETED or reported is EnvelopeState.VOIDED:
        return EnvelopeState.REVIEW_REQUIRED
    return reported


def confirmed(current: EnvelopeState, verification: "Verification") -> EnvelopeState:
    """The state once the signed files are here and were verified."""
    if current is not EnvelopeState.PROVIDER_COMPLETED:
        return current
    return EnvelopeState.COMPLETED if verification.sound else EnvelopeState.REVIEW_REQUIRED


@dataclass(frozen=True)
class Intent:
    """Proof that somebody wanted this very signature, taken for it and not for a session.

    Args:
        method: ``"mail-code"``, ``"sms"``, ``"face"``, ``"totp"``, ``"password"``, ``"workplace"`` (a button pressed by
            somebody who is signed in, for this one signature).
        reference: what the method left behind (an id of the check), never the secret itself.
        at: when.
    """

    method: str
    reference: str
    at: datetime


@dataclass(frozen=True)
class SignatureEvidence:
    """What is kept of one signature.

    Args:
        signer: key.
        name: of the party.
        signed_at: by the timestamp where there is one.
        certificate_serial: hexadecimal.
        issuer: of the certificate.
        level: of PAdES: ``"B-B"``, ``"B-T"``.
        files: SHA-256 of each file of the envelope after the signature.
    """

    signer: str
    name: str
    signed_at: datetime
    certificate_serial: str
    issuer: str
    level: str
    files: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """How an envelope stands.

    Args:
        envelope_id: the provider's.
        signed: what there is of each signature, in the order in which they were made.
        waiting: keys of the signers whose turn it is.
        raw: what the provider said, for the file; plain values.
    """

    envelope_id: str
    state: EnvelopeState
    signed: tuple[SignatureEvidence, ...]
    waiting: tuple[str, ...]
    raw: Mapping[str, Data] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class SignedFile:
    """A signed file as it came from the provider."""

    name: str
    content: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


@dataclass(frozen=True)
class SignedPackage:
    """All that is taken home when an envelope is complete."""

    files: tuple[SignedFile, ...]
    evidence: tuple[EvidenceEntry, ...]


@dataclass(frozen=True)
class SignatureCheck:
    """What a look at one signature found.

    Args:
        place: the name of its field.
        signer: by the certificate.
        certificate_serial: hexadecimal.
        signed_at: by the timestamp, else as claimed.
        level: ``"B-B"`` or ``"B-T"``.
        problem: None where it holds; else ``file-changed``, ``signature-wrong``, ``changed-after-signing``,
            ``certificate-not-trusted``, ``timestamp-not-trusted``, ``timestamp-in-the-future``.
    """

    place: str
    signer: str
    certificate_serial: str
    signed_at: datetime | None
    level: str
    problem: str | None


@dataclass(frozen=True)
class Verification:
    """The verdict on a file.

    Args:
        sha256: of the exact bytes that were looked at.
        signatures: in the order in which they were made.
        problem: of the file as a whole: ``not-readable``, ``no-signature``, ``changed-after-last-signature``; None
            where it has none of its own.
        verified_by: ``"local"`` or the provider.
    """

    sha256: str
    signatures: tuple[SignatureCheck, ...]
    problem: str | None
    verified_by: str

    @property
    def sound(self) -> bool:
        """Whether the file is whole and every signature in it holds."""
        return self.problem is None and bool(self.signatures) and self.first_broken is None

    @property
    def first_broken(self) -> SignatureCheck | None:
        """The earliest signature that doesn't hold."""
        return next((check for check in self.signatures if check.problem is not None), None)
