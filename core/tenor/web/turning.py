"""Marks in a text that would turn what stands after it."""

from __future__ import annotations

import re
from typing import Any, Final

from markupsafe import Markup

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


def straight_page(part: Markup) -> Markup:
    """A part of a page without them: escaping leaves them as they are."""
    if _TURNING.search(part):
        for mark in _MARKS:
            part = part.replace(mark, "")
    return part
