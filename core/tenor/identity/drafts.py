"""Keeps what somebody had typed when their session ended, until they saved it, dropped it, or a day is over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, or_, select

from tenor.events.rows import inserting
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
#: between the address of a form and the opening of it
_APART: Final = "#"


@dataclass(frozen=True)
class Kept:
    """A draft as its form shows it.

    Args:
        fields: names and texts of inputs, in their order.
        at: when it was kept.
        key: by which it is dropped.
    """

    fields: Sequence[tuple[str, str]]
    at: datetime
    key: str


class TooLong(ValueError):
    """What was typed is more than is kept."""


class Drafts:
    """The drafts of an institution.

    Args:
        kernel: whose they are.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def keep(self, user_id: int, key: str, fields: Sequence[tuple[str, str]]) -> None:
        """Keep a draft, in the place of the one before of the same key.

        Args:
            key: of the form as it was opened, see ``key_of``.

        Raises:
            TooLong: there is more than is kept.
        """
        if len(key) > _PATH or len(json.dumps(fields, ensure_ascii=False)) > LONGEST:
            raise TooLong(key[:_PATH])
        now = self._kernel.clock.now()
        values = {"fields": [list(pair) for pair in fields], "created_at": now, "changed_at": now}
        made = inserting(self._kernel.db.dialect)(_drafts)
        made = made.values(version=1, user_id=user_id, path=key, **values)
        with self._kernel.db.raw() as connection:
            connection.execute(
                made.on_conflict_do_update(index_elements=["user_id", "path"], set_=values)
            )
            _forget_oldest(connection, user_id)

    def of(self, ctx: KernelContext, path: str) -> Kept | None:
        """The latest draft of whoever asks, of the form at this address."""
        columns = _drafts.c
        of_it = or_(columns.path == path, columns.path.startswith(path + _APART, autoescape=True))
        wanted = (columns.user_id == ctx.actor.id, of_it, columns.created_at > ctx.now - _KEPT)
        statement = select(columns.fields, columns.created_at, columns.path).where(*wanted)
        latest = statement.order_by(columns.created_at.desc(), columns.id.desc()).limit(1)
        row = self._kernel.db.execute(ctx.guarded, latest).first()
        if row is None:
            return None
        fields = [(str(name), str(text)) for name, text in row.fields]
        return Kept(fields, row.created_at, row.path)

    def forget(self, ctx: KernelContext, key: str) -> None:
        """Drop a draft of whoever asks: it is saved, or isn't wanted."""
        if not key.isprintable():  # no key of ours
            return
        own = (_drafts.c.user_id == ctx.actor.id, _drafts.c.path == key)
        self._kernel.db.execute(ctx.guarded, delete(_drafts).where(*own))

    def prune(self, ctx: KernelContext) -> None:
        """Drop those that a day is over of."""
        old = _drafts.c.created_at <= ctx.now - _KEPT
        self._kernel.db.execute(ctx.session, delete(_drafts).where(old))


def key_of(path: str, opened: str, before: str) -> str:
    """By what a draft is known: the form's address and the opening of it, as two may be open at once.

    Args:
        opened: the word that the form bears once.
        before: the key of the draft with which it began; what is kept of it now takes the place of that.
    """
    # no word of ours has other signs, and of those PostgreSQL keeps not every one
    opened, before = opened if opened.isprintable() else "", before if before.isprintable() else ""
    if before == path or before.startswith(path + _APART):
        return before
    return f"{path}{_APART}{opened}" if opened else path


def _forget_oldest(connection: Connection, user_id: int) -> None:
    """Drop those of a person that are too many."""
    newest = select(_drafts.c.id).where(_drafts.c.user_id == user_id)
    newest = newest.order_by(_drafts.c.created_at.desc(), _drafts.c.id.desc()).limit(MOST)
    kept = connection.execute(newest).scalars().all()
    others = delete(_drafts).where(_drafts.c.user_id == user_id, _drafts.c.id.not_in(kept))
    connection.execute(others)
