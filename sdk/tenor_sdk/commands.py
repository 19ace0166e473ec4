"""Commands that a plugin adds to ``tenor``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from tenor_sdk.declare import plugin_of

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class CommandLabel:
    """The label of a command."""

    name: str
    plugin: str
    help: str


def command(name: str) -> Callable[[F], F]:
    """Label ``(ctx, *arguments: str) -> str`` as ``tenor <plugin> <name> …``; it acts as the user given by ``--as``.

    What it returns is printed. Its docstring is the help.
    """

    def label(function: F) -> F:
        text = (function.__doc__ or "").strip().partition("\n")[0]
        function.__tenor_command__ = CommandLabel(name, plugin_of(function.__module__), text)  # type: ignore[attr-defined]  # a label
        return function

    return label
