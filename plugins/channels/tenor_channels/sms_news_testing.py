"""What every SMS driver whose provider reports must pass, beside ``SmsDriverContract``. Its own tests say how the
provider writes::

class TestMySmsNews(SmsNewsContract):
    driver_class = MySms

    def told(self, news: News, key: str, at: datetime) -> Callback:
        body = ...
        return Callback({"Signature": ...}, body)
"""

from abc import abstractmethod
from datetime import datetime, timedelta
from typing import ClassVar, cast

import pytest

from tenor_channels.sms import SmsDriver
from tenor_channels.sms_reports import FRESH, News, SmsAnswer, SmsReport
from tenor_channels.sms_testing import KEY, NUMBER, House
from tenor_channels.testing import AT
from tenor_sdk import Context, Refused
from tenor_sdk.callbacks import Callback
from tenor_sdk.testing import CallbackContract

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


class SmsNewsContract(CallbackContract):
    """The promises of ``SmsDriver.parse_callback``, as tests."""

    driver_class: ClassVar[type[SmsDriver]]

    @abstractmethod
    def told(self, news: News, key: str, at: datetime) -> Callback:
        """The request by which the provider tells these news.

        Args:
            key: under which it signs.
            at: when.
        """

    def driver(self, key: str = KEY) -> SmsDriver:
        """The driver under test, in an institution that has set it up."""
        return self.driver_class(cast("Context", House(sms_key=key, sms_key_id="haiyue")))

    def callback(self, key: str, at: datetime) -> Callback:
        return self.told((STOP,), key, at)

    def test_reports_and_answers_are_read(self) -> None:
        sent = self.told((ARRIVED, FAILED, STOP), KEY, AT)
        assert tuple(self.driver().parse_callback(sent, AT)) == (ARRIVED, FAILED, STOP)

    @pytest.mark.parametrize("aside", [FRESH, -FRESH])
    def test_after_some_minutes_it_is_too_old(self, aside: timedelta) -> None:
        with pytest.raises(Refused, match="sms-callback-too-old"):
            self.driver().parse_callback(self.callback(KEY, AT), AT + aside + aside / 10)


@pytest.mark.parametrize("words", WITHDRAWALS)
def test_by_these_words_people_want_no_more(words: str) -> None:
    assert SmsAnswer("e", NUMBER, words, AT).withdraws


@pytest.mark.parametrize("words", NO_WITHDRAWALS)
def test_by_other_words_they_do_not(words: str) -> None:
    assert not SmsAnswer("e", NUMBER, words, AT).withdraws
