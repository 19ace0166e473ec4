"""Tasks as people have them before them: mine and my groups', taken, handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select, update

from tenor.access.records import User
from tenor.db.numbers import BEYOND
from tenor.events.rows import table_of
from tenor.events.wire import from_json, to_json
from tenor.workflow.access import hand_over_tasks
from tenor.workflow.assigned import before_somebody, has_task
from tenor.workflow.definitions import titled
from tenor.workflow.notices import TASK
from tenor.workflow.records import OPEN, Vote
from tenor.workflow.tasks import Tasks, task
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_users: Final = table_of(User)
_votes: Final = table_of(Vote)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class OpenTask:
    """A task as its person sees it.

    Args:
        title: translated when shown.
        name: of the record, which its person may read.
        stage: the state in which it arose.
        why: why it came to its person.
        mine: whether it is this person's; else it waits for somebody of the group.
        several: whether it takes several people, so that nobody takes it alone.
        overdue: whether its deadline is over.
        behalf_of: the name of the one in whose place this person has it before them; empty for their own.
    """

    id: int
    title: Text
    table_name: str
    record_id: int
    name: str
    stage: Text
    position: str
    unit_id: int | None
    assignee_id: int | None
    assignee_name: str
    state: str
    why: Text | None
    priority: int
    arisen_at: datetime
    due_at: datetime | None
    mine: bool
    several: bool
    overdue: bool
    behalf_of: str = ""


def _giver(actor: ActorData, row: Row) -> ActorData | None:
    """In whose place somebody has a task before them; None where it is their own, or neither's."""
    if has_task(actor, row):
        return None
    return next((each for each in actor.stands_in if has_task(each, row)), None)


def _people(actor: ActorData, row: Row) -> set[int]:
    """For whom the doing of a task would count."""
    giver = _giver(actor, row)
    return {actor.id} if giver is None else {actor.id, giver.id}


