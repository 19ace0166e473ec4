"""Who listens to SQLAlchemy's events."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import getclosurevars, isfunction
from typing import Any


def author(listener: Callable[..., Any]) -> str:
    """The module in which a listener was written, which SQLAlchemy wraps in functions of its own."""
    while True:
        if isinstance(listener, partial):
            listener = listener.func
            continue
        module = str(getattr(listener, "__module__", ""))
        wrapped = getclosurevars(listener).nonlocals.get("fn") if isfunction(listener) else None
        if wrapped is None or not module.startswith("sqlalchemy."):
            return module
        listener = wrapped
