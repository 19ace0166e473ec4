"""Values of events, jobs and notices as JSON, and back.

What JSON has no word for is an object of one key that begins with ``$``: ``{"$amount": 100050}``. An object of the
caller's own therefore has no such key.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final

from tenor_sdk.i18n import Text
from tenor_sdk.values import Amount, Money, Period, Rate


def to_json(value: object) -> Any:
    """``value`` as JSON.

    Args:
        value: None, truth values, numbers, strings, dates, times with a zone, ``Amount``, ``Money``, ``Rate``,
            ``Period``, ``Text``, ``Decimal``; lists, tuples and objects (keys: strings) of these. A member of an
            enumeration is written as its value.

    Raises:
        TypeError: anything else, a time without a zone or a number that isn't finite included.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return to_json(value.value)
    if isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {_key(name): to_json(item) for name, item in value.items()}
    return _tagged(value)


def from_json(value: Any) -> Any:
    """What ``to_json`` wrote, read again.

    Raises:
        ValueError: a word that this version doesn't know.
    """
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((name, inner),) = value.items()
        if name.startswith("$"):
            return _read(name, inner)
    return {name: from_json(item) for name, item in value.items()}


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise TypeError(f"{value} has no place in JSON")
    return value


def _key(name: object) -> str:
    if not isinstance(name, str) or name.startswith("$"):
        raise TypeError(
            f"{name!r} can't be the name of a value: a string that doesn't begin with $ is needed"
        )
    return name


def _tagged(value: object) -> dict[str, Any]:
    for kind, word, write in _WRITERS:
        if isinstance(value, kind):
            return {word: write(value)}
    raise TypeError(
        f"{type(value).__name__} can't be written as JSON: hand over ids, dates, amounts and rates"
    )


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise TypeError(f"a time with a zone is needed, not {value!r}")
    return value.astimezone(UTC).isoformat()


def _text(value: Text) -> list[Any]:
    return [value.message, to_json(value.values), value.plural, value.module]


def _read(name: str, inner: Any) -> Any:
    reader = _READERS.get(name)
    if reader is None:
        raise ValueError(f"{name} isn't a kind of value that this version of the kernel knows")
    return reader(inner)


# a datetime is a date, so it comes first
_WRITERS: Final[tuple[tuple[type, str, Callable[[Any], Any]], ...]] = (
    (datetime, "$instant", _instant),
    (date, "$date", date.isoformat),
    (time, "$time", time.isoformat),
    (Amount, "$amount", lambda amount: amount.minor),
    (Money, "$money", lambda money: [money.minor, money.currency]),
    (Rate, "$rate", lambda rate: rate.nano),
    (Period, "$period", lambda period: [period.start.isoformat(), period.end.isoformat()]),
    (Decimal, "$decimal", str),
    (Text, "$text", _text),
    (tuple, "$tuple", lambda items: [to_json(item) for item in items]),
)
#: the types of values that can be told
CARRIED: Final[tuple[type, ...]] = (
    type(None), str, int, float, list, Mapping, Enum, *(kind for kind, _word, _write in _WRITERS),
)  # fmt: skip
_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "$instant": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$time": time.fromisoformat,
    "$amount": Amount,
    "$money": lambda inner: Money(*inner),
    "$rate": Rate,
    "$period": lambda inner: Period(*map(date.fromisoformat, inner)),
    "$decimal": Decimal,
    "$text": lambda inner: Text(inner[0], from_json(inner[1]), inner[2], inner[3]),
    "$tuple": lambda inner: tuple(from_json(item) for item in inner),
}
