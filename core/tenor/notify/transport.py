"""The way out for mail: a server over SMTP, or a folder where none is set."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor.settings import KernelSettings

_SECONDS: Final = 30


class Transport(Protocol):
    """What takes a mail away."""

    def send(self, key: str, message: EmailMessage) -> None:
        """Send it.

        Raises:
            OSError: the server can't be reached or refuses it; also as ``smtplib.SMTPException``.
        """
        ...

    def was_sent(self, key: str) -> bool | None:
        """True where a mail of this key is known to have gone; None where nobody can tell."""
        ...


class Smtp:
    """A mail server. It can't be asked what it took, so a mail may be sent twice where this process died on the way;
    both bear one Message-ID, by which mailboxes know them for the same."""

    def __init__(self, settings: KernelSettings) -> None:
        self._settings = settings

    def send(self, key: str, message: EmailMessage) -> None:
        given = self._settings
        with smtplib.SMTP(given.smtp_host, given.smtp_port, timeout=_SECONDS) as server:
            if given.smtp_starttls:
                server.starttls()
            if given.smtp_user:
                server.login(given.smtp_user, given.smtp_password)
            server.send_message(message)

    def was_sent(self, key: str) -> bool | None:
        return None


class Sink:
    """A folder of ``.eml`` files, for a demo and for tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, key: str, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{key}.part"
        unfinished.write_bytes(message.as_bytes(policy=SMTP))
        unfinished.replace(self._folder / f"{key}.eml")

    def was_sent(self, key: str) -> bool | None:
        return True if (self._folder / f"{key}.eml").is_file() else None


def transport(kernel: Kernel) -> Transport:
    """The institution's way out for mail."""
    settings = kernel.settings
    return Smtp(settings) if settings.smtp_host else Sink(settings.mail_folder)
