"""The family of signing drivers: what a provider of electronic signatures must be able to do for us.

A driver is asked, never believed: a callback is a hint after which ``fetch`` is called, and an envelope is complete
only once its files were downloaded and verified. Each method that needs the time is told it.
"""

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import NoReturn

from tenor_esign_ca.envelopes import (
    Envelope,
    EnvelopeState,
    Intent,
    Party,
    PartyStatus,
    Progress,
    SignatureEvidence,
    SignedPackage,
    Verification,
)
from tenor_sdk import Driver, DriverKind, Refused
from tenor_sdk.callbacks import Callback, CalledBack


class CallbackAuth(Enum):
    """How a provider proves that a callback is its own."""

    HMAC = "hmac"
    CMS = "cms"
    ECHO = "echo"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a driver can do; the surfaces offer only that.

    Args:
        algorithms: ``"ECDSA-SHA256"``, ``"RSA-SHA256"``, ``"SM2-SM3"``.
        formats: ``"PDF"``, ``"OFD"``.
        levels: of PAdES, ``"B-B"`` to ``"B-LTA"``.
        ordered: whether signers can be put in an order.
        signs_here: whether ``sign`` signs at once; else the signer goes to ``sign_url``.
        embedded_view: whether the provider's page may be shown inside ours.
        evidence_report: whether ``download`` brings evidence.
        verifies: whether ``verify`` gives a verdict.
        third_party: whether a licensed certification provider stands behind the certificates (art. 16 of the
            Electronic Signature Law).
        max_bytes: the largest file.
    """

    algorithms: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    ordered: bool = False
    signs_here: bool = False
    embedded_view: bool = False
    evidence_report: bool = False
    verifies: bool = False
    third_party: bool = False
    max_bytes: int = 0
    callback_auth: CallbackAuth = CallbackAuth.NONE


@dataclass(frozen=True)
class SignUrl:
    """Where a signer signs at the provider's. The address is a secret: it is never shown in a log."""

    url: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class CallbackEvent:
    """A callback whose sender was proved.

    Args:
        event_key: the same for repetitions of one event.
        state_hint: what it suggests; ``fetch`` decides.
    """

    envelope_id: str
    event_key: str
    occurred_at: datetime
    state_hint: EnvelopeState | None


@dataclass(frozen=True)
class Health:
    """Whether a driver can work now; ``problem`` is an error's key where it can't."""

    ready: bool
    problem: str | None = None


