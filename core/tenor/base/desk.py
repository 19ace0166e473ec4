"""What people do with tasks by a button: on a task, or on a person for everything of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import select

from tenor.access.records import User
from tenor.base.task_reminders import reminders_sheet
from tenor.records.mentioning import said_of
from tenor.views import address
from tenor.workflow.access import hand_over_tasks, work_on_tasks
from tenor.workflow.assignment import read_basis
from tenor.workflow.handing import Move, words
from tenor.workflow.records import OPEN, Task
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.looks import BoardView
from tenor_sdk.views import Action, Cell, Column, FormView, ListView, Panel, Section, Table
from tenor_sdk.workflow import ask

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow import WorkflowEngine
    from tenor_sdk.context import Context


def _engine(ctx: Context) -> tuple[KernelContext, WorkflowEngine]:
    kernel_ctx = cast("KernelContext", ctx)
    return kernel_ctx, kernel_ctx.kernel.workflow


def _row(task: Task) -> Mapping[str, Any]:
    """What of a task says whose it is, and of which case."""
    names = (
        "id", "case_id", "table_name", "record_id", "stage", "round", "position", "unit_id",
        "assignee_id", "several",
    )  # fmt: skip
    return {name: getattr(task, name) for name in names}


Called = Mapping[tuple[str, int], str | Text]


def _called(ctx: Context, rows: Sequence[Mapping[str, Any]]) -> Called:
    """What the records of tasks are called, as far as the person may read them: in the words of their own pages, where
    these have some. One statement more for each kind that has."""
    kernel_ctx, engine = _engine(ctx)
    kernel = kernel_ctx.kernel
    found: dict[tuple[str, int], str | Text] = {**engine.desk.names(kernel_ctx, rows)}
    for table in sorted({table for table, _id in found}):
        kind = kernel.records.by_table[table]
        if (form := kernel.views.forms.get(kind)) is None or form.heading is None:
            continue
        ids = [identity for of, identity in found if of == table]
        for record in ctx.session.scalars(select(kind).where(kind.id.in_(ids))):
            heading = kernel.views.heading(kernel_ctx, record)
            if heading is not None:
                found[table, record.id] = heading
    return found


def takers(ctx: Context, task: Task | None) -> list[tuple[str, Text]]:
    """To whom a task can go, by name."""
    if task is None:
        return []
    kernel_ctx, engine = _engine(ctx)
    return _by_name(kernel_ctx, engine.handing.takers(kernel_ctx, _row(task)))


def takers_of_all(ctx: Context, user: User | None) -> list[tuple[str, Text]]:
    """To whom some of the tasks of a person can go, by name."""
    if user is None:
        return []
    kernel_ctx, engine = _engine(ctx)
    return _by_name(kernel_ctx, engine.handing.offered.of_all(kernel_ctx, user.id))


def _by_name(ctx: KernelContext, people: Sequence[int]) -> list[tuple[str, Text]]:
    names = ctx.kernel.access.names(ctx, people)
    return [
        (str(one), Text(names[one])) for one in sorted(names, key=lambda one: (names[one], one))
    ]


@dataclass(frozen=True)
class HandOver:
    """To whom, and a word with it."""

    taker: int = ask("Hand over to", target=User, offered=takers)
    reason: str = ask("Reason", default="", max_length=500)


@dataclass(frozen=True)
class HandOverAll:
    """To whom, and why."""

    reason: str = ask("Reason", max_length=500)
    taker: int | None = ask(
        "Hand over to", target=User, default=None, offered=takers_of_all,
        help="Empty: each task goes to whom it would go if it came now",
    )  # fmt: skip


@dataclass(frozen=True)
class PutBack:
    """Why."""

    reason: str = ask("Reason", default="", max_length=500)


@dataclass(frozen=True)
class Snooze:
    """Until when."""

    until: date = ask("Comes back on", help="No later than the day on which it is due")


@dataclass(frozen=True)
class Said:
    """A comment."""

    text: str = ask("Comment", widget="long-text", max_length=10_000)


# -- one task ---------------------------------------------------------------------------------------------------------


def _take(ctx: Context, task: Task, _given: None) -> Text:
    kernel_ctx, engine = _engine(ctx)
    engine.claim(kernel_ctx, task.id)
    return _("The task is yours.")


def _hand_over(ctx: Context, task: Task, given: HandOver) -> str:
    kernel_ctx, engine = _engine(ctx)
    engine.hand_over(kernel_ctx, task.id, given.taker, reason=given.reason)
    return _SHELF


def _take_back(ctx: Context, task: Task, _given: None) -> Text:
    kernel_ctx, engine = _engine(ctx)
    engine.handing.take_back(kernel_ctx, task.id)
    return _("The task is back with you.")


def _put_back(ctx: Context, task: Task, given: PutBack) -> str:
    kernel_ctx, engine = _engine(ctx)
    engine.handing.put_back(kernel_ctx, task.id, reason=given.reason)
    return _SHELF


def _snooze(ctx: Context, task: Task, given: Snooze) -> str:
    kernel_ctx, engine = _engine(ctx)
    engine.desk.snooze(kernel_ctx, task.id, given.until)
    return _SHELF


def _wake(ctx: Context, task: Task, _given: None) -> Text:
    kernel_ctx, engine = _engine(ctx)
    engine.desk.wake(kernel_ctx, task.id)
    return _("The task is before you again.")


def _say(ctx: Context, task: Task, given: Said) -> Text:
    kernel_ctx, engine = _engine(ctx)
    said = _("Said.")
    for more in said_of(engine.desk.comment(kernel_ctx, task.id, given.text)):
        said = _("{said} {more}", said=said, more=more)
    return said


def _is_mine(ctx: Context, task: Task) -> bool:
    kernel_ctx, engine = _engine(ctx)
    return task.state == OPEN and engine.handing.has(kernel_ctx, _row(task))


def _can_put_back(ctx: Context, task: Task) -> bool:
    return _is_mine(ctx, task) and bool(task.position) and not task.several


def _waits(_ctx: Context, task: Task) -> bool:
    return task.state == OPEN and task.assignee_id is None and not task.several


def _sleeps(ctx: Context, task: Task) -> bool:
    until = task.snoozed_until
    return until is not None and until > ctx.today and _is_mine(ctx, task)


def _can_wait(ctx: Context, task: Task) -> bool:
    """Whether there is a day to come that isn't after the one on which it is due."""
    kernel_ctx = _engine(ctx)[0]
    zone = kernel_ctx.kernel.clock.zone
    due = task.due_at.astimezone(zone).date() if task.due_at is not None else None
    return _is_mine(ctx, task) and (due is None or due > ctx.today)


