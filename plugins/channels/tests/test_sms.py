"""Short messages: numbers, lengths, and the driver that speaks signed JSON."""

import hmac
from collections.abc import Mapping
from typing import Any, ClassVar, cast

import pytest

from tenor_channels.sms import NullSms, check_number, fitted, normal_number, parts_of
from tenor_channels.sms_http import SmsOverHttps
from tenor_channels.sms_testing import KEY, SmsDriverContract, message
from tenor_channels.testing import AT, Asked, ChatServer
from tenor_sdk import Context, Invalid, Refused


class TestSmsOverHttps(SmsDriverContract):
    driver_class = SmsOverHttps
    taken: ClassVar[Mapping[str, Any]] = {"code": 0, "message": "ok"}
    refused: ClassVar[Mapping[str, Any]] = {"code": 1002, "message": "signature not registered"}
    busy: ClassVar[Mapping[str, Any]] = {"code": 429, "message": "too fast"}

    def said(self, asked: Asked) -> str:
        return asked.body["words"]

    def test_time_and_body_are_signed(self, server: ChatServer) -> None:
        asked = self.send(server, message())
        assert asked.headers["X-Time"] == str(int(AT.timestamp()))
        assert asked.headers["X-Key-Id"] == "haiyue"
        signed = hmac.new(
            KEY.encode(), asked.headers["X-Time"].encode() + b"\n" + asked.raw, "sha256"
        )
        assert asked.headers["X-Signature"] == signed.hexdigest()

    def test_without_a_template_the_words_go_with_their_signature(self, server: ChatServer) -> None:
        asked = self.send(server, message("到期提醒"))
        assert asked.body == {
            "id": "notice-1", "to": "+8613800138000", "words": "【海越小贷】到期提醒",
        }  # fmt: skip

    def test_a_template_is_filled_in_by_the_provider(self, server: ChatServer) -> None:
        asked = self.send(server, message("到期提醒"), sms_template="SMS_1001")
        assert asked.body == {
            "id": "notice-1", "to": "+8613800138000", "signature": "海越小贷", "template": "SMS_1001",
            "values": {"words": "到期提醒"},
        }  # fmt: skip


def test_without_a_provider_nothing_is_sent_and_that_is_said() -> None:
    with pytest.raises(Refused, match="no-sms"):
        NullSms(cast("Context", None)).send(message(), AT)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("", 1), ("字" * 70, 1), ("字" * 71, 2), ("a" * 71, 2), ("字" * 134, 2), ("字" * 135, 3),
        ("😀" * 35, 1), ("😀" * 36, 2), ("字" * 66 + "😀" + "字" * 66, 3),
    ],
)  # fmt: skip
def test_seventy_units_are_one_part_and_more_have_sixty_seven_each(words: str, parts: int) -> None:
    assert parts_of(words) == parts


@pytest.mark.parametrize("longest", [1, 2, 3, 10])
@pytest.mark.parametrize("length", [0, 50, 69, 70, 71, 133, 134, 135, 2000])
@pytest.mark.parametrize("letter", ["字", "a", "😀"])
def test_what_is_too_long_is_cut_to_as_much_as_goes_in(
    letter: str, length: int, longest: int
) -> None:
    words, before, after = letter * length, "【海越小贷】", " http://x.example/inbox/1"
    said = fitted(words, longest, before=before, after=after)
    assert parts_of(said) <= longest
    assert said.startswith(before)
    assert said.endswith(after)
    kept = said.removeprefix(before).removesuffix(after).removesuffix("…")
    if kept != words:
        assert "…" in said
        assert parts_of(f"{before}{kept}{letter}…{after}") > longest


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("138 0013 8000", "+8613800138000"), ("+86-138-0013-8000", "+8613800138000"),
        ("008613800138000", "+8613800138000"), ("+85291234567", "+85291234567"), ("", ""),
    ],
)  # fmt: skip
def test_a_number_is_stored_in_one_form(given: str, number: str) -> None:
    assert normal_number(given) == number
    assert normal_number(number) == number
    check_number(number)


@pytest.mark.parametrize(
    "given",
    [
        "1380013800", "12800138000", "+861380013800", "+86138001380001", "95588", "+", "+abc",
        "\uff11" * 11, "+8613800138000;1",
    ],
)  # fmt: skip
def test_what_no_message_can_be_sent_to_is_refused(given: str) -> None:
    with pytest.raises(Invalid, match="not-a-mobile-number"):
        check_number(normal_number(given))
