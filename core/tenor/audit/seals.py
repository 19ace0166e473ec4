"""Sealing and verifying. The sealer takes only entries whose transaction is over for everybody; a reader by "id above
the last" beside it missed 717 of 2,651 entries in a trial."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from tenor.audit.entries import plain
from tenor.audit.hashing import BEHALF, HEADER, entry_digest, field_hashes, merkle_root, seal_digest
from tenor.audit.records import LedgerEntry, Seal, SealMember

_LOCK = 0x7E_0A0D17
_BLOCK = 5000

_entries: Any = LedgerEntry.__table__
_seals: Any = Seal.__table__
_members: Any = SealMember.__table__


@dataclass(frozen=True)
class Finding:
    """Something that isn't as it was sealed.

    Args:
        key: ``edited``, ``removed``, ``inserted``, ``value-edited``, ``seal-edited``, ``seal-missing``.
        entry_id, seal_id: where.
    """

    key: str
    entry_id: int | None = None
    seal_id: int | None = None

    def __str__(self) -> str:
        places = (("entry", self.entry_id), ("seal", self.seal_id))
        said = " ".join(f"{what} {number}" for what, number in places if number is not None)
        return f"{said}: {self.key}"


@dataclass(frozen=True)
class Verdict:
    """What verifying found.

    Args:
        entries: how many sealed entries were checked.
        seals: how many seals.
        unsealed: how many entries no seal covers yet.
        findings: none where all is whole.
    """

    entries: int
    seals: int
    unsealed: int
    findings: tuple[Finding, ...]


def seal(connection: Connection, now: datetime) -> int:
    """Seal what is over for everybody; returns how many entries. On a marked connection in a transaction.

    What lies behind the last seal was put in afterwards: no later seal covers it, so that it is found for ever.

    Args:
        now: an instant with a zone; it stands in the seal.
    """
    horizon = _horizon(connection)
    fresh = _unsealed_entries(_entries.c.id, _entries.c.digest, _entries.c["transaction"])
    if horizon:
        behind = select(_seals.c.horizon).order_by(_seals.c.id.desc()).limit(1).scalar_subquery()
        fresh = fresh.where(_entries.c["transaction"] >= func.coalesce(behind, 0))
        fresh = fresh.where(_entries.c["transaction"] < horizon)
    else:
        last = select(func.max(_members.c.entry_id)).scalar_subquery()
        fresh = fresh.where(_entries.c.id > func.coalesce(last, 0))
    fresh = fresh.order_by(_entries.c["transaction"], _entries.c.id).limit(_BLOCK)
    rows = connection.execute(fresh).all()
    if len(rows) == _BLOCK:  # of the transaction at which the block ends there may be more
        horizon = min(horizon, rows[-1].transaction)
    return _write(connection, now, horizon, rows)


def rebase(connection: Connection, now: datetime) -> int:
    """After a restored dump: PostgreSQL counts transactions anew, so the old horizon says nothing any more. Seals
    all that isn't sealed, with the horizon of now; returns how many entries. That it was done shows in the seal."""
    statement = _unsealed_entries(_entries.c.id, _entries.c.digest).order_by(_entries.c.id)
    rows = connection.execute(statement).all()
    horizon = _horizon(connection)
    return _write(connection, now, horizon, rows) if rows else 0


def roots(connection: Connection) -> list[tuple[int, str]]:
    """Number and digest of each seal, to be kept off the machine: what a cut-off end is found by."""
    statement = select(_seals.c.id, _seals.c.digest).order_by(_seals.c.id)
    return [(row.id, row.digest) for row in connection.execute(statement)]


def _unsealed_entries(*columns: Any) -> Any:
    return (
        select(*columns)
        .outerjoin_from(_entries, _members, _members.c.entry_id == _entries.c.id)
        .where(_members.c.id.is_(None))
    )


def _write(connection: Connection, now: datetime, horizon: int, rows: Sequence[Any]) -> int:
    """A seal over these entries, in this order."""
    if not rows:
        return 0
    number = _write_seal(connection, now, horizon, [row.digest for row in rows])
    stamps = {"version": 1, "created_at": now, "changed_at": now, "seal_id": number}
    connection.execute(
        insert(_members),
        [{**stamps, "entry_id": row.id, "place": place} for place, row in enumerate(rows)],
    )
    return len(rows)


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
    root = merkle_root(digests)
    digest = seal_digest(number, plain(now), len(digests), horizon, root, previous)
    stamps = {"version": 1, "created_at": now, "changed_at": now, "at": now}
    values = {
        "id": number,
        "count": len(digests),
        "horizon": horizon,
        "root": root,
        "previous": previous,
    }
    connection.execute(insert(_seals).values(**stamps, **values, digest=digest))
    return number


