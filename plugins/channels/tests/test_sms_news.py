"""The bundled driver's reports: proved, read one by one, asked for; and which words withdraw a consent."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

import pytest

from tenor_channels.drivers import Busy
from tenor_channels.sms import NullSms
from tenor_channels.sms_http import SmsOverHttps
from tenor_channels.sms_http_news import signature
from tenor_channels.sms_news_testing import (
    ARRIVED,
    FAILED,
    STOP,
    SmsNewsContract,
    test_by_other_words_they_do_not,
    test_by_these_words_people_want_no_more,
)
from tenor_channels.sms_reports import News, SmsReport
from tenor_channels.sms_testing import KEY, House
from tenor_channels.testing import AT, ChatServer
from tenor_sdk import Context, Refused
from tenor_sdk.callbacks import Callback

__all__ = ["test_by_other_words_they_do_not", "test_by_these_words_people_want_no_more"]


def items_of(news: News) -> list[dict[str, Any]]:
    """As the provider writes them."""
    return [
        {
            "event": one.event, "time": int(one.at.timestamp()),
            **(
                {"id": one.key, "state": "arrived" if one.arrived else "failed", "why": one.problem}
                if isinstance(one, SmsReport)
                else {"from": one.number, "words": one.words}
            ),
        }
        for one in news
    ]  # fmt: skip


def signed(body: bytes, key: str, at: datetime) -> Callback:
    stamp = str(int(at.timestamp()))
    return Callback({"X-Time": stamp, "X-Signature": signature(key, stamp, body)}, body)


class TestSmsOverHttpsNews(SmsNewsContract):
    driver_class = SmsOverHttps

    def told(self, news: News, key: str, at: datetime) -> Callback:
        return signed(json.dumps({"items": items_of(news)}).encode(), key, at)


@pytest.mark.parametrize("body", [b"", b"[]", b"<x>", b"\xff", b'{"items": 3}'])
def test_a_callback_of_another_form_is_refused(body: bytes) -> None:
    driver = SmsOverHttps(cast("Context", House(sms_key=KEY)))
    with pytest.raises(Refused, match="sms-callback-not-read"):
        driver.parse_callback(signed(body, KEY, AT), AT)


@pytest.mark.parametrize(
    "item",
    [
        None, 3, {}, {"event": "e"}, {"event": "", "time": 1, "id": "a", "state": "arrived"},
        {"event": "e" * 101, "time": 1, "id": "a", "state": "arrived"},
        {"event": "e", "time": 10**30, "id": "a", "state": "arrived"},
        {"event": "e", "time": True, "id": "a", "state": "arrived"},
        {"event": "e", "time": 1, "id": "a", "state": ["arrived"]},
        {"event": "e", "time": 1, "id": "a", "state": "lost"},
        {"event": "e", "time": 1, "from": "95588", "words": "TD"},
        {"event": "e", "time": 1, "from": "", "words": "TD"},
        {"event": "e", "time": 1, "from": "13800138000", "words": None},
    ],
)  # fmt: skip
def test_what_cant_be_read_is_left_out_and_the_rest_is_read(item: Any) -> None:
    body = json.dumps({"items": [item, *items_of((STOP,))]}).encode()
    driver = SmsOverHttps(cast("Context", House(sms_key=KEY)))
    assert driver.parse_callback(signed(body, KEY, AT), AT) == (STOP,)


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with ChatServer({"code": 0, "items": items_of((ARRIVED, FAILED, STOP))}) as server:
        yield server


def asking(address: str) -> SmsOverHttps:
    return SmsOverHttps(cast("Context", House(sms_news_address=address, sms_key=KEY)))


def test_the_provider_is_asked_signed_and_since_when(server: ChatServer) -> None:
    assert asking(server.address).news(AT, AT) == (ARRIVED, FAILED, STOP)
    (asked,) = server.asked
    assert asked.body == {"since": int(AT.timestamp())}
    assert asked.headers["X-Signature"] == signature(KEY, asked.headers["X-Time"], asked.raw)


def test_where_no_address_is_set_nothing_is_asked(server: ChatServer) -> None:
    assert asking("").news(AT, AT) == ()
    assert server.asked == []


def test_a_provider_that_says_no_or_not_now_is_heard(server: ChatServer) -> None:
    for code, kind in ((1002, Refused), (429, Busy)):
        server.answer = {"code": code, "message": "no"}
        with pytest.raises(kind):
            asking(server.address).news(AT, AT)


def test_without_a_provider_nobody_is_believed() -> None:
    driver = NullSms(cast("Context", None))
    assert driver.news(AT, AT) == ()
    with pytest.raises(Refused, match="sms-callback-not-proved"):
        driver.parse_callback(Callback({}, b""), AT)
