"""An SMS provider that takes signed JSON over https."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from tenor_channels.drivers import Busy
from tenor_channels.http import SECONDS, asked_by_post, code_of, https
from tenor_channels.settings import ChannelsSettings
from tenor_channels.sms import ShortMessage, SmsDriver
from tenor_channels.sms_http_news import news_of, proved, read_news, signature
from tenor_channels.sms_reports import News
from tenor_sdk import Refused
from tenor_sdk.callbacks import Callback


class SmsOverHttps(SmsDriver):
    """One POST of JSON for a message, signed in its header; address, keys, signature and template are settings.

    The form is ours, as providers have each their own: a gateway of the institution's takes it as it is, another
    provider's needs a subclass with ``body``, ``headers`` and ``verdict`` of its own.

    Attributes:
        busy: codes of its answers that mean *not now*.
        seconds: that it may take at each step.
    """

    title = "Signed JSON over https"
    callback_answer = '{"code": 0}'
    busy: ClassVar[tuple[int, ...]] = (429, -1)
    seconds: ClassVar[float] = SECONDS  # float: of a clock, not of money

    def body(self, message: ShortMessage) -> Mapping[str, Any]:
        """What is posted: number and id, and the words as they are, or signature, template and what is put into it."""
        house = self.ctx.settings(ChannelsSettings)
        whom = {"id": message.key, "to": message.number}
        if not house.sms_template:
            return {**whom, "words": message.words}
        form = {"signature": house.sms_signature, "template": house.sms_template}
        return {**whom, **form, "values": {"words": message.bare}}

    def headers(self, body: bytes, at: datetime) -> Mapping[str, str]:
        """Key id, time in seconds, and HMAC-SHA256 of time, line feed and body under the key, in hexadecimal."""
        house, stamp = self.ctx.settings(ChannelsSettings), str(int(at.timestamp()))
        signed = signature(house.sms_key, stamp, body)
        return {"X-Key-Id": house.sms_key_id, "X-Time": stamp, "X-Signature": signed}

    def verdict(self, answer: Mapping[str, Any]) -> tuple[int, str]:
        """The code of an answer, 0 where the message was taken, and the provider's words."""
        return code_of(answer, "code"), str(answer.get("message", ""))

    def send(self, message: ShortMessage, at: datetime) -> None:
        self._asked(self.ctx.settings(ChannelsSettings).sms_address, self.body(message), at)

    def parse_callback(self, callback: Callback, at: datetime) -> News:
        proved(callback, self.ctx.settings(ChannelsSettings).sms_key, at)
        return read_news(callback.body)

    def news(self, since: datetime, at: datetime) -> News:
        address = self.ctx.settings(ChannelsSettings).sms_news_address
        if not address:
            return ()
        return news_of(self._asked(address, {"since": int(since.timestamp())}, at))

    def _asked(self, address: str, asked: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        if not (address and self.ctx.settings(ChannelsSettings).sms_key):
            raise Refused("sms-not-set-up")
        https(address)
        body = json.dumps(asked, ensure_ascii=False).encode()
        answer = asked_by_post(
            self.ctx,
            address,
            body,
            refusal="sms-refused",
            seconds=self.seconds,
            headers=self.headers(body, at),
        )
        code, said = self.verdict(answer)
        if code in self.busy:
            raise Busy(f"{self.title}: {code} {said}")
        if code:
            raise Refused("sms-refused", problem=f"{code} {' '.join(said.split())}"[:300])
        return answer
