"""A conversation with a mail server, which ends in time and in bounds, whatever the server does."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from threading import Timer
from typing import IO, Any, Final

#: that a server may be silent
_SECONDS: Final = 30
#: the same once it has the mail, which it may look through before it answers: whoever gives up here sends it again, and
#: again (RFC 5321, 4.5.3.2.6)
_TAKING: Final = 600
#: that it may take in all, however slowly it speaks
_WHOLE: Final = 900
#: bytes of an answer, in all its lines
_LARGEST: Final = 64 * 1024


class Conversation(smtplib.SMTP):
    """What ``smtplib`` does, but for a server that speaks on and on, or a letter at a time."""

    def __init__(self, host: str, port: int, **more: Any) -> None:
        self._over = False
        self._watch = Timer(_WHOLE, self._cut)
        self._watch.daemon = True
        self._watch.start()
        try:
            super().__init__(host, port, timeout=_SECONDS, **more)
        except BaseException:
            self._watch.cancel()
            raise

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Say something; from now on the server may be silent for as long as it may after this."""
        if self.sock is not None:
            self.sock.settimeout(_TAKING if cmd.lower() == "data" else _SECONDS)
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        """The server's answer.

        Raises:
            smtplib.SMTPServerDisconnected: it went, took too long, or never comes to an end.
        """
        if self._over:
            raise smtplib.SMTPServerDisconnected("the mail server took too long")
        if self.sock is not None:
            if self.file is None:
                self.file = _Answers(self.sock.makefile("rb"))
            self.file.left = _LARGEST
        return super().getreply()

    def close(self) -> None:
        """End it, whatever the server says."""
        self._watch.cancel()
        super().close()

    def _cut(self) -> None:
        self._over = True
        sock = getattr(
            self, "sock", None
        )  # there is none before it is connected, nor once it is over
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


class SealedConversation(Conversation, smtplib.SMTP_SSL):
    """The same over TLS from the first byte.

    Args:
        tls: whose certificates are believed.
    """

    def __init__(self, host: str, port: int, tls: ssl.SSLContext) -> None:
        super().__init__(host, port, context=tls)


class _Answers:
    """The lines that a server says.

    Attributes:
        left: bytes that the answer may still have.
    """

    left: int = 0

    def __init__(self, lines: IO[bytes]) -> None:
        self._lines = lines

    def readline(self, limit: int) -> bytes:
        line = self._lines.readline(limit)
        self.left -= len(line)
        if self.left < 0:
            raise OSError("an answer without an end")
        return line

    def close(self) -> None:
        self._lines.close()
