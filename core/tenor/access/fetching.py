"""A record that is about to be changed: read, and asked of the same row whether the person may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import inspect

from tenor.access.rights import parent_of
from tenor.db import gate, listeners
from tenor.db.state import SessionState, state_of
from tenor_sdk.records import Record

R = TypeVar("R", bound=Record)

if TYPE_CHECKING:
    from tenor.context import KernelContext


def fetch(ctx: KernelContext, record: type[R], identity: int, verb: str) -> R | None:
    """A row that the person may read, with what the judge of writes will ask of it; None where there is none.

    Args:
        verb: what it is fetched for.
    """
    state = state_of(ctx.session)
    covers = state.rights.criteria(record, verb) if state.rights is not None else None
    asked = (record.__tablename__, identity, verb)
    if covers is None or verb == "read" or asked in state.cleared or _isnt_alone(record):
        return _read(ctx, state, record, identity)
    row = _row(ctx, state, record, identity, verb)
    if row is None:
        return None
    found: R = row[0]
    if row[1]:
        state.cleared[asked] = found.version
    return found


def _row(
    ctx: KernelContext, state: SessionState, record: type[Record], identity: int, verb: str
) -> Any:
    """It goes past the session's guard, with the criteria that this would add: who listens there is looked at here."""
    assert state.rights is not None
    listeners.check(ctx.session)
    statement = state.rights.one(record, verb)
    return ctx.session.execute(
        statement, {"its_id": identity}, execution_options=gate.MARKED
    ).first()


def _read(ctx: KernelContext, state: SessionState, record: type[R], identity: int) -> R | None:
    """A row by the rights to read it, which were found if it wasn't there before; else by the session's own guard."""
    key = record.__mapper__.identity_key_from_primary_key((identity,))
    if state.rights is None or key in ctx.session.identity_map:
        return ctx.session.get(record, identity)
    if _isnt_alone(record):
        found = ctx.session.get(record, identity)
    else:
        row = _row(ctx, state, record, identity, "read")
        found = row[0] if row is not None else None
    if found is not None:
        state.cleared[record.__tablename__, identity, "read"] = found.version
    return found


def cleared(state: SessionState, record: Record, verb: str) -> bool:
    """Whether that was found of the row as it lies in the database: a change of it would have counted its version
    up, and the change that is judged now would miss it."""
    found = state.cleared.get((type(record).__tablename__, record.id, verb))
    if found is None:  # nor has a record that is known by its number alone a version
        return False
    return bool(found == inspect(record).committed_state.get("version", record.version))


def _isnt_alone(record: type[Record]) -> bool:
    """Whether its rights are another record's, or rows of others are read with it, which the guard has to see."""
    relations = record.__mapper__.relationships
    return parent_of(record) is not None or any(
        each.lazy in ("joined", False) for each in relations
    )
