"""Making entries: from changes to rows of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect

from tenor.audit.hashing import entry_digest, field_hashes, new_salt
from tenor_sdk.columns import CustomType
from tenor_sdk.journals import GIVEN
from tenor_sdk.records import Record, info_of
from tenor_sdk.values import Amount, Money, Rate

if TYPE_CHECKING:
    from tenor.access.actors import ActorData
    from tenor.db.changes import Change
    from tenor.db.state import SessionState

_NOISE = frozenset(("id", "version", "created_at", "created_by_id", "changed_at", "changed_by_id"))
#: Stands for the value of a secret field: that it changed is on record, what it was isn't.
SECRET = "•"


def plain(value: Any) -> Any:
    """A value as the ledger keeps it: JSON; amounts in minor units, rates in billionths, times in UTC."""
    if isinstance(value, Amount):
        return value.minor
    if isinstance(value, Rate):
        return value.nano
    if isinstance(value, Money):
        return [value.minor, value.currency]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def changes_of(change: Change) -> dict[str, list[Any]]:
    """For each field that says something its value before and after."""
    mapper = inspect(type(change.record))
    names = [name for name in {**change.old, **change.new} if name not in _NOISE]
    pairs = {
        name: [plain(change.old.get(name)), plain(change.new.get(name))] for name in sorted(names)
    }
    for name in [name for name in names if isinstance(mapper.columns[name].type, CustomType)]:
        pairs |= _custom(name, *pairs.pop(name))
    names = list(pairs)
    secrets = {
        name for name in names if name in mapper.columns and info_of(mapper.columns[name]).secret
    }
    said = {
        name: [SECRET if value is not None else None for value in pair] if name in secrets else pair
        for name, pair in pairs.items()
        if name in secrets or pair[0] != pair[1]
    }
    return {**said, **{name: [None, what] for name, what in change.told.items()}}


def told_of(kind: type[Record], row: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What a row of a journal says, as the changes of an entry."""
    columns = inspect(kind).columns
    return {
        name: [None, SECRET if info_of(columns[name]).secret else plain(value)]
        for name, value in row.items()
        if value is not None and name not in _NOISE and name not in GIVEN
    }


def _custom(column: str, old: Any, new: Any) -> dict[str, list[Any]]:
    """Each of an institution's own fields under its own name, from its value before to that after."""
    before, after = old or {}, new or {}
    return {
        f"{column}.{key}": [before.get(key), after.get(key)] for key in sorted({*before, *after})
    }


def entry(
    state: SessionState,
    kind: str,
    *,
    table: str = "",
    record_id: int | None = None,
    changes: Mapping[str, Any] | None = None,
    procedure: str = "",
    reason: str = "",
    behalf: ActorData | None = None,
    salt: str = "",
) -> dict[str, Any]:
    """One row of the ledger, with its hashes.

    Args:
        behalf: in whose place it was done; by default in whose place the session works.
        salt: where it isn't one like any other.
    """
    ctx = state.ctx
    assert ctx is not None  # only admitted sessions write
    behalf = behalf or state.behalf
    at, changes, salt = ctx.now, dict(changes or {}), salt or new_salt()
    hashes = field_hashes(salt, changes)
    header = {
        "at": plain(at),
        "actor_id": ctx.actor.id or None,
        "actor_name": ctx.actor.name,
        "behalf_of_id": behalf.id if behalf else None,
        "behalf_of_name": behalf.name if behalf else "",
        "kind": kind,
        "table_name": table,
        "record_id": record_id,
        "procedure": procedure,
        "elevation": state.elevation,
        "reason": reason,
        "request_id": ctx.request_id,
    }
    digest = entry_digest(header, hashes)
    stamps = {"version": 1, "created_at": at, "changed_at": at, "created_by_id": header["actor_id"]}
    return {
        **header,
        **stamps,
        "at": at,
        "changes": changes,
        "hashes": hashes,
        "salt": salt,
        "digest": digest,
    }


def entry_of(state: SessionState, change: Change) -> dict[str, Any]:
    """The row for one record's change."""
    record: Record = change.record
    identity = inspect(record).dict.get("id")
    return entry(
        state,
        change.kind,
        table=type(record).__tablename__,
        record_id=identity,
        changes=changes_of(change),
        procedure=change.procedure,
        behalf=change.behalf,
    )