def verify(connection: Connection, kept: Mapping[int, str] | None = None) -> Verdict:
    """Check every sealed entry and the chain of seals.

    Args:
        kept: digests of seals by number, as they were copied off the machine.
    """
    findings: list[Finding] = []
    seals = connection.execute(select(_seals).order_by(_seals.c.id)).all()
    previous, expected, checked, horizon = "", 1, 0, 0
    for row in seals:
        findings += [Finding("seal-missing", seal_id=number) for number in range(expected, row.id)]
        again = seal_digest(
            row.id, plain(_utc(row.at)), row._mapping["count"], row.horizon, row.root, previous
        )
        if row.previous != previous or again != row.digest:
            findings.append(Finding("seal-edited", seal_id=row.id))
        count, found = _check_block(connection, row)
        checked += count
        findings += found
        previous, expected, horizon = row.digest, row.id + 1, row.horizon
    findings += _cut_off(connection, expected, {row.id: row.digest for row in seals}, kept or {})
    findings += _inserted(connection, horizon)
    unsealed = _unsealed(connection)
    return Verdict(checked, len(seals), unsealed, tuple(findings))


def _cut_off(
    connection: Connection, expected: int, seals: Mapping[int, str], kept: Mapping[int, str]
) -> Iterator[Finding]:
    """Seals that were there: their members are left, or their digests were kept elsewhere."""
    left = select(_members.c.seal_id).where(_members.c.seal_id >= expected).distinct()
    gone = set(connection.execute(left).scalars()) | {each for each in kept if each >= expected}
    yield from (Finding("seal-missing", seal_id=number) for number in sorted(gone))
    for number, digest in sorted(kept.items()):
        if number in seals and seals[number] != digest:
            yield Finding("seal-edited", seal_id=number)


def _check_block(connection: Connection, seal_row: Any) -> tuple[int, list[Finding]]:
    statement = (
        select(_members.c.entry_id.label("member"), _members.c.place, *_entries.c)
        .outerjoin(_entries, _entries.c.id == _members.c.entry_id)
        .where(_members.c.seal_id == seal_row.id)
        .order_by(_members.c.place)
    )
    findings: list[Finding] = []
    digests: list[str] = []
    for place, row in enumerate(connection.execute(statement).mappings()):
        if row["place"] != place:
            findings.append(Finding("removed", seal_id=seal_row.id))
        if row["id"] is None:
            findings.append(Finding("removed", row["member"], seal_row.id))
            continue
        findings += _check_entry(row, seal_row.id)
        digests.append(row["digest"])
    if len(digests) != seal_row._mapping["count"] and not findings:
        findings.append(Finding("removed", seal_id=seal_row.id))
    if merkle_root(digests) != seal_row.root and not findings:
        findings.append(Finding("edited", seal_id=seal_row.id))
    return len(digests), findings


def _check_entry(row: Any, seal_id: int) -> Iterator[Finding]:
    header = {name: row[name] for name in (*HEADER, *BEHALF)} | {"at": plain(_utc(row["at"]))}
    if entry_digest(header, row["hashes"]) != row["digest"]:
        yield Finding("edited", row["id"], seal_id)
    again = field_hashes(row["salt"], row["changes"])
    if any(row["hashes"].get(name) != value for name, value in again.items()):
        yield Finding("value-edited", row["id"], seal_id)


def _inserted(connection: Connection, horizon: int) -> list[Finding]:
    """Entries that no seal covers though they claim a transaction, or on SQLite a number, that was sealed over."""
    free = _unsealed_entries(_entries.c.id)
    if horizon:
        free = free.where(_entries.c["transaction"] < horizon)
    else:
        last = select(func.max(_members.c.entry_id)).scalar_subquery()
        free = free.where(_entries.c.id < last)
    return [Finding("inserted", row.id) for row in connection.execute(free)]


def _unsealed(connection: Connection) -> int:
    return int(connection.execute(_unsealed_entries(func.count())).scalar_one())


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
