"""Twenty parts that do next to nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tenor_chorus.public import sing
from tenor_sdk import Context
from tenor_sdk.hooks import hookimpl

VOICES: Final = 20


def voice(place: int) -> Callable[[Context, int], int]:
    """One that sings so much higher."""

    def part(ctx: Context, note: int) -> int:
        return note + place

    part.__name__ = part.__qualname__ = f"voice_{place}"
    part.__module__ = __name__
    return part


for _place in range(VOICES):
    globals()[f"voice_{_place}"] = hookimpl(sing)(voice(_place))
