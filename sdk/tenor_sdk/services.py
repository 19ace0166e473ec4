"""Services: what can be done. A plugin's public functions through which others write its records."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isfunction, isgeneratorfunction
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from tenor_sdk.access import Permission
from tenor_sdk.declare import plugin_of
from tenor_sdk.errors import Forbidden
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from tenor_sdk.context import Context

P = ParamSpec("P")
R = TypeVar("R")
Service = Callable[Concatenate["Context", P], R]


def service(needs: Permission | None = None) -> Callable[[Service[P, R]], Service[P, R]]:
    """Make ``(ctx, …)`` a procedure of its plugin: inside, it may write that plugin's own records and no others.

    Reads stay the person's. What was pending before is judged as the caller's. Hand it values, not functions of
    others, lest it acts for them.

    Args:
        needs: the right to enter; without it whoever holds a ``ctx`` may.

    Raises:
        TypeError: for a generator or coroutine, whose body would run outside; where the parentheses are missing.
    """
    if isfunction(needs):
        raise TypeError(f"@service is handed {needs!r}: write @service()")

    def wrap(function: Service[P, R]) -> Service[P, R]:
        if (
            isgeneratorfunction(function)
            or iscoroutinefunction(function)
            or isasyncgenfunction(function)
        ):
            raise TypeError(f"{function.__qualname__}: a service is a plain function")
        # of the function's globals, not of __module__, which functools.wraps copies from what it wraps
        plugin = plugin_of(function.__globals__["__name__"])

        @wraps(function)
        def enter(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if needs is not None and not ctx.may(needs):
                raise Forbidden("not-permitted", what=needs.title)
            with port_of(ctx).procedure(ctx, plugin, function.__name__, needs):
                return function(ctx, *args, **kwargs)

        return enter

    return wrap


def savepoint(ctx: Context) -> AbstractContextManager[None]:
    """A part that can fail by itself: an exception out of it undoes what it wrote, and goes on to the caller."""
    return port_of(ctx).savepoint(ctx)