def _was_mine(ctx: Context, task: Task) -> bool:
    return task.state == OPEN and task.handed_by_id == ctx.actor.id


def _is_discussed(ctx: Context, task: Task) -> bool:
    kind = _engine(ctx)[0].kernel.records.by_table.get(task.table_name)
    return task.state == OPEN and bool(getattr(kind, "__discussed__", False))


#: where one finds oneself when a task isn't before one any more
_SHELF = "/tasks"
take_action = Action(
    name="take", title="Take it", on=Task, do=_take, needs=work_on_tasks, shown=_waits
)
hand_over_action = Action(
    name="hand-over", title="Hand over", on=Task, do=_hand_over, inputs=HandOver,
    needs=work_on_tasks, shown=_is_mine,
)  # fmt: skip
take_back_action = Action(
    name="take-back", title="Take it back", on=Task, do=_take_back, needs=work_on_tasks,
    shown=_was_mine,
)  # fmt: skip
put_back_action = Action(
    name="put-back", title="Put it back", on=Task, do=_put_back, inputs=PutBack,
    needs=work_on_tasks, shown=_can_put_back,
)  # fmt: skip
snooze_action = Action(
    name="snooze", title="Put off", on=Task, do=_snooze, inputs=Snooze, needs=work_on_tasks,
    shown=_can_wait,
)  # fmt: skip
wake_action = Action(
    name="wake", title="Show it again", on=Task, do=_wake, needs=work_on_tasks, shown=_sleeps
)
comment_action = Action(
    name="comment", title="Comment", on=Task, do=_say, inputs=Said, needs=work_on_tasks,
    shown=_is_discussed,
)  # fmt: skip


def about_sheet(ctx: Context, task: Task) -> Table | None:
    """What the task is about, as far as the person may read it."""
    kernel_ctx = _engine(ctx)[0]
    kind = kernel_ctx.kernel.records.by_table.get(task.table_name)
    if kind is None:
        return None
    rows = [
        (kind.called(), Cell(name, href=address(kind, identity)))
        for (_table, identity), name in _called(ctx, [_row(task)]).items()
    ]
    return Table(
        columns=(Column(_("Kind")), Column(_("Record"), "link")),
        rows=rows,
        empty=_("It isn’t visible to you."),
    )


