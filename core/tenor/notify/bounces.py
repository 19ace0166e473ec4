"""Mails that come back: what a server's report says (RFC 3464), and the addresses to which nothing is sent any more."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.message import Message
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, func, select, update

from tenor.access.records import User
from tenor.events.rows import table_of
from tenor.events.said import in_one_line
from tenor.notify.notices import BOUNCE
from tenor.notify.records import BOUNCED, BouncedAddress, Mail
from tenor.notify.transport import in_ascii, is_of_address
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import _
from tenor_sdk.notify import MailCameBack

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_bounced: Final = table_of(BouncedAddress)
_mail: Final = table_of(Mail)
_user: Final = table_of(User)

_MARK: Final = re.compile(r"<([A-Za-z0-9-]{1,100})\.([0-9a-f]{16})@")
_STATUS: Final = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_LONGEST: Final = 500


@dataclass(frozen=True)
class Report:
    """What a server reports of one mail to one address.

    Args:
        key: of the mail, from the Message-ID that came back.
        mark: by which a Message-ID is known for ours.
        failed: whether it gave up; else the mail is only late.
        gone: whether the address itself is at fault, for good.
        reason: in the server's words.
    """

    key: str
    mark: str
    address: str
    failed: bool
    gone: bool
    reason: str


# -- what a report says --------------------------------------------------------------------------


def message_id(kernel: Kernel, key: str, host: str) -> str:
    """The Message-ID of a mail. It bears a mark that nobody else can make, so that no stranger's report is believed."""
    return f"<{key}.{mark_of(kernel, key)}@{host}>"


def mark_of(kernel: Kernel, key: str) -> str:
    """The mark of a mail's Message-ID."""
    secret = kernel.plugin_settings.derived_secret("base", "message-id")
    return hmac.new(secret, key.encode(), "sha256").hexdigest()[:16]


def read_reports(raw: bytes) -> list[Report]:
    """The reports in a message that a mail server sent.

    Raises:
        Invalid: ``not-a-bounce``: it is no report, or lacks the header of the mail that it is about.
    """
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        found = _MARK.search(_message_id_of(message))
        blocks = list(_recipients(message))
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Invalid("not-a-bounce") from error
    if found is None or not blocks:
        raise Invalid("not-a-bounce")
    return [_report(found[1], found[2], block) for block in blocks]


def _message_id_of(message: Message) -> str:
    """The Message-ID of the mail that came back: of itself, or of its header alone."""
    for part in message.walk():
        kind = part.get_content_type()
        inner = part.get_payload()
        if kind == "message/rfc822" and isinstance(inner, list) and isinstance(inner[0], Message):
            return str(inner[0].get("Message-ID", ""))
        if kind == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            return str(message_from_string(text, policy=policy.compat32).get("Message-ID", ""))
    return ""


def _recipients(message: Message) -> Iterator[Message]:
    """The blocks of a delivery status that are about a recipient; the first is about the message."""
    for part in message.walk():
        blocks = part.get_payload()
        if part.get_content_type() == "message/delivery-status" and isinstance(blocks, list):
            yield from (block for block in blocks if isinstance(block, Message) and _address(block))


def _report(key: str, mark: str, block: Message) -> Report:
    status = _STATUS.match(str(block.get("Status", "")))
    failed = str(block.get("Action", "")).strip().lower() == "failed"
    permanent = failed and status is not None and status[1] == "5"
    gone = permanent and status is not None and is_of_address(int(status[2]), int(status[3]))
    said = _after_type(str(block.get("Diagnostic-Code", ""))) or str(block.get("Status", ""))
    return Report(key, mark, _address(block), failed, gone, shortened(said))


def _address(block: Message) -> str:
    given = block.get("Original-Recipient") or block.get("Final-Recipient") or ""
    return normal(_after_type(str(given)).strip("<> "))


def _after_type(field: str) -> str:
    """``rfc822; zhou@example.com`` without its type."""
    return field.partition(";")[2].strip() or field.strip()


