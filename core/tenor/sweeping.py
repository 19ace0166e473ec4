"""When Python looks for garbage: not while an institution starts. Hardly anything is made then that doesn't stay as
long as the process does, and to look through all of it again and again takes a fifth of the start."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """Look for no garbage meanwhile; within another such, the outer one ends it."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def rest() -> None:
    """Look for no garbage until ``settle``, in a process that is there for one institution."""
    gc.disable()


def settle() -> None:
    """Look for garbage from now on, but never among what is there by now: it stays as long as the process."""
    gc.freeze()
    gc.enable()
