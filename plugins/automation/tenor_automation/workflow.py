"""The life of a rule: written by one, put in force by another, paused when it fails; and of what it asks for."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from tenor_automation.domain.chain import cause_of
from tenor_automation.editions import later_editions
from tenor_automation.records import InWhoseName, Listening, Occasion, Rule, ToDo
from tenor_automation.sound import faults, heard_by
from tenor_sdk import (
    Blocker,
    Context,
    Deadline,
    Role,
    SegregationOfDuties,
    State,
    Task,
    Transition,
    Workflow,
    _,
    can,
    guard,
)
from tenor_sdk.access import (
    APPROVER,
    BRANCH_HEAD,
    EVERYBODY,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
)
from tenor_sdk.catalogue import kind_named
from tenor_sdk.changes import unwatch, watch
from tenor_sdk.mandates import end_mandate, give_mandate, mandate_stands
from tenor_sdk.workflow import transition

draft = State(name="draft", title="Draft")
proposed = State(
    name="proposed", title="Proposed", frozen=True,
    task=Task(title="Decide on an automation rule", position=APPROVER, unit="any", deadline=Deadline(working_days=5)),
)  # fmt: skip
active = State(name="active", title="In force", frozen=True)
paused = State(
    name="paused", title="Paused", frozen=True, aside=True,
    task=Task(title="Look after a paused rule", to_owner=True, deadline=Deadline(working_days=3)),
)  # fmt: skip
ended = State(name="ended", title="Ended", frozen=True, final="bad")


@guard
def can_be_asked(ctx: Context, rule: Rule) -> Iterable[Blocker]:
    """Everything that it names is there, for the person who acts."""
    for fault in faults(ctx, rule):
        yield Blocker(fault, href=f"/automation/rule/{rule.id}/edit")


@guard
def somebody_lets_it_act(ctx: Context, rule: Rule) -> Iterable[Blocker]:
    """Whoever it is to act for hasn't left since they let it. A rule that acts for whoever puts it in force has their
    word with that."""
    asked_later = rule.acts_for == InWhoseName.APPROVER and rule.state == proposed.name
    if asked_later or (rule.mandate_id is not None and mandate_stands(ctx, rule.mandate_id)):
        return
    why = _(
        "Who did has left, or ended it. Revise it: whoever proposes the next edition lets it act"
    )
    if rule.state == proposed.name:
        why = _("Who did has left, or ended it. Send it back: whoever proposes it then lets it act")
    yield Blocker(_("Nobody lets it act in their name any more"), why=why)


@guard
def is_the_only_edition(ctx: Context, rule: Rule) -> Iterable[Blocker]:
    """No other edition that came of the same one is in force: two may have been begun at the same moment."""
    before = ctx.session.get(Rule, rule.replaces_id) if rule.replaces_id else None
    for one in later_editions(ctx, before) if before is not None else ():
        if one.id != rule.id and one.state in (active.name, paused.name):
            other = _("Edition {edition} of it is in force already", edition=one.edition)
            yield Blocker(other, href=f"/automation/rule/{one.id}")


def _propose(ctx: Context, rule: Rule, _inputs: None) -> None:
    _take_back(ctx, rule)
    if rule.acts_for == InWhoseName.AUTHOR:
        _take_on(ctx, rule)


def _enable(ctx: Context, rule: Rule, _inputs: None) -> None:
    if rule.acts_for == InWhoseName.APPROVER:
        _take_on(ctx, rule)
    _listen(ctx, rule)
    before = ctx.session.get(Rule, rule.replaces_id) if rule.replaces_id else None
    if before is not None and before.state in (active.name, paused.name):
        transition(ctx, before, supersede)


def _resume(ctx: Context, rule: Rule, _inputs: None) -> None:
    _listen(ctx, rule)


def _fall_silent(ctx: Context, rule: Rule, _inputs: None) -> None:
    unwatch(ctx, cause_of(rule.id))
    for one in ctx.session.scalars(select(Listening).where(Listening.rule_id == rule.id)):
        ctx.session.delete(one)


def _end(ctx: Context, rule: Rule, inputs: None) -> None:
    _fall_silent(ctx, rule, inputs)
    _take_back(ctx, rule)


def _take_on(ctx: Context, rule: Rule) -> None:
    """Whoever acts lets the rule act in their name."""
    rule.mandate_id, rule.acting_id = (
        give_mandate(ctx, f"{cause_of(rule.id)}: {rule.name}"),
        ctx.actor.id,
    )


def _take_back(ctx: Context, rule: Rule) -> None:
    if rule.mandate_id is not None:
        end_mandate(ctx, rule.mandate_id)
    rule.mandate_id = rule.acting_id = None


def _listen(ctx: Context, rule: Rule) -> None:
    assert rule.mandate_id is not None  # whoever proposed or enabled it gave one
    ctx.session.add(
        Listening(
            rule_id=rule.id, mandate_id=rule.mandate_id, about=rule.about, heard=heard_by(rule)
        )
    )
    if rule.occasion == Occasion.CHANGE:
        watch(ctx, kind_named(ctx, rule.about), rule.changed_field, cause_of(rule.id))


propose = Transition(name="propose", title="Propose", source=draft, target=proposed, guards=(can_be_asked,),
                     do=_propose, style="primary")  # fmt: skip
send_back = Transition(
    name="send-back", title="Send back", source=proposed, target=draft, reason=True
)
enable = Transition(name="enable", title="Put in force", source=proposed, target=active, do=_enable, style="primary",
                    guards=(can_be_asked, is_the_only_edition, somebody_lets_it_act))  # fmt: skip
pause = Transition(
    name="pause", title="Pause", source=active, target=paused, do=_fall_silent, reason=True
)
resume = Transition(name="resume", title="Go on", source=paused, target=active,
                    guards=(can_be_asked, somebody_lets_it_act), do=_resume, style="primary")  # fmt: skip
end = Transition(name="end", title="End", source=(draft, proposed, active, paused), target=ended, do=_end, reason=True,
                 style="danger")  # fmt: skip
supersede = Transition(name="supersede", title="Replace by the next edition", source=(active, paused), target=ended,
                       do=_end)  # fmt: skip
rule_flow = Workflow(
    Rule.state,
    states=(draft, proposed, active, paused, ended),
    transitions=(propose, send_back, enable, pause, resume, end, supersede),
)
propose_and_enable = SegregationOfDuties(
    title="Who proposes a rule never puts it in force", steps=(propose, enable)
)
propose_and_resume = SegregationOfDuties(
    title="Who proposes a rule never lets it go on after a pause", steps=(propose, resume)
)
write_and_enable = SegregationOfDuties(
    title="Who writes a rule never puts it in force", steps=("create", enable)
)

proposers = Role(
    "Proposer of rules",
    can.use(propose, pause, end),
    positions=(RISK_OFFICER, POST_LOAN, RELATIONSHIP_MANAGER),
)
enablers = Role(
    "Enabler of rules",
    can.use(enable, send_back, pause, resume, end, supersede),
    positions=(APPROVER, BRANCH_HEAD),
)
machine = Role("Pauser of rules", can.use(pause), positions=("service:automation",))

to_do = State(
    name="open", title="To do",
    task=Task(
        title="Do what a rule asks for", to_owner=True, position_of="position", shared=True, owner_follows=True,
        deadline=Deadline(working_days=3),
    ),
)  # fmt: skip
over = State(name="done", title="Done", final="good", frozen=True)


def _finish(ctx: Context, what: ToDo, _inputs: None) -> None:
    """What nobody had taken was whose who did it."""
    if what.owner_id is None:
        what.owner_id = ctx.actor.id


done = Transition(
    name="done", title="Done", source=to_do, target=over, do=_finish, reason=True, style="primary"
)
to_do_flow = Workflow(ToDo.state, states=(to_do, over), transitions=(done,))
doers = Role("Doer of what rules ask for", can.use(done), positions=(EVERYBODY,))
