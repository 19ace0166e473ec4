"""What a mail says: written with the recipient's rights, in their language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, select

from tenor.events.rows import table_of
from tenor.notify.offered import titled
from tenor.notify.records import Mail, Notice
from tenor.notify.withheld import body_of, title_of, withheld
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.notify import Told

if TYPE_CHECKING:
    from datetime import datetime

    from tenor.access import ActorData
    from tenor.context import KernelContext

mail: Final = table_of(Mail)
notice: Final = table_of(Notice)

_LONGEST_SUBJECT: Final = 500


@dataclass(frozen=True)
class Letter:
    """The words of a mail."""

    subject: str
    body: str


def letter_of(ctx: KernelContext, recipient: ActorData, row: Row[Any]) -> Letter | None:
    """What a mail says to its recipient today: one notice, or all that a digest holds; None where nothing of it is
    left, as it has gone with the plugin of what it was about."""
    if row.notice_id:
        return _of_one(ctx, recipient, row.notice_id)
    return _of_several(ctx, recipient, row)


def told_of(ctx: KernelContext, notice_id: int) -> Told | None:
    """What a notice says to its reader by a channel beside mail; None where they have left, or it has gone with the
    plugin of what it was about."""
    rows = _notices(ctx, notice.c.id == notice_id)
    reader = reader_of(ctx, rows[0].user_id) if rows else None
    if reader is None:
        return None
    row = rows[0]
    wishes, words = ctx.kernel.notify.wishes, _words(ctx, reader)
    kind = wishes.kind_of(row.kind)
    with ctx.kernel.context(reader, write=False) as theirs:
        names = ctx.kernel.notify.names_of(theirs, [(row.about_table, row.about_id)])
    hidden = withheld(ctx, [row], names)
    body = body_of(row, hidden)
    return Told(
        user_id=reader.id,
        name=reader.name,
        language=reader.language,
        kind=words(titled(kind.title, kind.plugin)),
        title=one_line(words(title_of(ctx, row, hidden))),
        body=words(body) if body else "",
        about=names.get((row.about_table, row.about_id), ""),
        link=f"{ctx.kernel.settings.url}{ctx.kernel.notify.address(row.id)}",
        not_before=wishes.not_before(ctx, reader.id, kind),
    )


def reader_of(ctx: KernelContext, user_id: int) -> ActorData | None:
    """Whoever is told something; None where they have left."""
    with ctx.kernel.db.raw(write=False) as connection:
        return ctx.kernel.access.actor(connection, user_id)


def heading_of(ctx: KernelContext, n: int, made_at: datetime) -> Text:
    """How many notices a digest holds, and until which day."""
    day = made_at.astimezone(ctx.kernel.clock.zone).date()
    return ngettext("{n} notice until {day}", "{n} notices until {day}", n, day=day)


def plain(ctx: KernelContext, subject: Text, body: Text, language: str) -> Letter:
    """A mail of given words."""
    say = ctx.kernel.translator.text
    return Letter(one_line(say(subject, language)), say(body, language))


def one_line(words: str) -> str:
    """A subject has one line, whatever is in a name."""
    return " ".join(words.split())[:_LONGEST_SUBJECT]


def _of_one(ctx: KernelContext, recipient: ActorData, notice_id: int) -> Letter | None:
    rows = _notices(ctx, notice.c.id == notice_id)
    if not rows:
        return None
    subject, lines = _told(ctx, recipient, rows)[0]
    return Letter(one_line(subject), "\n\n".join(lines))


def _of_several(ctx: KernelContext, recipient: ActorData, row: Row[Any]) -> Letter | None:
    held = select(mail.c.notice_id).where(mail.c.within_id == row.id)
    rows = _notices(ctx, notice.c.id.in_(held))
    if not rows:
        return None
    told = _told(ctx, recipient, rows)
    subject = heading_of(ctx, len(rows), row.created_at)
    blocks = [
        "\n".join((f"{number}. {title}", *lines)) for number, (title, lines) in enumerate(told, 1)
    ]
    return Letter(_words(ctx, recipient)(subject), "\n\n".join(blocks))


def _notices(ctx: KernelContext, wanted: Any) -> Sequence[Row[Any]]:
    statement = select(notice).where(wanted).order_by(notice.c.id)
    return list(ctx.kernel.db.execute(ctx.guarded, statement))


def _told(
    ctx: KernelContext, recipient: ActorData, rows: Sequence[Row[Any]]
) -> list[tuple[str, list[str]]]:
    """Each notice's title and further lines; the matter is left out where they can't read what it is about."""
    kernel, words = ctx.kernel, _words(ctx, recipient)
    with kernel.context(recipient, write=False) as theirs:
        names = kernel.notify.names_of(theirs, [(row.about_table, row.about_id) for row in rows])
    hidden = withheld(ctx, rows, names)
    told = []
    for row in rows:
        name = names.get((row.about_table, row.about_id), "")
        about = words(_("About: {name}", name=name)) if name else ""
        more = body_of(row, hidden)
        body = words(more) if more else ""
        link = f"{kernel.settings.url}{kernel.notify.address(row.id)}"
        lines = [line for line in (body, about, link) if line]
        told.append((words(title_of(ctx, row, hidden)), lines))
    return told


def _words(ctx: KernelContext, recipient: ActorData) -> Callable[[Any], str]:
    return lambda text: ctx.kernel.translator.text(text, recipient.language)
