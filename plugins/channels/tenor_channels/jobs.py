"""Posting and texting: one message for each notice, once, at the provider's pace."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from tenor_channels import delivering, reporting, settling, texting
from tenor_channels.drivers import Busy, ChatDriver, Message, Robot, chat
from tenor_channels.records import SENT, ChatGroup, ContactNotice, GroupMember, MobileNumber, Post
from tenor_channels.records.contacts import BOUNCED
from tenor_channels.services import free_at, note_outcome, take_place
from tenor_channels.settings import ChannelsSettings
from tenor_channels.sms import sms
from tenor_channels.sms_reports import SmsAnswer, SmsReport
from tenor_sdk import Context, job
from tenor_sdk.errors import TenorError
from tenor_sdk.jobs import Every, Retry, outside, own_transaction
from tenor_sdk.notify import MailCameBack, Together, Told, told, told_together

#: a provider that is away for two hours loses nothing
_PATIENT: Final = Retry(times=8, pause=timedelta(minutes=1))


@job(queue="chat", actor="service", retry=_PATIENT)
def post_notice(ctx: Context, notice_id: int) -> None:
    """Post a notice in the group of whoever it is for; later in their quiet hours, or while the robot has done enough.

    Nothing is posted where they are in no group, or it has no robot.
    """
    said = told(ctx, notice_id)
    later = _tell_group(ctx, said, notice_id) if said is not None else None
    if later is not None:
        ctx.enqueue(post_notice, at=later, notice_id=notice_id)


@job(queue="chat", actor="service", retry=_PATIENT)
def post_digest(ctx: Context, digest_id: int) -> None:
    """Post a digest as one message, as ``post_notice`` does a notice."""
    said = told_together(ctx, digest_id)
    later = _tell_group(ctx, said, said.notice_id) if said is not None else None
    if later is not None:
        ctx.enqueue(post_digest, at=later, digest_id=digest_id)


@job(queue="sms", actor="service", retry=_PATIENT)
def text_notice(ctx: Context, notice_id: int) -> None:
    """Tell a notice by SMS to whoever it is for; later in their quiet hours, or where they were told enough for now.

    Nothing is sent where they have no number.
    """
    said = told(ctx, notice_id)
    later = _text(ctx, said, notice_id) if said is not None else None
    if later is not None:
        ctx.enqueue(text_notice, at=later, notice_id=notice_id)


@job(queue="sms", actor="service", retry=_PATIENT)
def text_digest(ctx: Context, digest_id: int) -> None:
    """Tell a digest in one SMS, as ``text_notice`` does a notice."""
    said = told_together(ctx, digest_id)
    later = _text(ctx, said, said.notice_id) if said is not None else None
    if later is not None:
        ctx.enqueue(text_digest, at=later, digest_id=digest_id)


@job(queue="contacts", actor="service", retry=_PATIENT)
def send_to_contact(ctx: Context, notice_id: int) -> None:
    """Tell a contact person what was meant for them, as far as they agree to it."""
    later = delivering.deliver(ctx, notice_id)
    if later is not None:
        ctx.enqueue(send_to_contact, at=later, notice_id=notice_id)


@job(on=MailCameBack, actor="service")
def note_return(ctx: Context, event: MailCameBack) -> None:
    """A mail to a contact person came back."""
    number = event.key.removeprefix(f"channels-{settling.KEY}")
    notice = ctx.session.get(ContactNotice, int(number)) if number.isdecimal() else None
    if notice is not None and notice.state == SENT:
        settling.settle(ctx, notice, BOUNCED, event.reason)


@job(schedule=Every(minutes=5), actor="service")
def ask_for_news(ctx: Context) -> int:
    """Ask the provider of short messages what it has to report, and act on it; on how much.

    One that can't be reached is asked again five minutes later."""
    driver, since, now = ctx.driver(sms), reporting.since(ctx), ctx.now
    news: list[SmsReport | SmsAnswer] = []

    def call(_key: str) -> bool:
        with suppress(Busy):
            news.extend(driver.news(since, now))
        return True

    # to ask changes nothing there: where this process dies on the way, the next one asks for the same again
    outside(ctx, f"news-{now.isoformat()}", call, ask=lambda _key: None)
    reporting.keep(ctx, news)
    return reporting.apply_waiting(ctx)


