"""What a chat provider must be able to do; a driver that refuses; the family ``chat``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from tenor_sdk import Driver, DriverKind, Refused


class Busy(Exception):
    """The provider can't be reached, or takes nothing for now: it is tried again."""


@dataclass(frozen=True)
class Robot:
    """Where a group's robot is addressed.

    Args:
        address: of its webhook; a secret, as whoever knows it can write to the group.
        key: with which messages are signed; empty where the provider asks for none.
    """

    address: str = field(repr=False)
    key: str = field(repr=False, default="")


@dataclass(frozen=True)
class Message:
    """What a group is told: words, never markup, whatever stands in them.

    Args:
        title: one line.
        lines: further ones; may be cut where the provider takes no more.
        link: leads back to the record; never cut.
        mention: the provider's id of whom it concerns; empty for nobody.
    """

    title: str
    lines: tuple[str, ...] = ()
    link: str = ""
    mention: str = ""


class ChatDriver(Driver, ABC):
    """A chat provider whose groups have robots.

    Attributes:
        per_minute: messages that a robot may post within any 60 seconds.
    """

    per_minute: ClassVar[int] = 20

    @abstractmethod
    def post(self, robot: Robot, message: Message, at: datetime) -> None:
        """Post a message, with no transaction open.

        Args:
            at: now, for the signature.

        Raises:
            Refused: ``chat-refused``, with the provider's words: trying again is of no use.
            Busy: for now. Neither says the robot's address or key.
        """


class NullChat(ChatDriver):
    """No provider: posts nothing and says so."""

    title = "None"

    def post(self, robot: Robot, message: Message, at: datetime) -> None:
        raise Refused("no-chat")


chat: DriverKind[ChatDriver] = DriverKind("chat", ChatDriver, title="Chat", null=NullChat)
