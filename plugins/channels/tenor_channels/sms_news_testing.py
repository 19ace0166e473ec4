"""What every SMS driver whose provider reports must pass, beside ``SmsDriverContract``. Its own tests say how the
provider writes::

class TestMySmsNews(SmsNewsContract):
    driver_class = MySms

    def callback(self, news: News, key: str, at: datetime) -> tuple[Mapping[str, str], bytes]:
        body = ...
        return {"Signature": ...}, body
"""

from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import ClassVar, cast

import pytest

from tenor_channels.sms import SmsDriver
from tenor_channels.sms_reports import FRESH, News, SmsAnswer, SmsReport
from tenor_channels.sms_testing import KEY, NUMBER, House
from tenor_channels.testing import AT
from tenor_sdk import Context, Refused

ARRIVED = SmsReport("event-1", "channels-notice-1", True, AT)
FAILED = SmsReport("event-2", "channels-notice-2", False, AT, "号码已停机")
STOP = SmsAnswer("event-3", NUMBER, "ＴＤ。", AT)
#: in every width and case, with what people write around it
WITHDRAWALS = (
    "STOP",
    "stop",
    "TD",
    "td",
    "ＴＤ",
    "t",
    "Ｔ",
    "退订",
    " 退订！",
    "“TD”",
    "ｓｔｏｐ\n",
)
NO_WITHDRAWALS = ("", "好的", "t恤", "不退订", "tdx", "STOPP", "谢谢 T 先生", "！")


class SmsNewsContract:
    """The promises of ``SmsDriver.parse_callback``, as tests."""

    driver_class: ClassVar[type[SmsDriver]]

    @abstractmethod
    def callback(self, news: News, key: str, at: datetime) -> tuple[Mapping[str, str], bytes]:
        """Headers and body of the request by which the provider tells these news.

        Args:
            key: under which it signs.
            at: when.
        """

    def driver(self, key: str = KEY) -> SmsDriver:
        """The driver under test, in an institution that has set it up."""
        return self.driver_class(cast("Context", House(sms_key=key, sms_key_id="haiyue")))

    def parsed(self, *news: SmsReport | SmsAnswer) -> News:
        """What the driver reads of a callback that is proved."""
        return tuple(self.driver().parse_callback(*self.callback(news, KEY, AT), AT))

    def refused(self, headers: Mapping[str, str], body: bytes, at: datetime = AT) -> str:
        """The key of what is raised."""
        with pytest.raises(Refused) as refusal:
            self.driver().parse_callback(headers, body, at)
        return refusal.value.key

    def test_reports_and_answers_are_read(self) -> None:
        assert self.parsed(ARRIVED, FAILED, STOP) == (ARRIVED, FAILED, STOP)

    def test_the_same_report_has_the_same_id_when_it_comes_again(self) -> None:
        assert [one.event for one in (*self.parsed(ARRIVED), *self.parsed(ARRIVED))] == [
            "event-1", "event-1",
        ]  # fmt: skip

    def test_headers_are_known_in_any_case(self) -> None:
        headers, body = self.callback((STOP,), KEY, AT)
        for turned in (str.lower, str.upper):
            made = {turned(name): value for name, value in headers.items()}
            assert tuple(self.driver().parse_callback(made, body, AT)) == (STOP,)

    def test_who_has_another_key_proves_nothing(self) -> None:
        assert self.refused(*self.callback((STOP,), "another", AT)) == "sms-callback-not-proved"

    def test_without_a_signature_nothing_is_proved(self) -> None:
        _headers, body = self.callback((STOP,), KEY, AT)
        assert self.refused({}, body) == "sms-callback-not-proved"

    def test_who_changes_a_letter_proves_nothing(self) -> None:
        headers, body = self.callback((ARRIVED,), KEY, AT)
        assert self.refused(headers, body + b" ") == "sms-callback-not-proved"

    def test_without_a_key_of_ours_nobody_is_believed(self) -> None:
        with pytest.raises(Refused, match="sms-callback-not-proved"):
            self.driver("").parse_callback(*self.callback((STOP,), "", AT), AT)

    @pytest.mark.parametrize("aside", [FRESH, -FRESH])
    def test_what_somebody_kept_is_too_old(self, aside: timedelta) -> None:
        later = AT + aside + aside / 10
        assert self.refused(*self.callback((STOP,), KEY, AT), later) == "sms-callback-too-old"


@pytest.mark.parametrize("words", WITHDRAWALS)
def test_by_these_words_people_want_no_more(words: str) -> None:
    assert SmsAnswer("e", NUMBER, words, AT).withdraws


@pytest.mark.parametrize("words", NO_WITHDRAWALS)
def test_by_other_words_they_do_not(words: str) -> None:
    assert not SmsAnswer("e", NUMBER, words, AT).withdraws
