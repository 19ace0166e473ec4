"""Sealing. The sealer takes only entries whose transaction is over for everybody; a reader by "id above
the last" beside it missed 717 of 2,651 entries in a trial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from tenor.audit.entries import plain
from tenor.audit.hashing import FORM, SealSaid, entry_leaf, stamp_said
from tenor.audit.journals import last_sealed, sealing, unsealed
from tenor.audit.merkle import root_of
from tenor.audit.records import LedgerEntry, Seal, SealMember, SealStamp

_LOCK = 0x7E_0A0D17
_BLOCK = 5000

_entries: Any = LedgerEntry.__table__
_seals: Any = Seal.__table__
_members: Any = SealMember.__table__
_stamps: Any = SealStamp.__table__


def seal(connection: Connection, now: datetime, journals: Sequence[Table] = ()) -> int:
    """Seal what is over for everybody; returns how many entries. On a marked connection in a transaction.

    What lies behind the last seal was put in afterwards: no later seal covers it, so that it is found for ever.

    Args:
        now: an instant with a zone; it stands in the seal.
        journals: the tables whose rows are leaves themselves.
    """
    over = horizon = _horizon(connection)
    leaves: list[dict[str, Any]] = []
    for source in (_entries, *journals):
        rows = connection.execute(_fresh(source, over)).all()
        if len(rows) == _BLOCK:  # of the transaction at which the block ends there may be more
            horizon = min(horizon, rows[-1].transaction)
        leaves += _leaves(source, rows)
    return _write(connection, now, horizon, leaves)


def _fresh(source: Any, over: int) -> Any:
    """The next rows of the ledger, or of a journal, that may be sealed."""
    fresh = unsealed(source, *_wanted(source))
    if over:
        behind = select(_seals.c.horizon).order_by(_seals.c.id.desc()).limit(1).scalar_subquery()
        fresh = fresh.where(source.c["transaction"] >= func.coalesce(behind, 0))
        fresh = fresh.where(source.c["transaction"] < over)
    else:
        fresh = fresh.where(source.c.id > func.coalesce(last_sealed(source), 0))
    return fresh.order_by(source.c["transaction"], source.c.id).limit(_BLOCK)


def _wanted(source: Any) -> Sequence[Any]:
    if source is _entries:
        return (_entries.c.id, _entries.c.digest, _entries.c["transaction"])
    return tuple(source.c)


def _leaves(source: Any, rows: Sequence[Any]) -> Iterator[dict[str, Any]]:
    if source is not _entries:
        yield from sealing(source, rows)
        return
    for row in rows:
        leaf = entry_leaf(FORM, row.id, row.digest)
        yield {"table_name": "", "entry_id": row.id, "leaf": leaf, "salt": ""}


def rebase(connection: Connection, now: datetime, journals: Sequence[Table] = ()) -> int:
    """After a restored dump: PostgreSQL counts transactions anew, so the old horizon says nothing any more. Seals
    all that isn't sealed, with the horizon of now; returns how many entries. That it was done shows in the seal."""
    leaves: list[dict[str, Any]] = []
    for source in (_entries, *journals):
        statement = unsealed(source, *_wanted(source)).order_by(source.c.id)
        leaves += _leaves(source, connection.execute(statement).all())
    return _write(connection, now, _horizon(connection), leaves)


def roots(connection: Connection) -> list[tuple[int, str]]:
    """Number and digest of each seal, to be kept off the machine: what a cut-off end is found by."""
    statement = select(_seals.c.id, _seals.c.digest).order_by(_seals.c.id)
    return [(row.id, row.digest) for row in connection.execute(statement)]


def _write(
    connection: Connection, now: datetime, horizon: int, leaves: Sequence[Mapping[str, Any]]
) -> int:
    """A seal over these leaves, in this order."""
    if not leaves:
        return 0
    number = _write_seal(connection, now, horizon, [each["leaf"] for each in leaves])
    stamps = {"version": 1, "created_at": now, "changed_at": now, "seal_id": number}
    connection.execute(
        insert(_members),
        [{**stamps, **each, "place": place} for place, each in enumerate(leaves)],
    )
    return len(leaves)


def _horizon(connection: Connection) -> int:
    """Below it every transaction is over; 0 on SQLite, where there is one writer."""
    if connection.dialect.name != "postgresql":
        return 0
    connection.execute(text(f"select pg_advisory_xact_lock({_LOCK})"))
    return int(
        connection.execute(
            text("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        ).scalar_one()
    )


def _write_seal(connection: Connection, now: datetime, horizon: int, digests: list[str]) -> int:
    before = connection.execute(
        select(_seals.c.id, _seals.c.digest).order_by(_seals.c.id.desc()).limit(1)
    ).first()
    number, previous = (before.id + 1, before.digest) if before else (1, "")
    root, stamp = root_of(digests), _last_stamp(connection)
    said = SealSaid(number, plain(now), len(digests), horizon, root, previous, FORM, stamp)
    stamps = {"version": 1, "created_at": now, "changed_at": now, "at": now}
    values = {
        "id": number,
        "count": said.count,
        "horizon": horizon,
        "root": root,
        "previous": previous,
        "form": FORM,
        "stamp": stamp,
    }
    connection.execute(insert(_seals).values(**stamps, **values, digest=said.digest()))
    return number


def said_by_seal(row: Any, previous: str | None = None) -> SealSaid:
    """What a row of the seals says.

    Args:
        previous: the digest of the seal before, where it isn't taken from the row.
    """
    told, before = row._mapping, row.previous if previous is None else previous
    return SealSaid(
        row.id, plain(_utc(row.at)), told["count"], row.horizon, row.root, before, row.form, row.stamp
    )  # fmt: skip


def _last_stamp(connection: Connection) -> str:
    """Of the last time stamp that is kept, so that nobody takes it away or replaces it unnoticed; else empty."""
    wanted = select(_stamps.c.seal_id, _stamps.c.response)
    row = connection.execute(wanted.order_by(_stamps.c.seal_id.desc()).limit(1)).first()
    return stamp_said(row.seal_id, row.response) if row else ""


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
