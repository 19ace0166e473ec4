"""DingTalk (钉钉): the custom robots of its groups."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenor_channels.drivers import Message, Robot
from tenor_channels.http import Webhook, code_of


class DingTalk(Webhook):
    """Signed by time stamp and signature in the address. Of ``text`` nothing is markup; somebody is mentioned by the id
    in ``at`` and in the words. A robot has 20 messages a minute, and is silent for ten minutes after more."""

    title = "DingTalk"
    longest = 5000
    #: too many messages; the system is busy
    busy = (130101, 660026, -1)

    def request(
        self, robot: Robot, message: Message, words: str, at: datetime
    ) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        at_whom: dict[str, Any] = {"isAtAll": False}
        if message.mention:
            words = f"@{message.mention} {words}"
            at_whom["atUserIds"] = [message.mention]
        body = {"msgtype": "text", "text": {"content": words}, "at": at_whom}
        return (signed(robot.key, at) if robot.key else {}), body

    def verdict(self, answer: Mapping[str, Any]) -> tuple[int, str]:
        return code_of(answer, "errcode"), str(answer.get("errmsg", ""))


def signed(key: str, at: datetime) -> dict[str, str]:
    """Time stamp, in milliseconds, and signature: HMAC-SHA256 of both under the key, in base 64."""
    stamp = str(int(at.timestamp() * 1000))
    digest = hmac.digest(key.encode(), f"{stamp}\n{key}".encode(), "sha256")
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