def shortened(words: str) -> str:
    """A server's words in one line."""
    return in_one_line(words)[:_LONGEST]


def normal(address: str) -> str:
    """An address as it is compared: in no server of today do capitals tell two people apart."""
    return in_ascii(address).lower()


# -- what becomes of it ----------------------------------------------------------------------------


class Bounces:
    """The addresses that take no mail."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def reason(self, ctx: KernelContext, address: str) -> str:
        """Why nothing is sent to an address; empty where it is."""
        statement = select(_bounced.c.reason).where(_bounced.c.address == normal(address))
        return str(self.kernel.db.execute(ctx.guarded, statement).scalar_one_or_none() or "")

    def mark(self, ctx: KernelContext, address: str, reason: str) -> bool:
        """Send nothing to an address any more, and tell whoever's it is; False where it was marked before."""
        if self.reason(ctx, address):
            return False
        user_id = self._user_of(ctx, address)
        words = shortened(reason) or "?"
        with self.kernel.db.system(ctx.guarded) as session:
            session.add(BouncedAddress(address=normal(address), user_id=user_id, reason=words))
        if user_id is not None:
            title = _("Mails to {address} come back", address=address)
            body = _(
                "The mail server says: {reason}. No mail is sent until this is put right.",
                reason=words,
            )
            self.kernel.notify.notify(ctx, [user_id], title, body, None, kind=BOUNCE)
        return True

    def lift(self, ctx: KernelContext, address: str) -> None:
        """Send to an address again.

        Raises:
            NotFound: ``not-bounced``.
        """
        statement = select(BouncedAddress).where(BouncedAddress.address == normal(address))
        with self.kernel.db.system(ctx.guarded) as session:
            row = session.scalars(statement).one_or_none()
            if row is None:
                raise NotFound("not-bounced", address=address)
            session.delete(row)

    def listed(self, ctx: KernelContext) -> list[tuple[str, str]]:
        """The addresses and why, by address."""
        statement = select(_bounced.c.address, _bounced.c.reason).order_by(_bounced.c.address)
        rows = self.kernel.db.execute(ctx.guarded, statement)
        return [(row.address, row.reason) for row in rows]

    def take_report(self, ctx: KernelContext, raw: bytes) -> Sequence[Report]:
        """Take in what a mail server reports: the mail came back, and its address is marked where that is at fault.

        Returns:
            What it says of each address; nothing is done of those that are only late.

        Raises:
            Invalid: ``not-a-bounce``.
            NotFound: ``no-such-mail``: it isn't about a mail that went from here.
        """
        reports = read_reports(raw)
        for report in reports:
            row = self._mail_of(ctx, report)
            if not report.failed:
                continue
            values = {"state": BOUNCED, "error": report.reason}
            change = update(_mail).where(_mail.c.id == row.id).values(values)
            self.kernel.db.execute(ctx.guarded, change)
            ctx.emit(MailCameBack(key=row.key, address=row.address, reason=report.reason))
            # a mailbox that passes mail on may be well though the next one isn't
            if report.gone and report.address == normal(row.address):
                self.mark(ctx, row.address, report.reason)
        return reports

    def _mail_of(self, ctx: KernelContext, report: Report) -> Row[Any]:
        ours = hmac.compare_digest(mark_of(self.kernel, report.key), report.mark)
        statement = select(_mail.c.id, _mail.c.key, _mail.c.address).where(
            _mail.c.key == report.key
        )
        row = self.kernel.db.execute(ctx.guarded, statement).one_or_none()
        if not ours or row is None:
            raise NotFound("no-such-mail")
        return row

    def _user_of(self, ctx: KernelContext, address: str) -> int | None:
        same: Any = func.lower(_user.c.email) == address.strip().lower()
        statement = select(_user.c.id).where(same, _user.c.active, ~_user.c.archived)
        return self.kernel.db.execute(ctx.guarded, statement.order_by(_user.c.id)).scalars().first()
