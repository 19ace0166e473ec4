"""Parts of a transaction that can fail by themselves: what a plugin is called for, or somebody does under a savepoint.

A part in which nothing is asked of the database and nothing is changed, which is what most are, leaves nothing to be
undone: it costs no savepoint, and SQLAlchemy isn't told of it. The others it is told of as soon as anything happens on
the connection, whoever makes it happen: what a sibling session writes within is undone with them.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from tenor.db.waiting import waiting_on

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy.orm import SessionTransaction

    from tenor.db.session import GuardedSession
    from tenor.db.state import SessionState


class Section(AbstractContextManager[None]):
    """One part, of one session."""

    __slots__ = ("_captured", "_changed", "_nested", "_over", "_session", "_state", "_waiting")

    def __init__(self, session: GuardedSession, state: SessionState) -> None:
        self._session = session
        self._state = state

    @property
    def opened(self) -> bool:
        """Whether anything happened in it."""
        return self._nested is not None

    def __enter__(self) -> None:
        state = self._state
        self._nested: SessionTransaction | None = None
        self._over = False
        self._session.flush()
        self._captured, self._changed = len(state.captured), len(state.changed)
        self._waiting = waiting_on(state.connection)
        self._waiting.sections.append(self)

    def open(self) -> None:
        """Something is about to happen."""
        session = self._session
        with session.unflushed():  # nothing is pending that was there before
            self._nested = Session.begin_nested(session)
        Session.connection(session)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.undo()
            return
        try:
            self._session.flush()
            if self._nested is not None:
                self._nested.commit()
                return
        except BaseException:
            self.undo()
            raise
        self._waiting.sections.remove(self)

    def undo(self) -> None:
        """It failed: nothing of it stays."""
        if self._over:
            return
        self._over = True
        state, session = self._state, self._session
        if state.ctx is not None:
            state.ctx.lasting.undone = True
            state.ctx.within.forget()
        if self._nested is None:
            self._waiting.sections.remove(self)
            with session.unflushed():
                self._nested = Session.begin_nested(session)
        self._nested.rollback()
        del state.captured[self._captured :]
        del state.changed[self._changed :]
        # what was computed anew within was told to records that the savepoint doesn't know as changed
        session.expire_all()
