"""What a provider of short messages reports: whether one arrived, and what somebody answered."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

#: a callback of another time than this isn't taken: somebody may have kept it
FRESH: Final = timedelta(minutes=5)
_WITHDRAWS: Final = frozenset(("stop", "td", "t", "退订"))


@dataclass(frozen=True)
class SmsReport:
    """What became of a message that the provider took.

    Args:
        event: the provider's id of this report; the same where it is repeated.
        key: of ``ShortMessage``.
        arrived: whether the phone took it.
        at: when the provider says that was.
        problem: why it didn't arrive, in the provider's words.
    """

    event: str
    key: str
    arrived: bool
    at: datetime
    problem: str = ""


@dataclass(frozen=True)
class SmsAnswer:
    """What somebody wrote back.

    Args:
        number: as ``normal_number`` gives it.
    """

    event: str
    number: str = field(repr=False)
    words: str = field(repr=False)
    at: datetime

    @property
    def withdraws(self) -> bool:
        """Whether it is one of the words by which people say that they want no more: STOP, TD, T, 退订, in whichever
        width and case, whatever stands around it that is neither letter nor digit."""
        plain = unicodedata.normalize("NFKC", self.words).casefold()
        return "".join(letter for letter in plain if letter.isalnum()) in _WITHDRAWS


def in_one_line(words: str) -> str:
    """A provider's words in one line, of what can be shown alone: a NUL, or half of a pair of surrogates, finds no
    place in the database."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())


#: a provider's news, as they come
News = Sequence[SmsReport | SmsAnswer]
