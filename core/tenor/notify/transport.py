"""The way out for mail: a server over SMTP, or a folder where none is set."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from tenor.events.said import in_one_line
from tenor.notify.conversation import Conversation, SealedConversation
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor.settings import KernelSettings

_FOR_GOOD: Final = 500
#: what a server answers for good when asked for a recipient whom it doesn't know (RFC 5321, 4.2.3)
_UNKNOWN: Final = (550, 551, 553)
#: ß, ς and what joins letters: Python's codec has the older rule (RFC 3490), by which they make the domain of another
_READ_ANOTHER_WAY: Final = re.compile("[ßẞς\u200c\u200d]")
_ENHANCED: Final = re.compile(r"\s*5\.(\d{1,3})\.(\d{1,3})\b")


class AddressGone(Exception):
    """The address takes no mail, now or later; the server's words."""


class Transport(Protocol):
    """What takes a mail away."""

    def send(self, key: str, message: EmailMessage) -> None:
        """Send it.

        Raises:
            AddressGone: trying again is of no use.
            Refused: ``mail-refused``: the server takes no such mail, whoever gets it.
            OSError: the server can't be reached or refuses it for now; also as ``smtplib.SMTPException``.
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
        server = self._reached(given.smtp_host, given.smtp_port)
        try:
            if given.smtp_user:
                server.login(given.smtp_user, given.smtp_password)
            self._hand_over(server, message)
            # it is taken: whatever the server says to the farewell, sending it again would be a second mail
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    def _reached(self, host: str, port: int) -> Conversation:
        """The server, over TLS where it is to be; without a context of its own smtplib believes any certificate."""
        if self._settings.smtp_tls:
            return SealedConversation(host, port, ssl.create_default_context())
        server = Conversation(host, port)
        if self._settings.smtp_starttls:
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> None:
        try:
            server.send_message(message, from_addr=in_ascii(self._settings.smtp_bounces) or None)
        except smtplib.SMTPRecipientsRefused as refused:
            for code, said in refused.recipients.values():
                check_answer(code, said, of_recipient=True)
            raise
        except smtplib.SMTPNotSupportedError as refused:
            if all(each.addr_spec.isascii() for each in message["To"].addresses):  # it's the sender
                raise Refused("mail-refused", problem=str(refused)[:300]) from refused
            raise AddressGone(str(refused)) from refused
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
            check_answer(refused.smtp_code, refused.smtp_error)
            raise

    def was_sent(self, key: str) -> bool | None:
        return None


def check_answer(code: int, said: bytes | str, *, of_recipient: bool = False) -> None:
    """What a server's refusal means; nothing is raised where the mail may be taken later.

    Args:
        code: of three digits.
        said: its words; they may begin with an enhanced status code (RFC 3463), which says more.
        of_recipient: whether it was the answer to the recipient's address.

    Raises:
        AddressGone: there is no such address.
        Refused: ``mail-refused``.
    """
    if code < _FOR_GOOD:
        return
    words = in_one_line(said.decode("utf-8", "replace") if isinstance(said, bytes) else said)
    status = _ENHANCED.match(words)
    gone = is_of_address(int(status[1]), int(status[2])) if status else False
    if gone or (status is None and of_recipient and code in _UNKNOWN):
        raise AddressGone(f"{code} {words}")
    raise Refused("mail-refused", problem=f"{code} {words}"[:300])


def is_of_address(subject: int, detail: int) -> bool:
    """Whether an enhanced status code says that the recipient's address is at fault (RFC 3463, 3.2 and 3.3).

    Args:
        subject: 1 is of addresses, of which 7 and 8 are the sender's; 2 of mailboxes, of which 1 is one switched off.
        detail: the third number.
    """
    return (subject == 1 and detail not in (7, 8)) or (subject, detail) == (2, 1)


def in_ascii(address: str) -> str:
    """An address whose domain is written as every server takes it (RFC 5891: 银行.example as xn--jn2a72x.example); one
    that can't be is left as it is."""
    person, at, domain = address.strip().rpartition("@")
    if _READ_ANOTHER_WAY.search(domain):
        return address.strip()
    try:
        return f"{person}{at}{domain.encode('idna').decode()}"
    except UnicodeError:
        return address.strip()


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
