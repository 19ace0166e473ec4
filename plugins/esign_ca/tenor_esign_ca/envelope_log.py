"""The course of an envelope as the embedded driver keeps it: steps that are only ever added.

A step is one or more entries of the evidence chain that happen together. The steps of an envelope are numbered, and
of two workers that write the same number one wins and the other reads again: so a signature is made once, whoever
repeats it and whenever somebody is killed. How the envelope stands is read off its steps.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Final

from tenor_documents.public import Data, canonical_json
from tenor_esign_ca.envelopes import EnvelopeState, SignatureEvidence
from tenor_esign_ca.evidence import GENESIS, EvidenceEntry, chained, first_break
from tenor_esign_ca.stores import Store
from tenor_sdk.errors import Conflict, NotFound

#: States that an entry leads to by itself.
_STATES: Final = {
    "created": EnvelopeState.DRAFT,
    "sent": EnvelopeState.SENT,
    "viewed": EnvelopeState.VIEWED,
    "signed": EnvelopeState.PARTIALLY_SIGNED,
    "provider_completed": EnvelopeState.PROVIDER_COMPLETED,
    "cancelled": EnvelopeState.CANCELLED,
    "declined": EnvelopeState.DECLINED,
}


@dataclass(frozen=True)
class Course:
    """What happened to an envelope so far.

    Args:
        envelope_id: the driver's.
        steps: how many were written; the next has this number.
        chain: their entries.
    """

    envelope_id: str
    steps: int
    chain: tuple[EvidenceEntry, ...]

    @property
    def opening(self) -> Mapping[str, Any]:
        """The entry that says what was asked."""
        return self.chain[0].entry

    @property
    def request_sha256(self) -> str:
        return str(self.opening["request_sha256"])

    @property
    def head(self) -> str:
        """The last hash."""
        return self.chain[-1].hash if self.chain else GENESIS

    @property
    def files(self) -> tuple[str, ...]:
        """SHA-256 of each file as it stands."""
        for entry in reversed(self._entries("signed")):
            return tuple(entry["files"])
        return tuple(file["prepared_sha256"] for file in self.opening["files"])

    @property
    def signed(self) -> tuple[SignatureEvidence, ...]:
        return tuple(_signature(entry) for entry in self._entries("signed"))

    def viewed_by(self, signer: str) -> bool:
        return any(entry["signer"] == signer for entry in self._entries("viewed"))

    def signer(self, key: str) -> Mapping[str, Any]:
        """Who signs under ``key``.

        Raises:
            NotFound: ``signer-unknown``.
        """
        for signer in self.opening["signers"]:
            if signer["key"] == key:
                return dict(signer)
        raise NotFound("signer-unknown", signer=key)

    def state(self, at: datetime) -> EnvelopeState:
        """How far it has come; what isn't over by its last day has expired."""
        state = EnvelopeState.DRAFT
        for link in self.chain:
            state = _later(state, _STATES.get(str(link.entry["e"]), state))
        over = state.terminal or state is EnvelopeState.PROVIDER_COMPLETED
        return EnvelopeState.EXPIRED if not over and at >= self._expires_at else state

    def waiting(self, at: datetime) -> tuple[str, ...]:
        """Keys of the signers whose turn it is."""
        if not self.state(at).open:
            return ()
        done = {evidence.signer for evidence in self.signed}
        open_ones = [signer for signer in self.opening["signers"] if signer["key"] not in done]
        turn = min((signer["order"] for signer in open_ones), default=0)
        return tuple(signer["key"] for signer in open_ones if signer["order"] == turn)

    @property
    def _expires_at(self) -> datetime:
        return _time(self.opening["expires_at"])

    def _entries(self, kind: str) -> list[Mapping[str, Any]]:
        return [link.entry for link in self.chain if link.entry["e"] == kind]


class EnvelopeLog:
    """The courses of all envelopes, in a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def knows(self, envelope_id: str) -> bool:
        """Whether there is such an envelope."""
        return self._store.get(_step(envelope_id, 0)) is not None

    def read(self, envelope_id: str) -> Course:
        """The course of an envelope, its chain checked.

        Raises:
            NotFound: ``envelope-unknown``.
            Conflict: ``evidence-broken`` (``envelope``, ``entry``: the first that doesn't follow, from 1).
        """
        steps = list(self._steps(envelope_id))
        if not steps:
            raise NotFound("envelope-unknown", envelope=envelope_id)
        chain = tuple(
            EvidenceEntry(link["entry"], link["hash"])
            for step in steps
            for link in json.loads(step)
        )
        broken = first_break(chain)
        if broken is not None:
            raise Conflict("evidence-broken", envelope=envelope_id, entry=broken + 1)
        return Course(envelope_id, len(steps), chain)

    def add(self, course: Course, *entries: Mapping[str, Data]) -> Course | None:
        """The course with ``entries`` as its next step; None where somebody else wrote that step first."""
        links = chained(entries, course.head)
        step = canonical_json([{"entry": link.entry, "hash": link.hash} for link in links])
        if not self._store.put_new(_step(course.envelope_id, course.steps), step.encode()):
            return None
        return Course(course.envelope_id, course.steps + 1, course.chain + links)

    def _steps(self, envelope_id: str) -> Iterator[bytes]:
        for number in count():
            step = self._store.get(_step(envelope_id, number))
            if step is None:
                return
            yield step


def _step(envelope_id: str, number: int) -> str:
    return f"envelopes/{envelope_id}/{number:06d}.json"


def _later(current: EnvelopeState, reached: EnvelopeState) -> EnvelopeState:
    """A view after the first signature doesn't take the envelope back."""
    seen_again = reached is EnvelopeState.VIEWED and current is not EnvelopeState.SENT
    return current if seen_again else reached


def _signature(entry: Mapping[str, Any]) -> SignatureEvidence:
    return SignatureEvidence(
        signer=entry["signer"],
        name=entry["name"],
        signed_at=_time(entry["t"]),
        certificate_serial=entry["cert_serial"],
        issuer=entry["issuer"],
        level=entry["level"],
        files=tuple(entry["files"]),
    )


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
