"""What the guard says to code, not to people: a statement that it doesn't let through is a mistake in a plugin."""

from __future__ import annotations


class Unguarded(RuntimeError):
    """A statement or a door that could get round the guard. The message says which, and what to use instead."""
