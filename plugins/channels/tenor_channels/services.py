"""What is done with groups: their robot's address is set, a place is taken before a message is posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from tenor_channels.access import set_address
from tenor_channels.drivers import Busy
from tenor_channels.http import parts_of
from tenor_channels.records import POSTED, REFUSED, ChatGroup, Post
from tenor_sdk import Context, Text, _, ask, service

_MINUTE: Final = timedelta(seconds=60)


@dataclass(frozen=True)
class RobotAddress:
    """Where a group's robot is addressed, as the provider shows it where the robot is made."""

    address: str = ask("Webhook address", max_length=1000, check=parts_of)
    key: str = ask(
        "Signing key",
        max_length=200,
        default="",
        help="Empty where the robot has none, as of WeCom",
    )


@service(needs=set_address)
def set_robot(ctx: Context, group: ChatGroup, given: RobotAddress) -> Text:
    """Set the address of a group's robot; neither is shown again."""
    group.address, group.key = given.address.strip(), given.key.strip()
    return _("The robot is addressed there from now on.")


def free_at(ctx: Context, group_id: int, per_minute: int) -> datetime | None:
    """When a group's robot may post again; None: now. What is on record as of later than that was posted while the
    clock was ahead, and holds nobody up until it is that late."""
    posted = select(Post.posted_at).where(
        Post.group_id == group_id, Post.posted_at <= ctx.now + _MINUTE
    )
    place = posted.order_by(Post.number.desc())
    earlier = ctx.session.scalars(place.offset(per_minute - 1).limit(1)).first()
    return earlier + _MINUTE if earlier is not None and earlier + _MINUTE > ctx.now else None


@service()
def take_place(ctx: Context, post: Post, per_minute: int) -> int:
    """Take the next place in a group's row; its id. Of two who take the same, the database lets one.

    Raises:
        Busy: there is none now.
    """
    if free_at(ctx, post.group_id, per_minute) is not None:
        raise Busy("the robot has posted enough for this minute")
    numbers = select(func.max(Post.number)).where(Post.group_id == post.group_id)
    tries = select(func.count(Post.id)).where(Post.notice_id == post.notice_id)
    post.number = (ctx.session.scalars(numbers).one() or 0) + 1
    post.attempt = ctx.session.scalars(tries).one() + 1
    ctx.session.add(post)
    ctx.session.flush()
    return post.id


@service()
def note_outcome(ctx: Context, post_id: int, problem: str) -> None:
    """Put on record what became of a message; ``problem`` empty: it stands in the group."""
    post = ctx.session.get(Post, post_id)
    if post is not None:
        post.state, post.problem = (REFUSED, problem[:500]) if problem else (POSTED, "")
