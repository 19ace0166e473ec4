"""The audit ledger and its seals. Entries hold values beside salted hashes, and a seal covers the hashes, so that a
lawful erasure of named values leaves every seal whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from tenor_sdk.fields import FieldInfo, field
from tenor_sdk.records import AppendOnly, Record

#: states of an erasure
PROPOSED: Final = "proposed"
APPROVED: Final = "approved"
REFUSED: Final = "refused"


class LedgerEntry(Record, AppendOnly):
    """One change of one record, or one act that isn't a change: who, when, what, from what to what."""

    __title__ = "Ledger entry"
    __plural__ = "Ledger entries"
    __journal__: ClassVar[bool] = True
    __table_args__ = (
        Index(None, "table_name", "record_id"),
        Index(None, "table_name", "last_id", "first_id"),
    )

    at: Mapped[datetime] = field(label="When", index=True)
    actor_id: Mapped[int | None] = field(label="Person", index=True)
    actor_name: Mapped[str] = field(max_length=100, label="Who")
    behalf_of_id: Mapped[int | None] = field(label="In the place of (id)", index=True)
    behalf_of_name: Mapped[str] = field(max_length=100, label="In the place of", default="")
    kind: Mapped[str] = field(max_length=40, label="Act", index=True)
    table_name: Mapped[str] = field(max_length=100, label="Record", default="")
    record_id: Mapped[int | None] = field(label="Record id")
    procedure: Mapped[str] = field(max_length=200, label="Through", default="")
    elevation: Mapped[str] = field(default="", label="Elevated for")
    reason: Mapped[str] = field(default="")
    request_id: Mapped[str] = field(max_length=64, label="Request", index=True)
    # secret to lists and the API: values that are masked for a person stand in it; the room masks them field by field
    changes: Mapped[dict[str, Any]] = field(
        secret=True, help="For each field its value before and after"
    )
    hashes: Mapped[dict[str, Any]] = field(
        secret=True, help="For each field the salted hash of both"
    )
    salt: Mapped[str] = field(max_length=64, secret=True)
    #: of the fields that are left, once values of others were erased
    salts: Mapped[Any | None] = mapped_column(
        JSON(none_as_null=True), info={"tenor": FieldInfo(secret=True)}
    )
    digest: Mapped[str] = field(
        max_length=64, help="Over everything but the values; the leaf of a seal"
    )
    transaction: Mapped[int] = field(default=0, label="Transaction")
    # of set-based work: between them lie the numbers among its changes, by which its records find it
    first_id: Mapped[int | None] = field(label="First record id")
    last_id: Mapped[int | None] = field(label="Last record id")


class Seal(Record, AppendOnly):
    """A sealed block of the ledger: the root of a Merkle tree over its entries, chained to the seal before."""

    __title__ = "Audit seal"
    __journal__: ClassVar[bool] = True

    at: Mapped[datetime] = field(label="When")
    count: Mapped[int] = field(label="Entries")
    horizon: Mapped[int] = field(
        help="Every transaction below it was over for everybody when the seal was made"
    )
    root: Mapped[str] = field(max_length=64)
    previous: Mapped[str] = field(max_length=64, default="", label="Previous seal")
    digest: Mapped[str] = field(
        max_length=64, help="Over all else that the seal says, the seal before included"
    )
    #: see ``hashing.SealSaid``
    form: Mapped[int] = field(default=1, label="Form")
    stamp: Mapped[str] = field(
        max_length=100, default="", label="Time stamp", help="The last one that was kept then"
    )


class SealMember(Record, AppendOnly):
    """Which seal covers an entry, or a row of a journal, and at which place."""

    __title__ = "Sealed entry"
    __journal__: ClassVar[bool] = True
    # not unique: what somebody puts in for a seal to come mustn't keep the entry, or the seal, from being made
    __table_args__ = (Index(None, "table_name", "entry_id"),)

    table_name: Mapped[str] = field(
        max_length=100, default="", help="Of a journal; empty for an entry of the ledger"
    )
    entry_id: Mapped[int] = field()
    seal_id: Mapped[int] = field(index=True)
    place: Mapped[int] = field()
    leaf: Mapped[str] = field(
        max_length=64,
        default="",
        help="The entry's digest as it was sealed; it stays when the entry is retired",
    )
    salt: Mapped[str] = field(max_length=64, default="", secret=True)


class SealStamp(Record, AppendOnly):
    """A time stamp of an authority over a seal, which covers all seals before it as well (RFC 3161)."""

    __title__ = "Time stamp"
    __plural__ = "Time stamps"
    __journal__: ClassVar[bool] = True

    seal_id: Mapped[int] = field(label="Seal", unique=True)
    at: Mapped[datetime] = field(label="Existed by")
    received_at: Mapped[datetime] = field(label="Received at")
    authority: Mapped[str] = field(max_length=500, label="Time stamp authority")
    nonce: Mapped[str] = field(max_length=64, label="Nonce", help="Of the request, a number")
    response: Mapped[str] = field(label="Answer", help="What the authority answered, in base64")


class Erasure(Record):
    """Values that are erased in a record and in the ledger: proposed by one, decided by another."""

    __title__ = "Erasure"
    __plural__ = "Erasures"
    __table_args__ = (Index(None, "table_name", "record_id"),)

    table_name: Mapped[str] = field(max_length=100, label="Record", readonly=True)
    record_id: Mapped[int] = field(label="Record id", readonly=True)
    fields: Mapped[str] = field(max_length=1000, label="Fields", readonly=True)
    reason: Mapped[str] = field(max_length=500, label="Reason", readonly=True)
    basis: Mapped[str] = field(max_length=500, label="Legal basis", readonly=True)
    state: Mapped[str] = field(max_length=20, default=PROPOSED, label="State", readonly=True)
    proposed_by_id: Mapped[int | None] = field(label="Proposed by", readonly=True)
    decided_by_id: Mapped[int | None] = field(label="Decided by", readonly=True)
    decided_at: Mapped[datetime | None] = field(label="Decided at", readonly=True)
    done_at: Mapped[datetime | None] = field(label="Erased in the ledger at", readonly=True)

    def display(self) -> str:
        return f"{self.table_name} {self.record_id}: {self.fields}"


class LegalHold(Record):
    """A record of which nothing is erased and nothing taken out of the ledger, for as long as the hold lasts."""

    __title__ = "Legal hold"
    __plural__ = "Legal holds"
    __table_args__ = (Index(None, "table_name", "record_id"),)

    table_name: Mapped[str] = field(max_length=100, label="Record", readonly=True)
    record_id: Mapped[int] = field(label="Record id", readonly=True)
    reason: Mapped[str] = field(max_length=500, label="Reason", readonly=True)
    ended_at: Mapped[datetime | None] = field(label="Ended at", readonly=True)

    def display(self) -> str:
        return f"{self.table_name} {self.record_id}"
