"""Digests of channels beside mail: notices that wait for one, and what it says."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select, update

from tenor.events.rows import stamps, table_of
from tenor.notify.letters import heading_of, notice, one_line, reader_of
from tenor.notify.notices import OTHER
from tenor.notify.offered import titled
from tenor.notify.records import HeldNotice
from tenor.notify.withheld import title_of, withheld
from tenor_sdk.i18n import _
from tenor_sdk.notify import Channel, Together

if TYPE_CHECKING:
    from tenor.context import KernelContext

held: Final = table_of(HeldNotice)


def hold(ctx: KernelContext, notice_id: int, user_id: int, channel: Channel) -> None:
    """Keep a notice for the next digest of a channel."""
    row = {
        "notice_id": notice_id,
        "user_id": user_id,
        "channel": channel.key,
        "due_at": ctx.kernel.notify.wishes.next_digest(ctx),
    }
    ctx.kernel.db.execute(ctx.guarded, insert(held).values(**row, **stamps(ctx)))


def gather(ctx: KernelContext) -> int:
    """Make one digest of all that is due for each person and channel, in one transaction; those of a plugin that is off
    wait for it.

    Returns:
        How many.
    """
    digests = {one.key: one.digest for one in ctx.kernel.notify.wishes.further if one.digest}
    # nothing is held for longer than to the next digest, though the clock was ahead when it was told
    following = ctx.kernel.notify.wishes.next_digest(ctx)
    late = update(held).where(held.c.digest_id.is_(None), held.c.due_at > following)
    _run(ctx, late.values(due_at=following))
    due = (
        select(held.c.id, held.c.user_id, held.c.channel)
        .where(
            held.c.digest_id.is_(None), held.c.due_at <= ctx.now, held.c.channel.in_(list(digests))
        )
        .order_by(held.c.channel, held.c.user_id, held.c.id)
        .with_for_update()  # of two who gather at once, the second finds nothing left
    )
    made = 0
    rows = list(_run(ctx, due))
    for (channel, _user), of_one in groupby(rows, key=lambda row: (row.channel, row.user_id)):
        ids = [row.id for row in of_one]
        _run(ctx, update(held).where(held.c.id.in_(ids)).values(digest_id=ids[0]))
        ctx.kernel.jobs.enqueue(ctx, digests[channel], {"digest_id": ids[0]})
        made += 1
    return made


def together(ctx: KernelContext, digest_id: int) -> Together | None:
    """What a digest says to its reader; None where they have left."""
    statement = (
        select(notice)
        .join(held, held.c.notice_id == notice.c.id)
        .where(held.c.digest_id == digest_id)
        .order_by(held.c.id)
    )
    rows = list(_run(ctx, statement))
    reader = reader_of(ctx, rows[0].user_id) if rows else None
    if reader is None:
        return None
    wishes = ctx.kernel.notify.wishes

    def words(text: Any) -> str:
        return one_line(ctx.kernel.translator.text(text, reader.language))

    places = [(row.about_table, row.about_id) for row in rows]
    with ctx.kernel.context(reader, write=False) as theirs:
        hidden = withheld(ctx, rows, ctx.kernel.notify.names_of(theirs, places))
    kinds = Counter(wishes.kind_of(row.kind).key for row in rows)
    named = [(wishes.kind_of(key), n) for key, n in kinds.items()]
    return Together(
        notice_id=rows[0].id,
        user_id=reader.id,
        name=reader.name,
        language=reader.language,
        heading=words(heading_of(ctx, len(rows), ctx.now)),
        titles=[words(title_of(ctx, row, hidden)) for row in rows],
        kinds=[
            words(_("{kind} ({n})", kind=titled(kind.title, kind.plugin), n=n)) for kind, n in named
        ],
        link=f"{ctx.kernel.settings.url}/inbox",
        not_before=wishes.not_before(ctx, reader.id, OTHER),
    )


def _run(ctx: KernelContext, statement: Any) -> Any:
    return ctx.kernel.db.execute(ctx.guarded, statement)
