"""Tasks of people who aren't there. Those of who has left, or doesn't hold the position any more, go on to others; of
who is on leave they are offered to be handed over. Whichever way it came about, so that none is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, update

from tenor.access.people import away
from tenor.access.records import Unit, User, UserPosition
from tenor.events.rows import table_of
from tenor.workflow.handing import Handing
from tenor.workflow.notices import TASK
from tenor.workflow.records import OPEN
from tenor.workflow.tasks import task
from tenor_sdk.access import ADMINISTRATOR, BRANCH_HEAD
from tenor_sdk.errors import Conflict
from tenor_sdk.i18n import Text, ngettext

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_users: Final = table_of(User)
_held: Final = table_of(UserPosition)
_there: Final = table_of(Unit).alias()
_its: Final = table_of(Unit).alias()
#: how many tasks one run looks at; the rest is the next one's
_BATCH: Final = 500
Row = Mapping[str, Any]


class Leaving:
    """Looks after the tasks of people who aren't there.

    Args:
        handing: gives tasks to others.
    """

    def __init__(self, kernel: Kernel, handing: Handing) -> None:
        self.kernel = kernel
        self._handing = handing

    def run(self, ctx: KernelContext) -> int:
        """Pass on what would be lost, and offer what waits for somebody who left or is on leave; each once.

        Returns:
            How many tasks were passed on or offered.
        """
        self._forget(ctx)
        lost = self._tasks(ctx, task.c.position != "", or_(_gone(), _without_position()))
        for row in lost:
            with suppress(Conflict):  # somebody took it, or it was done, in this moment
                self._handing.pass_on(ctx, row, row["name"])
        offered = self._offer(ctx, self._tasks(ctx, _gone(), _to_tell_of_who_left()), left=True)
        on_leave = self._tasks(ctx, away(ctx.today), task.c.offered_at.is_(None))
        offered += self._offer(ctx, on_leave, left=False)
        return len(lost) + offered

    def _tasks(self, ctx: KernelContext, *where: ColumnElement[bool]) -> Sequence[Row]:
        """Open tasks of people of whom something is so."""
        statement = (
            select(
                task,
                _users.c.name,
                _users.c.unit_id.label("home_id"),
                _users.c.on_leave_until,
                _users.c.changed_at.label("person_changed_at"),
            )
            .join_from(task, _users, _users.c.id == task.c.assignee_id)
            .where(task.c.state == OPEN, ~task.c.several, *where)
            .order_by(task.c.assignee_id, task.c.id)
            .limit(_BATCH)
        )
        rows: Sequence[Row] = self._run(ctx, statement).mappings().all()
        return rows

    def _forget(self, ctx: KernelContext) -> None:
        """Who is back may be away again: then it is offered anew."""
        here = select(_users.c.id).where(not_(_gone()), not_(away(ctx.today)))
        back = (task.c.state == OPEN, task.c.offered_at.is_not(None), task.c.assignee_id.in_(here))
        self._run(ctx, update(task).where(*back).values(offered_at=None))

    def _offer(self, ctx: KernelContext, rows: Sequence[Row], *, left: bool) -> int:
        """Tell whoever can hand them over, once for each person who isn't there."""
        people: dict[int, list[Row]] = {}
        for row in rows:
            people.setdefault(row["assignee_id"], []).append(row)
        for user_id, theirs in people.items():
            first = theirs[0]
            told = self._above(ctx, first, user_id) | (set() if left else {user_id})
            title = _left(first, len(theirs)) if left else _on_leave(first, len(theirs))
            about = User(id=user_id)
            self.kernel.notify.notify(ctx, sorted(told), title, None, about, kind=TASK)
            # of whoever left while the clock was ahead it was told after that, lest it be so each time until then
            at = max(ctx.now, first["person_changed_at"]) if left else ctx.now
            self._mark(ctx, [row["id"] for row in theirs], at)
        return len(rows)

    def _above(self, ctx: KernelContext, row: Row, user_id: int) -> set[int]:
        """The heads of a person's unit, or of the nearest above it that has one; administrators where none has."""
        access, found, unit = self.kernel.access, set[int](), None
        if row["home_id"] is not None:
            heads, unit = access.holders_and_unit(ctx, BRANCH_HEAD, row["home_id"])
            found = set(heads) - {user_id}
        if unit is None or not found:
            found = set(access.holders(ctx, ADMINISTRATOR, None)) - {user_id}
        return found

    def _mark(self, ctx: KernelContext, ids: Iterable[int], at: datetime) -> None:
        marked = {"offered_at": at, "changed_at": ctx.now}
        self._run(ctx, update(task).where(task.c.id.in_(ids)).values(**marked))

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)


def _gone() -> ColumnElement[bool]:
    return or_(not_(_users.c.active), _users.c.archived)


def _to_tell_of_who_left() -> ColumnElement[bool]:
    """Whether nobody was told yet of a task that goes by no position: what was offered while its person was on leave
    was said of their leave."""
    untold = or_(task.c.offered_at.is_(None), task.c.offered_at < _users.c.changed_at)
    return and_(task.c.position == "", untold)


def _without_position() -> ColumnElement[bool]:
    """Whether somebody doesn't hold a task's position, in its unit or above it."""
    reaches = (
        select(_there.c.id)
        .where(_there.c.id == _held.c.unit_id, _its.c.id == task.c.unit_id)
        .where(_its.c.path.like(_there.c.path + "%"))
        .correlate(_held, task)
        .exists()
    )
    holds = exists().where(
        _held.c.user_id == task.c.assignee_id,
        _held.c.position == task.c.position,
        or_(task.c.unit_id.is_(None), reaches),
    )
    return not_(holds)


def _left(row: Row, n: int) -> Text:
    return ngettext(
        "{name} has left: {n} task waits to be handed over",
        "{name} has left: {n} tasks wait to be handed over",
        n,
        name=row["name"],
    )


def _on_leave(row: Row, n: int) -> Text:
    return ngettext(
        "{name} is on leave until {day}: {n} open task can be handed over",
        "{name} is on leave until {day}: {n} open tasks can be handed over",
        n,
        name=row["name"],
        day=row["on_leave_until"].isoformat(),
    )
