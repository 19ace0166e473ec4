"""Reminders as often as the rules say, escalation when overdue: each once, whoever else looks at the same moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from tenor.events.rows import table_of
from tenor.workflow.definitions import titled
from tenor.workflow.notices import TASK_DUE
from tenor.workflow.records import CANCELLED, OPEN, Vote
from tenor.workflow.reminders import ABOVE, HALF, Told, come, gone_by, next_at, read, written
from tenor.workflow.tasks import RECUSED, Tasks, task
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from datetime import datetime

    from tenor.context import KernelContext
    from tenor.kernel import Kernel

#: how many tasks one run looks at; the rest is the next one's
_BATCH = 200
_votes: Final = table_of(Vote)
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
        for row in self._there(ctx, self._due(ctx, "remind_at")):
            told += self._remind(ctx, row)
        untold = (task.c.escalated_at.is_(None), task.c.escalate_to != "")
        overdue = self._due(ctx, "due_at", *untold)
        for row in self._there(ctx, overdue):
            told += self._escalate(ctx, row)
        return told

    def _due(self, ctx: KernelContext, when: str, *where: Any) -> Sequence[Row]:
        due = (task.c.state == OPEN, task.c[when] <= ctx.now, *where)
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
        """Whoever has a task, and who stands in for them and could do it; of several those who haven't voted."""
        whose = row["assignee_id"]
        if whose is not None:
            found = self._tasks.standing_in(ctx, row["position"]) if row["position"] else []
            takers = [taker for giver, taker in found if giver == whose]
            if takers:
                barred = self.kernel.workflow.barred(ctx, row)
                return [whose, *(taker for taker in takers if taker not in barred)]
            return [whose]
        anywhere = row["unit_id"] is None
        asked = self._tasks.group(ctx, row["position"], row["unit_id"], anywhere=anywhere).members
        if not row["several"]:
            return list(asked)
        done = self._voted(ctx, row) | frozenset((row["basis"] or {}).get(RECUSED, ()))
        return [user for user in asked if user not in done]

    def _voted(self, ctx: KernelContext, row: Row) -> frozenset[int]:
        """Who has done their part of a decision, by themselves or by another in their place."""
        of = (_votes.c.case_id == row["case_id"], _votes.c.round == row["round"])
        statement = select(_votes.c.user_id, _votes.c.behalf_of_id)
        rows = self._run(ctx, statement.where(*of, _votes.c.void_at.is_(None)))
        return frozenset(behalf or user for user, behalf in rows)

    def _above(self, ctx: KernelContext, row: Row) -> Sequence[int]:
        """Holders of the position to which it escalates, in the record's unit or the nearest above; administrators,
        where nobody holds it, so that it isn't lost on the way."""
        group = self._tasks.group(ctx, row["escalate_to"], row["record_unit_id"])
        keepers = self.kernel.access.holders
        return group.members or group.others or keepers(ctx, ADMINISTRATOR, None)

    def _remind(self, ctx: KernelContext, row: Row) -> int:
        """Tell what has come of a task's reminders in one notice, and set down when the next is told.

        Moments are worked out again by the calendar and the deadline as they are now: what has moved on is told then.
        """
        before = [Told(HALF)] if row["reminders"] is None else read(row["reminders"])
        span = self.kernel.workflow.calendar.span(ctx, row["arisen_at"], row["due_at"])
        after = gone_by(span, before, ctx.now)
        told = come(before, after)
        values = {"reminders": written(after), "remind_at": next_at(span, after)}
        if told:
            values["reminded_at"] = ctx.now
        if not self._first(ctx, row, "remind_at", values) or not told:
            return 0
        users = dict.fromkeys(self._whose(ctx, row))
        # who is told for the first time now is told by the escalation
        if row["escalated_at"] is not None and any(one.whom == ABOVE for one in told):
            users |= dict.fromkeys(self._above(ctx, row))
        return self._tell(ctx, row, [*users])

    def _escalate(self, ctx: KernelContext, row: Row) -> int:
        if not self._first(ctx, row, "escalated_at", {"escalated_at": ctx.now}):
            return 0
        return self._tell(ctx, row, self._above(ctx, row))

    def _first(self, ctx: KernelContext, row: Row, mark: str, values: Mapping[str, object]) -> bool:
        """Change an open task where nobody has since it was read; whether that was so."""
        still = (task.c.id == row["id"], task.c.state == OPEN, task.c[mark] == row[mark])
        return bool(self._run(ctx, update(task).where(*still).values(**values)).rowcount)

    def _tell(self, ctx: KernelContext, row: Row, users: Sequence[int]) -> int:
        if not users:
            return 0
        said = self._said(row)
        overdue = row["due_at"] <= ctx.now
        title = (
            _("Overdue since {due}: {task}", **said) if overdue else _("Due {due}: {task}", **said)
        )
        kind = self.kernel.records.by_table.get(row["table_name"])
        about = kind(id=row["record_id"]) if kind is not None else None
        stay = row["case_id"], row["round"]
        body = self._has_it(ctx, row, users)
        self.kernel.notify.notify(ctx, users, title, body, about, kind=TASK_DUE, stay=stay)
        return 1

    def _has_it(self, ctx: KernelContext, row: Row, users: Sequence[int]) -> Text | None:
        """Before whom it is, for those who are to see to it: they may not be able to look at what it is about."""
        whose = row["assignee_id"]
        if whose is None or whose in users:
            return None
        names = self.kernel.access.names(ctx, [whose])
        return _("{name} has it", name=names[whose]) if whose in names else None

    def _said(self, row: Row) -> dict[str, object]:
        due: datetime = row["due_at"].astimezone(self.kernel.clock.zone)
        return {"due": f"{due:%Y-%m-%d %H:%M}", "task": titled(row["title"], row["plugin"])}

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)
