"""What a connection has yet to be told: savepoints in which nothing has happened so far, and rows of the kernel's
journals that nobody has asked about. It is told before the next statement, whoever makes that, and before a commit;
what was undone until then is never told.

So a savepoint around what touches no row costs nothing, and rows that would have been written one after the other go
together. On SQLite, where a statement costs no journey, rows are written at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, Insert, event

from tenor.db import gate
from tenor.db.together import Write, write_together

_KEY: Final = "tenor_waiting"
#: how many rows wait at most: each number of them is a statement of its own
_MOST: Final = 16
_BIT_BY_BIT: Final = frozenset(("stream_results", "yield_per"))


@dataclass(eq=False)
class _Savepoint:
    """A savepoint that somebody opened.

    Args:
        name: as SQLAlchemy calls it.
        told: its name in the database; empty while that doesn't know of it.
        quiet: whether rows were only read since.
    """

    name: str
    told: str = ""
    quiet: bool = True


class Opens(Protocol):
    """A part of a transaction in which something may happen."""

    def open(self) -> None:
        """It is about to."""


class Waiting:
    """What waits on one connection.

    Attributes:
        open: savepoints, outermost first.
        left: one that is over, though the database wasn't told so: the next one takes its place where rows were only
            read since, and ends it elsewhere.
        queue: rows and savepoints in their order.
        sections: parts in which nothing has happened so far, outermost first; see ``tenor.db.sections``.
    """

    def __init__(self) -> None:
        self.open: list[_Savepoint] = []
        self.left: _Savepoint | None = None
        self.queue: list[Write | _Savepoint] = []
        self.sections: list[Opens] = []
        self.telling = False

    def forget(self) -> None:
        """The transaction is over."""
        self.left = None
        self.open.clear()
        self.queue.clear()
        self.sections.clear()

    def open_sections(self) -> None:
        """Something is about to happen in the innermost part, and so in all around it."""
        sections, self.sections = self.sections, []
        for each in sections:
            each.open()

    # -- savepoints -------------------------------------------------------------------------------------------------

    def begin(self, name: str) -> None:
        """Open a savepoint."""
        made = _Savepoint(name)
        self.open.append(made)
        if self.left is not None and self.left.quiet and not self.queue:
            made.told, self.left = self.left.told, None
        else:
            self.queue.append(made)

    def release(self, name: str) -> None:
        """What happened since a savepoint stays."""
        over = self._up_to(name)
        if over.told:
            self.left = over
        else:
            self.queue.remove(over)

    def undo(self, connection: Connection, name: str) -> None:
        """What happened since a savepoint is undone."""
        over = self._up_to(name)
        if not over.told:
            del self.queue[self.queue.index(over) :]
            return
        self.queue.clear()
        self._say(connection, f"ROLLBACK TO SAVEPOINT {over.told}")
        self.left, over.quiet = over, True

    def _up_to(self, name: str) -> _Savepoint:
        while True:
            over = self.open.pop()
            if over.name == name:
                return over

    # -- telling ----------------------------------------------------------------------------------------------------

    def before(self, connection: Connection, statement: str, context: Any) -> None:
        """A statement is about to be executed."""
        if self.sections:
            self.open_sections()
        if self.queue:
            self.tell(connection)
        if not _only_reads(statement, context):
            self._changed()

    def tell(self, connection: Connection) -> None:
        """Tell all that waits."""
        queue, self.queue = self.queue, []
        rows: list[Write] = []
        for each in queue:
            if isinstance(each, _Savepoint):
                self._write(connection, rows)
                rows = []
                self._begin(connection, each)
            elif _goes_with(each, rows):
                rows.append(each)
            else:
                self._write(connection, rows)
                rows = [each]
        self._write(connection, rows)

    def _begin(self, connection: Connection, made: _Savepoint) -> None:
        if self.left is not None:
            self._say(connection, f"RELEASE SAVEPOINT {self.left.told}")
            self.left = None
        self._say(connection, f"SAVEPOINT {made.name}")
        made.told = made.name

    def _write(self, connection: Connection, rows: Sequence[Write]) -> None:
        if not rows:
            return
        self._changed()
        self.telling = True
        try:
            write_together(connection, rows)
        finally:
            self.telling = False

    def _changed(self) -> None:
        for each in self.open:
            each.quiet = False
        if self.left is not None:
            self.left.quiet = False

    def _say(self, connection: Connection, words: str) -> None:
        self.telling = True
        try:
            connection.exec_driver_sql(words, execution_options=gate.MARKED)
        finally:
            self.telling = False


def _only_reads(statement: str, context: Any) -> bool:
    """Whether a statement leaves nothing behind: one of those that the guard let through, which takes no lock and isn't
    read bit by bit, so that undoing what came after would end it."""
    return (
        gate.is_judged(context)
        and " FOR " not in statement
        and context.execution_options.keys().isdisjoint(_BIT_BY_BIT)
    )


def _goes_with(write: Write, rows: Sequence[Write]) -> bool:
    """Whether a row can be written in the same statement, in which nobody says what comes first: none of these changes
    what another of them writes, and rows of one table are of one insert, which keeps their order."""
    statement, values = write[0], len(write[1])
    return all(
        each.table is not statement.table
        or (each is statement and len(row) == values and isinstance(statement, Insert))
        for each, row in rows
    )


def put(connection: Connection, writes: Sequence[Write]) -> None:
    """Have rows written, past the guard and the ledger, before anything else is done on the connection.

    Args:
        writes: as ``write_together`` takes them. What they give back is lost.
    """
    dialect: Any = connection.dialect
    if dialect.name != "postgresql" or dialect.do_savepoint is not _begin:
        for each in writes:
            write_together(connection, [each])
        return
    waiting = waiting_on(connection)
    if waiting.sections:
        waiting.open_sections()
    waiting.queue.extend(writes)
    if len(waiting.queue) > _MOST:
        waiting.tell(connection)


def tell(connection: Connection) -> None:
    """Tell what waits, for whoever goes to the driver itself."""
    waiting: Waiting | None = connection.info.get(_KEY)
    if waiting is not None:
        waiting.tell(connection)


def watch(engine: Engine) -> None:
    """Have what waits told before every cursor of ``engine``, and before a commit."""
    event.listen(engine, "before_cursor_execute", _before, retval=True)
    event.listen(engine, "commit", _commit)
    event.listen(engine, "rollback", _rollback)
    dialect: Any = engine.dialect
    dialect.do_savepoint = _begin
    dialect.do_release_savepoint = _release
    dialect.do_rollback_to_savepoint = _undo


def waiting_on(connection: Connection) -> Waiting:
    """What waits on a connection."""
    found: Waiting | None = connection.info.get(_KEY)
    if found is None:
        found = connection.info[_KEY] = Waiting()
    return found


def _before(
    connection: Connection,
    _cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    _many: bool,
) -> tuple[str, Any]:
    waiting: Waiting | None = connection.info.get(_KEY)
    if waiting is not None and not waiting.telling:
        waiting.before(connection, statement, context)
    return statement, parameters


def _commit(connection: Connection) -> None:
    tell(connection)
    _rollback(connection)


def _rollback(connection: Connection) -> None:
    if connection.invalidated:
        return  # the server went away, and whatever waited with it
    waiting: Waiting | None = connection.info.get(_KEY)
    if waiting is not None:
        waiting.forget()


def _begin(connection: Connection, name: str) -> None:
    waiting_on(connection).begin(name)


def _release(connection: Connection, name: str) -> None:
    waiting_on(connection).release(name)


def _undo(connection: Connection, name: str) -> None:
    waiting_on(connection).undo(connection, name)
