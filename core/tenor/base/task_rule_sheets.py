"""A version of task rules in words, and what it changes against what counts before it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from tenor.access.offered import position_text
from tenor.base.task_reminders import reminder_text
from tenor.workflow.assignment import GROUP, OWNER, TURNS
from tenor.workflow.task_rules import RuleSpec
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.views import Cell, Column, Table

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.merging import Flow
    from tenor.workflow.records import TaskRuleVersion
    from tenor_sdk.context import Context


def rules_sheet(ctx: Context, version: TaskRuleVersion) -> Table | None:
    """Each line in words; None while the workflow's plugin is off."""
    kernel_ctx, flow = _flow(ctx, version)
    if flow is None:
        return None
    lines = kernel_ctx.kernel.workflow.work.rules.lines(kernel_ctx, version.id)
    return Table(
        columns=(
            Column(_("State")), Column(_("Whose")), Column(_("Until when")),
            Column(_("Priority"), "number"),
        ),
        rows=[
            (_state(kernel_ctx, flow, one.stage), whose(one), until(one), one.priority)
            for one in lines
        ],
        empty=_("No line yet: nothing would change."),
    )  # fmt: skip


def rule_changes_sheet(ctx: Context, version: TaskRuleVersion) -> Table | None:
    """The states of which something is otherwise than on the day before the version begins."""
    kernel_ctx, flow = _flow(ctx, version)
    if flow is None:
        return None
    rules = kernel_ctx.kernel.workflow.work.rules
    before = rules.before(kernel_ctx, version.workflow, version.effective_from - timedelta(days=1))
    rows = [
        (
            _state(kernel_ctx, flow, one.stage),
            in_words(old) if (old := before.get(one.stage)) else Cell("–", tone="quiet"),
            in_words(one),
        )
        for one in rules.lines(kernel_ctx, version.id)
        if one != before.get(one.stage)
    ]
    return Table(
        columns=(Column(_("State")), Column(_("So far")), Column(_("From then on"))),
        rows=rows,
        empty=_("Nothing."),
    )


def in_words(rule: RuleSpec) -> Text:
    """A rule in one sentence."""
    said = _("{whose}; {until}", whose=whose(rule), until=until(rule))
    return _("{rule}; priority {n}", rule=said, n=rule.priority) if rule.priority else said


def whose(rule: RuleSpec) -> Text:
    """Whose a task is by a rule."""
    if not rule.position:
        if rule.owner_of:
            return _("Whoever looks after {link}", link=rule.owner_of)
        return _("Whoever looks after the record")
    position = position_text(rule.position)
    said = {
        TURNS: _("{position}, in turn", position=position),
        GROUP: _("{position}, whoever takes it", position=position),
        OWNER: _("{position} who looks after it", position=position),
    }.get(rule.way, _("{position} with the fewest open tasks", position=position))
    if rule.anywhere:
        said = _("{said}, of any unit", said=said)
    return _("{said}; skill by {field}", said=said, field=rule.skill_of) if rule.skill_of else said


def until(rule: RuleSpec) -> Text:
    """Until when, by a rule, and who is told."""
    if rule.working_days is None:
        return _("without a deadline")
    said = ngettext("{n} working day", "{n} working days", rule.working_days)
    if rule.escalate_to:
        to = position_text(rule.escalate_to)
        said = _("{said}, then {position} is told", said=said, position=to)
    if not rule.reminders:
        return _("{said}, without a reminder", said=said)
    for one in rule.reminders:
        said = _("{said}; reminder: {reminder}", said=said, reminder=reminder_text(one))
    return said


def _flow(ctx: Context, version: TaskRuleVersion) -> tuple[KernelContext, Flow | None]:
    kernel_ctx = cast("KernelContext", ctx)
    try:
        return kernel_ctx, kernel_ctx.kernel.workflow.work.rules.flow(version.workflow)
    except NotFound:
        return kernel_ctx, None


def _state(ctx: KernelContext, flow: Flow, name: str) -> Text:
    return ctx.kernel.workflow.state_title(flow.record, name)
