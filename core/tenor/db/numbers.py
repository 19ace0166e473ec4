"""Whole numbers in addresses, headers and forms: as databases count, and never an error of ours."""

from __future__ import annotations

from typing import Final

#: what no BIGINT holds; no id is as large
BEYOND: Final = 2**63


def number(text: str) -> int | None:
    """The number that a text is, from 0 to what a BIGINT holds; None where it is none."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal()) or len(text) > 19:
        return None
    found = int(text)
    return found if found < BEYOND else None
