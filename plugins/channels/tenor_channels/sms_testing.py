"""What every SMS driver that asks over https must pass. A driver's own tests inherit it in a few lines::

class TestMySms(SmsDriverContract):
    driver_class = MySms
    taken, refused, busy = {"Code": "OK"}, {"Code": "isv.NO", "Message": "no such signature"}, {"Code": "isv.SLOW"}

    def said(self, asked: Asked) -> str:
        return asked.body["text"]
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, cast

import pytest

from tenor_channels.drivers import Busy
from tenor_channels.settings import ChannelsSettings
from tenor_channels.sms import ShortMessage
from tenor_channels.sms_http import SmsOverHttps
from tenor_channels.testing import AT, SECRET, Asked, ChatServer, Open
from tenor_sdk import Context, Invalid, Refused

KEY = "the-signing-key"
NUMBER = "+8613800138000"


class House(Open):
    """A context that has settings, in which other computers may be reached.

    Args:
        values: of ``ChannelsSettings``.
    """

    def __init__(self, **values: Any) -> None:
        self._settings = ChannelsSettings(**values)

    def settings(self, _of: type[ChannelsSettings]) -> ChannelsSettings:
        """Those of the institution."""
        return self._settings


def message(bare: str = "您有一条通知", key: str = "notice-1") -> ShortMessage:
    """A message under the signature 海越小贷."""
    return ShortMessage(NUMBER, f"【海越小贷】{bare}", bare, key)


class SmsDriverContract:
    """The promises of ``SmsOverHttps``, as tests.

    Attributes:
        taken, refused, busy: the provider's answers: it is on its way, it says no, not now.
    """

    driver_class: ClassVar[type[SmsOverHttps]]
    taken: ClassVar[Mapping[str, Any]]
    refused: ClassVar[Mapping[str, Any]]
    busy: ClassVar[Mapping[str, Any]]

    def said(self, asked: Asked) -> str:
        """The words of a request that people read."""
        raise NotImplementedError("a test of a driver says where its words stand")

    @pytest.fixture
    def server(self) -> Iterator[ChatServer]:
        """The provider."""
        with ChatServer(self.taken) as server:
            yield server

    def driver(self, address: str, **more: str) -> SmsOverHttps:
        """The driver under test, in an institution that has set it up."""
        values = {"sms_key_id": "haiyue", "sms_key": KEY, "sms_signature": "海越小贷", **more}
        return self.driver_class(cast("Context", House(sms_address=address, **values)))

    def send(self, server: ChatServer, what: ShortMessage, **more: str) -> Asked:
        """Send a message; what the provider was asked."""
        self.driver(server.address, **more).send(what, AT)
        return server.asked[-1]

    def test_whoever_has_the_number_reads_the_words(self, server: ChatServer) -> None:
        asked = self.send(server, message("任务 {已} “到期” 😀"))
        assert "任务 {已} “到期” 😀" in self.said(asked)
        assert NUMBER.removeprefix("+86") in asked.raw.decode()

    def test_a_message_that_is_sent_again_can_be_known_for_the_same(
        self, server: ChatServer
    ) -> None:
        for _ in range(2):
            self.send(server, message(key="notice-77"))
        assert all("notice-77" in asked.raw.decode() for asked in server.asked)

    def test_the_key_itself_is_never_sent(self, server: ChatServer) -> None:
        asked = self.send(server, message())
        assert KEY not in asked.raw.decode() + repr(asked.headers) + repr(asked.query)

    def test_who_changes_the_words_breaks_the_signature(self, server: ChatServer) -> None:
        def proof(bare: str) -> Mapping[str, str]:
            headers = self.send(server, message(bare)).headers
            return {name: value for name, value in headers.items() if name != "Content-Length"}

        assert proof("甲") == proof("甲")
        assert proof("甲") != proof("乙")

    def test_what_the_provider_refuses_is_said_in_its_words(self, server: ChatServer) -> None:
        server.answer = self.refused
        with pytest.raises(Refused) as refused:
            self.send(server, message())
        assert refused.value.key == "sms-refused"
        words = [value for value in self.refused.values() if isinstance(value, str)]
        assert all(word in str(refused.value.values["problem"]) for word in words)

    def test_too_many_messages_wait(self, server: ChatServer) -> None:
        server.answer = self.busy
        with pytest.raises(Busy):
            self.send(server, message())

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_a_provider_in_trouble_is_asked_again(self, server: ChatServer, status: int) -> None:
        server.status = status
        with pytest.raises(Busy):
            self.send(server, message())

    @pytest.mark.parametrize("status", [302, 401, 404])
    def test_an_address_that_leads_elsewhere_is_refused(
        self, server: ChatServer, status: int
    ) -> None:
        server.status = status
        with pytest.raises(Refused):
            self.send(server, message())

    @pytest.mark.parametrize("answer", [None, b"", b"<html>", b"[]", b"\xff"])
    def test_an_answer_that_cant_be_read_isnt_taken_for_a_yes(
        self, server: ChatServer, answer: bytes | None
    ) -> None:
        server.answer = answer
        with pytest.raises(Busy):
            self.send(server, message())
        assert len(server.asked) == 1

    def test_an_answer_without_a_code_isnt_taken_for_a_yes(self, server: ChatServer) -> None:
        server.answer = {}
        with pytest.raises((Busy, Refused)):
            self.send(server, message())

    def test_a_silent_provider_holds_nobody_for_long(
        self, server: ChatServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(self.driver_class, "seconds", 0.2)  # float: of a clock, not of money
        server.silent = 30
        with pytest.raises(Busy):
            self.send(server, message())

    def test_no_error_says_a_secret_or_the_words(self, server: ChatServer) -> None:
        for answer in (None, self.refused, self.busy):
            server.answer = answer
            with pytest.raises((Busy, Refused)) as error:
                self.send(server, message("本金 100 万元"))
            told = repr(error.value) + str(error.value)
            assert [each in told for each in (SECRET, KEY, NUMBER, "本金")] == [False] * 4
        assert NUMBER not in repr(message())

    def test_who_didnt_set_it_up_is_told_so(self) -> None:
        with pytest.raises(Refused, match="sms-not-set-up"):
            self.driver("").send(message(), AT)

    @pytest.mark.parametrize(
        "address", ["ftp://x.example", "http://x.example/", "https://", "https://a b/"]
    )
    def test_an_address_that_is_none_is_refused(self, address: str) -> None:
        with pytest.raises(Invalid):
            self.driver(address).send(message(), AT)
