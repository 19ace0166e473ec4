"""The second gate, at the wire: what lacks the guard's mark doesn't reach the database.

The guard judges statements where they enter the session. Whatever goes round it (a bind, a connection, another
session on the same connection) arrives here without the mark and is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.sql.elements import (
    ReleaseSavepointClause,
    RollbackToSavepointClause,
    SavepointClause,
)

from tenor.db.errors import Unguarded

#: The execution option, and the private object that is its only true value.
OPTION: Final = "tenor"
MARK: Final = object()
MARKED: Final = {OPTION: MARK}
_FLUSHING: Final = "tenor_flushing"
_KERNEL: Final = "tenor_kernel"
#: A unit of work runs its statements with the cache of their mapper; what a listener runs beside them lacks it.
_OF_A_FLUSH: Final = "compiled_cache"
_SAVEPOINTS: Final = (SavepointClause, RollbackToSavepointClause, ReleaseSavepointClause)


def watch(engine: Engine) -> None:
    """Set the gate before every cursor of ``engine``."""
    event.listen(engine, "before_cursor_execute", _check)


def _check(
    connection: Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    executemany: bool,
) -> None:
    if context is not None:
        if context.execution_options.get(OPTION) is MARK:
            return
        compiled = getattr(context, "compiled", None)
        # savepoints are emitted lazily by SQLAlchemy itself, without the options of a statement
        if compiled is not None and isinstance(compiled.statement, _SAVEPOINTS):
            return
        if connection.info.get(_FLUSHING) and _OF_A_FLUSH in context.execution_options:
            return
    if connection.info.get(_KERNEL):
        return
    raise Unguarded("a statement without the guard's mark reached the connection")


def flushing(connection: Connection) -> AbstractContextManager[None]:
    """While a session flushes, the statements of its unit of work pass."""
    return _counted(connection, _FLUSHING)


def kernels_own(connection: Connection) -> AbstractContextManager[None]:
    """Every statement passes: where the kernel itself works on a session's connection, which options would mark for
    good."""
    return _counted(connection, _KERNEL)


@contextmanager
def _counted(connection: Connection, name: str) -> Iterator[None]:
    connection.info[name] = connection.info.get(name, 0) + 1
    try:
        yield
    finally:
        connection.info[name] -= 1