def among_sheet(ctx: Context, task: Task) -> Table | None:
    """Among whom it was chosen when it came, with what each had on the desk; nothing where nobody was compared."""
    if task.basis is None or task.several:
        return None
    members, loads, asked = read_basis(task.basis)
    unable = task.basis["unable"]
    names = _engine(ctx)[0].kernel.access.names(_engine(ctx)[0], [*members, *unable])
    rows: list[Sequence[object]] = [
        (
            names.get(user, "–"),
            loads[user].open_tasks,
            asked.skill if user in asked.skilled else "",
            "",
        )
        for user in members
    ]
    rows += [
        (names.get(user, "–"), "", "", _("On leave, or on another side of the case"))
        for user in unable
    ]
    return Table(
        columns=(
            Column(_("Candidate")), Column(_("Open tasks"), "number"), Column(_("Skill")),
            Column(_("Why left out")),
        ),
        rows=rows,
    )  # fmt: skip


def _heading(ctx: Context, task: Task) -> Text:
    """What is to be done, and on what, as far as the person may read that."""
    name = _called(ctx, [_row(task)]).get((task.table_name, task.record_id))
    return _("{task}: {name}", task=task.what, name=name) if name else task.what


tasks = ListView(
    Task, (Task.what, Task.state, Task.assignee_id, Task.due_at, Task.priority),
    filters=(Task.state, Task.assignee_id, Task.due_at), sort=Task.due_at,
    looks=(BoardView(Task.state, shows=(Task.assignee_id, Task.due_at)),),
)  # fmt: skip
task_form = FormView(
    Task,
    Section("Task", Task.what, Task.state, Task.assignee_id, Task.because),
    Section(
        "When",
        Task.arisen_at,
        Task.due_at,
        Task.remind_at,
        Task.reminded_at,
        Task.priority,
        Task.snoozed_until,
        Task.done_at,
    ),
    Panel(title="What it is about", content=about_sheet),
    Panel(title="Reminders", content=reminders_sheet),
    Panel(title="Among whom it was chosen", content=among_sheet),
    facts=(Task.what, Task.state, Task.due_at, Task.remind_at),
    heading=_heading,
)


# -- everything of one person -----------------------------------------------------------------------------------------


def _hand_over_all(ctx: Context, user: User, given: HandOverAll) -> Text:
    kernel_ctx, engine = _engine(ctx)
    _check_taker(user, given)
    moves = engine.handing.hand_over_all(kernel_ctx, user.id, given.taker, reason=given.reason)
    handed = sum(move.taker_id is not None for move in moves)
    told = ngettext("{n} task was handed over", "{n} tasks were handed over", handed)
    if handed == len(moves):
        return told
    return _("{told}; {left} stay", told=told, left=len(moves) - handed)


def _preview_all(ctx: Context, user: User, given: HandOverAll) -> Table:
    kernel_ctx, engine = _engine(ctx)
    _check_taker(user, given)
    moves = engine.handing.plan(kernel_ctx, user.id, given.taker)
    takers = {move.taker_id for move in moves if move.taker_id is not None}
    names = kernel_ctx.kernel.access.names(kernel_ctx, sorted(takers))
    about = _called(ctx, [move.row for move in moves])
    return Table(
        columns=(
            Column(_("Task")), Column(_("On")), Column(_("Due"), "date"), Column(_("Handed over to")),
            Column(_("Why it stays")),
        ),
        rows=[_planned(move, names, about, kernel_ctx) for move in moves],
        empty=_("There is no open task."),
    )  # fmt: skip


def _planned(
    move: Move, names: Mapping[int, str], about: Called, ctx: KernelContext
) -> Sequence[object]:
    row = move.row
    due = row["due_at"].astimezone(ctx.kernel.clock.zone).date() if row["due_at"] else None
    name = about.get((row["table_name"], row["record_id"]))
    on = name if name is not None else Cell(_("not visible to you"), tone="quiet")
    goes = names[move.taker_id] if move.taker_id is not None else Cell("–", tone="quiet")
    return words(row), on, due, goes, move.why_not or ""


def _check_taker(user: User, given: HandOverAll) -> None:
    if given.taker == user.id:
        raise Invalid("invalid", {"taker": Invalid("has-them-already")})


def _may_hand_over(ctx: Context, user: User) -> bool:
    return user.id == ctx.actor.id or ctx.may(hand_over_tasks)


hand_over_all_action = Action(
    name="hand-over-tasks", title="Hand over all tasks", on=User, do=_hand_over_all,
    inputs=HandOverAll, preview=_preview_all, needs=work_on_tasks, shown=_may_hand_over,
)  # fmt: skip
