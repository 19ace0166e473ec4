"""The life of a version of task rules: drafted and proposed by one, published by another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, cast

from tenor.access.offered import known_positions
from tenor.base.task_reminders import faults_of_reminders
from tenor.workflow.access import draft_task_rules
from tenor.workflow.offered import workflows
from tenor.workflow.records import TaskReminder, TaskRule, TaskRuleVersion
from tenor.workflow.task_rules import declared, is_field, is_looked_after
from tenor.workflow.versions import PUBLISHED, faults_of_day, publish_version
from tenor_sdk.access import ADMINISTRATOR, SegregationOfDuties
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.views import Action
from tenor_sdk.workflow import Blocker, State, Task, Transition, Workflow, ask, counts_for, guard

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.workflow.merging import Flow
    from tenor_sdk.context import Context

_MOST_LINES: Final = 200
draft = State(
    name="draft", title="Draft", task=Task(title="Complete the task rules", to_owner=True)
)
proposed = State(
    name="proposed", title="Proposed", frozen=True,
    task=Task(title="Publish the task rules", position=ADMINISTRATOR, unit="any"),
)  # fmt: skip
published = State(name=PUBLISHED, title="Published", final="good", frozen=True)
discarded = State(name="discarded", title="Discarded", final="bad", frozen=True, aside=True)


@guard
def rules_are_sound(ctx: Context, version: TaskRuleVersion) -> Iterable[Blocker]:
    """Its lines name states, positions and fields that there are, and it begins on a day of its own that is to come."""
    kernel_ctx = cast("KernelContext", ctx)
    try:
        flow = kernel_ctx.kernel.workflow.work.rules.flow(version.workflow)
    except NotFound:
        what = _("No plugin that is on has the workflow {key}", key=version.workflow)
        yield Blocker(what, href="/plugins")
        return
    href = f"/base/task-rule-version/{version.id}/edit"
    for fault in (
        *_of_lines(kernel_ctx, flow, version.entries),
        *faults_of_reminders(version),
        *faults_of_day(kernel_ctx, version),
    ):
        yield Blocker(fault, href=href)


@guard
def publisher_wrote_none_of_them(ctx: Context, version: TaskRuleVersion) -> Iterable[Blocker]:
    """Who entered a line doesn't publish it."""
    wrote = {version.created_by_id, version.proposed_by_id}
    for one in (*version.entries, *version.reminders):
        wrote |= {one.created_by_id, one.changed_by_id}
    if counts_for(ctx) & wrote:
        yield Blocker(
            _("You wrote a part of it"), why=_("Who proposes task rules never publishes them")
        )


def _of_lines(ctx: KernelContext, flow: Flow, lines: list[TaskRule]) -> Iterator[Text]:
    if not lines:
        yield _("It has no line: nothing would change")
    if len(lines) > _MOST_LINES:
        yield _("It has more than {n} lines", n=_MOST_LINES)
        return
    known = known_positions(ctx)
    stages = {one.stage for one in declared(flow.definition)}
    seen: dict[str, int] = {}
    for number, one in enumerate(lines, start=1):
        if one.stage not in stages:
            offered = ", ".join(sorted(stages))
            yield _("Line {n}: no task comes with the state {state}; with these: {known}",
                    n=number, state=one.stage, known=offered)  # fmt: skip
        same = seen.setdefault(one.stage, number)
        if same != number:
            yield _("Lines {one} and {other} are about the same state", one=same, other=number)
        for position in filter(None, (one.position, one.escalate_to)):
            if position not in known:
                yield _("Line {n}: there is no position {position}", n=number, position=position)
        yield from _of_paths(flow, number, one)


def _of_paths(flow: Flow, number: int, one: TaskRule) -> Iterator[Text]:
    if not is_looked_after(flow.record, one.owner_of):
        yield _("Line {n}: {path} is no link to something that somebody looks after",
                n=number, path=one.owner_of)  # fmt: skip
    if one.skill_of and not is_field(flow.record, one.skill_of):
        yield _("Line {n}: there is no field {path}", n=number, path=one.skill_of)


def _propose(ctx: Context, version: TaskRuleVersion, _inputs: None) -> None:
    version.proposed_by_id = ctx.actor.id


def _publish(ctx: Context, version: TaskRuleVersion, _inputs: None) -> None:
    kernel_ctx = cast("KernelContext", ctx)
    publish_version(kernel_ctx, version)
    kernel_ctx.kernel.workflow.work.rules.forget(kernel_ctx)


propose = Transition(
    name="propose", title="Propose", source=draft, target=proposed, guards=(rules_are_sound,),
    do=_propose, style="primary",
)  # fmt: skip
send_back = Transition(
    name="send-back", title="Send back", source=proposed, target=draft, reason=True
)
publish = Transition(
    name="publish", title="Publish", source=proposed, target=published,
    guards=(rules_are_sound, publisher_wrote_none_of_them), do=_publish, style="primary",
)  # fmt: skip
discard = Transition(
    name="discard", title="Discard", source=draft, target=discarded, reason=True, style="danger"
)
task_rule_flow = Workflow(
    TaskRuleVersion.state,
    states=(draft, proposed, published, discarded),
    transitions=(propose, send_back, publish, discard),
    title="Task rules",
)
_NO_PUBLISHER = "Who proposes task rules never publishes them"
segregation = (
    SegregationOfDuties(title=_NO_PUBLISHER, steps=(propose, publish)),
    SegregationOfDuties(title=_NO_PUBLISHER, steps=("create", publish)),
)


@dataclass(frozen=True)
class DraftedRules:
    """From when on, and of which workflow."""

    workflow: str = ask("Workflow", max_length=200, offered=workflows)
    effective_from: date = ask("In force from")
    purpose: str = ask("Why", widget="long-text", default="", max_length=5000)


def draft_rules(ctx: Context, _record: None, drafted: DraftedRules) -> str:
    """A draft that begins with the rules that count on its day; where it is.

    Raises:
        Forbidden: ``not-permitted``.
        Invalid: at ``workflow``: ``no-task-workflow``; at ``effective_from``: ``effective-in-the-past``.
    """
    kernel_ctx = cast("KernelContext", ctx)
    access = kernel_ctx.kernel.access
    access.check_use(kernel_ctx, draft_task_rules)
    if drafted.effective_from < ctx.today:
        raise Invalid("invalid", {"effective_from": Invalid("effective-in-the-past")})
    try:
        rules = kernel_ctx.kernel.workflow.work.rules.before(
            kernel_ctx, drafted.workflow, drafted.effective_from
        )
    except NotFound as error:
        raise Invalid("invalid", {"workflow": error}) from None
    version = TaskRuleVersion(
        workflow=drafted.workflow,
        effective_from=drafted.effective_from,
        purpose=drafted.purpose,
    )
    version.entries = [TaskRule(**one.values()) for one in rules.values()]
    version.reminders = [TaskReminder(**said) for one in rules.values() for said in one.said()]
    with access.procedure(kernel_ctx, "base", "draft"):
        ctx.session.add(version)
    return f"/base/task-rule-version/{version.id}"


draft_action = Action(
    name="draft", title="Draft a version", on=TaskRuleVersion, do=draft_rules, inputs=DraftedRules,
    needs=draft_task_rules, on_list=True,
)  # fmt: skip
