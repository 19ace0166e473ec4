"""Entries, and rows of journals, as a file that proves itself to somebody who has nothing of ours: every seal with its
time stamp, each entry and row with the path from its leaf to the root of its seal. ``checking_export`` checks it,
alone.

Values that the person may not see are left out, and their salts with them: their hashes stand, and tell nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, select

from tenor.audit.entries import plain
from tenor.audit.exporting_rows import MEMBERSHIP, secrets, told_of_row
from tenor.audit.hashing import BEHALF, HEADER, canonical, salt_of
from tenor.audit.journals import name_of, of_entry
from tenor.audit.merkle import paths
from tenor.audit.records import LedgerEntry, Seal, SealMember, SealStamp
from tenor.audit.seals import said_by_seal

FORMAT: Final = "tenor-ledger-2"
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
    rows: Mapping[Table, Sequence[ColumnElement[bool]]] | None = None,
    known: frozenset[str] | None = None,
) -> Iterator[str]:
    """The lines of the file, each with its end.

    Args:
        where: which entries.
        hidden: of each table the fields whose values are left out.
        rows: of each journal, which rows; none of the others.
        known: the tables of which it is known what may be shown; of others no value is. None: all are.
    """
    whole = sha256()
    for value in _values(connection, now, where, hidden, rows or {}, known):
        line = f"{canonical(value)}\n"
        whole.update(line.encode())
        yield line
    yield f"{canonical({'sha256': whole.hexdigest()})}\n"


def _values(
    connection: Connection,
    now: datetime,
    where: Sequence[ColumnElement[bool]],
    hidden: Mapping[str, frozenset[str]],
    rows: Mapping[Table, Sequence[ColumnElement[bool]]],
    known: frozenset[str] | None,
) -> Iterator[Any]:
    yield {"format": FORMAT, "made_at": plain(now)}
    last = 0
    seals = (
        select(_seals, _stamps.c.response)
        .outerjoin_from(_seals, _stamps, _stamps.c.seal_id == _seals.c.id)
        .order_by(_seals.c.id)
    )
    for row in connection.execute(seals, execution_options={"yield_per": _PAGE}):
        last = row.id
        told = [*said_by_seal(row).told(), row.digest]
        yield {"seal": told} if row.response is None else {"seal": told, "stamp": row.response}
    proofs = _Proofs(connection)
    for page in _pages(connection, _entries, where, last):
        for row, proof in proofs.of(page):
            unknown = known is not None and row.table_name not in known
            shut = row.changes.keys() if unknown else hidden.get(row.table_name, frozenset())
            yield {"entry": _entry(row, shut), **proof}
    for journal, which in rows.items():
        shut = hidden.get(journal.name, frozenset()) | secrets(journal)
        for page in _pages(connection, journal, which, last):
            for row, proof in proofs.of(page):
                yield {"row": told_of_row(journal, row, shut), **proof}


def _pages(
    connection: Connection, source: Any, where: Sequence[ColumnElement[bool]], sealed: int
) -> Iterator[Sequence[Any]]:
    """The rows of the ledger, or of a journal, each with its membership.

    Args:
        sealed: the last seal in the file: what a later one covers, as it came meanwhile, isn't sealed here.
    """
    last = -(2**62)
    member = and_(of_entry(source, name_of(source)), _members.c.seal_id <= sealed)
    while True:
        statement = (
            select(source, *MEMBERSHIP)
            .outerjoin_from(source, _members, member)
            .where(*where, source.c.id > last)
            .order_by(source.c.id)
            .limit(_PAGE)
        )
        page = connection.execute(statement).all()
        yield page
        if len(page) < _PAGE:
            return
        last = page[-1].id


class _Proofs:
    """The paths from leaves to the roots of their seals."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._leaves = lru_cache(maxsize=2)(self._read)

    def of(self, page: Sequence[Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
        """Each row, with what proves it: of one that isn't sealed nothing does."""
        ways = {}
        for seal_id in sorted({row.of_seal for row in page if row.of_seal is not None}):
            places = [row.of_place for row in page if row.of_seal == seal_id]
            ways[seal_id] = paths(self._leaves(seal_id), places)
        for row in page:
            if row.of_seal is None:
                yield row, {"seal": None}
                continue
            path = ways[row.of_seal][row.of_place]
            yield row, {"seal": row.of_seal, "place": row.of_place, "path": path}

    def _read(self, seal_id: int) -> list[str]:
        statement = select(_members.c.leaf).where(_members.c.seal_id == seal_id)
        return list(self.connection.execute(statement.order_by(_members.c.place)).scalars())


def _entry(row: Any, hidden: AbstractSet[str]) -> dict[str, Any]:
    head = {name: getattr(row, name) for name in (*HEADER, *BEHALF)}
    head["at"] = plain(_utc(row.at))
    shown = {
        name: pair
        for name, pair in row.changes.items()
        if name not in hidden and name.partition(".")[0] not in hidden
    }
    salts = row.salts or {}
    return {
        "id": row.id,
        "head": head,
        "hashes": row.hashes,
        "values": {
            name: [salts.get(name) or salt_of(row.salt, name, pair), pair]
            for name, pair in shown.items()
        },
        "withheld": sorted(row.hashes.keys() - shown.keys()),
    }


def _utc(value: datetime) -> datetime:
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
