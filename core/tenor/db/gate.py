"""The second gate, at the wire: what lacks the guard's mark doesn't reach the database.

The guard judges statements where they enter the session. Whatever goes round it (a bind, a connection, another
session on the same connection) arrives here without the mark and is refused.

Here too a number that no column holds is taken, where it is merely compared, for the furthest that one does: what is
asked for with it isn't there, and nothing breaks. Where it is to be kept it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.interfaces import CacheStats

from tenor.db.errors import Unguarded
from tenor.db.numbers import BEYOND
from tenor.db.walk import Walk
from tenor_sdk.errors import Invalid

#: The execution option, and the private object that is its only true value.
OPTION: Final = "tenor"
MARK: Final = object()
MARKED: Final = {OPTION: MARK}


class _Judged:
    """The mark of a statement that the guard let through."""

    def __init__(self, *, along: bool) -> None:
        self.along = along


_JUDGED: Final = _Judged(along=False)
_JUDGED_ALONG: Final = _Judged(along=True)
_FLUSHING: Final = "tenor_flushing"
_KERNEL: Final = "tenor_kernel"
#: A unit of work runs its statements with the cache of their mapper; what a listener runs beside them lacks it.
_OF_A_FLUSH: Final = "compiled_cache"
#: what most parameters are: none of these is asked how large it is
_NO_NUMBERS: Final = frozenset((str, bytes, bool, type(None), date, datetime))


def judged(*, along: bool) -> dict[str, object]:
    """The option that says that the guard let a statement through.

    Args:
        along: whether SQLAlchemy made it, to load a relation.
    """
    return {OPTION: _JUDGED_ALONG if along else _JUDGED}


def is_judged(context: Any) -> bool:
    """Whether the guard let the statement of an execution through."""
    return context is not None and isinstance(context.execution_options.get(OPTION), _Judged)


def watch(engine: Engine) -> None:
    """Set the gate before every cursor of ``engine``."""
    event.listen(engine, "before_cursor_execute", _pass, retval=True)


def _pass(
    connection: Connection,
    cursor: Any,
    statement: str,
    parameters: Any,
    context: Any,
    executemany: bool,
) -> tuple[str, Any]:
    _check(connection, context)
    if not _any_beyond(parameters):
        return statement, parameters
    if executemany or context is None or context.isinsert or context.isupdate or context.isdelete:
        raise Invalid("number-beyond-what-is-kept")
    if isinstance(parameters, Mapping):
        return statement, {name: _held(value) for name, value in parameters.items()}
    return statement, tuple(_held(value) for value in parameters)


def _any_beyond(given: Any) -> bool:
    """Whether there is such a number among parameters: of one row, or of many, one by one or in a row."""
    values = given.values() if isinstance(given, Mapping) else given or ()
    for value in values:
        kind = type(value)
        if kind in _NO_NUMBERS or (kind is int and -BEYOND < value < BEYOND):
            continue
        if _any_beyond(value) if isinstance(value, (Mapping, list, tuple)) else beyond(value):
            return True
    return False


def beyond(value: Any) -> bool:
    """Whether a number is one that no column holds."""
    return isinstance(value, int) and not -BEYOND < value < BEYOND


def _held(value: Any) -> Any:
    if not beyond(value):
        return value
    return BEYOND - 1 if value > 0 else 1 - BEYOND


def _check(connection: Connection, context: Any) -> None:
    if context is not None:
        mark = context.execution_options.get(OPTION)
        if mark is MARK:
            return
        if isinstance(mark, _Judged):
            _check_compiled(context, mark)
            return
        if connection.info.get(_FLUSHING) and _OF_A_FLUSH in context.execution_options:
            return
    if connection.info.get(_KERNEL):
        return
    raise Unguarded("a statement without the guard's mark reached the connection")


def _check_compiled(context: Any, mark: _Judged) -> None:
    """The guard remembers its verdicts by the structure of statements, in which SQLAlchemy counts no variants of types:
    what is compiled only now is walked once more, so that one that merely looks like an honest one isn't let through.
    """
    if context.cache_hit is not CacheStats.CACHE_HIT:
        Walk(mark.along)(context.invoked_statement)


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
