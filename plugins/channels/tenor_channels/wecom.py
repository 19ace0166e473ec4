"""WeCom (企业微信): the robots of its groups."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenor_channels.drivers import Message, Robot
from tenor_channels.http import Webhook, code_of


class WeCom(Webhook):
    """Its robots sign nothing: the address alone is the secret. Of ``text`` nothing is markup, and nobody is mentioned
    but by ``mentioned_list``; a text has 2,048 bytes, a robot 20 messages a minute."""

    title = "WeCom"
    longest = 2048
    #: too many calls; the system is busy
    busy = (45009, -1)

    def request(
        self, robot: Robot, message: Message, words: str, at: datetime
    ) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        text: dict[str, Any] = {"content": words}
        if message.mention:
            text["mentioned_list"] = [message.mention]
        return {}, {"msgtype": "text", "text": text}

    def verdict(self, answer: Mapping[str, Any]) -> tuple[int, str]:
        return code_of(answer, "errcode"), str(answer.get("errmsg", ""))
