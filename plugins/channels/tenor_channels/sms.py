"""Short messages: numbers, the parts that words come to, what a provider must be able to do; the family ``sms``."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Final

from tenor_channels.sms_reports import News
from tenor_sdk import Driver, DriverKind, Invalid, Refused
from tenor_sdk.callbacks import Callback, CalledBack

#: units of UCS-2 in a message of one part, and in each of several, where a head of six bytes says which it is
SINGLE: Final = 70
PART: Final = 67
_BEYOND_ONE_UNIT: Final = 0xFFFF
_NUMBER: Final = re.compile(r"\+(86(?=1[3-9]\d{9}$)|(?!86)[1-9])\d{6,13}", re.ASCII)


# -- numbers ---------------------------------------------------------------------------------------


def normal_number(given: str) -> str:
    """A mobile number as it is stored, ``+8613800138000``: eleven digits that begin with 1 are of the mainland."""
    bare = re.sub(r"[\s()-]", "", given)
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    return f"+86{bare}" if re.fullmatch(r"1\d{10}", bare, re.ASCII) else bare


def check_number(number: str) -> None:
    """Whether a message can be sent to a number, as ``normal_number`` gives it.

    Raises:
        Invalid: ``not-a-mobile-number``.
    """
    if number and _NUMBER.fullmatch(number) is None:
        raise Invalid("not-a-mobile-number")


# -- words -----------------------------------------------------------------------------------------


def parts_of(words: str) -> int:
    """How many parts a message comes to. Letters of Latin count as those of Chinese do, as the mainland's carriers
    charge them; one beyond the first plane (an emoji) is two units and stands in one part."""
    widths = [2 if ord(letter) > _BEYOND_ONE_UNIT else 1 for letter in words]
    if sum(widths) <= SINGLE:
        return 1
    parts, room = 1, PART
    for width in widths:
        if width > room:
            parts, room = parts + 1, PART
        room -= width
    return parts


def fitted(words: str, longest: int, *, before: str = "", after: str = "") -> str:
    """Words cut to what so many parts hold; the cut shows as an ellipsis.

    Args:
        longest: in parts.
        before, after: the signature, a link: never cut.
    """
    if parts_of(before + words + after) <= longest:
        return before + words + after
    kept = words[: longest * SINGLE]
    while kept and parts_of(f"{before}{kept}…{after}") > longest:
        kept = kept[:-1]
    return f"{before}{kept}…{after}"


# -- providers -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShortMessage:
    """What somebody is told.

    Args:
        number: as ``normal_number`` gives it.
        words: all that is read, with the signature.
        bare: the same without the signature, for providers that put it before the words themselves.
        key: the same each time that this message is sent, so that a provider can know it for the same.
    """

    number: str = field(repr=False)
    words: str = field(repr=False)
    bare: str = field(repr=False)
    key: str = ""


@dataclass(frozen=True)
class Pace:
    """So many messages to one number within any such time."""

    times: int
    within: timedelta


class SmsDriver(Driver, CalledBack[News]):
    """A provider of short messages.

    Attributes:
        paces: all of which it keeps to for each number. Providers refuse what is faster, as nuisance.
    """

    paces: ClassVar[tuple[Pace, ...]] = (
        Pace(1, timedelta(seconds=30)),
        Pace(5, timedelta(hours=1)),
        Pace(15, timedelta(days=1)),
    )

    @abstractmethod
    def send(self, message: ShortMessage, at: datetime) -> None:
        """Send a message, with no transaction open.

        Args:
            at: now, for the signature.

        Raises:
            Refused: ``sms-refused``, with the provider's words: trying again is of no use.
            Busy: for now. Neither says a secret.
        """

    def parse_callback(self, callback: Callback, at: datetime) -> News:
        """The news in a request by which the provider reports, once it proves to be the provider's.

        A driver whose provider only answers when it is asked leaves this as it is.

        Args:
            at: now; what was signed at another time isn't taken.

        Raises:
            Refused: ``sms-callback-not-proved``, ``sms-callback-too-old``, ``sms-callback-not-read``.
        """
        raise Refused("sms-callback-not-proved")

    def news(self, since: datetime, at: datetime) -> News:
        """Ask the provider for its news, oldest first, those again that came before included.

        A driver whose provider can't be asked leaves this as it is.

        Args:
            since: from when on.

        Raises:
            Refused: ``sms-refused``.
            Busy: for now. Neither says a secret.
        """
        return ()


class NullSms(SmsDriver):
    """No provider: sends nothing and says so."""

    title = "None"

    def send(self, message: ShortMessage, at: datetime) -> None:
        raise Refused("no-sms")


sms: DriverKind[SmsDriver] = DriverKind("sms", SmsDriver, title="Short messages", null=NullSms)
