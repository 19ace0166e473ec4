"""Feishu (飞书): the custom robots of its groups."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tenor_channels.drivers import Message, Robot
from tenor_channels.http import Webhook, code_of


class Feishu(Webhook):
    """Signed by time stamp and signature in the body. A ``post`` is made of parts, of which words are never markup and
    only an ``at`` mentions somebody; a request has 20 KB, a robot 100 messages a minute."""

    title = "Feishu"
    longest = 8000
    per_minute = 100
    #: too many messages; the service is busy
    busy = (11232, 9499)

    def request(
        self, robot: Robot, message: Message, words: str, at: datetime
    ) -> tuple[Mapping[str, str], Mapping[str, Any]]:
        title, _, rest = words.partition("\n")
        rows: list[list[dict[str, str]]] = [
            [
                {"tag": "a", "text": line, "href": line}
                if line == message.link
                else {"tag": "text", "text": line}
            ]
            for line in rest.split("\n")
            if line
        ]
        if message.mention:
            rows.append([{"tag": "at", "user_id": message.mention}])
        content = {"post": {"zh_cn": {"title": title, "content": rows}}}
        body = {"msg_type": "post", "content": content}
        return {}, {**(signed(robot.key, at) if robot.key else {}), **body}

    def verdict(self, answer: Mapping[str, Any]) -> tuple[int, str]:
        return code_of(answer, "code", "StatusCode"), str(
            answer.get("msg") or answer.get("StatusMessage") or ""
        )


def signed(key: str, at: datetime) -> dict[str, str]:
    """Time stamp, in seconds, and signature: HMAC-SHA256 of nothing under both, in base 64."""
    stamp = str(int(at.timestamp()))
    digest = hmac.digest(f"{stamp}\n{key}".encode(), b"", "sha256")
    return {"timestamp": stamp, "sign": base64.b64encode(digest).decode()}
