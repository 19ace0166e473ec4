"""Sending an SMS: a place is taken before it goes, at the pace that its number may be told at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from tenor_channels.drivers import Busy
from tenor_channels.records import REFUSED, SENDING, SENT, Sms
from tenor_channels.settings import ChannelsSettings
from tenor_channels.settling import settle_by_news
from tenor_channels.sms import Pace, ShortMessage, fitted, parts_of, sms
from tenor_channels.sms_reports import in_one_line
from tenor_sdk import Context, service
from tenor_sdk.errors import TenorError
from tenor_sdk.jobs import outside, own_transaction


@dataclass(frozen=True)
class Going:
    """A message that is about to go.

    Args:
        key: letters, digits and hyphens; one message for each.
        user_id: whose number it is; None: of somebody outside the house.
    """

    key: str
    number: str = field(repr=False)
    words: str = field(repr=False)
    user_id: int | None = None


def worded(ctx: Context, words: str, *, after: str = "") -> str:
    """The institution's signature, then words, in one line, cut to the parts that it sends; ``after`` is never cut."""
    house = ctx.settings(ChannelsSettings)
    end = f" {after}" if after else ""
    return fitted(" ".join(words.split()), house.sms_parts, before=signature_of(house), after=end)


def signature_of(house: ChannelsSettings) -> str:
    """As it stands before the words: 【海越小贷】."""
    return f"【{house.sms_signature}】" if house.sms_signature else ""


def free_at(ctx: Context, mobile: str, paces: Sequence[Pace]) -> datetime | None:
    """When a number may be told the next; None: now. What the provider didn't take doesn't count, nor what is on record
    as of so much later that it was sent while the clock was ahead."""
    taken = select(Sms.sent_at).where(Sms.mobile == mobile, Sms.state != REFUSED)
    sent = taken.order_by(Sms.number.desc())
    free = []
    for pace in paces:
        until_then = sent.where(Sms.sent_at <= ctx.now + pace.within)
        earlier = ctx.session.scalars(until_then.offset(pace.times - 1).limit(1)).first()
        if earlier is not None:
            free.append(earlier + pace.within)
    later = [instant for instant in free if instant > ctx.now]
    return max(later, default=None)


def send(ctx: Context, going: Going) -> None:
    """Send a message, within a job that has written nothing before; each try is on record.

    Raises:
        Refused: ``sms-refused``, ``no-sms``, ``sms-not-set-up``.
        Busy: for now.
    """
    driver = ctx.driver(sms)
    before = signature_of(ctx.settings(ChannelsSettings))
    bare = going.words.removeprefix(before)

    def call(key: str) -> bool:
        with own_transaction(ctx) as books:
            sms_id = take_place(books, going, driver.paces)
        try:
            driver.send(ShortMessage(going.number, going.words, bare, key), ctx.now)
        except (TenorError, Busy) as error:
            with own_transaction(ctx) as books:
                note_sms(books, sms_id, problem_of(error))
            raise
        # whatever else came up, nobody knows whether it went: on record it stays being sent
        with own_transaction(ctx) as books:
            note_sms(books, sms_id, "")
        return True

    # few providers can be asked: where this process died on the way, twice harms less than never
    outside(ctx, going.key, call, ask=lambda _key: None)


def problem_of(error: TenorError | Busy) -> str:
    """In the provider's words where it said any, in one line; never empty, which would say that it took it."""
    if isinstance(error, TenorError):
        return in_one_line(str(error.values.get("problem") or "")) or error.key
    return in_one_line(str(error)) or type(error).__name__


@service()
def take_place(ctx: Context, going: Going, paces: Sequence[Pace]) -> int:
    """Take the next place of a number, with a try of this message; its id. Of two who take one, the database lets one.

    Raises:
        Busy: there is none now.
    """
    if free_at(ctx, going.number, paces) is not None:
        raise Busy("this number was told enough for now")
    numbers = select(func.max(Sms.number)).where(Sms.mobile == going.number)
    tries = select(func.count(Sms.id)).where(Sms.key == going.key)
    one = Sms(
        mobile=going.number,
        number=(ctx.session.scalars(numbers).one() or 0) + 1,
        key=going.key,
        attempt=ctx.session.scalars(tries).one() + 1,
        user_id=going.user_id,
        sent_at=ctx.now,
        # what somebody outside the house was told stands with their notice, for whoever may read that
        words=going.words if going.user_id is not None else "",
        parts=parts_of(going.words),
    )
    ctx.session.add(one)
    ctx.session.flush()
    return one.id


@service()
def note_sms(ctx: Context, sms_id: int, problem: str) -> None:
    """Put on record what became of a try; ``problem`` empty: the provider took it."""
    one = ctx.session.get(Sms, sms_id)
    if one is not None and one.state == SENDING:
        one.state, one.problem = (REFUSED, problem[:500]) if problem else (SENT, "")
        if not problem:
            settle_by_news(ctx, one)
