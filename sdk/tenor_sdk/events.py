"""Events: what a plugin tells the others. Typed, frozen, of ids, dates and our own values; never of objects."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar, dataclass_transform

from tenor_sdk.declare import Origin, caller, plugin_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context

E = TypeVar("E", bound="Event")
Handler = Callable[["Context", E], None]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Event:
    """Something that happened, told inside the transaction in which it happened.

    A subclass is a frozen dataclass with keyword arguments; its fields are JSON values, dates, ``Amount``, ``Money``,
    ``Rate``. Its name in the outbox is ``<plugin>.<ClassName>``.

    Raises:
        TypeError: when it is declared, for what would be no field: a value without a type.
    """

    __origin__: ClassVar[Origin]
    event_name: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.__origin__ = caller()
        _check_fields(cls)
        dataclass(frozen=True, kw_only=True)(cls)
        own = cls.__module__.startswith("tenor_sdk.")  # the kernel's own events stand in the SDK
        plugin = "base" if own else plugin_of(cls.__module__)
        cls.event_name = f"{plugin}.{cls.__name__}"


def _check_fields(event: type[Event]) -> None:
    typed = inspect.get_annotations(event)
    if "event_name" in typed:
        raise TypeError(f"{event.__name__}.event_name is the kernel's: name the field otherwise")
    for name, value in vars(event).items():
        is_data = not (name.startswith("__") or callable(value) or hasattr(value, "__get__"))
        if is_data and name not in typed:
            raise TypeError(
                f"{event.__name__}.{name} has no type: write {name}: {type(value).__name__} = {value!r}"
            )


@dataclass(frozen=True)
class Handling:
    """The label of an event handler."""

    event: type[Event]
    required: bool


def on(event: type[E], *, required: bool = False) -> Callable[[Handler[E]], Handler[E]]:
    """Label a function as a handler of ``event``.

    When: at ``ctx.emit``, in the order in which plugins are loaded. Transaction: the emitter's, in a savepoint of its
    own. Actor: the person who acts; it may write its own plugin's records. Returns nothing. Raising ``Refused`` undoes
    the whole act; any other error undoes this handler alone, is put on record and tried again as a job; one that keeps
    failing hears of the event as a job alone for a while; a ``required`` handler's error undoes the whole act. With
    ``Event`` itself it hears every event, after those who listen to that one.
    """
    if not (isinstance(event, type) and issubclass(event, Event)):
        raise TypeError(f"{event!r} is no Event: write @on(ItsEvent)")

    def label(function: Handler[E]) -> Handler[E]:
        function.__tenor_handling__ = Handling(event, required)  # type: ignore[attr-defined]  # a label on a function
        return function

    return label
