"""Hooks: a computation in which other plugins take part.

The host publishes a ``@hookspec`` in its ``public.py``; others bring a ``@hookimpl`` of that very function, so that
an editor can follow it. ``call_hook`` collects what they return, in the order in which plugins are loaded. The
kernel's own hooks are the functions here whose names begin with ``tenor_``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, overload

from tenor_sdk.declare import plugin_of
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context

P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class HookSpec:
    """The label of a hook's specification."""

    name: str
    required: bool = False


@dataclass(frozen=True)
class HookImpl:
    """The label of a hook's implementation."""

    spec: str


@overload
def hookspec(function: F) -> F: ...
@overload
def hookspec(*, required: bool) -> Callable[[F], F]: ...
def hookspec(function: F | None = None, *, required: bool = False) -> F | Callable[[F], F]:
    """Publish ``function`` as a hook. Its body stays empty; its docstring says when, in which transaction, with which
    actor it is called, what it may return and what raising does.

    Args:
        required: nobody's part may be left out: what an implementation raises goes on to the caller.
    """

    def mark(given: F) -> F:
        name = f"{plugin_of(given.__module__)}__{given.__name__}"
        given.__tenor_hookspec__ = HookSpec(name, required)  # type: ignore[attr-defined]  # a label on a function
        return given

    return mark if function is None else mark(function)


def hookimpl(spec: Callable[P, R]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Take part in the computation that ``spec`` publishes. Arguments are passed by name; take those you need.

    Actor: the person who acts; it may write its own plugin's records, in a savepoint. An error undoes this
    implementation alone and is put on record; ``Refused`` goes through to the caller. One that keeps failing isn't
    called for a while, unless the hook is required.
    """
    published = getattr(spec, "__tenor_hookspec__", None)
    if not isinstance(published, HookSpec):
        raise TypeError(f"{spec.__name__} is no @hookspec: write @hookimpl(the_spec)")
    label = HookImpl(published.name)

    def mark(function: Callable[..., R]) -> Callable[..., R]:
        function.__tenor_hookimpl__ = label  # type: ignore[attr-defined]  # a label on a function
        return function

    return mark


def call_hook(ctx: Context, spec: Callable[..., R], /, **arguments: object) -> list[R]:
    """Ask every enabled plugin that implements ``spec``.

    Returns:
        What each implementation returned, in load order; nothing for those that failed, unless the hook is required.
    """
    name: str = spec.__tenor_hookspec__.name  # type: ignore[attr-defined]  # set by hookspec
    return port_of(ctx).call_hook(ctx, name, arguments)
