"""What every chat driver that is a webhook must pass. A driver's own tests inherit it in a few lines::

class TestMyChat(ChatDriverContract):
driver_class = MyChat
posted, refused, busy = {"ok": True}, {"ok": False, "why": "no such robot"}, {"slow": True}

def said(self, asked: Asked) -> str:
return asked.body["text"]
"""

import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Self, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from tenor_channels.drivers import Busy, Message, Robot
from tenor_channels.http import Webhook
from tenor_sdk import Context, Invalid, Refused

AT = datetime(2026, 6, 30, 1, 0, tzinfo=UTC)
SECRET = "a-secret-token"
DRIP = 0.05  # float: seconds between letters, not money
MARKUP = '<at user_id="all">all</at> <@all> @all **bold** [x](http://evil.example) <font color="warning">!</font>'


@dataclass
class Asked:
    """A request as it came."""

    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""


@dataclass
class ChatServer:
    """A provider on a free port of loopback, that answers as it is told.

    Attributes:
        answer: the JSON of the next answers; None: it hangs up.
        dribbles: whether its answer comes a letter at a time, and never to an end.
    """

    answer: Any = None
    status: int = 200
    silent: int = 0
    dribbles: bool = False
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        chat, self._over = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                query = parse_qs(urlsplit(self.path).query)
                last = {name: each[-1] for name, each in query.items()}
                chat.asked.append(Asked(last, json.loads(body), dict(self.headers), body))
                chat._over.wait(chat.silent)
                if chat.answer is None:
                    self.close_connection = True
                    return
                content = (
                    chat.answer
                    if isinstance(chat.answer, bytes)
                    else json.dumps(chat.answer).encode()
                )
                self.send_response(chat.status)
                self.send_header("Content-Length", str(len(content) + chat.dribbles * 10_000))
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                while chat.dribbles and not chat._over.wait(DRIP):
                    self.wfile.write(b" ")
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            args=(0.05,),  # float: seconds between looks whether it is over
            daemon=True,
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self) -> str:
        """Of a robot's webhook."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/send?access_token={SECRET}"


class Open:
    """A context in which other computers may be reached, and nothing else is."""

    @property
    def _tenor_port(self) -> "Open":
        return self

    def reach(self, _ctx: object) -> None:
        """Nothing forbids it."""


class ChatDriverContract:
    """The promises of ``Webhook``, as tests.

    Attributes:
        posted, refused, busy: the provider's answers: it is posted, it says no, not now.
    """

    driver_class: ClassVar[type[Webhook]]
    posted: ClassVar[Mapping[str, Any]]
    refused: ClassVar[Mapping[str, Any]]
    busy: ClassVar[Mapping[str, Any]]

    def said(self, asked: Asked) -> str:
        """All words of a request that people read."""
        raise NotImplementedError("a test of a driver says where its words stand")

    def mentions(self, asked: Asked) -> list[str]:
        """The ids that a request mentions."""
        raise NotImplementedError("a test of a driver says where its mentions stand")

    @pytest.fixture
    def server(self) -> Iterator[ChatServer]:
        """The provider."""
        with ChatServer(self.posted) as server:
            yield server

    @pytest.fixture
    def driver(self) -> Webhook:
        """The driver under test."""
        return self.driver_class(cast("Context", Open()))

    def post(self, driver: Webhook, server: ChatServer, message: Message, key: str = "") -> Asked:
        """Post a message; what the provider was asked."""
        driver.post(Robot(server.address, key), message, AT)
        return server.asked[-1]

    def test_the_group_reads_title_lines_and_link(
        self, driver: Webhook, server: ChatServer
    ) -> None:
        asked = self.post(
            driver, server, Message("任务", ("第一行", "second"), "http://x.example/inbox/1")
        )
        said = self.said(asked)
        assert [
            part in said for part in ("任务", "第一行", "second", "http://x.example/inbox/1")
        ] == [True] * 4

    def test_the_address_keeps_its_secret(self, driver: Webhook, server: ChatServer) -> None:
        assert self.post(driver, server, Message("a")).query["access_token"] == SECRET

    def test_only_whom_it_concerns_is_mentioned(self, driver: Webhook, server: ChatServer) -> None:
        assert self.mentions(self.post(driver, server, Message("a", mention="zhou"))) == ["zhou"]
        assert self.mentions(self.post(driver, server, Message("a"))) == []

    def test_words_are_never_markup(self, driver: Webhook, server: ChatServer) -> None:
        asked = self.post(driver, server, Message(MARKUP, (MARKUP,)))
        assert self.said(asked).count(MARKUP) == 2
        assert self.mentions(asked) == []
        assert "markdown" not in json.dumps(asked.body)

    def test_a_long_text_is_cut_and_the_link_stays(
        self, driver: Webhook, server: ChatServer
    ) -> None:
        link = "http://x.example/inbox/1"
        said = self.said(self.post(driver, server, Message("字" * 9, ("行" * 90_000,), link)))
        assert len(said.encode()) <= driver.longest
        assert said.endswith(link)
        assert "…" in said

    def test_what_the_provider_refuses_is_said_in_its_words(
        self, driver: Webhook, server: ChatServer
    ) -> None:
        server.answer = self.refused
        with pytest.raises(Refused) as refused:
            self.post(driver, server, Message("a"))
        assert refused.value.key == "chat-refused"
        words = [value for value in self.refused.values() if isinstance(value, str)]
        assert all(word in str(refused.value.values["problem"]) for word in words)

    def test_too_many_messages_wait(self, driver: Webhook, server: ChatServer) -> None:
        server.answer = self.busy
        with pytest.raises(Busy):
            self.post(driver, server, Message("a"))

    @pytest.mark.parametrize("status", [429, 500, 503])
    def test_a_provider_in_trouble_is_asked_again(
        self, driver: Webhook, server: ChatServer, status: int
    ) -> None:
        server.status = status
        with pytest.raises(Busy):
            self.post(driver, server, Message("a"))

    @pytest.mark.parametrize("status", [302, 403, 404])
    def test_an_address_that_leads_elsewhere_is_refused(
        self, driver: Webhook, server: ChatServer, status: int
    ) -> None:
        server.status = status
        with pytest.raises(Refused):
            self.post(driver, server, Message("a"))

    @pytest.mark.parametrize("answer", [None, b"", b"<html>", b"[]", b"\xff"])
    def test_an_answer_that_cant_be_read_posts_nothing_twice_by_itself(
        self, driver: Webhook, server: ChatServer, answer: bytes | None
    ) -> None:
        server.answer = answer
        with pytest.raises(Busy):
            self.post(driver, server, Message("a"))
        assert len(server.asked) == 1

    def test_an_answer_without_a_code_isnt_taken_for_a_yes(
        self, driver: Webhook, server: ChatServer
    ) -> None:
        server.answer = {}
        with pytest.raises((Busy, Refused)):
            self.post(driver, server, Message("a"))

    def test_a_silent_provider_holds_nobody_for_long(
        self, driver: Webhook, server: ChatServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(driver), "seconds", 0.2)  # float: of a clock, not of money
        server.silent = 30
        with pytest.raises(Busy):
            self.post(driver, server, Message("a"))

    def test_a_provider_that_answers_a_letter_at_a_time_holds_nobody_for_long(
        self, driver: Webhook, server: ChatServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(type(driver), "seconds", 0.2)  # float: of a clock, not of money
        server.dribbles = True
        with pytest.raises(Busy):
            self.post(driver, server, Message("a"))

    def test_no_error_says_the_secret(self, driver: Webhook, server: ChatServer) -> None:
        for answer in (None, self.refused, self.busy):
            server.answer = answer
            with pytest.raises((Busy, Refused)) as error:
                self.post(driver, server, Message("a"), key="the-signing-key")
            assert SECRET not in repr(error.value) + str(error.value)
            assert "the-signing-key" not in repr(error.value)
        assert SECRET not in repr(Robot(server.address, "the-signing-key"))

    @pytest.mark.parametrize(
        "address", ["", "ftp://x.example", "http://x.example/", "https://", "https://a b/"]
    )
    def test_an_address_that_is_none_is_refused(self, driver: Webhook, address: str) -> None:
        with pytest.raises(Invalid):
            driver.post(Robot(address), Message("a"), AT)
