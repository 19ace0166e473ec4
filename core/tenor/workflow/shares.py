"""Shares and quorums of committees as people write them, exactly: ``2/3``, ``60%``, ``3``."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text, _, ngettext

_PEOPLE: Final = re.compile(r"[0-9]{1,4}")
_PARTS: Final = re.compile(r"([0-9]{1,6})\s*/\s*([0-9]{1,6})")
_PERCENT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)\s*%")


def read_share(text: str) -> Fraction:
    """A share: more than nothing, at most all.

    Raises:
        Invalid: ``not-a-share``.
    """
    found = Fraction(1) if text.strip() == "1" else _fraction(text.strip())
    if found is None or not 0 < found <= 1:
        raise Invalid("not-a-share", None, value=text)
    return found


def read_quorum(text: str) -> int | Fraction:
    """How many must vote: people, at least one, or a share of all members. ``1`` is one person, ``100%`` all of them.

    Raises:
        Invalid: ``not-a-quorum``.
    """
    if _PEOPLE.fullmatch(text.strip()) and int(text) > 0:
        return int(text)
    found = _fraction(text.strip())
    if found is None or not 0 < found <= 1:
        raise Invalid("not-a-quorum", None, value=text)
    return found


def write_share(share: Fraction) -> str:
    """The one form in which a share is kept."""
    return "100%" if share == 1 else str(share)


def write_quorum(quorum: int | Fraction) -> str:
    """The one form in which a quorum is kept."""
    return write_share(quorum) if isinstance(quorum, Fraction) else str(quorum)


def quorum_text(quorum: int | Fraction) -> Text:
    """A quorum in words."""
    if isinstance(quorum, Fraction):
        return _("{share} of all members", share=write_share(quorum))
    return ngettext("{n} member", "{n} members", quorum)


def _fraction(text: str) -> Fraction | None:
    if parts := _PARTS.fullmatch(text):
        above, below = int(parts[1]), int(parts[2])
        return Fraction(above, below) if below else None
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1]) / 100
    return None
