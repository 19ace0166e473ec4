"""A setting's value as JSON and back, by the type that its class declares."""

from __future__ import annotations

import enum
from datetime import date
from types import UnionType
from typing import Any, Union, get_args, get_origin

from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount, Rate


def to_json(value: object) -> object:
    """What is stored: numbers and flags as they are, amounts in minor units, rates in billionths, dates as text."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Amount):
        return {"minor": value.minor}
    if isinstance(value, Rate):
        return {"nano": value.nano}
    if isinstance(value, date):
        return value.isoformat()
    return value


def from_json(kind: Any, value: Any) -> Any:
    """The value of type ``kind`` that was stored."""
    if value is None:
        return None
    kind = plain(kind)
    if kind is Amount:
        return Amount(int(value["minor"]))
    if kind is Rate:
        return Rate(int(value["nano"]))
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    return value


def checked(kind: Any, value: object) -> object:
    """``value``, when it is of type ``kind``.

    Raises:
        Invalid: ``setting-type``.
    """
    if value is None and _optional(kind):
        return None
    expected = plain(kind)
    if isinstance(value, bool) and expected is not bool:
        raise Invalid("setting-type", value=str(value), needed=_word(expected))
    if not isinstance(value, expected):
        raise Invalid("setting-type", value=str(value), needed=_word(expected))
    return value


def plain(kind: Any) -> Any:
    """``date | None`` → ``date``."""
    if get_origin(kind) in (Union, UnionType):
        return next(part for part in get_args(kind) if part is not type(None))
    return kind


def _optional(kind: Any) -> bool:
    return type(None) in get_args(kind)


def _word(kind: Any) -> str:
    return str(getattr(kind, "__name__", kind))
