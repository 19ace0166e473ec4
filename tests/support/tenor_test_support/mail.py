"""A mail server that keeps what it is given."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session


class SmtpSink:
    """Takes mail on a free port of loopback; as a context manager it runs for the length of the block.

    Args:
        tls: spoken from the first byte; None: not at all.
    """

    host = "127.0.0.1"

    def __init__(self, tls: SSLContext | None = None) -> None:
        self.port = 0
        self._tls = tls
        self._messages: list[EmailMessage] = []
        self._arrived = threading.Condition()
        self._refusal: str | None = None
        self._unknown: dict[str, str] = {}
        self._farewell = "221 bye"
        self._dies = False
        self._looks_for: float = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="smtp-sink", daemon=True)
        self._up = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._up.wait(10):
            raise RuntimeError("the mail sink didn't come up")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def messages(self) -> list[EmailMessage]:
        """What has arrived, in the order of arrival; envelope addresses stand in X-Mail-From and X-Rcpt-To."""
        with self._arrived:
            return list(self._messages)

    def wait_for(self, count: int = 1, *, seconds: float = 15) -> list[EmailMessage]:
        """The messages, once there are at least ``count``.

        Raises:
            TimeoutError: fewer came in that time; it names the subjects of those that did.
        """
        return self.wait_until(lambda messages: len(messages) >= count, seconds=seconds)

    def wait_until(
        self, enough: Callable[[list[EmailMessage]], bool], *, seconds: float = 15
    ) -> list[EmailMessage]:
        """The messages, once ``enough`` says of them that they are."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: enough(self._messages), seconds):
                subjects = [message["Subject"] for message in self._messages]
                raise TimeoutError(f"not the mail that was waited for; arrived: {subjects}")
            return list(self._messages)

    def refuse(self, code: int | None = 451, words: str = "try again later") -> None:
        """Answer every message with an error from now on; ``refuse(None)`` takes mail again."""
        self._refusal = None if code is None else f"{code} {words}"

    def refuse_recipient(self, address: str, answer: str = "550 5.1.1 no such user") -> None:
        """Answer this recipient so from now on; an empty answer takes mail to them again."""
        self._unknown[address] = answer

    def say_farewell(self, answer: str) -> None:
        """Answer QUIT so from now on."""
        self._farewell = answer

    def die_after_taking(self, dies: bool = True) -> None:
        """Keep what comes, and hang up before saying so."""
        self._dies = dies

    def look_through(self, seconds: float) -> None:
        """Take so long over every message from now on."""
        self._looks_for = seconds

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse them: called by aiosmtpd."""
        del server, session, options
        if self._unknown.get(address):
            return self._unknown[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        """Say farewell: called by aiosmtpd."""
        del server, session, envelope
        return self._farewell

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd calls it so
        """Keep a message, or refuse it: called by aiosmtpd."""
        await asyncio.sleep(self._looks_for)
        if self._refusal:
            return self._refusal
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        message = message_from_bytes(content, policy=policy.default)
        message["X-Mail-From"] = envelope.mail_from or ""
        message["X-Rcpt-To"] = ", ".join(envelope.rcpt_tos)
        with self._arrived:
            self._messages.append(message)
            self._arrived.notify_all()
        if self._dies and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "250 kept"

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(
            self._loop.create_server(self._connection, self.host, 0, ssl=self._tls)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _connection(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=True, loop=self._loop)