class Desk:
    """What people do with tasks.

    Args:
        tasks: knows who may take one.
    """

    def __init__(self, kernel: Kernel, tasks: Tasks) -> None:
        self.kernel = kernel
        self._tasks = tasks

    # -- looking ----------------------------------------------------------------------------------------------------

    def mine(self, ctx: KernelContext) -> list[OpenTask]:
        """Open tasks of the person and those that wait for their groups, then of whom they stand in for, by deadline.

        Left out are those on what they can't read, those of the group that what they did stands against, and those
        in which they have voted; in another's place also those that are the other's, where either did what stands
        against it. The number of statements doesn't grow with the tasks.
        """
        rows = self._rows(ctx, before_somebody(ctx.actor))
        groups = [row for row in rows if row["assignee_id"] != ctx.actor.id]
        done = self._barred(ctx, groups) | self._voted(ctx, groups)
        return self._shown(ctx, [row for row in rows if row["id"] not in done])

    def of(self, ctx: KernelContext, record: Record) -> list[OpenTask]:
        """The open tasks on one record that the person was able to load."""
        about = (task.c.table_name == type(record).__tablename__, task.c.record_id == record.id)
        return self._shown(ctx, self._rows(ctx, *about))

    def _rows(self, ctx: KernelContext, *where: Any) -> Sequence[Row]:
        statement = (
            select(task, _users.c.name.label("assignee_name"))
            .outerjoin_from(task, _users, _users.c.id == task.c.assignee_id)
            .where(task.c.state == OPEN, *where)
            .order_by(task.c.due_at.is_(None), task.c.due_at, task.c.priority.desc(), task.c.id)
        )
        rows: Sequence[Row] = self._run(ctx, statement).mappings().all()
        return rows

    def _barred(self, ctx: KernelContext, rows: Iterable[Row]) -> set[int]:
        """Tasks of a group, or of another, that this person can't do, for what was done on the record by those for
        whom it would count."""
        engine = self.kernel.workflow
        people = {ctx.actor.id, *(each.id for each in ctx.actor.stands_in)}
        about = [(row["table_name"], row["record_id"]) for row in rows]
        done = engine.duties.steps_of(ctx, people, about)
        found = set()
        for row in rows:
            counts = _people(ctx.actor, row)
            steps = done.get((row["table_name"], row["record_id"]), ())
            excluding = engine.excluding(row["table_name"], row["stage"])
            if any(step in excluding and user in counts for step, user in steps):
                found.add(row["id"])
        return found

    def _voted(self, ctx: KernelContext, rows: Sequence[Row]) -> set[int]:
        """Tasks of several people in which this person, or the one in whose place they would, has done their part."""
        several = {(row["case_id"], row["round"]): row for row in rows if row["several"]}
        if not several:
            return set()
        cases = {case for case, _round in several}
        people = {ctx.actor.id, *(each.id for each in ctx.actor.stands_in)}
        columns = (_votes.c.case_id, _votes.c.round, _votes.c.user_id, _votes.c.behalf_of_id)
        theirs = or_(_votes.c.user_id.in_(people), _votes.c.behalf_of_id.in_(people))
        counting = (theirs, _votes.c.void_at.is_(None), _votes.c.case_id.in_(cases))
        found = set()
        for vote in self._run(ctx, select(*columns).where(*counting)):
            row = several.get((vote.case_id, vote.round))
            if row is not None and _people(ctx.actor, row) & {vote.user_id, vote.behalf_of_id}:
                found.add(row["id"])
        return found

    def _shown(self, ctx: KernelContext, rows: Sequence[Row]) -> list[OpenTask]:
        names = self._names(ctx, rows)
        return [
            self._task(ctx, row, names[row["table_name"], row["record_id"]])
            for row in rows
            if (row["table_name"], row["record_id"]) in names
        ]

    def _names(self, ctx: KernelContext, rows: Sequence[Row]) -> dict[tuple[str, int], str]:
        wanted: dict[str, set[int]] = {}
        for row in rows:
            wanted.setdefault(row["table_name"], set()).add(row["record_id"])
        found = {}
        for table, ids in wanted.items():
            kind = self.kernel.records.by_table.get(table)
            if kind is not None:
                for identity, name in self.kernel.records.display_names(ctx, kind, ids).items():
                    found[table, identity] = name
        return found

    def _task(self, ctx: KernelContext, row: Row, name: str) -> OpenTask:
        why = from_json(row["why"])
        kind = self.kernel.records.by_table[row["table_name"]]
        shared = {key: row[key] for key in OpenTask.__dataclass_fields__ if key in row}
        return OpenTask(
            **{
                **shared,
                "title": titled(row["title"], row["plugin"]),
                "name": name,
                "stage": self.kernel.workflow.state_title(kind, row["stage"]),
                "assignee_name": row["assignee_name"] or "",
                "why": why if isinstance(why, Text) else None,
                "mine": row["assignee_id"] == ctx.actor.id,
                "overdue": row["due_at"] is not None and row["due_at"] < ctx.now,
                "behalf_of": giver.name if (giver := _giver(ctx.actor, row)) else "",
            }
        )

    # -- taking and giving ------------------------------------------------------------------------------------------

    def claim(self, ctx: KernelContext, identity: int) -> None:
        """Take a task that waits for one's group; of two at once, one gets it.

        Raises:
            NotFound: it isn't this person's group's.
            Conflict: ``task-taken``, with who has it; ``task-done``.
            Refused: ``task-of-several``.
            Forbidden: ``segregated``: what the person did on the record stands against it.
        """
        row = self._reachable(ctx, identity)
        self._check_open(row)
        if row["assignee_id"] in {ctx.actor.id, getattr(_giver(ctx.actor, row), "id", 0)}:
            return
        if row["several"]:
            raise Refused("task-of-several")
        if row["id"] in self._barred(ctx, [row]):
            raise Forbidden("segregated", rule=_("What you did on this case stands against it"))
        giver = _giver(ctx.actor, row)
        # in another's place it becomes the other's, with whom it stays when the delegation is over
        who, why = ctx.actor.id, _("Took it")
        if giver is not None:
            who, why = giver.id, _("{name} took it in your place", name=ctx.actor.name)
        free = (task.c.id == identity, task.c.assignee_id.is_(None), task.c.state == OPEN)
        values = {"assignee_id": who, "why": to_json(why), "changed_at": ctx.now}
        if not self._run(ctx, update(task).where(*free).values(**values)).rowcount:
            raise Conflict("task-taken", who=self._holder(ctx, identity))
        with self.kernel.access.standing.taken(ctx, giver):
            self._note(ctx, "task-claimed", row)

    def hand_over(
        self, ctx: KernelContext, identity: int, user_id: int, *, reason: str = ""
    ) -> None:
        """Give a task of one's own to another who holds its position; others' with the right to do so.

        Raises:
            NotFound: it isn't this person's, and they may not hand over others'.
            Invalid: ``required``: a reason, for others' tasks.
            Conflict: ``task-done``.
            Refused: ``cannot-take-task``: the other doesn't hold the position, is on leave, or did a step against it.
        """
        row = self._row(ctx, identity)
        own = row is not None and row["assignee_id"] == ctx.actor.id
        if row is None or not (own or ctx.may(hand_over_tasks)):
            raise NotFound("not-found")
        if not own and not reason.strip():
            raise Invalid("invalid", {"reason": Invalid("required")})
        self._check_open(row)
        self._give(ctx, row, user_id, reason.strip())

    def hand_over_all(self, ctx: KernelContext, giver: int, taker: int, *, reason: str) -> int:
        """Give everything of one person to another, in one step; what the other can't take stays.

        Returns:
            How many were given.

        Raises:
            Forbidden: ``not-permitted``: others' without the right.
            Invalid: ``required``: a reason.
        """
        if giver != ctx.actor.id and not ctx.may(hand_over_tasks):
            raise Forbidden("not-permitted", what=hand_over_tasks.title)
        if not reason.strip():
            raise Invalid("invalid", {"reason": Invalid("required")})
        given = 0
        for row in self._rows(ctx, task.c.assignee_id == giver):
            if self._can_take(ctx, row, taker):
                self._give(ctx, row, taker, reason.strip())
                given += 1
        return given

    def _give(self, ctx: KernelContext, row: Row, user_id: int, reason: str) -> None:
        if not self._can_take(ctx, row, user_id):
            raise Refused("cannot-take-task")
        said = reason or "—"
        why = _("Handed over by {name}: {reason}", name=ctx.actor.name, reason=said)
        unmoved = task.c.assignee_id.is_not_distinct_from(row["assignee_id"])
        still = (task.c.id == row["id"], task.c.state == OPEN, unmoved)
        values = {"assignee_id": user_id, "why": to_json(why), "changed_at": ctx.now}
        if not self._run(ctx, update(task).where(*still).values(**values)).rowcount:
            raise Conflict("task-taken", who=self._holder(ctx, row["id"]))
        self._note(
            ctx,
            "task-handed-over",
            row,
            reason=reason,
            given_to=user_id,
            held_by=row["assignee_id"],
        )
        title = _("Handed over to you: {task}", task=titled(row["title"], row["plugin"]))
        if user_id != ctx.actor.id:
            self.kernel.notify.notify(ctx, [user_id], title, why, self._about(row), kind=TASK)

    def _can_take(self, ctx: KernelContext, row: Row, user_id: int) -> bool:
        """Whether somebody holds the position for this record, is there, and did nothing against it."""
        if not row["position"]:
            return user_id in self._there(ctx, user_id)
        kind = self.kernel.records.by_table.get(row["table_name"])
        about = kind(id=row["record_id"]) if kind is not None else None
        barred = (
            self.kernel.workflow.barred(ctx, about, row["stage"]) if about is not None else set()
        )
        group = self._tasks.group(
            ctx, row["position"], row["unit_id"], anywhere=row["unit_id"] is None, barred=barred
        )
        return user_id in group.members

    def _there(self, ctx: KernelContext, user_id: int) -> list[int]:
        away = func.coalesce(_users.c.on_leave_until >= ctx.today, False)
        here = (_users.c.id == user_id, _users.c.active, ~_users.c.archived, ~away)
        return list(self._run(ctx, select(_users.c.id).where(*here)).scalars())

    # -- rows -------------------------------------------------------------------------------------------------------

    def _reachable(self, ctx: KernelContext, identity: int) -> Row:
        """A task that is this person's or their group's, or of whom they stand in for, whoever has it by now."""
        row = self._row(ctx, identity)
        if row is None:
            raise NotFound("not-found")
        as_it_waited = {**row, "assignee_id": None}
        for each in (ctx.actor, *ctx.actor.stands_in):
            if has_task(each, row) or has_task(each, as_it_waited):
                return row
        raise NotFound("not-found")

    def _row(self, ctx: KernelContext, identity: int) -> Row | None:
        if identity >= BEYOND:
            return None
        found: Row | None = (
            self._run(ctx, select(task).where(task.c.id == identity)).mappings().first()
        )
        return found

    def _check_open(self, row: Row) -> None:
        if row["state"] != OPEN:
            raise Conflict("task-done")

    def _holder(self, ctx: KernelContext, identity: int) -> str:
        statement = select(_users.c.name).join(task, task.c.assignee_id == _users.c.id)
        return self._run(ctx, statement.where(task.c.id == identity)).scalar() or "—"

    def _about(self, row: Row) -> Record | None:
        """The record of a task, by its id alone: whoever is told looks it up with their own eyes."""
        kind = self.kernel.records.by_table.get(row["table_name"])
        return kind(id=row["record_id"]) if kind is not None else None

    def _note(
        self, ctx: KernelContext, kind: str, row: Row, *, reason: str = "", **values: Any
    ) -> None:
        about = self._about(row)
        self.kernel.audit.note(ctx, kind, about, reason=reason, task=row["id"], **values)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)
