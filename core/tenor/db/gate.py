"""The second gate, at the wire: what lacks the guard's mark doesn't reach the database.

The guard judges statements where they enter the session. Whatever goes round it (a bind, a connection, another
session on the same connection) arrives here without the mark and is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    if connection.info.get(_FLUSHING, 0):
        return
    raise Unguarded("a statement without the guard's mark reached the connection")


@contextmanager
def flushing(connection: Connection) -> Iterator[None]:
    """While a session flushes, its statements pass."""
    connection.info[_FLUSHING] = connection.info.get(_FLUSHING, 0) + 1
    try:
        yield
    finally:
        connection.info[_FLUSHING] -= 1
