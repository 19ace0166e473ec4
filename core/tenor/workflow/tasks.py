"""Tasks: they arise with a state, have somebody whose they are, and are done by leaving the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, or_, select, update

from tenor.events.wire import from_json, to_json
from tenor.workflow.assignment import Choice, Load, choose
from tenor.workflow.cases import Case, stamps
from tenor.workflow.records import Task
from tenor_sdk.errors import Conflict, Forbidden, NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Owned, Record
from tenor_sdk.workflow import State
from tenor_sdk.workflow import Task as TaskDeclaration

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_table: Any = Task.__table__


@dataclass(frozen=True)
class OpenTask:
    """A task as its person sees it.

    Args:
        title: translated when shown.
        name: of the record, for those who may read it.
        why: why it came to its person.
        mine: whether it is this person's, or waits for somebody of the group.
    """

    id: int
    title: Text
    table_name: str
    record_id: int
    name: str
    position: str
    assignee_id: int | None
    state: str
    why: Text | None
    arisen_at: datetime
    due_at: datetime | None
    mine: bool


class Tasks:
    """Tasks of an institution."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    # -- arising and ending -----------------------------------------------------------------------------------------

    def arise(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        state: State,
        shut_out: Sequence[int],
        *,
        group: bool,
    ) -> None:
        """The task of a state that a case has come into.

        Args:
            shut_out: users who may not have it, for what they did on the case.
            group: whether several people must act, so that it stays with all holders.
        """
        declared = state.task
        if declared is None:
            return
        holders, unit = self._holders(ctx, record, declared)
        choice = self._choice(ctx, record, declared, holders, shut_out, group)
        due = self._due(ctx, declared)
        row = {
            "title": declared.title, "plugin": state.plugin, "case_id": case.id,
            "table_name": type(record).__tablename__, "record_id": record.id, "state": "open",
            "position": declared.position, "unit_id": unit, "assignee_id": choice.user_id, "why": to_json(choice.why),
            "arisen_at": ctx.now, "due_at": due, "remind_at": _half(ctx.now, due, declared),
            "escalate_to": declared.deadline.escalate_to if declared.deadline else "", **stamps(ctx),
        }  # fmt: skip
        self._run(ctx, insert(_table).values(**row))
        told = (
            [choice.user_id]
            if choice.user_id is not None
            else [user for user in holders if user not in shut_out]
        )
        self._tell(
            ctx,
            told,
            _("New task: {task}", task=Text(declared.title, module=state.origin.module)),
            record,
        )

    def _holders(
        self, ctx: KernelContext, record: Record, task: TaskDeclaration
    ) -> tuple[Sequence[int], int | None]:
        if task.to_owner or not task.position:
            return [], None
        if task.unit == "any" or not isinstance(record, Owned):
            return self.kernel.access.holders(ctx, task.position, None), None
        return self.kernel.access.holders_and_unit(ctx, task.position, record.unit_id)

    def _choice(
        self,
        ctx: KernelContext,
        record: Record,
        task: TaskDeclaration,
        holders: Sequence[int],
        shut_out: Sequence[int],
        group: bool,
    ) -> Choice:
        if task.to_owner:
            return Choice(getattr(record, "owner_id", None), _("You look after it"))
        if group:
            return Choice(None, _("Several people of this position decide"))
        return choose(holders, self._loads(ctx, holders), shut_out)

    def _loads(self, ctx: KernelContext, users: Sequence[int]) -> dict[int, Load]:
        opened = func.sum(_open_one())
        statement = select(_table.c.assignee_id, opened, func.max(_table.c.arisen_at)).group_by(
            _table.c.assignee_id
        )
        rows = self._run(ctx, statement.where(_table.c.assignee_id.in_(list(users))))
        return {row[0]: Load(int(row[1] or 0), row[2]) for row in rows}

    def _due(self, ctx: KernelContext, task: TaskDeclaration) -> datetime | None:
        if task.deadline is None:
            return None
        return self.kernel.workflow.calendar.working_days_after(
            ctx, ctx.now, task.deadline.working_days
        )

    def finish(self, ctx: KernelContext, case: Case, *, state: str = "done") -> None:
        """The open tasks of a case are done (or ``cancelled``), by whoever acts."""
        values = {
            "state": state,
            "done_at": ctx.now,
            "done_by_id": ctx.actor.id or None,
            "changed_at": ctx.now,
        }
        where = (_table.c.case_id == case.id, _table.c.state == "open")
        self._run(ctx, update(_table).where(*where).values(**values))

    # -- for people -------------------------------------------------------------------------------------------------

    def mine(self, ctx: KernelContext) -> list[OpenTask]:
        """Open tasks of the person and those that wait for their group, by deadline; what they can't read is left
        out."""
        rows = self._run(
            ctx,
            select(_table)
            .where(_table.c.state == "open", self._for(ctx))
            .order_by(*_by_deadline()),
        )
        return self._shown(ctx, rows.mappings().all())

    def of(self, ctx: KernelContext, record: Record) -> list[OpenTask]:
        """The open tasks on one record that the person was able to load."""
        where = (
            _table.c.table_name == type(record).__tablename__, _table.c.record_id == record.id, _table.c.state == "open",
        )  # fmt: skip
        return self._shown(ctx, self._run(ctx, select(_table).where(*where)).mappings().all())

    def _for(self, ctx: KernelContext) -> Any:
        actor = ctx.actor
        group = and_(
            _table.c.assignee_id.is_(None),
            _table.c.position.in_(actor.positions),
            or_(_table.c.unit_id.is_(None), _table.c.unit_id.in_(actor.units)),
        )
        return or_(_table.c.assignee_id == actor.id, group)

    def _shown(self, ctx: KernelContext, rows: Sequence[Mapping[str, Any]]) -> list[OpenTask]:
        names = self._names(ctx, rows)
        return [
            _open_task(row, names[row["table_name"], row["record_id"]], ctx.actor.id)
            for row in rows
            if (row["table_name"], row["record_id"]) in names
        ]

    def _names(
        self, ctx: KernelContext, rows: Sequence[Mapping[str, Any]]
    ) -> dict[tuple[str, int], str]:
        wanted: dict[str, set[int]] = {}
        for row in rows:
            wanted.setdefault(row["table_name"], set()).add(row["record_id"])
        found = {}
        for table, ids in wanted.items():
            record = self.kernel.records.by_table.get(table)
            if record is not None:
                for identity, name in self.kernel.records.display_names(ctx, record, ids).items():
                    found[table, identity] = name
        return found

    def claim(self, ctx: KernelContext, identity: int) -> None:
        """Take a task that waits for one's group; of two at once, one gets it.

        Raises:
            NotFound: it isn't this person's group's.
            Conflict: ``task-taken``.
        """
        row = (
            self._run(ctx, select(_table).where(_table.c.id == identity, self._group_of(ctx)))
            .mappings()
            .first()
        )
        if row is None:
            raise NotFound("not-found")
        where = (_table.c.id == identity, _table.c.assignee_id.is_(None), _table.c.state == "open")
        taken = self._run(
            ctx, update(_table).where(*where).values(assignee_id=ctx.actor.id, changed_at=ctx.now)
        )
        if not taken.rowcount:
            raise Conflict("task-taken")
        self.kernel.audit.note(ctx, "task-claimed", task=identity)

    def _group_of(self, ctx: KernelContext) -> Any:
        actor = ctx.actor
        here = or_(_table.c.unit_id.is_(None), _table.c.unit_id.in_(actor.units))
        return and_(_table.c.position.in_(actor.positions), here)

    def hand_over(self, ctx: KernelContext, identity: int, user_id: int) -> None:
        """Give one's own task to another holder of its position.

        Raises:
            NotFound, Forbidden: it isn't one's own; the other doesn't hold the position.
        """
        where = (
            _table.c.id == identity,
            _table.c.assignee_id == ctx.actor.id,
            _table.c.state == "open",
        )
        row = self._run(ctx, select(_table).where(*where)).mappings().first()
        if row is None:
            raise NotFound("not-found")
        if user_id not in self.kernel.access.holders(ctx, row["position"], None):
            raise Forbidden("holds-not-the-position")
        self._run(ctx, update(_table).where(*where).values(assignee_id=user_id, changed_at=ctx.now))
        self.kernel.audit.note(ctx, "task-handed-over", task=identity, to=user_id)
        title = Text(row["title"], module=_module(row["plugin"]))
        self._tell(ctx, [user_id], _("Handed over to you: {task}", task=title), None)

    # -- deadlines --------------------------------------------------------------------------------------------------

    def remind(self, ctx: KernelContext) -> int:
        """Remind once, half-way; tell the next position once, when overdue. Returns how many were told of."""
        count = 0
        for row in self._due_rows(ctx, _table.c.remind_at, _table.c.reminded_at):
            told = [row["assignee_id"]] if row["assignee_id"] else self._group(ctx, row)
            count += self._once(
                ctx, row, "reminded_at", told, _("Half the time is gone: {task}", task=_title(row))
            )
        overdue = [
            row
            for row in self._due_rows(ctx, _table.c.due_at, _table.c.escalated_at)
            if row["escalate_to"]
        ]
        for row in overdue:
            told = self.kernel.access.holders(ctx, row["escalate_to"], None)
            count += self._once(
                ctx, row, "escalated_at", told, _("Overdue: {task}", task=_title(row))
            )
        return count

    def _due_rows(self, ctx: KernelContext, when: Any, done: Any) -> Sequence[Mapping[str, Any]]:
        statement = (
            select(_table)
            .where(_table.c.state == "open", when <= ctx.now, done.is_(None))
            .limit(200)
        )
        found: Sequence[Mapping[str, Any]] = self._run(ctx, statement).mappings().all()
        return found

    def _group(self, ctx: KernelContext, row: Mapping[str, Any]) -> Sequence[int]:
        return self.kernel.access.holders(ctx, row["position"], row["unit_id"])

    def _once(
        self,
        ctx: KernelContext,
        row: Mapping[str, Any],
        mark: str,
        users: Sequence[int],
        title: Text,
    ) -> int:
        where = (_table.c.id == row["id"], _table.c[mark].is_(None))
        if not self._run(ctx, update(_table).where(*where).values({mark: ctx.now})).rowcount:
            return 0
        record = self.kernel.records.by_table.get(row["table_name"])
        about = record(id=row["record_id"]) if record is not None else None
        self._tell(ctx, users, title, about)
        return 1

    def _tell(
        self, ctx: KernelContext, users: Sequence[int | None], title: Text, about: Record | None
    ) -> None:
        known = [user for user in users if user]
        if known:
            self.kernel.notify.notify(ctx, known, title, None, about)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.session, statement)


def _open_one() -> Any:
    from sqlalchemy import case

    return case((_table.c.state == "open", 1), else_=0)


def _by_deadline() -> tuple[Any, ...]:
    return _table.c.due_at.is_(None), _table.c.due_at, _table.c.id


def _half(now: datetime, due: datetime | None, task: TaskDeclaration) -> datetime | None:
    if due is None or task.deadline is None or not task.deadline.remind:
        return None
    return now + (due - now) / 2


def _module(plugin: str) -> str:
    return "tenor" if plugin == "base" else f"tenor_{plugin}"


def _title(row: Mapping[str, Any]) -> Text:
    return Text(row["title"], module=_module(row["plugin"]))


def _open_task(row: Mapping[str, Any], name: str, reader: int) -> OpenTask:
    why = from_json(row["why"]) if row["why"] else None
    return OpenTask(
        id=row["id"], title=_title(row), table_name=row["table_name"], record_id=row["record_id"], name=name,
        position=row["position"], assignee_id=row["assignee_id"], state=row["state"],
        why=why if isinstance(why, Text) else None, arisen_at=row["arisen_at"], due_at=row["due_at"],
        mine=row["assignee_id"] == reader,
    )  # fmt: skip
