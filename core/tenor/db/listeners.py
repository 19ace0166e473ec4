"""Who listens to SQLAlchemy's events.

What runs while a record is written, or a statement is put together, runs after the judge and the guard: a listener
that isn't the kernel's own could change what was judged, without a trace. So a plugin has none there. Where one is
found when the plugin is loaded, it is taken away and the plugin left out; where one comes later, nothing is written or
read past it. What listens to an attribute being set, or to a record being read, comes before the judge and is let be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from inspect import isfunction
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import event
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Mapper, Session

from tenor.db.errors import Unguarded

Listener = Callable[..., Any]
#: what a mapper tells of while a record is written
WRITING: Final = (
    "before_insert", "after_insert", "before_update", "after_update", "before_delete", "after_delete",
)  # fmt: skip
#: what a session tells of before the kernel has done its part
WORKING: Final = ("before_flush", "after_flush", "before_attach", "do_orm_execute")
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
    if "fn" not in listener.__code__.co_freevars:
        return None
    held = (listener.__closure__ or ())[listener.__code__.co_freevars.index("fn")]
    found: Listener = held.cell_contents
    return found


def author(listener: Listener) -> str:
    """The module in which a listener was written."""
    return str(getattr(written(listener), "__module__", ""))


def strangers(target: Mapper[Any] | Session) -> Iterator[tuple[str, Listener]]:
    """The events of a mapper's writing or a session's work to which others than the kernel listen."""
    for name in WRITING if isinstance(target, Mapper) else WORKING:
        for listener in getattr(target.dispatch, name):
            if listener in _known:
                continue
            if author(listener).startswith(_OWN):
                _known.add(listener)
            else:
                yield name, written(listener)


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
