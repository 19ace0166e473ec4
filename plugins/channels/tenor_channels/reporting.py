"""Taking in what a provider of short messages reports: each once, in whichever order, believed only where proved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from tenor_channels import withdrawing
from tenor_channels.records import ContactNotice, Sms, SmsNews
from tenor_channels.settling import KEY, settle_notice, settle_sms
from tenor_channels.sms import sms
from tenor_channels.sms_reports import News, SmsAnswer, SmsReport, in_one_line
from tenor_sdk import Context
from tenor_sdk.callbacks import Callbacks

#: how far back a provider is asked at most, and how far before what is known: reports come late and out of order
_BACK: Final = timedelta(days=3)
_OVERLAP: Final = timedelta(hours=1)
#: before the id that a provider gets stands the plugin's name
_OURS: Final = "channels-"
_LONGEST_EVENT: Final = 100


def take_news(ctx: Context, news: News) -> int:
    """Take what a provider's callback told; what came before does nothing again. How much of it is new."""
    from tenor_channels.jobs import apply_news

    kept = keep(ctx, news)
    if kept:
        ctx.enqueue(apply_news)
    return kept


def keep(ctx: Context, news: News) -> int:
    """Put news on record that aren't yet; how many. Of two that keep the same, the database lets one."""
    said = {one.event: one for one in news if _is_said(one)}
    known = set(ctx.session.scalars(select(SmsNews.event).where(SmsNews.event.in_(said))))
    new = {event: one for event, one in said.items() if event not in known}
    ctx.session.add_all([_row(ctx, one) for one in new.values()])
    ctx.session.flush()
    return len(new)


def since(ctx: Context) -> datetime:
    """From when on a provider is asked; what came while the clock was ahead doesn't say how far it is now."""
    until_now = select(func.max(SmsNews.happened_at)).where(SmsNews.happened_at <= ctx.now)
    last = ctx.session.scalar(until_now)
    earliest = ctx.now - _BACK
    return max(earliest, last.astimezone(UTC) - _OVERLAP) if last is not None else earliest


def apply_waiting(ctx: Context) -> int:
    """Act on the news that nobody acted on yet, oldest first; how many."""
    waiting = select(SmsNews).where(SmsNews.applied_at.is_(None)).order_by(SmsNews.id).limit(500)
    rows = list(ctx.session.scalars(waiting))
    for row in rows:
        _apply(ctx, row)
        row.applied_at = ctx.now
    return len(rows)


def _is_said(one: SmsReport | SmsAnswer) -> bool:
    """Whether it is of use: an answer that withdraws nothing isn't kept, nor what else people write, nor what has no id
    by which it is known again."""
    known_again = 0 < len(one.event) <= _LONGEST_EVENT and one.event.isprintable()
    return known_again and (isinstance(one, SmsReport) or one.withdraws)


def _row(ctx: Context, one: SmsReport | SmsAnswer) -> SmsNews:
    at = min(one.at, ctx.now)
    if isinstance(one, SmsAnswer):
        words = in_one_line(one.words)[:70]
        return SmsNews(
            event=one.event, kind="withdrawal", mobile=one.number, words=words, happened_at=at
        )
    key, problem = in_one_line(one.key).removeprefix(_OURS)[:100], in_one_line(one.problem)[:500]
    kind = "arrived" if one.arrived else "not-arrived"
    return SmsNews(event=one.event, kind=kind, key=key, problem=problem, happened_at=at)


def _apply(ctx: Context, row: SmsNews) -> None:
    if row.kind == "withdrawal":
        withdrawing.withdraw(ctx, row)
        return
    tries = select(Sms).where(Sms.key == row.key).order_by(Sms.attempt.desc()).limit(1)
    one = ctx.session.scalars(tries).first()
    if one is not None:
        settle_sms(one, row)
    number = row.key.removeprefix(KEY)
    if row.key.startswith(KEY) and number.isdecimal() and number.isascii():
        notice = ctx.session.get(ContactNotice, int(number)) if len(number) < 18 else None
        if notice is not None:
            settle_notice(ctx, notice, row)


sms_callbacks: Callbacks[News] = Callbacks(sms, take=take_news)
