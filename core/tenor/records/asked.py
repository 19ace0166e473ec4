"""What an input says of itself, seen to at the start: a bound that doesn't fit would fail when somebody fills it in, or
never be looked at."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_type_hints

from tenor.declarations import bounds_fault
from tenor.records.specs import bare_type
from tenor_sdk.workflow import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator


def check_inputs(inputs: type[Any]) -> None:
    """See to it that the bounds, lengths and choices of a transition's or an action's inputs fit their types.

    Raises:
        TypeError: with file and line of the input.
    """
    hints = get_type_hints(inputs)
    for item in fields(inputs):
        asked: Asked = item.metadata.get("tenor", Asked())
        kind, _optional = bare_type(hints[item.name])
        for fault in _faults(asked, kind):
            raise TypeError(f"{asked.origin}: {inputs.__name__}.{item.name} {fault}")


def _faults(asked: Asked, kind: Any) -> Iterator[str]:
    if asked.choices and kind is not str:
        yield "is no text: it takes no choices"
    if not all(_is_choice(each) for each in asked.choices):
        yield f"has choices {asked.choices!r}: choices are pairs of a value and a label, both texts"
    linked = kind is int and asked.target is not None
    if asked.offered is not None and (not (kind is str or linked) or asked.choices):
        yield "is offered keys: it is a text without choices, or a link"
    if asked.widget == "several" and asked.offered is None:
        yield "takes several of what is offered, and nothing is"
    # an id and a choice have no order, whatever the type in which they are given
    chosen = asked.target is not None or asked.choices
    fault = bounds_fault(None if chosen else kind, asked.minimum, asked.maximum)
    if fault:
        yield fault
    if asked.max_length is None:
        return
    if kind is not str or chosen:
        yield (
            "is no text: it takes no max_length"
            if kind is not str
            else "takes no max_length beside choices"
        )
    elif type(asked.max_length) is not int or asked.max_length < 1:
        yield f"is limited wrongly: max_length is a whole number above zero, not {asked.max_length!r}"


def _is_choice(given: object) -> bool:
    return (
        isinstance(given, tuple | list)
        and len(given) == 2
        and all(isinstance(part, str) for part in given)
    )
