"""The database of an institution: transactions, and the kernel's own ways to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, CursorResult, Executable
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from tenor.db import capture, gate
from tenor.db.computing import Formulas
from tenor.db.counting import count_statements
from tenor.db.engine import make_engine
from tenor.db.errors import Unguarded
from tenor.db.file_turn import file_turn_of
from tenor.db.lock import FairLock
from tenor.db.sections import Section
from tenor.db.session import GuardedSession
from tenor.db.state import Procedure, SessionState, forget, state_of
from tenor.db.transaction import Transaction, writing_here
from tenor.db.waiting import waiting_on
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class Database:
    """One institution's database.

    Args:
        url: SQLAlchemy's address of a SQLite file or of PostgreSQL.

    Attributes:
        statements: how long those that read took, and those that write.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.dialect = make_url(url).get_backend_name()
        self.writer = make_engine(url, write=True)
        self.reader = make_engine(url, write=False)
        self.statements = {
            "read": count_statements(self.reader),
            "write": count_statements(self.writer),
        }
        self._turn = FairLock(file_turn_of(url)) if self.dialect == "sqlite" else None

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        self.dependants = capture.Dependants(declarations.records)
        self.formulas = Formulas(declarations.records)

    def dispose(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()
        if self._turn is not None:
            self._turn.leave()

    def leave_connections(self) -> None:
        """In a process that was forked: take connections of its own, and leave those of its parent alone."""
        self.writer.dispose(close=False)
        self.reader.dispose(close=False)
        if self._turn is not None:
            self._turn.leave()

    # -- transactions -----------------------------------------------------------------------------------------------

    @contextmanager
    def begin(self, *, write: bool) -> Iterator[GuardedSession]:
        """A guarded session in a transaction of its own, committed at the end, undone by an exception.

        Until an actor is admitted (``Access.admit``), it sees and writes nothing but what the kernel does.
        """
        with self._transaction(write) as transaction:
            state = SessionState(transaction.connection, write, transaction=transaction)
            session = GuardedSession(state)
            try:
                yield session
                session.flush()
                Session.commit(session)
            finally:
                _end(session)

    @contextmanager
    def raw(self, *, write: bool = True, snapshot: bool = False) -> Iterator[Connection]:
        """A connection of the kernel's own, in a transaction: for claims of jobs, sign-in, migrations' checks.

        Args:
            snapshot: all that is read in it is one state of the database, whatever others commit meanwhile.
        """
        with self._transaction(write, snapshot) as transaction:
            yield transaction.connection.execution_options(**gate.MARKED)

    @contextmanager
    def shared(self) -> Iterator[Connection]:
        """A writing transaction that several contexts share, one after the other (``Kernel.context_within``)."""
        with self._transaction(write=True) as transaction:
            yield transaction.connection

    @contextmanager
    def share(self, connection: Connection) -> Iterator[GuardedSession]:
        """A guarded session in a transaction of ``shared``, in a savepoint of its own once it is used."""
        session = GuardedSession(SessionState(connection, writes=True), within=True)
        try:
            yield session
            session.flush()
            Session.commit(session)
        finally:
            _end(session)

    @contextmanager
    def pause(self, session: Session) -> Iterator[None]:
        """Commit what a session did, leave it without a transaction within the block, then go on in a new one.

        What it had loaded is expired. For effects beyond the database, which are made with no transaction open.

        Raises:
            Unguarded: within a savepoint or elevated work, where half a transaction would be committed.
        """
        state = state_of(session)
        session.flush()
        within = waiting_on(state.connection).sections or state.connection.in_nested_transaction()
        if state.transaction is None or within:
            raise Unguarded("a transaction isn't ended from within a savepoint or elevated work")
        Session.commit(session)
        state.transaction.pause()
        try:
            yield
        finally:
            state.transaction.resume()

    @property
    def writers_wait(self) -> bool:
        """Whether a writing transaction keeps all others waiting, as on SQLite: then none is begun too early."""
        return self._turn is not None

    def writing_here(self) -> bool:
        """Whether this thread has a writing transaction open: then no remote call is made."""
        return bool(writing_here())

    def _transaction(self, write: bool, snapshot: bool = False) -> Transaction:
        engine = self.writer if write else self.reader
        return Transaction(engine, write=write, turn=self._turn, snapshot=snapshot)

    # -- within a transaction ---------------------------------------------------------------------------------------

    def execute(
        self, session: Session, statement: Executable, parameters: Parameters = None
    ) -> CursorResult[Any]:
        """A Core statement of the kernel on a session's transaction: no guard, no ledger. For tables of ``base``."""
        connection = state_of(session).connection
        return connection.execute(statement, parameters, execution_options=gate.MARKED)

    @contextmanager
    def marked(self, connection: Connection) -> Iterator[Connection]:
        """A session's connection for statements over the kernel's own journals: no guard, no ledger."""
        with gate.kernels_own(connection):
            yield connection

    def connection_of(self, session: Session) -> Connection:
        """The connection of a session's transaction, for the kernel's own reading."""
        return state_of(session).connection

    @staticmethod
    def savepoint(session: GuardedSession) -> AbstractContextManager[None]:
        """A part that can fail by itself; see ``tenor.db.sections``."""
        return Section(session, state_of(session))

    @contextmanager
    def sibling(
        self, session: Session, *, elevation: str = "", kernel: bool = False
    ) -> Iterator[GuardedSession]:
        """A session of its own on the same transaction, in a savepoint, that sees all rows.

        The caller is flushed before and after, then expired: nothing that it changed meanwhile is dropped.
        """
        outer = state_of(session)
        session.flush()
        state = SessionState(
            outer.connection,
            outer.writes,
            outer.ctx,
            kernel=kernel,
            behalf=outer.behalf,
            stack=list(outer.stack),
            elevation=elevation,
        )
        if kernel:
            state.stack.append(Procedure("base", "kernel"))
        inner = GuardedSession(state, within=True)
        waiting_on(state.connection).open_sections()
        Session.connection(inner)
        try:
            yield inner
            inner.flush()
            # a mere close would undo it: commit releases the savepoint
            Session.commit(inner)
        except BaseException:
            _undone(state)
            raise
        finally:
            _end(inner)
        outer.changed += state.changed
        session.flush()
        session.expire_all()

    def system(self, session: Session) -> Any:
        """A sibling in which the kernel works on its own records, ledgered as whoever acts."""
        return self.sibling(session, kernel=True)

    @contextmanager
    def moving(self, session: Session, record: Record) -> Iterator[None]:
        """While the workflow sets a record's state."""
        state = state_of(session)
        state.moving.append(record)
        try:
            yield
            session.flush()
        finally:
            state.moving.remove(record)


def _undone(state: SessionState) -> None:
    if state.ctx is not None:
        state.ctx.lasting.undone = True
        state.ctx.within.forget()


def _end(session: GuardedSession) -> None:
    Session.close(session)
    forget(session)


# before any mapper is configured: old values must reach the ledger from the first record on
capture.listen()
