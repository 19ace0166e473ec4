"""Tasks as people have them before them: mine and my groups', in pages; taken, put aside, talked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from tenor.access.records import User
from tenor.events.rows import table_of
from tenor.events.wire import from_json, to_json
from tenor.workflow.assigned import has_task
from tenor.workflow.definitions import titled
from tenor.workflow.following import follow
from tenor.workflow.handing import check_open, words
from tenor.workflow.notices import TASK
from tenor.workflow.records import OPEN
from tenor.workflow.shelves import BEFORE, HANDED, ORDER, behind, cursor_of, due_on, on_shelf
from tenor.workflow.taking_part import done_already, giver_of, has_it, people_of, recused
from tenor.workflow.tasks import Tasks, task
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.records.mentioning import Heard

_users: Final = table_of(User)
#: what of a task is read for a page
_SHOWN: Final = tuple(column for column in task.c if column.name != "basis")
#: how many rows more are read for a page, step by step, where the person can't do those before: a page takes three
#: times the statements at most
_FURTHER: Final = (1_000, 20_000)
Row = Mapping[str, Any]
Names = Mapping[tuple[str, int], str]
#: by the id of a task who can't do it
Closed = Mapping[int, set[int]]


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
        snoozed_until: the day on which it comes back; None where it is in sight.
        handed_by_id: who handed it to whoever has it.
        remind_at: when whoever has it is reminded next.
        provisional: whether its deadline falls into a year whose working days nobody confirmed yet.
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
    snoozed_until: date | None = None
    handed_by_id: int | None = None
    remind_at: datetime | None = None
    provisional: bool = False


@dataclass(frozen=True)
class TaskPage:
    """Some of somebody's tasks.

    Args:
        next: what asks for the page after it; empty on the last.
    """

    tasks: Sequence[OpenTask]
    next: str = ""


def _is_closed(ctx: KernelContext, row: Row, closed: Collection[int]) -> bool:
    """Whether this person can't do a task: neither by themselves nor in anybody's place."""
    return not people_of(ctx.actor, row, closed).isdisjoint(closed)


def _subject(row: Row) -> tuple[str, int]:
    """What a task is about: a table, and a row of it."""
    return row["table_name"], row["record_id"]


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
        """All that ``page`` would show of ``before``, on one page."""
        return list(self.page(ctx, size=None).tasks)

    def page(
        self,
        ctx: KernelContext,
        shelf: str = BEFORE,
        *,
        size: int | None = 50,
        after: str = "",
        due: Sequence[date] | None = None,
    ) -> TaskPage:
        """Open tasks by priority, and of one priority the earlier deadline first.

        Left out are those on what they can't read, those of the group that what they did stands against, and those
        in which they have voted; in another's place also those that are the other's, where either did what stands
        against it. They are read past, so that a page is full as long as there are tasks; only where more than twenty
        thousand in a row are left out it isn't. The number of statements doesn't grow with the tasks.

        Args:
            shelf: ``before``: the person's, those that wait for their groups, and those of whom they stand in for;
                ``mine``: the person's alone; ``units``: those that wait for their groups; ``snoozed``: the person's,
                out of sight for now; ``handed``: handed over by them.
            size: how many are on a page; None: all are.
            after: the ``next`` of the page before.
            due: days, one after the other, on which their deadlines lie; none: those without a deadline.

        Raises:
            Invalid: at ``after``: ``unknown-cursor``.
        """
        where, last, over = on_shelf(ctx, shelf), after, False
        where += due_on(ctx, due) if due is not None else ()
        able: list[Row] = []
        closed: dict[int, set[int]] = {}
        names: dict[tuple[str, int], str] = {}
        for reach in (size + 1, *_FURTHER) if size is not None else (None,):
            rows = self._rows(ctx, *where, *behind(last), limit=reach)
            names |= self.names(ctx, rows)
            more, by_task = self._doable(ctx, shelf, rows, names)
            able, closed = able + more, {**closed, **by_task}
            over = reach is None or len(rows) < reach
            if over or len(able) > (size or 0):
                break
            last = cursor_of(rows[-1])
        if size is not None and len(able) > size:
            over, last = False, cursor_of(able[size - 1])
        shown = [self._task(ctx, row, names, closed.get(row["id"], ())) for row in able[:size]]
        return TaskPage(shown, "" if over else last)

    def of(self, ctx: KernelContext, record: Record) -> list[OpenTask]:
        """The open tasks on one record that the person was able to load."""
        about = (task.c.table_name == type(record).__tablename__, task.c.record_id == record.id)
        rows = self._rows(ctx, *about)
        names = self.names(ctx, rows)
        return [self._task(ctx, row, names) for row in rows if _subject(row) in names]

    def _rows(self, ctx: KernelContext, *where: Any, limit: int | None = None) -> Sequence[Row]:
        statement = (
            select(*_SHOWN, _users.c.name.label("assignee_name"))
            .outerjoin_from(task, _users, _users.c.id == task.c.assignee_id)
            .where(task.c.state == OPEN, *where)
            .order_by(*ORDER)
            .limit(limit)
        )
        rows: Sequence[Row] = self._run(ctx, statement).mappings().all()
        return rows

    def _barred(self, ctx: KernelContext, rows: Sequence[Row]) -> dict[int, set[int]]:
        """Of tasks of a group, or of another, who can't do them for what they did on the record: of this person, and
        those in whose place they would."""
        engine = self.kernel.workflow
        people = {ctx.actor.id, *(each.id for each in ctx.actor.stands_in)}
        about = [(row["table_name"], row["record_id"]) for row in rows]
        done = engine.duties.steps_of(ctx, people, about)
        stepped = [row for row in rows if _subject(row) in done]
        excluding = engine.excluding(ctx, stepped)
        return {
            row["id"]: {user for step, user in done[_subject(row)] if step in excluding[row["id"]]}
            for row in stepped
        }

    def _doable(
        self, ctx: KernelContext, shelf: str, rows: Sequence[Row], names: Names
    ) -> tuple[list[Row], Closed]:
        """Of these tasks those that belong on a page of the person's, with who can't do them."""
        seen = [row for row in rows if _subject(row) in names]
        if shelf == HANDED:
            return seen, {}
        groups = [row for row in seen if row["assignee_id"] != ctx.actor.id]
        closed: dict[int, set[int]] = {}
        for found in (self._barred(ctx, groups), done_already(ctx, seen), recused(ctx, seen)):
            for identity, people in found.items():
                closed.setdefault(identity, set()).update(people)
        able = [row for row in seen if not _is_closed(ctx, row, closed.get(row["id"], ()))]
        return able, closed

    def names(self, ctx: KernelContext, rows: Sequence[Row]) -> dict[tuple[str, int], str]:
        """The names of what tasks are about, as far as the person may read it; one statement a kind."""
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

    def _task(
        self, ctx: KernelContext, row: Row, names: Names, closed: Collection[int] = ()
    ) -> OpenTask:
        why = from_json(row["why"])
        kind = self.kernel.records.by_table[row["table_name"]]
        shared = {key: row[key] for key in OpenTask.__dataclass_fields__ if key in row}
        return OpenTask(
            **{
                **shared,
                "title": titled(row["title"], row["plugin"]),
                "name": names[_subject(row)],
                "stage": self.kernel.workflow.state_title(kind, row["stage"]),
                "assignee_name": row["assignee_name"] or "",
                "why": why if isinstance(why, Text) else None,
                "mine": row["assignee_id"] == ctx.actor.id,
                "overdue": row["due_at"] is not None and row["due_at"] < ctx.now,
                "provisional": self._provisional(ctx, row["due_at"]),
                "behalf_of": giver.name if (giver := giver_of(ctx.actor, row, closed)) else "",
            }
        )

    def _provisional(self, ctx: KernelContext, due: datetime | None) -> bool:
        if due is None:
            return False
        year = due.astimezone(self.kernel.clock.zone).year
        return not self.kernel.workflow.calendar.is_confirmed(ctx, year)

    # -- taking and putting aside -----------------------------------------------------------------------------------

    def claim(self, ctx: KernelContext, identity: int) -> None:
        """Take a task that waits for one's group; of two at once, one gets it.

        Raises:
            NotFound: it isn't this person's group's.
            Conflict: ``task-taken``, with who has it; ``task-done``.
            Refused: ``task-of-several``.
            Forbidden: ``segregated``: what the person did on the record stands against it.
        """
        row = self._reachable(ctx, identity)
        check_open(row)
        if row["assignee_id"] in {ctx.actor.id, getattr(giver_of(ctx.actor, row), "id", 0)}:
            return
        if row["several"]:
            raise Refused("task-of-several")
        barred = self._barred(ctx, [row]).get(row["id"], set())
        if _is_closed(ctx, row, barred):
            raise Forbidden("segregated", rule=_("What you did on this case stands against it"))
        giver = giver_of(ctx.actor, row, barred)
        # in another's place it becomes the other's, with whom it stays when the delegation is over
        who, why = ctx.actor.id, _("Took it")
        if giver is not None:
            who, why = giver.id, _("{name} took it in your place", name=ctx.actor.name)
        free = (task.c.id == identity, task.c.assignee_id.is_(None), task.c.state == OPEN)
        values = {
            "assignee_id": who,
            "why": to_json(why),
            "handed_by_id": None,
            "changed_at": ctx.now,
        }
        if not self._run(ctx, update(task).where(*free).values(**values)).rowcount:
            raise Conflict("task-taken", who=self._tasks.holder(ctx, identity))
        with self.kernel.access.standing.taken(ctx, giver):
            self._note(ctx, "task-claimed", row)
            follow(ctx, row, who)

    def snooze(self, ctx: KernelContext, identity: int, until: date) -> None:
        """Put a task of one's own, or of whom one stands in for, out of sight until a day. It comes back with it, and
        never later than it is due.

        Raises:
            NotFound: it isn't this person's.
            Conflict: ``task-done``.
            Invalid: at ``until``: ``day-is-over``: it isn't to come; ``snoozed-past-deadline``.
        """
        row = self._mine(ctx, identity)
        if until <= ctx.today:
            raise Invalid("invalid", {"until": Invalid("day-is-over")})
        due = row["due_at"]
        last = due.astimezone(self.kernel.clock.zone).date() if due is not None else None
        if last is not None and until > last:
            raise Invalid("invalid", {"until": Invalid("snoozed-past-deadline", due=last)})
        self._put_off(ctx, row, until, "task-snoozed")

    def wake(self, ctx: KernelContext, identity: int) -> None:
        """Bring back what was put off before its day.

        Raises:
            NotFound: it isn't this person's.
            Conflict: ``task-done``.
        """
        row = self._mine(ctx, identity)
        if row["snoozed_until"] is not None:
            self._put_off(ctx, row, None, "task-woken")

    def _mine(self, ctx: KernelContext, identity: int) -> Row:
        """An open task of one's own, or of whom one stands in for without a step against it."""
        row = self._tasks.row(ctx, identity)
        giver = giver_of(ctx.actor, row) if row is not None else None
        if row is None or not has_it(ctx.actor, row):
            raise NotFound("not-found")
        if giver is not None and _is_closed(ctx, row, self._barred(ctx, [row]).get(row["id"], ())):
            raise NotFound("not-found")
        check_open(row)
        return row

    def _put_off(self, ctx: KernelContext, row: Row, until: date | None, note: str) -> None:
        whose = task.c.assignee_id == row["assignee_id"]
        still = (task.c.id == row["id"], task.c.state == OPEN, whose)
        values = {"snoozed_until": until, "changed_at": ctx.now}
        with self.kernel.access.standing.taken(ctx, giver_of(ctx.actor, row)):
            self._run(ctx, update(task).where(*still).values(**values))
            self._note(ctx, note, row, until=until)

    def comment(self, ctx: KernelContext, identity: int, text: str) -> Heard:
        """Say something about a task on the timeline of its record; whoever has it, or gave it, is told, if the comment
        doesn't tell them by their names.

        Raises:
            NotFound: it isn't this person's, or its record is out of their reach.
            Invalid: at ``text``: ``required``, ``too-long``.
            Refused: ``not-discussed``: such records have no comments.
        """
        row = self._reachable(ctx, identity)
        kind = self.kernel.records.by_table.get(row["table_name"])
        if kind is None:
            raise NotFound("not-found")
        record = self.kernel.records.get(ctx, kind, row["record_id"])
        try:
            heard = self.kernel.records.discussion.comment(ctx, record, text)
        except Invalid as error:
            raise Invalid("invalid", {"text": error}) from None
        told = sorted({row["assignee_id"], row["handed_by_id"]} - {None, ctx.actor.id, *heard.told})
        if told:
            title = _("{name} on: {task}", name=ctx.actor.name, task=words(row))
            self.kernel.notify.notify(ctx, told, title, Text(text.strip()), record, kind=TASK)
        return heard

    # -- rows -------------------------------------------------------------------------------------------------------

    def _reachable(self, ctx: KernelContext, identity: int) -> Row:
        """A task that is this person's or their group's, or of whom they stand in for, whoever has it by now."""
        row = self._tasks.row(ctx, identity)
        if row is None:
            raise NotFound("not-found")
        as_it_waited = {**row, "assignee_id": None}
        if row["handed_by_id"] == ctx.actor.id:
            return row
        for each in (ctx.actor, *ctx.actor.stands_in):
            if has_task(each, row) or has_task(each, as_it_waited):
                return row
        raise NotFound("not-found")

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
