"""The drivers of WeCom, DingTalk and Feishu keep the promises of the family, and sign as their providers ask."""

import base64
import hmac
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pytest

from tenor_channels.dingtalk import DingTalk
from tenor_channels.drivers import Message, NullChat, Robot
from tenor_channels.feishu import Feishu
from tenor_channels.http import Webhook
from tenor_channels.testing import AT, Asked, ChatDriverContract, ChatServer
from tenor_channels.wecom import WeCom
from tenor_sdk import Context, Refused

KEY = "SECthe-signing-key"


class TestWeCom(ChatDriverContract):
    driver_class = WeCom
    posted: ClassVar[Mapping[str, Any]] = {"errcode": 0, "errmsg": "ok"}
    refused: ClassVar[Mapping[str, Any]] = {"errcode": 93000, "errmsg": "invalid webhook url"}
    busy: ClassVar[Mapping[str, Any]] = {"errcode": 45009, "errmsg": "api freq out of limit"}

    def said(self, asked: Asked) -> str:
        return asked.body["text"]["content"]

    def mentions(self, asked: Asked) -> list[str]:
        return asked.body["text"].get("mentioned_list", [])


class TestDingTalk(ChatDriverContract):
    driver_class = DingTalk
    posted: ClassVar[Mapping[str, Any]] = {"errcode": 0, "errmsg": "ok"}
    refused: ClassVar[Mapping[str, Any]] = {"errcode": 310000, "errmsg": "sign not match"}
    busy: ClassVar[Mapping[str, Any]] = {
        "errcode": 130101,
        "errmsg": "send too fast, exceed 20 times per minute",
    }

    def said(self, asked: Asked) -> str:
        return asked.body["text"]["content"]

    def mentions(self, asked: Asked) -> list[str]:
        assert asked.body["at"]["isAtAll"] is False
        return asked.body["at"].get("atUserIds", [])

    def test_the_address_bears_time_and_signature(
        self, driver: Webhook, server: ChatServer
    ) -> None:
        asked = self.post(driver, server, Message("a"), KEY)
        stamp = asked.query["timestamp"]
        assert stamp == str(int(AT.timestamp()) * 1000)
        expected = hmac.new(KEY.encode(), f"{stamp}\n{KEY}".encode(), "sha256").digest()
        assert base64.b64decode(asked.query["sign"]) == expected

    def test_without_a_key_nothing_is_signed(self, driver: Webhook, server: ChatServer) -> None:
        assert list(self.post(driver, server, Message("a")).query) == ["access_token"]


class TestFeishu(ChatDriverContract):
    driver_class = Feishu
    posted: ClassVar[Mapping[str, Any]] = {"code": 0, "msg": "success", "data": {}}
    refused: ClassVar[Mapping[str, Any]] = {
        "code": 19021,
        "msg": "sign match fail or timestamp is not within one hour from current time",
    }
    busy: ClassVar[Mapping[str, Any]] = {"code": 11232, "msg": "frequency limited"}

    def _parts(self, asked: Asked) -> list[dict[str, str]]:
        return [part for row in asked.body["content"]["post"]["zh_cn"]["content"] for part in row]

    def said(self, asked: Asked) -> str:
        lines = [part["text"] for part in self._parts(asked) if part["tag"] != "at"]
        return "\n".join([asked.body["content"]["post"]["zh_cn"]["title"], *lines])

    def mentions(self, asked: Asked) -> list[str]:
        return [part["user_id"] for part in self._parts(asked) if part["tag"] == "at"]

    def test_the_body_bears_time_and_signature(self, driver: Webhook, server: ChatServer) -> None:
        asked = self.post(driver, server, Message("a"), KEY)
        stamp = asked.body["timestamp"]
        assert stamp == str(int(AT.timestamp()))
        expected = hmac.new(f"{stamp}\n{KEY}".encode(), b"", "sha256").digest()
        assert base64.b64decode(asked.body["sign"]) == expected

    def test_the_link_can_be_followed(self, driver: Webhook, server: ChatServer) -> None:
        asked = self.post(driver, server, Message("a", ("b",), "http://x.example/inbox/1"))
        (link,) = [part for part in self._parts(asked) if part["tag"] == "a"]
        assert link["href"] == "http://x.example/inbox/1"

    def test_an_older_answer_counts_too(self, driver: Webhook, server: ChatServer) -> None:
        server.answer = {"StatusCode": 0, "StatusMessage": "success"}
        self.post(driver, server, Message("a"))


def test_without_a_provider_nothing_is_posted_and_that_is_said() -> None:
    with pytest.raises(Refused, match="no-chat"):
        NullChat(cast("Context", None)).post(Robot("https://x.example/"), Message("a"), AT)
