"""Erasing values in the ledger that two people decided to erase (``tenor.base.erasing``): their hashes stay, so that
every seal stays whole; their salts go, so that what was erased can't be found by trying."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from tenor.audit import set_based
from tenor.audit.asking import of_record
from tenor.audit.hashing import salt_of
from tenor.audit.holds import Kinds, is_held
from tenor.audit.notes import ERASED, KINDS, ranges_of
from tenor.audit.records import Erasure, LedgerEntry
from tenor.audit.unlocking import check_owner, unlocked

if TYPE_CHECKING:
    #: writes an entry of the kernel's own: kind, table, number, reason, changes
    Note = Callable[..., None]

_entries: Any = LedgerEntry.__table__
_erasures: Any = Erasure.__table__


def erase(connection: Connection, now: datetime, kinds: Kinds, note: Note) -> int:
    """Carry out what was approved and isn't carried out yet; how many values that were. On the owner's connection, in a
    transaction. What is under a legal hold by now waits until that ends.

    Args:
        kinds: the records by their tables.

    Raises:
        Refused: ``not-the-owner``.
    """
    check_owner(connection, _entries.name)
    waiting = connection.execute(
        select(_erasures)
        .where(_erasures.c.state == "approved", _erasures.c.done_at.is_(None))
        .order_by(_erasures.c.id)
    ).all()
    erased = 0
    for erasure in waiting:
        if is_held(connection, kinds, erasure.table_name, erasure.record_id):
            continue
        with unlocked(connection, _entries.name):
            ids, count = _erase_one(connection, erasure)
            chunks, values = _erase_among(connection, erasure)
        count += values
        erased += count
        changes = {"entries": ranges_of(ids), "fields": erasure.fields.split()}
        if chunks:
            changes["among"] = ranges_of(chunks)
        note(
            connection, ERASED, table=erasure.table_name, record_id=erasure.record_id,
            reason=erasure.reason, changes={**changes, "erasure": erasure.id, "values": count},
        )  # fmt: skip
        done = update(_erasures).where(_erasures.c.id == erasure.id)
        connection.execute(done.values(done_at=now, version=_erasures.c.version + 1))
    return erased


def _erase_one(connection: Connection, erasure: Any) -> tuple[list[int], int]:
    fields = frozenset(erasure.fields.split())
    rows = connection.execute(
        select(_entries.c.id, _entries.c.changes, _entries.c.salt, _entries.c.salts)
        .where(
            _entries.c.table_name == erasure.table_name,
            _entries.c.record_id == erasure.record_id,
            _entries.c.kind.not_in(
                KINDS
            ),  # a record may have a field of the name by which a note says something
        )
        .order_by(_entries.c.id)
    ).all()
    ids, count = [], 0
    for row in rows:
        gone = fields & row.changes.keys()
        if not gone:
            continue
        kept = {name: pair for name, pair in row.changes.items() if name not in gone}
        values = {"changes": kept, "salt": "", "salts": _salts(row, kept)}
        connection.execute(update(_entries).where(_entries.c.id == row.id).values(values))
        ids.append(row.id)
        count += len(gone)
    return ids, count


def _erase_among(connection: Connection, erasure: Any) -> tuple[list[int], int]:
    """What stood in the record before set-based work, in the entries of whole chunks."""
    fields = frozenset(erasure.fields.split())
    of_one = of_record(erasure.table_name, erasure.record_id, connection.dialect.name)
    rows = connection.execute(
        select(_entries.c.id, _entries.c.changes, _entries.c.salt, _entries.c.salts)
        .where(of_one, _entries.c.record_id.is_(None))
        .order_by(_entries.c.id)
    ).all()
    ids, total = [], 0
    for row in rows:
        salts = _salts(row, row.changes)
        kept, salts, count = set_based.without(row.changes, salts, erasure.record_id, fields)
        if not count:
            continue
        values = {"changes": kept, "salt": "", "salts": salts}
        connection.execute(update(_entries).where(_entries.c.id == row.id).values(values))
        ids.append(row.id)
        total += count
    return ids, total


def _salts(row: Any, kept: Mapping[str, Any]) -> dict[str, Any]:
    there: Mapping[str, Any] | None = row.salts
    if there is not None:
        return {name: there[name] for name in kept if name in there}
    return {name: salt_of(row.salt, name, pair) for name, pair in kept.items()}
