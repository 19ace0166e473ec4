"""What goes over the wire: frozen dataclasses as JSON, and back by their types."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(each) for each in value)
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def made(kind: Any, said: Any) -> Any:
    """A value of a type from what JSON says."""
    origin, inner = get_origin(kind), get_args(kind)
    if said is None or kind is Any:
        return said
    if origin in (Union, UnionType):
        return made(next(each for each in inner if each is not type(None)), said)
    if origin in (tuple, frozenset):
        return origin(made(inner[0], each) for each in said)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{each.name: made(each.type, said[each.name]) for each in fields(kind)})
    if kind is datetime:
        return datetime.fromisoformat(said)
    if kind is bytes:
        return base64.b64decode(said)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(said)
    return said
