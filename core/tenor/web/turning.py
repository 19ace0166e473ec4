"""Marks in a text that would turn what stands after it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

#: they turn what follows from right to left until something ends them, which nothing has to
_MARKS: Final = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067"
_TURNING: Final = re.compile(f"[{_MARKS}]")
_NOTHING: Final = str.maketrans("", "", _MARKS)


def straight(value: Any) -> Any:
    """A text without such marks; letters that run from right to left do so by themselves, and the style sheet keeps
    them among themselves."""
    if type(value) is str and not value.isascii() and _TURNING.search(value):
        return value.translate(_NOTHING)
    return value


def whole(parts: Iterable[str]) -> str:
    """Markup put together, in which all that was given is escaped: without such marks, which escaping leaves as they
    are. What it gives may be called ``Markup``; the linter knows so of this function alone."""
    made = "".join(parts)
    for mark in _MARKS:
        if mark in made:
            made = made.replace(mark, "")
    return made
