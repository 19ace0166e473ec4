"""Reminders of tasks in words, on a version of task rules and on a task, and what of them can't be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, cast

from tenor.workflow.records import OPEN
from tenor.workflow.reminders import ABOVE, BOUNDS, DAYS, HOURS, OVERDUE, SHARE, Reminder, read
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.views import Cell, Column, Table

if TYPE_CHECKING:
    from datetime import datetime

    from tenor.context import KernelContext
    from tenor.workflow.records import Task, TaskReminder, TaskRule, TaskRuleVersion
    from tenor_sdk.context import Context

#: of one state; nobody reads what comes more often
_MOST: Final = 10
_HALF: Final = 50


def reminder_text(one: Reminder) -> Text:
    """When, and whom."""
    said = _when(one)
    return _("{when}, also to who is told when overdue", when=said) if one.whom == ABOVE else said


def _when(one: Reminder) -> Text:
    n = one.amount
    if one.way == SHARE:
        return _("at half time") if n == _HALF else _("when {n} % of the time is over", n=n)
    if one.way == DAYS:
        if not n:
            return _("in the morning of the day on which it is due")
        return ngettext(
            "{n} working day before it is due, in the morning",
            "{n} working days before it is due, in the morning", n,
        )  # fmt: skip
    if one.way == HOURS:
        return ngettext("{n} office hour before it is due", "{n} office hours before it is due", n)
    return ngettext(
        "on the first working day that it is overdue",
        "each working day that it is overdue, at most {n} times", n,
    )  # fmt: skip


def faults_of_reminders(version: TaskRuleVersion) -> Iterator[Text]:
    """What keeps the reminders of a version from being proposed."""
    rules = {one.stage: one for one in version.entries}
    seen: dict[tuple[str, str, int], int] = {}
    counts: dict[str, int] = {}
    for number, one in enumerate(version.reminders, start=1):
        rule = rules.get(one.stage)
        if rule is None:
            yield _("Reminder {n}: the version has no rule for the state {state}",
                    n=number, state=one.stage)  # fmt: skip
            continue
        yield from _of_line(number, one, rule)
        same = seen.setdefault((one.stage, one.way, _of(one)), number)
        if same != number:
            yield _("Reminders {one} and {other} are the same", one=same, other=number)
        counts[one.stage] = counts.get(one.stage, 0) + 1
        if counts[one.stage] == _MOST + 1:
            yield _("The state {state} has more than {n} reminders", state=one.stage, n=_MOST)


def _of(one: TaskReminder) -> int:
    """What tells two of one way apart: of those when overdue there is one, with its cap."""
    return 0 if one.way == OVERDUE else one.amount


def _of_line(number: int, one: TaskReminder, rule: TaskRule) -> Iterator[Text]:
    least, most = BOUNDS[one.way]
    if not least <= one.amount <= most:
        yield _("Reminder {n}: the number must lie between {least} and {most}",
                n=number, least=least, most=most)  # fmt: skip
    if one.whom == ABOVE and one.way != OVERDUE:
        yield _("Reminder {n}: others are told of what is overdue only", n=number)
    if one.whom == ABOVE and not rule.escalate_to:
        yield _("Reminder {n}: the rule names nobody who is told when overdue", n=number)


def version_reminders_sheet(ctx: Context, version: TaskRuleVersion) -> Table:
    """Each reminder of a version in words."""
    engine = cast("KernelContext", ctx).kernel.workflow
    flows = {one.name: one for one in engine.flows.values()}
    flow = flows.get(version.workflow)
    return Table(
        columns=(Column(_("State")), Column(_("Reminder"))),
        rows=[
            (
                engine.state_title(flow.record, one.stage) if flow else one.stage,
                reminder_text(Reminder(one.way, one.amount, one.whom)),
            )
            for one in version.reminders
        ],
        empty=_("Nobody is reminded."),
    )


def reminders_sheet(ctx: Context, task: Task) -> Table | None:
    """The reminders of a task, how often each was told, and when it is next; nothing without a deadline."""
    if task.due_at is None or task.reminders is None:
        return None
    kernel_ctx = cast("KernelContext", ctx)
    span = kernel_ctx.kernel.workflow.calendar.span(kernel_ctx, task.arisen_at, task.due_at)
    reminders = read(task.reminders)
    return Table(
        columns=(Column(_("Reminder")), Column(_("Told"), "number"), Column(_("Next time"))),
        rows=[
            (reminder_text(one.reminder), one.times, _at(kernel_ctx, task, span.moment(one)))
            for one in reminders
        ],
        empty=_("Nobody is reminded."),
    )


def _at(ctx: KernelContext, task: Task, moment: datetime | None) -> Cell:
    if moment is None or task.state != OPEN:
        return Cell("–", tone="quiet")
    return Cell(f"{moment.astimezone(ctx.kernel.clock.zone):%Y-%m-%d %H:%M}")
