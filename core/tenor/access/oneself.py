"""Nobody settles what they may do themselves: their positions, roles and unit, and whether their account is in use, are
another's to give and to take.

Taken as well, since a restriction may hold for those who hold something. What is given on the server itself, as to the
first administrator, is given by nobody who works here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import inspect

from tenor.access.actors import ActorData
from tenor.access.records import User, UserPosition, UserRole
from tenor.db.state import SessionState
from tenor_sdk.errors import Forbidden
from tenor_sdk.records import Record

#: of a user: where their rights reach, and whether they have any
_SETTLED: Final = ("unit_id", "active", "archived")


def check(state: SessionState, record: Record, giver: ActorData | None) -> None:
    """Refuse a write by which somebody would settle it of themselves, or of the one in whose place they act.

    Args:
        giver: in whose place it is made; None where it is by one's own rights alone.

    Raises:
        Forbidden: ``own-rights``.
    """
    if not isinstance(record, (User, UserPosition, UserRole)) or state.ctx is None:
        return
    acting = {state.ctx.actor.id} if giver is None else {state.ctx.actor.id, giver.id}
    if not acting.isdisjoint(_whose(record)):
        raise Forbidden("own-rights", what=type(record).called())


def _whose(record: User | UserPosition | UserRole) -> Iterator[Any]:
    """The users whose rights a write settles: before it and after it."""
    if not isinstance(record, User):
        yield record.user_id
        yield from inspect(record).attrs.user_id.history.deleted or ()
    elif any(inspect(record).attrs[name].history.has_changes() for name in _SETTLED):
        yield record.id
