"""Mails: sent by a job, once; held for a digest; and what becomes of those that an address doesn't take."""

from __future__ import annotations

from collections.abc import Callable
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, parseaddr
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Row, insert, select, update

from tenor.events.rows import stamps
from tenor.notify.bounces import message_id
from tenor.notify.letters import Letter, letter_of, mail, notice, plain, reader_of
from tenor.notify.notices import OTHER
from tenor.notify.records import BOUNCED, BUNDLED, DROPPED, HELD, SENT, WAITING
from tenor.notify.transport import AddressGone, in_ascii, transport
from tenor_sdk.errors import Refused
from tenor_sdk.jobs import outside

if TYPE_CHECKING:
    from datetime import datetime

    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor_sdk.context import Context
    from tenor_sdk.i18n import Text


def send(ctx: KernelContext, mail_id: int) -> datetime | None:
    """Send one mail, as it reads for its recipient today; nothing happens where it has gone already.

    Returns:
        When to try again, where the recipient's hours are quiet.

    Raises:
        Refused: ``mail-refused``: the server takes no such mail.
    """
    found = ctx.kernel.db.execute(ctx.guarded, select(mail).where(mail.c.id == mail_id))
    row = found.one_or_none()
    if row is None or row.state != WAITING:  # what it told of may have gone with its plugin
        return None
    recipient = reader_of(ctx, row.user_id)
    if recipient is None or not recipient.email:
        _note(ctx, row, state=DROPPED)
        return None
    later = ctx.kernel.notify.wishes.not_before(ctx, row.user_id, _kind_of(ctx, row))
    if later is None:
        _send_now(ctx, row, recipient)
    return later


def _send_now(ctx: KernelContext, row: Row[Any], recipient: ActorData) -> None:
    gone = ctx.kernel.notify.bounces.reason(ctx, recipient.email)
    if gone:
        _note(ctx, row, state=BOUNCED, address=recipient.email, error=gone)
        return
    letter = letter_of(ctx, recipient, row)
    if letter is None:
        _note(ctx, row, state=DROPPED)
        return
    said = {"address": recipient.email, "subject": letter.subject, "body": letter.body}
    gone = _hand_over(ctx, row.key, recipient.name, recipient.email, letter)
    if gone:
        _note(ctx, row, state=BOUNCED, error=gone[:500], **said)
        ctx.kernel.notify.bounces.mark(ctx, recipient.email, gone)
        return
    _note(ctx, row, state=SENT, sent_at=ctx.now, **said)


def send_to(
    ctx: KernelContext, key: str, address: str, subject: Text, body: Text, language: str
) -> None:
    """Send one mail to somebody who is no user; see ``tenor_sdk.notify.mail``.

    What it says may be a secret of its reader's, so it is kept in a demo alone, whose page shows what would be sent.
    """
    gone = ctx.kernel.notify.bounces.reason(ctx, address)
    if gone:
        raise Refused("address-bounces", address=address, reason=gone)
    letter = plain(ctx, subject, body, language)
    _hand_over(ctx, key, "", address, letter, gone=_mark_apart(ctx, address))
    kept = {"address": address, "subject": letter.subject, "key": key}
    if ctx.kernel.settings.demo:
        kept["body"] = letter.body
    nobody = {"notice_id": 0, "user_id": 0, "state": SENT, "sent_at": ctx.now}
    ctx.kernel.db.execute(ctx.guarded, insert(mail).values(**kept, **nobody, **stamps(ctx)))


def _mark_apart(ctx: KernelContext, address: str) -> Callable[[str], None]:
    """Marks an address in a transaction of its own, as the job's is undone, and says no."""

    def mark(reason: str) -> None:
        with ctx.kernel.jobs.own_transaction(ctx) as books:
            ctx.kernel.notify.bounces.mark(books, address, reason)
        raise Refused("address-bounces", address=address, reason=reason)

    return mark


# -- digests ---------------------------------------------------------------------------------------


