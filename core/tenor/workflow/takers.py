"""To whom tasks can go: holders of a position, or whoever has the right to do what a task asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import or_, select

from tenor.access.people import away
from tenor.access.records import User, UserPosition, UserRole
from tenor.events.rows import table_of
from tenor.workflow.records import OPEN
from tenor.workflow.tasks import task
from tenor_sdk.access import EVERYBODY
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_users: Final = table_of(User)
_held: Final = table_of(UserPosition)
_given: Final = table_of(UserRole)
Row = Mapping[str, Any]


class Takers:
    """Finds out who may take what goes by no position, and to whom everything of somebody's could go."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def by_right(self, ctx: KernelContext, row: Row) -> list[int]:
        """Who is here and has the right to a step that leads on, on the record of a task."""
        steps = self._steps(row)
        return [one for one in self._may_press(ctx, steps) if self.may_take(ctx, row, one)]

    def may_take(self, ctx: KernelContext, row: Row, user_id: int) -> bool:
        """Whether somebody has the right to a step that leads on, on the record of a task."""
        access = self.kernel.access
        about, actor = self._about(row), self._actor(ctx, user_id)
        if about is None or actor is None or not access.would_read_with_task(ctx, actor, about):
            return False
        return any(access.would(ctx, actor, each, "use", about) for each in self._steps(row))

    def of_all(self, ctx: KernelContext, user_id: int) -> list[int]:
        """Who could take some of somebody's open tasks: by the position of one, or by a right to what one asks for.
        Which of them, and why the others stay, is for the plan to say."""
        mine = (task.c.assignee_id == user_id, task.c.state == OPEN, ~task.c.several)
        columns = (task.c.position, task.c.table_name, task.c.stage)
        rows = self._run(ctx, select(*columns).where(*mine).distinct()).mappings().all()
        positions = {row["position"] for row in rows} - {""}
        steps = [step for row in rows if not row["position"] for step in self._steps(row)]
        holders = select(_held.c.user_id).where(_held.c.position.in_(positions))
        able = set(self._here(ctx, holders)) if positions else set()
        return sorted((able | set(self._may_press(ctx, steps))) - {user_id})

    def _steps(self, row: Row) -> Sequence[Transition]:
        return self.kernel.workflow.pressed(row["table_name"], row["stage"])

    def _may_press(self, ctx: KernelContext, steps: Collection[Transition]) -> list[int]:
        """Who is here and has one of these steps by a role, on whatever record."""
        roles = [
            role
            for role in self.kernel.access.roles.values()
            if any(
                grant.target is step and "use" in grant.verbs
                for grant in role.grants
                for step in steps
            )
        ]
        if not roles:
            return []
        positions = {position for role in roles for position in role.positions}
        if EVERYBODY in positions:
            return self._here(ctx, select(_users.c.id))
        held = select(_held.c.user_id).where(_held.c.position.in_(positions))
        given = select(_given.c.user_id).where(_given.c.role.in_([role.key for role in roles]))
        return self._here(ctx, held, given)

    def _here(self, ctx: KernelContext, *of: Any) -> list[int]:
        """Those of them who work here and aren't on leave."""
        here = (_users.c.active, ~_users.c.archived, ~away(ctx.today))
        statement = select(_users.c.id).where(*here, or_(*(_users.c.id.in_(one) for one in of)))
        found: Iterable[int] = self._run(ctx, statement.order_by(_users.c.id)).scalars()
        return list(found)

    def _actor(self, ctx: KernelContext, user_id: int) -> Any:
        return self.kernel.access.actor(self.kernel.db.connection_of(ctx.guarded), user_id)

    def _about(self, row: Row) -> Record | None:
        kind = self.kernel.records.by_table.get(row["table_name"])
        return kind(id=row["record_id"]) if kind is not None else None

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)
