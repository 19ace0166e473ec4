"""The embedded driver: signs in process, with the certificates of the institution's own authority.

pyHanko and the certificates are imported where they are used: a start without signing doesn't wait for them.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from functools import cached_property
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING, Any, Final

from tenor_documents.public import Data, probe
from tenor_esign_ca.callbacks import callback_headers, require_proof
from tenor_esign_ca.drivers import (
    CallbackAuth,
    CallbackEvent,
    Capabilities,
    Health,
    SigningDriver,
)
from tenor_esign_ca.envelope_entries import Entry, ending_entries, opening_entries, signing_entries
from tenor_esign_ca.envelope_log import Course, EnvelopeLog
from tenor_esign_ca.envelopes import (
    Envelope,
    EnvelopeFile,
    EnvelopeState,
    Intent,
    Party,
    PartyStatus,
    Progress,
    SignatureEvidence,
    SignedFile,
    SignedPackage,
    Verification,
    require_complete,
)
from tenor_esign_ca.evidence import evidence_time
from tenor_esign_ca.stamps import Stamp
from tenor_esign_ca.stores import Store
from tenor_sdk.callbacks import Callback
from tenor_sdk.errors import Conflict, Invalid, Refused, TenorError

if TYPE_CHECKING:
    from tenor_esign_ca.certificates import Credential, LocalAuthority

_LARGEST_FILE: Final = 20 * 1024 * 1024
_LEVEL: Final = "B-T"

#: How often a step is tried anew when other workers keep writing to the same envelope.
_ATTEMPTS: Final = 20


class EmbeddedSigning(SigningDriver):
    """Signatures by the institution's own authority.

    Args:
        store: keeps files and evidence.
        keys: keeps keys and certificates; may be the same store, should be a closer one.
        institution: names the authority.
        zone: in which stamps show the time.
        passphrase: encrypts the keys.
    """

    def __init__(
        self,
        store: Store,
        keys: Store,
        *,
        institution: str,
        zone: tzinfo,
        passphrase: bytes | None = None,
    ) -> None:
        self._store = store
        self._keys = keys
        self._institution = institution
        self._zone = zone
        self._passphrase = passphrase
        self._log = EnvelopeLog(store)

    def capabilities(self) -> Capabilities:
        return Capabilities(
            algorithms=frozenset({"ECDSA-SHA256"}),
            formats=frozenset({"PDF"}),
            levels=frozenset({_LEVEL}),
            ordered=True,
            signs_here=True,
            evidence_report=True,
            verifies=True,
            max_bytes=_LARGEST_FILE,
            callback_auth=CallbackAuth.HMAC,
        )

    def ensure_party(self, party: Party, *, at: datetime) -> PartyStatus:
        credential = self._authority.party(party, at)
        return PartyStatus(party.id, credential.serial, ready=True)

    def create(self, envelope: Envelope, *, idempotency_key: str, at: datetime) -> str:
        require_complete(envelope)
        envelope_id = f"env-{sha256(idempotency_key.encode()).hexdigest()[:32]}"
        request = envelope.request_sha256()
        before = Course(envelope_id, 0, ())
        if not self._log.knows(envelope_id):
            for signer in envelope.signers:
                self._authority.party(signer.party, at)
            prepared = [self._prepared(file) for file in envelope.files]
            if self._log.add(before, *opening_entries(envelope, prepared, at)) is not None:
                return envelope_id
        if self._log.read(envelope_id).request_sha256 != request:
            raise Conflict("idempotency-key-reused", envelope=envelope_id)
        return envelope_id

    def start(self, envelope_id: str, *, at: datetime) -> Progress:
        def step(course: Course) -> list[Entry]:
            draft = course.state(at) is EnvelopeState.DRAFT
            return [{"t": evidence_time(at), "e": "sent"}] if draft else []

        return self._progress(self._advance(envelope_id, step), at)

    def view(self, envelope_id: str, signer: str, *, at: datetime) -> Progress:
        def step(course: Course) -> list[Entry]:
            course.signer(signer)
            if course.viewed_by(signer) or not course.state(at).open:
                return []
            seen: Entry = {
                "t": evidence_time(at),
                "e": "viewed",
                "signer": signer,
                "files": [*course.files],
            }
            return [seen]

        return self._progress(self._advance(envelope_id, step), at)

    def sign(
        self, envelope_id: str, signer: str, intent: Intent, *, at: datetime
    ) -> SignatureEvidence:
        def step(course: Course) -> list[Entry]:
            course.signer(signer)
            if _evidence_of(course, signer) is not None:
                return []
            _require_turn(course, signer, at)
            return self._signing(course, signer, intent, at)

        found = _evidence_of(self._advance(envelope_id, step), signer)
        if found is None:
            raise Conflict("envelope-busy", envelope=envelope_id)
        return found

    def decline(self, envelope_id: str, signer: str, reason: str, *, at: datetime) -> Progress:
        def step(course: Course) -> list[Entry]:
            course.signer(signer)
            return ending_entries(course, EnvelopeState.DECLINED, at, signer=signer, reason=reason)

        return self._progress(self._advance(envelope_id, step), at)

    def fetch(self, envelope_id: str, *, at: datetime) -> Progress:
        return self._progress(self._log.read(envelope_id), at)

    def cancel(self, envelope_id: str, reason: str, *, at: datetime) -> Progress:
        def step(course: Course) -> list[Entry]:
            return ending_entries(course, EnvelopeState.CANCELLED, at, reason=reason)

        return self._progress(self._advance(envelope_id, step), at)

    def download(self, envelope_id: str, *, at: datetime) -> SignedPackage:
        course = self._log.read(envelope_id)
        state = course.state(at)
        if state is not EnvelopeState.PROVIDER_COMPLETED:
            raise Refused("envelope-not-complete", state=state.value)
        names = [file["name"] for file in course.opening["files"]]
        files = [
            SignedFile(name, self._file(digest))
            for name, digest in zip(names, course.files, strict=True)
        ]
        return SignedPackage(tuple(files), course.chain)

    def callback(self, envelope_id: str, *, at: datetime) -> tuple[dict[str, str], bytes]:
        """Headers and body of a callback that reports how the envelope stands."""
        course = self._log.read(envelope_id)
        report: dict[str, Data] = {
            "envelope": envelope_id,
            "event": f"{envelope_id}:{course.steps}",
            "state": course.state(at).value,
        }
        body = json.dumps(report).encode()
        return callback_headers(self._callback_secret(), body, at=at), body

    def parse_callback(self, callback: Callback, at: datetime) -> CallbackEvent:
        sent = require_proof(self._callback_secret(), callback, at=at)
        report = json.loads(callback.body)
        return CallbackEvent(report["envelope"], report["event"], sent, _state(report["state"]))

    def verify(self, content: bytes, *, at: datetime) -> Verification:
        from tenor_esign_ca import pades

        return pades.verified(content, self._authority.roots(), at=at)

    def health(self, *, at: datetime) -> Health:
        try:
            probe()
            self._authority.issuing(at)
            self._authority.timestamps(at)
        except TenorError as error:
            return Health(ready=False, problem=error.key)
        return Health(ready=True)

    @cached_property
    def _authority(self) -> "LocalAuthority":
        from tenor_esign_ca.certificates import LocalAuthority

        return LocalAuthority(self._keys, self._institution, self._passphrase)

    def _advance(self, envelope_id: str, step: Callable[[Course], list[Entry]]) -> Course:
        """Take one step, decided on the course as it stands; decided anew where somebody else was first."""
        for _ in range(_ATTEMPTS):
            course = self._log.read(envelope_id)
            entries = step(course)
            if not entries:
                return course
            advanced = self._log.add(course, *entries)
            if advanced is not None:
                return advanced
        raise Conflict("envelope-busy", envelope=envelope_id)

    def _signing(self, course: Course, signer: str, intent: Intent, at: datetime) -> list[Entry]:
        """Sign the files as they stand, keep the outcome, and say in entries what happened."""
        asked = course.signer(signer)
        credential = self._authority.known_party(asked["party"], at)
        files = [
            self._with_signature(digest, file["places"], asked, credential, at)
            for digest, file in zip(course.files, course.opening["files"], strict=True)
        ]
        made = SignatureEvidence(
            signer, asked["name"], at, credential.serial, credential.issuer, _LEVEL, tuple(files)
        )
        return signing_entries(course, intent, made, self._authority.timestamps(at).serial)

    def _with_signature(
        self,
        digest: str,
        places: list[Mapping[str, Any]],
        asked: Mapping[str, Any],
        credential: "Credential",
        at: datetime,
    ) -> str:
        """The hash of the file ``digest`` after the signature, where it has a place for the signer."""
        from tenor_esign_ca import pades

        mine = [place for place in places if place["name"] == asked["key"]]
        if not mine:
            return digest
        stamp = Stamp(
            asked["name"],
            asked["role"],
            credential.serial,
            credential.issuer,
            f"PAdES {_LEVEL}",
            at,
            self._zone,
        ).drawn(mine[0]["width"], mine[0]["height"])
        timestamps = self._authority.timestamps(at)
        content = pades.signed(
            self._file(digest), asked["key"], credential, timestamps, at=at, stamp=stamp
        )
        return self._keep_file(content)

    def _prepared(self, file: EnvelopeFile) -> str:
        from tenor_esign_ca import pades

        if len(file.content) > _LARGEST_FILE:
            raise Invalid("envelope-file-not-signable", file=file.name)
        try:
            return self._keep_file(pades.with_fields(file.content, file.places))
        except Invalid as error:
            raise Invalid("envelope-file-not-signable", file=file.name) from error

    def _keep_file(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        self._store.put_new(f"files/{digest}.pdf", content)
        return digest

    def _file(self, digest: str) -> bytes:
        """A kept file, compared with the hash under which it was kept."""
        content = self._store.get(f"files/{digest}.pdf")
        if content is None or sha256(content).hexdigest() != digest:
            raise Conflict("file-changed", sha256=digest)
        return content

    def _callback_secret(self) -> bytes:
        self._keys.put_new("callbacks/secret", token_bytes(32))
        return self._keys.get("callbacks/secret") or b""

    def _progress(self, course: Course, at: datetime) -> Progress:
        return Progress(
            envelope_id=course.envelope_id,
            state=course.state(at),
            signed=course.signed,
            waiting=course.waiting(at),
            raw={"head": course.head, "steps": course.steps},
        )


def _require_turn(course: Course, signer: str, at: datetime) -> None:
    state = course.state(at)
    if not state.open:
        raise Refused("envelope-not-open", state=state.value)
    waiting = course.waiting(at)
    if signer not in waiting:
        raise Refused("signer-not-in-turn", signer=signer, waiting="、".join(waiting))


def _evidence_of(course: Course, signer: str) -> SignatureEvidence | None:
    return next((evidence for evidence in course.signed if evidence.signer == signer), None)


def _state(value: str) -> EnvelopeState | None:
    return next((state for state in EnvelopeState if state.value == value), None)
