"""What the plugins declared, kind by kind, in load order. The loader fills it; each room reads its own kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from inspect import signature
from typing import Any, Final, TypeVar

from tenor_sdk.events import Event
from tenor_sdk.records import Record
from tenor_sdk.values import Amount, Rate

T = TypeVar("T")

#: the types whose values may be bounded
ORDERED: Final[tuple[type[Any], ...]] = (Amount, Rate, datetime, date, int)


@dataclass(frozen=True)
class Loaded:
    """A plugin that is mapped and running.

    Args:
        name: ``customers``.
        package: ``tenor_customers``; the kernel's own is ``tenor``.
        version: of its distribution.
        title: of its manifest.
        requires: names of the plugins that it needs.
        folder: of its package, where ``templates``, ``translations`` and ``migrations`` lie.
    """

    name: str
    package: str
    version: str
    title: str
    requires: tuple[str, ...]
    folder: str


@dataclass(frozen=True)
class Labelled:
    """A function that bears a label (``@job``, ``@on`` …)."""

    plugin: str
    function: Callable[..., Any]
    label: Any


@dataclass
class Declarations:
    """Everything that the enabled plugins state.

    Args:
        plugins: in load order, ``base`` first.
        records: mapped classes, in load order.
        values: declarations.
        settings: settings classes.
        events: event classes.
        functions: labelled functions.
    """

    plugins: Sequence[Loaded] = ()
    records: list[type[Record]] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    settings: list[type[Any]] = field(default_factory=list)
    events: list[type[Event]] = field(default_factory=list)
    functions: list[tuple[str, Labelled]] = field(default_factory=list)

    def of(self, kind: type[T]) -> list[T]:
        """The declarations of one kind: ``of(Role)``."""
        return [value for value in self.values if isinstance(value, kind)]

    def labelled(self, attribute: str) -> Iterator[Labelled]:
        """Functions with one label: ``labelled("__tenor_job__")``."""
        return (found for name, found in self.functions if name == attribute)

    def plugin(self, name: str) -> Loaded | None:
        return next((loaded for loaded in self.plugins if loaded.name == name), None)


def check_called(function: Callable[..., Any], *arguments: str) -> None:
    """See to it at the start that a plugin's function can be called as the kernel will, not when it is needed.

    Raises:
        TypeError: with the function's file and line.
    """
    try:
        signature(function).bind(*arguments)
    except TypeError:
        code = getattr(function, "__code__", None)
        place = f"{code.co_filename}:{code.co_firstlineno}: " if code else ""
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(f"{place}{name} is called with ({', '.join(arguments)})") from None


def bounds_fault(kind: Any, *bounds: object) -> str:
    """What is wrong with the bounds of a field, an input or a setting, said of it; empty where nothing is. Those of
    another type than its values would fail only when somebody gives one.

    Args:
        kind: the type of its values.
    """
    for bound in bounds:
        if bound is None or (type(bound) is kind and kind in ORDERED):
            continue
        if kind not in ORDERED:
            return "has no order: it takes no minimum or maximum"
        return f"is bounded by {bound!r}: write one of its own type, {kind.__name__}"
    return ""