@job(actor="service")
def apply_news(ctx: Context) -> int:
    """Act on what the provider of short messages reported; on how much."""
    return reporting.apply_waiting(ctx)


def _tell_group(ctx: Context, said: Told | Together, notice_id: int) -> datetime | None:
    """Post to the group of whoever it is for; when to try again, where that isn't now."""
    found = _group_of(ctx, said.user_id)
    if found is None:
        return None
    group, member = found
    driver = ctx.driver(chat)
    later = said.not_before or free_at(ctx, group.id, driver.per_minute)
    if later is not None:
        return later
    message = _message(group, member, said)
    robot = Robot(group.address, group.key)
    post = Post(
        group_id=group.id,
        notice_id=notice_id,
        user_id=said.user_id,
        posted_at=ctx.now,
        words="\n".join((message.title, *message.lines, message.link)),
    )

    def call(_key: str) -> bool:
        _post(ctx, driver, robot, message, post)
        return True

    # a robot can't be asked what it posted: where this process died on the way, twice harms less than never
    outside(ctx, f"chat-{notice_id}", call, ask=lambda _key: None)
    return None


def _text(ctx: Context, said: Told | Together, notice_id: int) -> datetime | None:
    """Send an SMS to whoever it is for; when to try again, where that isn't now."""
    number = _number_of(ctx, said.user_id)
    if not number:
        return None
    later = said.not_before or texting.free_at(ctx, number, ctx.driver(sms).paces)
    if later is not None:
        return later
    bare = _short(said, tells=ctx.settings(ChannelsSettings).sms_tells_words)
    words = texting.worded(ctx, bare, after=said.link)
    texting.send(ctx, texting.Going(f"notice-{notice_id}", number, words, said.user_id))
    return None


def _short(said: Told | Together, *, tells: bool) -> str:
    """What an SMS says; what finds no room is cut from its end."""
    if isinstance(said, Told):
        return said.title if tells else said.kind
    return " · ".join((said.heading, *(said.titles if tells else said.kinds)))


def _number_of(ctx: Context, user_id: int) -> str:
    of_user = select(MobileNumber.number).where(MobileNumber.user_id == user_id)
    return ctx.session.scalars(of_user).first() or ""


def _post(ctx: Context, driver: ChatDriver, robot: Robot, message: Message, post: Post) -> None:
    with own_transaction(ctx) as books:
        post_id = take_place(books, post, driver.per_minute)
    try:
        driver.post(robot, message, ctx.now)
    except (TenorError, Busy) as error:
        with own_transaction(ctx) as books:
            note_outcome(books, post_id, texting.problem_of(error))
        raise
    # whatever else came up, nobody knows whether it stands in the group: on record it stays being posted
    with own_transaction(ctx) as books:
        note_outcome(books, post_id, "")


def _group_of(ctx: Context, user_id: int) -> tuple[ChatGroup, GroupMember] | None:
    statement = (
        select(ChatGroup, GroupMember)
        .join(GroupMember, GroupMember.parent_id == ChatGroup.id)
        .where(GroupMember.user_id == user_id, ~ChatGroup.archived)
    )
    found = ctx.session.execute(statement).first()
    if found is None or not found[0].address:
        return None
    return found[0], found[1]


def _message(group: ChatGroup, member: GroupMember, said: Told | Together) -> Message:
    """What the group reads: whose notice and of which kind; its words only where the group is trusted with them."""
    if isinstance(said, Together):
        lines = [f"{n}. {each}" for n, each in enumerate(said.titles, 1)]
        told = tuple(lines if group.tells_words else said.kinds)
        return Message(f"{said.name}: {said.heading}", told, said.link, member.chat_id)
    if not group.tells_words:
        return Message(f"{said.name}: {said.kind}", (), said.link, member.chat_id)
    more = tuple(line for line in (said.about, *said.body.splitlines()) if line)
    return Message(f"{said.name}: {said.title}", more, said.link, member.chat_id)
