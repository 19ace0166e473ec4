"""Who listens to SQLAlchemy's events.

What runs while a record is written, or a statement is put together, runs after the judge and the guard: a listener
that isn't the kernel's own could change what was judged, without a trace. So a plugin has none there. Where one is
found when the plugin is loaded, it is taken away and the plugin left out; where one comes later, nothing is written or
read past it. Those of an engine, a connection or a driver are looked for at load alone: operators measure there, too.
What listens to an attribute being set, or to a record being read, comes before the judge and is let be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from inspect import isfunction
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Mapper, Session

from tenor.db.errors import Unguarded

Listener = Callable[..., Any]
#: what a mapper tells of while a record is written
WRITING: Final = (
    "before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete",
)  # fmt: skip
#: what it tells of while values that the database gave are put onto a record that was written
REFRESHING: Final = ("refresh_flush",)
#: what a session tells of before the kernel has done its part
WORKING: Final = (
    "before_flush", "after_flush", "after_flush_postexec", "before_attach", "before_commit", "do_orm_execute",
    "pending_to_persistent",
)  # fmt: skip
#: what an engine and its connections tell of behind the second gate
EXECUTING: Final = ("before_execute", "before_cursor_execute")
#: what stands in for the driver
DRIVING: Final = ("do_execute", "do_executemany", "do_execute_no_params", "do_setinputsizes")
_OWN: Final = ("tenor.", "tenor_sdk.")
_known: Final[WeakSet[Listener]] = WeakSet()


def written(listener: Listener) -> Listener:
    """A listener as it was written, without the functions that SQLAlchemy wraps around it."""
    while True:
        if isinstance(listener, partial):
            listener = listener.func
            continue
        wrapped = _wrapped(listener)
        if wrapped is None:
            return listener
        listener = wrapped


def _wrapped(listener: Listener) -> Listener | None:
    """What a function of SQLAlchemy's was made for; None where a listener isn't one."""
    if not isfunction(listener) or not listener.__module__.startswith("sqlalchemy."):
        return None
    within = listener.__code__.co_freevars
    name = next((one for one in ("fn", "orig_fn") if one in within), None)
    if name is None:
        return None
    held = (listener.__closure__ or ())[within.index(name)]
    found: Listener = held.cell_contents
    return found


def author(listener: Listener) -> str:
    """The module in which a listener was written."""
    return str(getattr(written(listener), "__module__", ""))


def strangers(target: Mapper[Any] | Session | Engine) -> Iterator[tuple[str, Listener]]:
    """The events of a mapper's writing, a session's work or what an engine executes to which others than the kernel
    listen."""
    for dispatch, names in _told_by(target):
        for name in names:
            for listener in getattr(dispatch, name):
                if listener in _known:
                    continue
                if author(listener).startswith(_OWN):
                    _known.add(listener)
                else:
                    yield name, written(listener)


def _told_by(target: Mapper[Any] | Session | Engine) -> tuple[tuple[Any, tuple[str, ...]], ...]:
    of: Any = target
    if isinstance(target, Mapper):
        return ((of.dispatch, WRITING), (of.class_manager.dispatch, REFRESHING))
    if isinstance(target, Session):
        return ((of.dispatch, WORKING),)
    connection: Any = Connection.__new__(
        Connection
    )  # one that connects to nothing hears what all hear
    return (
        (of.dispatch, EXECUTING),
        (connection.dispatch, EXECUTING),
        (of.dialect.dispatch, DRIVING),
    )


def check(target: Mapper[Any] | Session) -> None:
    """Refuse to work on where somebody else listens.

    Raises:
        Unguarded: with the listener.
    """
    for name, listener in strangers(target):
        raise Unguarded(f"{told(listener)} listens to {name}, past the judge of what is written")


def told(listener: Listener) -> str:
    """Where a listener was written."""
    return f"{author(listener)}.{getattr(listener, '__qualname__', listener)}"


def remove(targets: tuple[Any, ...], name: str, listener: Listener) -> None:
    """Take a listener away from whichever of these it was set on."""
    for target in targets:
        with suppress(InvalidRequestError):
            if event.contains(target, name, listener):
                event.remove(target, name, listener)
