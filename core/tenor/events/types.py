"""What an event may carry, seen to at the start: a field that can't be told would fail when it is first emitted."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast, get_args, get_origin, get_type_hints

from tenor.events.wire import CARRIED

if TYPE_CHECKING:
    from tenor_sdk.events import Event


#: what may be something that is carried, for all that its type says
_ANYTHING: Final = (object, Sequence, Iterable)


def check_event(event: type[Event]) -> None:
    """See to it that each field is of a type that events carry.

    Raises:
        TypeError: with file and line of the event.
    """
    place, kind = f"{event.__origin__}: {event.__name__}", cast("Any", event)
    if not kind.__dataclass_params__.frozen:
        raise TypeError(f"{place} is a frozen dataclass by itself: leave out @dataclass")
    for each in fields(kind):
        for part in _parts(_resolved(event, each.type)):
            if part not in _ANYTHING and not issubclass(part, CARRIED):
                raise TypeError(
                    f"{place}.{each.name} is of type {part.__name__}, which no event carries: "
                    "hand over ids, dates, amounts and rates"
                )


def _resolved(event: type[Event], hint: Any) -> Any:
    """The type that a field's words mean; None where its module knows a name of it only for the type checker."""
    alone = SimpleNamespace(
        __annotations__={"it": hint}
    )  # of a class typing reads all fields or none
    try:
        return get_type_hints(alone, vars(sys.modules[event.__module__]))["it"]
    except (NameError, AttributeError, TypeError):
        return None


def _parts(hint: Any) -> Iterator[type]:
    """The classes of which a type is made: ``list[Amount] | None`` is list, Amount and that of None."""
    kind = get_origin(hint) or hint
    if isinstance(kind, type) and kind.__module__ not in ("types", "typing"):
        yield kind
    for argument in get_args(hint):
        yield from _parts(argument)