class SigningDriver(CalledBack[CallbackEvent]):
    """A provider of electronic signatures.

    All methods may be repeated: the same party, key, signer or cancellation has one effect. An envelope that the
    provider doesn't know is ``NotFound("envelope-unknown")``.
    """

    @abstractmethod
    def capabilities(self) -> Capabilities:
        """What this driver can do."""

    @abstractmethod
    def ensure_party(self, party: Party, *, at: datetime) -> PartyStatus:
        """Register ``party`` with the provider, once by its id."""

    @abstractmethod
    def create(self, envelope: Envelope, *, idempotency_key: str, at: datetime) -> str:
        """Prepare ``envelope``, without starting it, and give the provider's id of it.

        Raises:
            Invalid: what ``require_complete`` finds; ``envelope-file-not-signable`` (``file``).
            Conflict: ``idempotency-key-reused``: the key came before with another request.
        """

    @abstractmethod
    def start(self, envelope_id: str, *, at: datetime) -> Progress:
        """Send the envelope to its signers."""

    @abstractmethod
    def sign(
        self, envelope_id: str, signer: str, intent: Intent, *, at: datetime
    ) -> SignatureEvidence:
        """Sign for ``signer`` (a key), where ``capabilities().signs_here``.

        Raises:
            Refused: ``envelope-not-open`` (``state``); ``signer-not-in-turn`` (``waiting``).
            NotFound: ``signer-unknown``.
        """

    @abstractmethod
    def fetch(self, envelope_id: str, *, at: datetime) -> Progress:
        """How the envelope stands."""

    @abstractmethod
    def cancel(self, envelope_id: str, reason: str, *, at: datetime) -> Progress:
        """Call the envelope back.

        Raises:
            Refused: ``envelope-not-open`` (``state``) where it is over.
        """

    @abstractmethod
    def download(self, envelope_id: str, *, at: datetime) -> SignedPackage:
        """The signed files and their evidence.

        Raises:
            Refused: ``envelope-not-complete`` (``state``).
            Conflict: ``file-changed``, ``evidence-broken``: what was kept isn't what was kept.
        """

    @abstractmethod
    def parse_callback(self, callback: Callback, at: datetime) -> CallbackEvent:
        """Read a callback, from its raw bytes, after its sender was proved.

        Raises:
            Refused: ``callback-not-proved``; ``callback-too-old``.
        """

    @abstractmethod
    def verify(self, content: bytes, *, at: datetime) -> Verification:
        """Judge a signed file. Whatever the bytes are, the answer is a verdict, never an accident."""

    @abstractmethod
    def health(self, *, at: datetime) -> Health:
        """Whether the driver can work."""

    def sign_url(self, envelope_id: str, signer: str, *, lasts: timedelta, at: datetime) -> SignUrl:
        """Where ``signer`` signs, for a driver that doesn't sign here."""
        raise Refused("signing-not-offered", what="sign_url")

    def view(self, envelope_id: str, signer: str, *, at: datetime) -> Progress:
        """Note that ``signer`` was shown the files."""
        raise Refused("signing-not-offered", what="view")

    def decline(self, envelope_id: str, signer: str, reason: str, *, at: datetime) -> Progress:
        """Note that ``signer`` won't sign."""
        raise Refused("signing-not-offered", what="decline")

    def remind(self, envelope_id: str, *, at: datetime) -> None:
        """Have the provider remind those whose turn it is."""
        raise Refused("signing-not-offered", what="remind")

    def void_completed(self, envelope_id: str, reason: str, *, at: datetime) -> Progress:
        """Rescind a completed envelope, by a new signed declaration where the provider needs one."""
        raise Refused("signing-not-offered", what="void_completed")


class NullSigning(Driver, SigningDriver):
    """No provider: everything that would sign is refused, so nothing ever looks signed that isn't."""

    title = "No electronic signatures"

    def capabilities(self) -> Capabilities:
        return Capabilities()

    def ensure_party(self, party: Party, *, at: datetime) -> PartyStatus:
        return PartyStatus(party.id, "", ready=False)

    def create(self, envelope: Envelope, *, idempotency_key: str, at: datetime) -> str:
        self._refuse()

    def start(self, envelope_id: str, *, at: datetime) -> Progress:
        self._refuse()

    def sign(
        self, envelope_id: str, signer: str, intent: Intent, *, at: datetime
    ) -> SignatureEvidence:
        self._refuse()

    def fetch(self, envelope_id: str, *, at: datetime) -> Progress:
        self._refuse()

    def cancel(self, envelope_id: str, reason: str, *, at: datetime) -> Progress:
        self._refuse()

    def download(self, envelope_id: str, *, at: datetime) -> SignedPackage:
        self._refuse()

    def parse_callback(self, callback: Callback, at: datetime) -> CallbackEvent:
        self._refuse()

    def verify(self, content: bytes, *, at: datetime) -> Verification:
        return Verification(sha256(content).hexdigest(), (), "not-verified", "nobody")

    def health(self, *, at: datetime) -> Health:
        return Health(ready=False, problem="signing-provider-missing")

    def _refuse(self) -> NoReturn:
        raise Refused("signing-provider-missing")


#: The family of drivers for electronic signatures.
signing: DriverKind[SigningDriver] = DriverKind(
    "signing",
    SigningDriver,
    title="Electronic signatures",
    null=NullSigning,
)
