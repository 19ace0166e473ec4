"""Webhooks: one message is one POST of JSON, answered by JSON with a code, within a time and a size."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import SplitResult, urlsplit

from tenor_channels.drivers import Busy, ChatDriver, Message, Robot
from tenor_sdk import Invalid, Refused
from tenor_sdk.network import Unreachable, ask_outside

if TYPE_CHECKING:
    from tenor_sdk import Context

SECONDS: Final = 15
_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_TOO_MANY: Final = 429
_FAULT_OF_THEIRS: Final = 500
_FINE: Final = 200


def parts_of(address: str) -> SplitResult:
    """A webhook's address, taken apart.

    Raises:
        Invalid: ``not-a-webhook``: it isn't one of https, or names a person. Within this machine http will do.
    """
    try:
        parts = urlsplit(address)
        sound = parts.hostname is not None and parts.port != 0 and parts.username is None
    except ValueError:
        raise Invalid("not-a-webhook") from None
    plain = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not sound or not (plain or parts.scheme == "https") or not _is_one_word(address):
        raise Invalid("not-a-webhook")
    return parts


def https(address: str) -> None:
    """Whether an address, unless it is empty, is one of https.

    Raises:
        Invalid: ``not-https``.
    """
    try:
        if address:
            parts_of(address)
    except Invalid:
        raise Invalid("not-https") from None


def _is_one_word(address: str) -> bool:
    return address.isascii() and all(letter > " " for letter in address)


class Webhook(ChatDriver):
    """A provider whose robots are webhooks.

    Attributes:
        longest: bytes of a message's words, in UTF-8.
        busy: codes of its answers that mean *not now*.
        seconds: that it may take at each step.
    """

    longest: ClassVar[int] = 2000
    busy: ClassVar[Collection[int]] = ()
    seconds: ClassVar[float] = SECONDS  # float: of a clock, not of money

    @abstractmethod
    def request(
        self, robot: Robot, message: Message, words: str, at: datetime
    ) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        """What is added to the address's query, and the body.

        Args:
            words: title, lines and link, within ``longest``.
        """

    @abstractmethod
    def verdict(self, answer: Mapping[str, Any]) -> tuple[int, str]:
        """The code of an answer, 0 where the message was posted, and the provider's words."""

    def post(self, robot: Robot, message: Message, at: datetime) -> None:
        query, body = self.request(robot, message, self._words(message), at)
        answer = self._asked(robot.address, query, body)
        code, said = self.verdict(answer)
        if code in self.busy:
            raise Busy(f"{self.title}: {code} {said}")
        if code:
            raise Refused("chat-refused", problem=f"{code} {' '.join(said.split())}"[:300])

    def _words(self, message: Message) -> str:
        """Title, lines and link; the lines are cut where the provider takes no more."""
        end = f"\n{message.link}" if message.link else ""
        room = self.longest - len(end.encode())
        words = "\n".join((message.title, *message.lines))
        if len(words.encode()) > room:
            words = words.encode()[: room - len("…".encode())].decode("utf-8", "ignore") + "…"
        return words + end

    def _asked(
        self, address: str, query: Mapping[str, str], body: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        content = json.dumps(body, ensure_ascii=False).encode()
        return asked_by_post(
            self.ctx, address, content, refusal="chat-refused", seconds=self.seconds, query=query
        )


def asked_by_post(
    ctx: Context,
    address: str,
    body: bytes,
    *,
    refusal: str,
    seconds: float,  # float: of a clock, not of money
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """What a provider answers to a POST of JSON.

    Args:
        refusal: the key of what is raised where it says no.
        seconds: that each step may take.
        query: added to the address's own.

    Raises:
        Invalid: ``not-a-webhook``: the address is none.
        Refused: it says no.
        Busy: it can't be reached, or its answer can't be read.
    """
    from urllib.parse import urlencode

    parts = parts_of(address)
    asked = "&".join(filter(None, (parts.query, urlencode(query or {}))))
    said = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    try:
        # a redirect isn't followed: who is told is what the institution set
        found = ask_outside(
            ctx, parts._replace(query=asked).geturl(), body=body, headers=said, seconds=seconds
        )
    except Unreachable as error:
        raise Busy(str(error)) from None
    if found.status == _TOO_MANY or found.status >= _FAULT_OF_THEIRS:
        raise Busy(f"{parts.hostname}: status {found.status}")
    if found.status != _FINE:
        raise Refused(refusal, problem=f"{parts.hostname}: status {found.status}")
    try:
        answer = json.loads(found.body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Busy(f"{parts.hostname}: an answer that can't be read")
    return answer


def code_of(answer: Mapping[str, Any], *names: str) -> int:
    """The first of these that an answer has, as a number; -1 where it has none."""
    found = next((answer[name] for name in names if name in answer), -1)
    return found if isinstance(found, int) and not isinstance(found, bool) else -1
