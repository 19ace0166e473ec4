"""Mails: composed for the eyes of whoever gets them, sent by a job."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Row, insert, select, update

from tenor.events.rows import stamps, table_of
from tenor.events.wire import from_json
from tenor.notify.records import DROPPED, SENT, WAITING, Mail, Notice
from tenor.notify.transport import transport
from tenor_sdk.i18n import _
from tenor_sdk.jobs import outside

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text

mail: Final = table_of(Mail)
notice: Final = table_of(Notice)


@dataclass(frozen=True)
class Letter:
    """The words of a mail."""

    subject: str
    body: str


def send(ctx: KernelContext, mail_id: int) -> None:
    """Send one mail, as it reads for its recipient today; nothing happens where it has gone already."""
    row = ctx.kernel.db.execute(ctx.guarded, select(mail).where(mail.c.id == mail_id)).one()
    if row.state != WAITING:
        return
    recipient = _recipient(ctx, row.user_id)
    if recipient is None or not recipient.email:
        _note(ctx, row, state=DROPPED)
        return
    letter = _letter(ctx, recipient, row.notice_id)
    to = formataddr((recipient.name, recipient.email))
    message = _message(ctx, row.key, to, letter)
    _hand_over(ctx, row.key, message)
    said = {"address": recipient.email, "subject": letter.subject, "body": letter.body}
    _note(ctx, row, state=SENT, sent_at=ctx.now, **said)


def send_to(
    ctx: KernelContext, key: str, address: str, subject: Text, body: Text, language: str
) -> None:
    """Send one mail to somebody who is no user; see ``tenor_sdk.notify.mail``.

    What it says may be a secret of its reader's, so it is kept in a demo alone, whose page shows what would be sent.
    """

    def words(text: Text) -> str:
        return ctx.kernel.translator.text(text, language)

    letter = Letter(" ".join(words(subject).split())[:500], words(body))
    _hand_over(ctx, key, _message(ctx, key, address, letter))
    kept = {"address": address, "subject": letter.subject, "key": key}
    if ctx.kernel.settings.demo:
        kept["body"] = letter.body
    nobody = {"notice_id": 0, "user_id": 0, "state": SENT, "sent_at": ctx.now}
    ctx.kernel.db.execute(ctx.guarded, insert(mail).values(**kept, **nobody, **stamps(ctx)))


def _recipient(ctx: KernelContext, user_id: int) -> ActorData | None:
    with ctx.kernel.db.raw(write=False) as connection:
        return ctx.kernel.access.actor(connection, user_id)


def _letter(ctx: KernelContext, recipient: ActorData, notice_id: int) -> Letter:
    """Written with the recipient's rights: the name of what it is about is left out where they can't read it."""
    kernel = ctx.kernel
    row = kernel.db.execute(ctx.guarded, select(notice).where(notice.c.id == notice_id)).one()
    with kernel.context(recipient, write=False) as theirs:
        name = kernel.notify.name_of(theirs, row.about_table, row.about_id)

    def words(text: Any) -> str:
        return kernel.translator.text(from_json(text), recipient.language)

    link = f"{kernel.settings.url}{kernel.notify.address(notice_id)}"
    about = kernel.translator.text(_("About: {name}", name=name), recipient.language)
    lines = [words(row.body) if row.body else "", about if name else "", link]
    subject = " ".join(words(row.title).split())[:500]
    return Letter(subject, "\n\n".join(line for line in lines if line))


def _message(ctx: KernelContext, key: str, to: str, letter: Letter) -> EmailMessage:
    settings = ctx.kernel.settings
    host = parseaddr(settings.smtp_sender)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = formataddr((settings.institution, settings.smtp_sender))
    message["To"] = to
    message["Date"] = format_datetime(ctx.now)
    message["Message-ID"] = f"<{key}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _hand_over(ctx: KernelContext, key: str, message: EmailMessage) -> None:
    way = transport(ctx.kernel)

    def deliver(key: str) -> bool:
        if ctx.kernel.db.writing_here():
            raise RuntimeError("no mail is sent while a transaction is open: send it in a job")
        way.send(key, message)
        return True

    outside(cast("Context", ctx), key, deliver, ask=way.was_sent)


def _note(ctx: KernelContext, row: Row[Any], **values: object) -> None:
    ctx.kernel.db.execute(ctx.guarded, update(mail).where(mail.c.id == row.id).values(**values))
