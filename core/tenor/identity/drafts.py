"""Keeps what somebody had typed when their session ended, until they saved it, dropped it, or a day is over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from tenor.identity.records import Draft

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_drafts: Any = Draft.__table__
_KEPT: Final = timedelta(days=1)
#: drafts of one person, and characters of one
MOST: Final = 10
LONGEST: Final = 200_000
_PATH: Final = 300


@dataclass(frozen=True)
class Kept:
    """A draft as its form shows it.

    Args:
        fields: names and texts of inputs, in their order.
        at: when it was kept.
    """

    fields: Sequence[tuple[str, str]]
    at: datetime


class Drafts:
    """The drafts of an institution.

    Args:
        kernel: whose they are.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def keep(self, user_id: int, path: str, fields: Sequence[tuple[str, str]]) -> bool:
        """Keep a draft in the place of the one before; whether it could be: what is too long can't."""
        if len(path) > _PATH or len(json.dumps(fields, ensure_ascii=False)) > LONGEST:
            return False
        now = self._kernel.clock.now()
        values = {"user_id": user_id, "path": path, "fields": [list(pair) for pair in fields]}
        with self._kernel.db.raw() as connection:
            connection.execute(delete(_drafts).where(*_of(user_id, path)))
            connection.execute(
                insert(_drafts).values(version=1, created_at=now, changed_at=now, **values)
            )
            _forget_oldest(connection, user_id)
        return True

    def of(self, ctx: KernelContext, path: str) -> Kept | None:
        """The draft of whoever asks, of the form at this address."""
        wanted = (*_of(ctx.actor.id, path), _drafts.c.created_at > ctx.now - _KEPT)
        statement = select(_drafts.c.fields, _drafts.c.created_at).where(*wanted)
        row = self._kernel.db.execute(ctx.guarded, statement).first()
        if row is None:
            return None
        return Kept([(str(name), str(text)) for name, text in row.fields], row.created_at)

    def forget(self, ctx: KernelContext, path: str) -> None:
        """Drop the draft of whoever asks: it is saved, or isn't wanted."""
        self._kernel.db.execute(ctx.guarded, delete(_drafts).where(*_of(ctx.actor.id, path)))

    def prune(self, ctx: KernelContext) -> None:
        """Drop those that a day is over of."""
        old = _drafts.c.created_at <= ctx.now - _KEPT
        self._kernel.db.execute(ctx.session, delete(_drafts).where(old))


def _of(user_id: int, path: str) -> tuple[Any, ...]:
    return (_drafts.c.user_id == user_id, _drafts.c.path == path)


def _forget_oldest(connection: Connection, user_id: int) -> None:
    """Drop those of a person that are too many."""
    newest = select(_drafts.c.id).where(_drafts.c.user_id == user_id)
    newest = newest.order_by(_drafts.c.id.desc()).limit(MOST)
    kept = connection.execute(newest).scalars().all()
    others = delete(_drafts).where(_drafts.c.user_id == user_id, _drafts.c.id.not_in(kept))
    connection.execute(others)
