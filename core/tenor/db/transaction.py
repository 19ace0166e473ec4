"""A connection with its transaction, which can be ended and followed by another one on the same connection."""

from __future__ import annotations

from threading import local
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from tenor.db import waiting

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from tenor.db.lock import FairLock

_here: Final = local()


class Transaction:
    """Committed at the end of its ``with`` block, undone by an exception out of it.

    Args:
        engine: whose connection it takes.
        write: whether it may write.
        turn: waited for before each beginning, given up at each end; None where the database keeps order itself.
        snapshot: whether all that is read in it is one state of the database, as on SQLite it always is.
    """

    def __init__(
        self, engine: Engine, *, write: bool, turn: FairLock | None, snapshot: bool = False
    ) -> None:
        self._engine = engine
        self._write = write
        self._turn = turn if write else None
        self._snapshot = snapshot and engine.dialect.name == "postgresql"
        self._open = False
        self.connection: Connection

    def __enter__(self) -> Self:
        self._take_turn()
        try:
            self.connection = self._engine.connect()
        except BaseException:
            self._give_up_turn()
            raise
        try:
            if self._snapshot:  # until the connection is given back
                self.connection.execution_options(isolation_level="REPEATABLE READ")
            self._begin()
        except BaseException:
            self.connection.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._open:
                self._end(commit=error is None)
        finally:
            self.connection.close()

    def pause(self) -> None:
        """Commit; until ``resume`` there is no transaction."""
        self._end(commit=True)

    def resume(self) -> None:
        """Begin anew."""
        self._take_turn()
        self._begin()

    def _begin(self) -> None:
        try:
            self.connection.begin()
        except BaseException:
            self._give_up_turn()
            raise
        self._open = True
        _here.writing = writing_here() + self._write

    def _end(self, *, commit: bool) -> None:
        self._open = False
        _here.writing = writing_here() - self._write
        try:
            if commit:
                waiting.tell(self.connection)  # while what fails is still undone with all the rest
                self.connection.commit()
            else:
                self.connection.rollback()
        finally:
            self._give_up_turn()

    def _take_turn(self) -> None:
        if self._turn is not None:
            self._turn.acquire()

    def _give_up_turn(self) -> None:
        if self._turn is not None:
            self._turn.release()


def writing_here() -> int:
    """How many writing transactions this thread has open."""
    return getattr(_here, "writing", 0)
