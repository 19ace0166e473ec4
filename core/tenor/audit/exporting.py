"""Entries as a file that proves itself to somebody who has nothing of ours: every seal with its time stamp, each entry
with the path from its digest to the root of its seal. ``checking_export`` checks it, alone.

Values that the person may not see are left out, and their salts with them: their hashes stand, and tell nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select

from tenor.audit.entries import plain
from tenor.audit.hashing import BEHALF, HEADER, canonical, field_salt
from tenor.audit.journals import of_entry
from tenor.audit.merkle import paths
from tenor.audit.records import LedgerEntry, Seal, SealMember, SealStamp

FORMAT: Final = "tenor-ledger-1"
_PAGE: Final = 500
_entries: Any = LedgerEntry.__table__
_seals: Any = Seal.__table__
_members: Any = SealMember.__table__
_stamps: Any = SealStamp.__table__


def lines(
    connection: Connection,
    now: datetime,
    where: Sequence[ColumnElement[bool]],
    hidden: Mapping[str, frozenset[str]],
) -> Iterator[str]:
    """The lines of the file, each with its end.

    Args:
        where: which entries.
        hidden: of each table the fields whose values are left out.
    """
    whole = sha256()
    for value in _values(connection, now, where, hidden):
        line = f"{canonical(value)}\n"
        whole.update(line.encode())
        yield line
    yield f"{canonical({'sha256': whole.hexdigest()})}\n"


def _values(
    connection: Connection,
    now: datetime,
    where: Sequence[ColumnElement[bool]],
    hidden: Mapping[str, frozenset[str]],
) -> Iterator[Any]:
    yield {"format": FORMAT, "made_at": plain(now)}
    statement = (
        select(_seals, _stamps.c.response)
        .outerjoin_from(_seals, _stamps, _stamps.c.seal_id == _seals.c.id)
        .order_by(_seals.c.id)
    )
    for row in connection.execute(statement):
        count = row._mapping["count"]
        told = [row.id, plain(_utc(row.at)), count, row.horizon, row.root, row.previous, row.digest]
        yield {"seal": told} if row.response is None else {"seal": told, "stamp": row.response}

    @lru_cache(maxsize=2)
    def leaves(seal_id: int) -> list[str]:
        statement = select(_members.c.leaf).where(_members.c.seal_id == seal_id)
        return list(connection.execute(statement.order_by(_members.c.place)).scalars())

    last = -(2**62)
    while True:
        page = _page(connection, where, last)
        ways = _paths(page, leaves)
        for row in page:
            yield _entry(row, hidden.get(row.table_name, frozenset()), ways.get(row.id))
        if len(page) < _PAGE:
            return
        last = page[-1].id


def _page(connection: Connection, where: Sequence[ColumnElement[bool]], last: int) -> Sequence[Any]:
    statement = (
        select(_entries, _members.c.seal_id, _members.c.place)
        .outerjoin_from(_entries, _members, of_entry(_entries))
        .where(*where, _entries.c.id > last)
        .order_by(_entries.c.id)
        .limit(_PAGE)
    )
    return connection.execute(statement).all()


def _paths(page: Sequence[Any], leaves: Any) -> dict[int, Any]:
    ways: dict[int, Any] = {}
    for seal_id in sorted({row.seal_id for row in page if row.seal_id is not None}):
        rows = [row for row in page if row.seal_id == seal_id]
        found = paths(leaves(seal_id), [row.place for row in rows])
        ways |= {row.id: found[row.place] for row in rows}
    return ways


def _entry(row: Any, hidden: frozenset[str], path: Any) -> dict[str, Any]:
    head = {name: getattr(row, name) for name in (*HEADER, *BEHALF)}
    head["at"] = plain(_utc(row.at))
    shown = {
        name: pair for name, pair in row.changes.items() if name.partition(".")[0] not in hidden
    }
    salts = row.salts or {}
    told = {
        "id": row.id,
        "head": head,
        "hashes": row.hashes,
        "values": {
            name: [salts.get(name) or field_salt(row.salt, name), pair]
            for name, pair in shown.items()
        },
        "withheld": sorted(row.hashes.keys() - shown.keys()),
    }
    if row.seal_id is None:
        return {"entry": told, "seal": None}
    return {"entry": told, "seal": row.seal_id, "place": row.place, "path": path}


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
