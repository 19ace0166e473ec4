"""Signet as a signing driver: each question goes to its machine, and its answer comes back as it is."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final, TypeVar

from tenor_esign_ca.public import (
    CallbackEvent,
    Capabilities,
    Envelope,
    Health,
    Intent,
    Party,
    PartyStatus,
    Progress,
    SignatureEvidence,
    SignedPackage,
    SigningDriver,
    Verification,
)
from tenor_sdk import Conflict, Context, Driver, Invalid, NotFound, Refused, TenorError
from tenor_sdk.callbacks import Callback
from tenor_sdk.network import Unreachable, ask_outside
from tenor_signet.settings import SignetSettings
from tenor_signet.wire import made, plain

T = TypeVar("T")
_LARGEST: Final = 64 * 1024 * 1024
_REFUSALS: Final[dict[str, type[TenorError]]] = {
    each.__name__: each for each in (Refused, Invalid, NotFound, Conflict)
}


class Signet(Driver, SigningDriver):
    """A provider that signs on its own machine when it is told to."""

    title = "Signet"

    def __init__(self, ctx: Context) -> None:
        Driver.__init__(self, ctx)
        self._address = ctx.settings(SignetSettings).address

    def capabilities(self) -> Capabilities:
        return Capabilities(
            algorithms=frozenset({"ECDSA-SHA256"}),
            formats=frozenset({"PDF"}),
            levels=frozenset({"B-T"}),
            ordered=True,
            signs_here=True,
            evidence_report=True,
            verifies=True,
            third_party=True,
            max_bytes=20 * 1024 * 1024,
        )

    def ensure_party(self, party: Party, *, at: datetime) -> PartyStatus:
        return self._ask(PartyStatus, "ensure_party", party=party, at=at)

    def create(self, envelope: Envelope, *, idempotency_key: str, at: datetime) -> str:
        return self._ask(str, "create", envelope=envelope, idempotency_key=idempotency_key, at=at)

    def start(self, envelope_id: str, *, at: datetime) -> Progress:
        return self._ask(Progress, "start", envelope_id=envelope_id, at=at)

    def sign(
        self, envelope_id: str, signer: str, intent: Intent, *, at: datetime
    ) -> SignatureEvidence:
        return self._ask(
            SignatureEvidence, "sign", envelope_id=envelope_id, signer=signer, intent=intent, at=at
        )

    def fetch(self, envelope_id: str, *, at: datetime) -> Progress:
        return self._ask(Progress, "fetch", envelope_id=envelope_id, at=at)

    def cancel(self, envelope_id: str, reason: str, *, at: datetime) -> Progress:
        return self._ask(Progress, "cancel", envelope_id=envelope_id, reason=reason, at=at)

    def download(self, envelope_id: str, *, at: datetime) -> SignedPackage:
        return self._ask(SignedPackage, "download", envelope_id=envelope_id, at=at)

    def parse_callback(self, callback: Callback, at: datetime) -> CallbackEvent:
        """Signet calls nobody back."""
        raise Refused("callback-not-proved")

    def verify(self, content: bytes, *, at: datetime) -> Verification:
        return self._ask(Verification, "verify", content=content, at=at)

    def health(self, *, at: datetime) -> Health:
        """Whether there is an account; the machine itself isn't asked, as a guard may ask this."""
        if not self._address:
            return Health(ready=False, problem="signet-without-account")
        return Health(ready=True)

    def _ask(self, kind: type[T], what: str, **values: object) -> T:
        """What Signet's machine answers.

        Raises:
            Refused: ``signet-unreachable``; what it refuses itself.
        """
        body = json.dumps({name: plain(value) for name, value in values.items()}).encode()
        try:
            answer = ask_outside(self.ctx, f"{self._address}/{what}", body=body, largest=_LARGEST)
            said: Any = json.loads(answer.body)
        except (Unreachable, ValueError) as error:
            raise Refused("signet-unreachable") from error
        if answer.status != 200:
            raise _REFUSALS[said["refusal"]](said["key"], **said["values"])
        result: T = made(kind, said)
        return result
