"""Reminders at half time, escalation when overdue: each once, whoever else looks at the same moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from tenor.events.rows import table_of
from tenor.workflow.definitions import titled
from tenor.workflow.notices import TASK_DUE
from tenor.workflow.records import CANCELLED, OPEN
from tenor.workflow.tasks import Tasks, task
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from datetime import datetime

    from tenor.context import KernelContext
    from tenor.kernel import Kernel

#: how many tasks one run looks at; the rest is the next one's
_BATCH = 200
Row = Mapping[str, Any]


class Deadlines:
    """What becomes of tasks with time.

    Args:
        tasks: knows who may take one.
    """

    def __init__(self, kernel: Kernel, tasks: Tasks) -> None:
        self.kernel = kernel
        self._tasks = tasks

    def run(self, ctx: KernelContext) -> int:
        """Remind and escalate what is due.

        Returns:
            Of how many tasks somebody was told.
        """
        told = 0
        for row in self._there(ctx, self._due(ctx, "remind_at", "reminded_at")):
            told += self._once(
                ctx,
                row,
                "reminded_at",
                self._whose(ctx, row),
                _("Due {due}: {task}", **self._said(row)),
            )
        overdue = self._due(ctx, "due_at", "escalated_at", task.c.escalate_to != "")
        for row in self._there(ctx, overdue):
            title = _("Overdue since {due}: {task}", **self._said(row))
            told += self._once(ctx, row, "escalated_at", self._above(ctx, row), title)
        return told

    def _due(self, ctx: KernelContext, when: str, done: str, *where: Any) -> Sequence[Row]:
        due = (task.c.state == OPEN, task.c[when] <= ctx.now, task.c[done].is_(None), *where)
        statement = select(task).where(*due).order_by(task.c[when], task.c.id).limit(_BATCH)
        rows: Sequence[Row] = self._run(ctx, statement).mappings().all()
        return rows

    def _there(self, ctx: KernelContext, rows: Sequence[Row]) -> list[Row]:
        """Those whose record still exists; the tasks of the others are cancelled."""
        ids: dict[str, set[int]] = {}
        for row in rows:
            ids.setdefault(row["table_name"], set()).add(row["record_id"])
        there = {
            (name, each)
            for name, of_kind in ids.items()
            for each in self._existing(ctx, name, of_kind)
        }
        gone = [row["id"] for row in rows if (row["table_name"], row["record_id"]) not in there]
        if gone:
            cancelled = {"state": CANCELLED, "done_at": ctx.now, "changed_at": ctx.now}
            self._run(ctx, update(task).where(task.c.id.in_(gone)).values(**cancelled))
        return [row for row in rows if row["id"] not in gone]

    def _existing(self, ctx: KernelContext, name: str, ids: Iterable[int]) -> Iterable[int]:
        kind = self.kernel.records.by_table.get(name)
        if kind is None:
            return ids  # its plugin is off: nothing is known, so nothing is cancelled
        table = table_of(kind)
        found: Iterable[int] = self._run(
            ctx, select(table.c.id).where(table.c.id.in_(ids))
        ).scalars()
        return found

    def _whose(self, ctx: KernelContext, row: Row) -> Sequence[int]:
        """Whoever has a task, and who stands in for them and could do it."""
        whose = row["assignee_id"]
        if whose is not None:
            found = self._tasks.standing_in(ctx, row["position"]) if row["position"] else []
            takers = [taker for giver, taker in found if giver == whose]
            if takers:
                barred = self.kernel.workflow.barred(ctx, row)
                return [whose, *(taker for taker in takers if taker not in barred)]
            return [whose]
        anywhere = row["unit_id"] is None
        return self._tasks.group(ctx, row["position"], row["unit_id"], anywhere=anywhere).members

    def _above(self, ctx: KernelContext, row: Row) -> Sequence[int]:
        """Holders of the position to which it escalates, in the record's unit or the nearest above; administrators,
        where nobody holds it, so that it isn't lost on the way."""
        group = self._tasks.group(ctx, row["escalate_to"], row["record_unit_id"])
        keepers = self.kernel.access.holders
        return group.members or group.others or keepers(ctx, ADMINISTRATOR, None)

    def _once(
        self, ctx: KernelContext, row: Row, mark: str, users: Sequence[int], title: Text
    ) -> int:
        first = update(task).where(task.c.id == row["id"], task.c[mark].is_(None))
        if not self._run(ctx, first.values({mark: ctx.now})).rowcount or not users:
            return 0
        kind = self.kernel.records.by_table.get(row["table_name"])
        about = kind(id=row["record_id"]) if kind is not None else None
        self.kernel.notify.notify(ctx, users, title, None, about, kind=TASK_DUE)
        return 1

    def _said(self, row: Row) -> dict[str, object]:
        due: datetime = row["due_at"].astimezone(self.kernel.clock.zone)
        return {"due": f"{due:%Y-%m-%d %H:%M}", "task": titled(row["title"], row["plugin"])}

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)
