"""What is kept of a signing: who signs in which order, how far it has come, its evidence, and every look at it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_documents.public import Contract
from tenor_esign_ca.envelopes import PartyKind
from tenor_origination.public import Application
from tenor_sdk import (
    AppendOnly,
    Discussed,
    Line,
    Owned,
    Record,
    field,
    lines,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import Json, file_field, person, state_field

#: The keys of signers, which are the names of their places in a contract.
BORROWER, LENDER = "borrower", "lender"


class SignatureStatus(StrEnum):
    """How far one signature is."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"  # wanted by its signer, being made at the provider's
    SIGNED = "signed"


class Signing(Record, Owned, Discussed):
    """A contract that was sent out for electronic signature, once: sent again, it is another signing.

    It belongs to the unit and the owner of its contract, and is never deleted.
    """

    __title__ = "Signing"
    number: Mapped[str] = numbered("SG-{year}-{n:06d}")
    contract_id: Mapped[int] = link(Contract, readonly=True)
    contract: Mapped[Contract] = linked(Contract, contract_id)
    application_id: Mapped[int] = link(Application, readonly=True)
    application: Mapped[Application] = linked(Application, application_id)
    borrower: Mapped[str] = field(max_length=200, readonly=True, search=True)
    state: Mapped[str] = state_field("preparing")
    email: Mapped[str] = field(
        max_length=200,
        readonly=True,
        label="E-mail of the borrower",
        help="One-time codes go there",
    )
    sha256: Mapped[str] = field(max_length=64, readonly=True, label="SHA-256 as issued")
    sent_at: Mapped[datetime] = field(readonly=True, label="Sent")
    sent_by_id: Mapped[int] = person(label="Sent by")
    expires_at: Mapped[datetime] = field(readonly=True, label="To be signed by")
    provider: Mapped[str] = field(max_length=60, readonly=True)
    envelope: Mapped[str] = field(
        max_length=200, readonly=True, default="", label="Envelope at the provider"
    )
    problem: Mapped[str] = field(max_length=100, readonly=True, default="")
    completed_at: Mapped[datetime | None] = field(readonly=True, label="Completed")
    signed_file_id: Mapped[int | None] = file_field(label="Signed contract")
    signed_sha256: Mapped[str] = field(
        max_length=64, readonly=True, default="", label="SHA-256 as signed"
    )
    signatures: Mapped[list[Signature]] = lines("Signature.turn")

    def signature(self, key: str) -> Signature:
        """The signature of a signer.

        Raises:
            LookupError: there is no such signer.
        """
        return next(one for one in self.signatures if one.key == key)


class Signature(Line[Signing]):
    """One signature that a signing asks for, and what is known of it."""

    __table_args__ = (UniqueConstraint("parent_id", "key"),)
    key: Mapped[str] = field(max_length=60, readonly=True, label="Signer")
    kind: Mapped[PartyKind] = field(readonly=True)
    name: Mapped[str] = field(max_length=200, readonly=True)
    represented_by: Mapped[str] = field(
        max_length=100, readonly=True, default="", label="Person who signs"
    )
    role: Mapped[str] = field(max_length=60, readonly=True)
    turn: Mapped[int] = field(readonly=True, label="Order")
    status: Mapped[SignatureStatus] = field(readonly=True, default=SignatureStatus.WAITING)
    code_seed: Mapped[str] = field(max_length=64, default="", secret=True, readonly=True)
    code_until: Mapped[datetime | None] = field(readonly=True, label="Code valid until")
    code_tries: Mapped[int] = field(default=0, readonly=True, label="Wrong tries")
    codes: Mapped[int] = field(default=0, readonly=True, label="Codes mailed")
    by_id: Mapped[int | None] = person(label="Taken by")
    intent_method: Mapped[str] = field(
        max_length=40, default="", readonly=True, label="Proof of will"
    )
    intent_reference: Mapped[str] = field(max_length=200, default="", readonly=True)
    intent_at: Mapped[datetime | None] = field(readonly=True)
    signed_at: Mapped[datetime | None] = field(readonly=True, label="Signed")
    certificate_serial: Mapped[str] = field(max_length=100, default="", readonly=True)
    issuer: Mapped[str] = field(max_length=300, default="", readonly=True)
    level: Mapped[str] = field(max_length=20, default="", readonly=True)
    sha256: Mapped[str] = field(
        max_length=64, default="", readonly=True, label="SHA-256 after the signature"
    )


class EvidenceStep(Record, AppendOnly):
    """A link of the evidence chain that the provider handed over: its hash covers it and all before it."""

    __title__ = "Step of evidence"
    __plural__ = "Steps of evidence"
    __table_args__ = (UniqueConstraint("signing_id", "position"),)
    signing_id: Mapped[int] = link(Signing, readonly=True)
    position: Mapped[int] = field(readonly=True)
    at: Mapped[datetime] = field(readonly=True, label="When")
    event: Mapped[str] = field(max_length=60, readonly=True, label="What")
    entry: Mapped[Json] = field(readonly=True)
    hash: Mapped[str] = field(max_length=64, readonly=True)


class Verdict(Record, AppendOnly):
    """What a look at a signed contract found."""

    signing_id: Mapped[int] = link(Signing, readonly=True)
    by_id: Mapped[int | None] = person(label="Verified by")
    recorded: Mapped[str] = field(max_length=64, readonly=True, label="Hash on record")
    found: Mapped[str] = field(max_length=64, readonly=True, label="Hash of the stored bytes")
    sound: Mapped[bool] = field(readonly=True)
    problem: Mapped[str] = field(max_length=100, default="", readonly=True)
    chain_holds: Mapped[bool] = field(readonly=True, label="Evidence chain holds")
    checks: Mapped[list[Any]] = field(readonly=True, default=list)


class BookEntry(Record, AppendOnly):
    """Something that the driver that signs here keeps under a name: a key, a certificate, a step of an envelope, a
    file. Keys are encrypted under the institution's own key. Nobody reads these but the plugin's jobs.
    """

    __title__ = "Entry in the signing books"
    __plural__ = "Entries in the signing books"
    name: Mapped[str] = field(max_length=200, unique=True, readonly=True)
    content: Mapped[str] = field(default="", secret=True, readonly=True)
    file_id: Mapped[int | None] = file_field()