def gather(ctx: KernelContext) -> list[int]:
    """Make one mail of all that is held for each person and due; all in one transaction, so that each is in one mail.

    Returns:
        The ids of the mails, which are to be sent.
    """
    _bring_forward(ctx)
    due = select(mail).where(mail.c.state == HELD, mail.c.due_at <= ctx.now)
    rows = ctx.kernel.db.execute(ctx.guarded, due.order_by(mail.c.user_id, mail.c.id))
    made = []
    for _user, of_one in groupby(list(rows), key=lambda row: row.user_id):
        held = list(of_one)
        values = {"notice_id": 0, "user_id": held[0].user_id, "address": held[-1].address}
        # named after the first that it holds, which is held in no other: two who gather at once can't both make it
        made.append(add(ctx, f"digest-{held[0].id}", **values))
        bundled = update(mail).where(mail.c.id.in_([row.id for row in held]))
        ctx.kernel.db.execute(ctx.guarded, bundled.values(state=BUNDLED, within_id=made[-1]))
    return made


def _bring_forward(ctx: KernelContext) -> None:
    """Nothing is held for longer than to the next digest, though the clock was ahead when it was told."""
    following = ctx.kernel.notify.wishes.next_digest(ctx)
    late = update(mail).where(mail.c.state == HELD, mail.c.due_at > following)
    ctx.kernel.db.execute(ctx.guarded, late.values(due_at=following))


def add(ctx: KernelContext, key: str, **values: Any) -> int:
    """A row of a mail; its id."""
    row = insert(mail).values(key=key, **values, **stamps(ctx)).returning(mail.c.id)
    return int(ctx.kernel.db.execute(ctx.guarded, row).scalar_one())


# -- on the way out --------------------------------------------------------------------------------


def _kind_of(ctx: KernelContext, row: Row[Any]) -> Any:
    """Of which kind the notice is; a digest waits as any other news does."""
    if not row.notice_id:
        return OTHER
    kind = select(notice.c.kind).where(notice.c.id == row.notice_id)
    return ctx.kernel.notify.wishes.kind_of(ctx.kernel.db.execute(ctx.guarded, kind).scalar_one())


def _message(ctx: KernelContext, key: str, name: str, address: str, letter: Letter) -> EmailMessage:
    """The mail.

    Raises:
        AddressGone: no mail can be addressed so.
    """
    settings = ctx.kernel.settings
    sender = in_ascii(settings.smtp_sender)
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = formataddr((settings.institution, sender))
    try:
        message["To"] = Address(" ".join(name.split()), addr_spec=in_ascii(address))
    except (MessageError, ValueError, IndexError) as error:
        raise AddressGone(f"{address!r} isn't an address") from error
    message["Date"] = format_datetime(ctx.now)
    message["Message-ID"] = message_id(ctx.kernel, key, host)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _hand_over(
    ctx: KernelContext,
    key: str,
    name: str,
    address: str,
    letter: Letter,
    gone: Callable[[str], None] | None = None,
) -> str:
    """Give a mail to the server, once.

    Args:
        gone: told why the address takes none, while no transaction is open.

    Returns:
        Why the address takes no mail; empty where the mail is on its way.
    """
    way = transport(ctx.kernel)

    def deliver(key: str) -> str:
        if ctx.kernel.db.writing_here():
            raise RuntimeError("no mail is sent while a transaction is open: send it in a job")
        try:
            way.send(key, _message(ctx, key, name, address, letter))
        except AddressGone as refusal:
            if gone is not None:
                gone(str(refusal))
            return str(refusal)
        return ""

    def ask(key: str) -> str | None:
        return "" if way.was_sent(key) else None

    # what was sent by a version before this one left True
    said: object = outside(cast("Context", ctx), key, deliver, ask=ask)
    return said if isinstance(said, str) else ""


def _note(ctx: KernelContext, row: Row[Any], **values: object) -> None:
    ctx.kernel.db.execute(ctx.guarded, update(mail).where(mail.c.id == row.id).values(**values))
