"""The shelves on which somebody's tasks stand, and in which order: by priority, then by deadline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, func, not_, or_

from tenor.db.numbers import BEYOND
from tenor.workflow.assigned import before_somebody
from tenor.workflow.tasks import task
from tenor_sdk.errors import Invalid

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: see ``Desk.page``
BEFORE, MINE, UNITS, SNOOZED, HANDED = "before", "mine", "units", "snoozed", "handed"
SHELVES: Final = (BEFORE, MINE, UNITS, SNOOZED, HANDED)
#: of one priority the earlier deadline goes first, and what has none comes last
ORDER: Final = (task.c.priority.desc(), task.c.due_at.is_(None), task.c.due_at, task.c.id)


def on_shelf(ctx: KernelContext, shelf: str) -> tuple[ColumnElement[bool], ...]:
    """Which tasks stand on a shelf."""
    own = task.c.assignee_id == ctx.actor.id
    theirs = task.c.assignee_id.in_([ctx.actor.id, *(each.id for each in ctx.actor.stands_in)])
    asleep = and_(theirs, task.c.snoozed_until > ctx.today, not_(_is_due(ctx)))
    if shelf == HANDED:
        return (task.c.handed_by_id == ctx.actor.id,)
    if shelf == SNOOZED:
        return (before_somebody(ctx.actor), asleep)
    awake = or_(task.c.snoozed_until.is_(None), not_(asleep))
    if shelf == MINE:
        return (own, awake)
    if shelf == UNITS:
        return (before_somebody(ctx.actor), task.c.assignee_id.is_(None))
    return (before_somebody(ctx.actor), awake)


def _is_due(ctx: KernelContext) -> ColumnElement[bool]:
    """Whether a deadline ends today or is over, by the institution's day."""
    tomorrow = datetime.combine(ctx.today + timedelta(days=1), time(), ctx.kernel.clock.zone)
    return func.coalesce(task.c.due_at < tomorrow.astimezone(UTC), False)


def due_on(ctx: KernelContext, days: Sequence[date]) -> tuple[ColumnElement[bool], ...]:
    """That a deadline lies on one of these days, where the institution is; without any, that there is none.

    Args:
        days: one after the other.
    """
    if not days:
        return (task.c.due_at.is_(None),)
    begin, end = (
        datetime.combine(day, time(), ctx.kernel.clock.zone).astimezone(UTC)
        for day in (days[0], days[-1] + timedelta(days=1))
    )
    return (task.c.due_at >= begin, task.c.due_at < end)


def cursor_of(row: Mapping[str, Any]) -> str:
    """What asks for the tasks behind this one."""
    due = row["due_at"].isoformat() if row["due_at"] is not None else ""
    return f"{row['priority']}~{due}~{row['id']}"


def behind(cursor: str) -> tuple[ColumnElement[bool], ...]:
    """What stands behind a cursor in ``ORDER``; all where it is empty.

    Raises:
        Invalid: at ``after``: ``unknown-cursor``.
    """
    if not cursor:
        return ()
    try:
        priority, text, identity = cursor.split("~")
        due = datetime.fromisoformat(text).astimezone(UTC) if text else None
        at, last = int(priority), int(identity)
    except (ValueError, OverflowError):
        raise Invalid("invalid", {"after": Invalid("unknown-cursor")}) from None
    if max(abs(at), abs(last)) >= BEYOND:
        raise Invalid("invalid", {"after": Invalid("unknown-cursor")})
    same: ColumnElement[bool] = and_(task.c.due_at.is_(None), task.c.id > last)
    if due is not None:
        same = or_(
            task.c.due_at.is_(None),
            task.c.due_at > due,
            and_(task.c.due_at == due, task.c.id > last),
        )
    return (or_(task.c.priority < at, and_(task.c.priority == at, same)),)
