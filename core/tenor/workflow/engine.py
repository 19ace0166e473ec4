"""The engine: moves cases along their workflows, one locked step at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from tenor.events.wire import to_json
from tenor.workflow.calendar import Calendar
from tenor.workflow.cases import Case, Cases
from tenor.workflow.definitions import Definition, Flow, TransitionSpec, guard_name, hash_of, merge
from tenor.workflow.tasks import OpenTask, Tasks
from tenor_sdk.access import SegregationOfDuties
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Invalid, Refused
from tenor_sdk.files import Upload
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Guard, Transition, Transitioned, Workflow, WorkflowPatch

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)
_MOST_AUTOMATIC = 10


@dataclass(frozen=True)
class Offered:
    """A transition as a person sees it.

    Args:
        title: the button's words.
        how: the declaration; None where its plugin is off.
        allowed: whether this person may press it now; else ``why`` says why not.
        blockers: what stands in the way.
        votes, needed: of an approval: how many are in, of how many.
    """

    name: str
    title: Text
    style: str
    how: Transition | None
    allowed: bool
    blockers: Sequence[Blocker]
    why: Text | None = None
    votes: int = 0
    needed: int = 0
    automatic: bool = False


@dataclass(frozen=True)
class Stage:
    """A stage of the bar.

    Args:
        status: ``done``, ``current``, ``later``; for a final one ``good`` or ``bad``.
        working_days: spent in it, over all visits; None where it wasn't in it.
    """

    name: str
    title: Text
    status: str
    entered_at: datetime | None
    working_days: int | None


class WorkflowEngine:
    """The room of workflow."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.calendar = Calendar()
        self.cases = Cases()
        self.work = Tasks(kernel)

    def load(self, declarations: Declarations) -> None:
        """Merge workflows and patches, and check them.

        Raises:
            WorkflowError: with file and line.
        """
        patches = declarations.of(WorkflowPatch)
        self.flows: dict[type[Record], Flow] = {}
        self.guards: dict[str, Guard] = {}
        for workflow in declarations.of(Workflow):
            flow = merge(workflow, [patch for patch in patches if patch.workflow is workflow])
            self.flows[workflow.record] = flow
            for guards in flow.guards.values():
                self.guards.update({guard_name(guard): guard for guard in guards})
        self.segregations = declarations.of(SegregationOfDuties)

    def flow(self, record: type[Record]) -> Flow | None:
        """The workflow of a kind of record."""
        return self.flows.get(record)

    def named(self, record: type[Record], name: str) -> Transition | None:
        """A transition by its name."""
        flow = self.flows.get(record)
        return flow.transitions.get(name) if flow else None

    # -- beginning --------------------------------------------------------------------------------------------------

    def on_created(self, ctx: KernelContext, session: Session, records: Iterable[Record]) -> None:
        """Begin the cases of records that were written first; called after the flush that wrote them."""
        for record in records:
            flow = self.flows.get(type(record))
            if flow is not None:
                self._begin(ctx, flow, record)

    def start(self, ctx: KernelContext, record: Record) -> None:
        """Begin the case of a record that has none yet."""
        flow = self._flow(record)
        if self.cases.find(ctx, record) is None:
            self._begin(ctx, flow, record)

    def _begin(self, ctx: KernelContext, flow: Flow, record: Record) -> Case:
        state = str(getattr(record, flow.column))
        case = self.cases.begin(ctx, flow, record.id, state)
        self._arise(ctx, record, flow, case)
        return case

    def _case(self, ctx: KernelContext, record: Record, *, lock: bool = False) -> Case:
        ctx.session.flush()
        found = self.cases.find(ctx, record, lock=lock)
        return found or self._begin(ctx, self._flow(record), record)

    def _flow(self, record: Record) -> Flow:
        flow = self.flows.get(type(record))
        if flow is None:
            raise Refused("no-workflow", what=type(record).singular())
        return flow

    # -- moving -----------------------------------------------------------------------------------------------------

    def transition(
        self, ctx: KernelContext, record: Record, how: Transition, inputs: object, reason: str
    ) -> bool:
        """Carry out a transition; see ``tenor_sdk.workflow.transition``."""
        if how.automatic:
            raise Forbidden("pressed-by-nobody", what=how.title)
        self.kernel.access.check_use(ctx, how, record)
        case, spec = self._locked(ctx, record, how)
        self._check_segregation(ctx, record, how)
        if how.reason and not reason.strip():
            raise Invalid("invalid", {"reason": Invalid("required")})
        given = _inputs(how, inputs)
        found = self._blockers(ctx, record, spec)
        if found:
            raise Blocked("blocked", found, what=how.title, n=len(found))
        if how.approval is not None and not self._vote(ctx, record, case, how, given):
            return False
        self._go(ctx, record, case, spec, how, given, reason.strip())
        self.advance(ctx, record)
        return True

    def _locked(
        self, ctx: KernelContext, record: Record, how: Transition
    ) -> tuple[Case, TransitionSpec]:
        case = self._case(ctx, record, lock=True)
        if str(getattr(record, self._flow(record).column)) != case.state:
            ctx.session.refresh(record)  # somebody was first, between reading and locking
        spec = self.cases.definition(ctx, case.definition_id).transitions.get(how.name)
        if spec is None:
            raise Conflict("not-in-this-version", what=how.title)
        if case.state not in spec.sources:
            raise Conflict(
                "not-from-this-state", what=how.title, state=self._title(ctx, record, case)
            )
        return case, spec

    def _title(self, ctx: KernelContext, record: Record, case: Case) -> Text:
        state = self.cases.definition(ctx, case.definition_id).states[case.state]
        return Text(state.title, module=_module(state.plugin))

    def _go(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        spec: TransitionSpec,
        how: Transition | None,
        inputs: object,
        reason: str,
    ) -> None:
        flow, source = self._flow(record), case.state
        plugin = type(record).__plugin__
        with (
            self.kernel.access.procedure(ctx, plugin, f"workflow.{spec.name}"),
            self.kernel.db.moving(ctx.session, record),
        ):
            setattr(record, flow.column, spec.target)
        self.work.finish(ctx, case)
        case = self.cases.move(ctx, case, spec.name, spec.target, reason)
        self.cases.add_duty(ctx, record, spec.name)
        told = {"transition": spec.name, "from": source, "to": spec.target}
        self.kernel.audit.note(ctx, "transition", record, reason=reason, **told)
        if how is not None and how.do is not None:
            with self.kernel.access.procedure(ctx, how.plugin, how.name):
                how.do(ctx, record, inputs)
        self._arise(ctx, record, flow, case)
        ctx.emit(
            Transitioned(
                table=type(record).__tablename__, record_id=record.id, transition=spec.name, source=source,
                target=spec.target,
            )
        )  # fmt: skip

    def _arise(self, ctx: KernelContext, record: Record, flow: Flow, case: Case) -> None:
        state = flow.states.get(case.state)
        if state is None or state.task is None:
            return
        leaving = [one for one in flow.transitions.values() if state in one.sources]
        shut_out = sorted({user for how in leaving for user in self._shut_out(ctx, record, how)})
        group = any(how.approval is not None for how in leaving)
        self.work.arise(ctx, record, case, state, shut_out, group=group)

    def advance(self, ctx: KernelContext, record: Record) -> bool:
        """Go automatic transitions while nothing blocks them; see ``tenor_sdk.workflow.advance``."""
        moved = False
        for _step in range(_MOST_AUTOMATIC):
            case = self._case(ctx, record, lock=True)
            definition = self.cases.definition(ctx, case.definition_id)
            ready = (spec for spec in definition.leaving(case.state) if spec.automatic)
            spec = next((spec for spec in ready if not self._blockers(ctx, record, spec)), None)
            if spec is None:
                return moved
            how = self._flow(record).transitions.get(spec.name)
            self._go(ctx, record, case, spec, how, None, "")
            moved = True
        raise Refused("automatic-without-end", what=type(record).singular())

    # -- what stands in the way -------------------------------------------------------------------------------------

    def blockers(self, ctx: KernelContext, record: Record, how: Transition) -> Sequence[Blocker]:
        """What stands in the way of a transition."""
        case = self._case(ctx, record)
        spec = self.cases.definition(ctx, case.definition_id).transitions.get(how.name)
        return self._blockers(ctx, record, spec) if spec else []

    def _blockers(self, ctx: KernelContext, record: Record, spec: TransitionSpec) -> list[Blocker]:
        found = [_needs(plugin) for plugin in self._missing_plugins(record, spec)]
        for name in spec.guards:
            guard = self.guards.get(name)
            if guard is not None:
                found += self._ask(ctx, record, name, guard)
        return found

    def _missing_plugins(self, record: Record, spec: TransitionSpec) -> list[str]:
        """Plugins that are off, though the case's definition needs them: the transition is blocked, never open."""
        flow = self._flow(record)
        missing = {name.partition(".")[0] for name in spec.guards if name not in self.guards}
        if spec.name not in flow.transitions:
            missing.add(spec.plugin)
        if spec.target not in flow.states:
            owner = next(
                (one.plugin for one in self._specs(record) if one.name == spec.target), spec.plugin
            )
            missing.add(owner)
        return sorted(missing)

    def _specs(self, record: Record) -> Iterable[Any]:
        return (
            spec for definition in self.cases._by_id.values() for spec in definition.states.values()
        )

    def _ask(self, ctx: KernelContext, record: Record, name: str, guard: Guard) -> list[Blocker]:
        """A guard's answer; one that fails closes the way."""
        try:
            return list(guard(ctx, record))
        except Exception as error:
            log.exception("the guard %s failed", name)
            self.kernel.audit.note(
                ctx, "guard-failed", record, guard=name, error=type(error).__name__
            )
            return [Blocker(_("A check failed and is out of service"), why=Text(name))]

    # -- segregation ------------------------------------------------------------------------------------------------

    def _check_segregation(self, ctx: KernelContext, record: Record, how: Transition) -> None:
        rule = self._broken_rule(ctx, record, how)
        if rule is not None:
            raise Forbidden("segregated", rule=Text(rule.title, module=rule.origin.module))

    def _broken_rule(
        self, ctx: KernelContext, record: Record, how: Transition
    ) -> SegregationOfDuties | None:
        rules = [rule for rule in self.segregations if how in rule.steps]
        if not rules:
            return None
        done = {step for step, user in self.cases.duties(ctx, record) if user == ctx.actor.id}
        return next((rule for rule in rules if done & _other_steps(rule, how)), None)

    def _shut_out(self, ctx: KernelContext, record: Record, how: Transition) -> set[int]:
        """Who did, on this case, a step that excludes this one."""
        others = {
            step
            for rule in self.segregations
            if how in rule.steps
            for step in _other_steps(rule, how)
        }
        return (
            {user for step, user in self.cases.duties(ctx, record) if step in others}
            if others
            else set()
        )

    def record_duty(self, ctx: KernelContext, record: Record, step: str) -> None:
        """Put a step of the actor's on record."""
        ctx.session.flush()
        self.cases.add_duty(ctx, record, step)

    def who_did(self, ctx: KernelContext, record: Record, step: str) -> Sequence[int]:
        """Who did a step on a record."""
        return [user for name, user in self.cases.duties(ctx, record) if name == step]

    # -- votes ------------------------------------------------------------------------------------------------------

    def _vote(
        self, ctx: KernelContext, record: Record, case: Case, how: Transition, inputs: object
    ) -> bool:
        """Put in the actor's vote; returns whether there are enough now."""
        assert how.approval is not None
        if how.approval.each is not None:
            with self.kernel.access.procedure(ctx, how.plugin, how.name):
                how.approval.each(ctx, record, inputs)
        shown = hash_of(to_json(how.approval.shown(ctx, record)))
        before = [
            vote
            for vote in self.cases.votes(ctx, case)
            if vote.transition == how.name and not vote.void
        ]
        valid = [vote for vote in before if vote.shown_hash == shown]
        if any(vote.user_id == ctx.actor.id for vote in valid):
            raise Conflict("already-voted")
        self.cases.vote(ctx, case, how.name, shown, _plain_inputs(inputs))
        self.cases.add_duty(ctx, record, how.name)
        needed = how.approval.needed(ctx, record)
        self.kernel.audit.note(
            ctx,
            "vote",
            record,
            transition=how.name,
            shown=shown,
            number=len(valid) + 1,
            needed=needed,
        )
        return len(valid) + 1 >= needed

    def voted(self, ctx: KernelContext, record: Record) -> list[Any]:
        """The votes of the present round: user_id, at, void, transition, inputs."""
        return self.cases.votes(ctx, self._case(ctx, record))

    # -- what a person sees -----------------------------------------------------------------------------------------

    def available(self, ctx: KernelContext, record: Record) -> list[Offered]:
        """The transitions that lead on from here and that this person may use, with what blocks each."""
        flow = self.flows.get(type(record))
        if flow is None:
            return []
        case = self._reading_case(ctx, record, flow)
        definition = self._definition_of(ctx, flow, case)
        offered = [
            self._offer(ctx, record, flow, case, spec) for spec in definition.leaving(case.state)
        ]
        return [one for one in offered if one is not None]

    def _offer(
        self, ctx: KernelContext, record: Record, flow: Flow, case: Case, spec: TransitionSpec
    ) -> Offered | None:
        how = flow.transitions.get(spec.name)
        if (
            how is not None
            and not spec.automatic
            and not self.kernel.access.may(ctx, how, "use", record)
        ):
            return None
        rule = self._broken_rule(ctx, record, how) if how is not None else None
        blocked = self._blockers(ctx, record, spec)
        why = Text(rule.title, module=rule.origin.module) if rule is not None else None
        votes, needed = 0, 0
        if how is not None and how.approval is not None:
            valid = [
                vote
                for vote in self.cases.votes(ctx, case)
                if vote.transition == how.name and not vote.void
            ]
            votes, needed = len(valid), how.approval.needed(ctx, record)
            if any(vote.user_id == ctx.actor.id for vote in valid):
                why = _("You have decided already")
        allowed = how is not None and not spec.automatic and why is None and not blocked
        title = Text(spec.title, module=_module(spec.plugin))
        return Offered(
            spec.name, title, spec.style, how, allowed, blocked, why, votes, needed, spec.automatic
        )

    def stage_bar(self, ctx: KernelContext, record: Record) -> list[Stage]:
        """The stages of a record's way, with the working days spent in each."""
        flow = self.flows.get(type(record))
        if flow is None:
            return []
        case = self._reading_case(ctx, record, flow)
        definition = self._definition_of(ctx, flow, case)
        spent = self._spent(ctx, case)
        shown = [
            spec for spec in definition.states.values() if not spec.aside or spec.name == case.state
        ]
        shown = [spec for spec in shown if spec.final != "bad" or spec.name == case.state]
        names = [spec.name for spec in shown]
        here = names.index(case.state) if case.state in names else len(names)
        stages = []
        for place, spec in enumerate(shown):
            status = (
                "current"
                if place == here
                else "done"
                if place < here and spec.name in spent
                else "later"
            )
            status = spec.final if place == here and spec.final else status
            entered = case.entered_at if place == here else None
            stages.append(
                Stage(
                    spec.name,
                    Text(spec.title, module=_module(spec.plugin)),
                    status,
                    entered,
                    spent.get(spec.name),
                )
            )
        return stages

    def _spent(self, ctx: KernelContext, case: Case) -> dict[str, int]:
        between = self.calendar.working_days_between
        spent: dict[str, int] = {}
        for step in self.cases.steps(ctx, case) if case.id else ():
            spent[step.source] = spent.get(step.source, 0) + between(
                ctx, step.entered_at, step.left_at
            )
        spent[case.state] = spent.get(case.state, 0) + between(ctx, case.entered_at, ctx.now)
        return spent

    def _reading_case(self, ctx: KernelContext, record: Record, flow: Flow) -> Case:
        """The case for looking at; a record without one is shown as if it began now, and nothing is written."""
        found = self.cases.find(ctx, record)
        return found or Case(0, 0, str(getattr(record, flow.column)), ctx.now, 0)

    def _definition_of(self, ctx: KernelContext, flow: Flow, case: Case) -> Definition:
        if case.definition_id:
            return self.cases.definition(ctx, case.definition_id)
        from tenor.workflow.definitions import content_of, definition_of

        return definition_of(content_of(flow))

    def history(self, ctx: KernelContext, record: Record) -> list[Any]:
        """The steps that a record took, oldest first."""
        found = self.cases.find(ctx, record)
        return self.cases.steps(ctx, found) if found else []

    def frozen(self, ctx: KernelContext, record: Record) -> bool:
        """Whether forms, API and imports can't change the record in its state."""
        flow = self.flows.get(type(record))
        if flow is None:
            return False
        state = flow.states.get(str(getattr(record, flow.column)))
        return state is None or state.frozen

    def state_title(self, record: type[Record], name: str) -> Text:
        """The words of a state, for a list; its name where its plugin is off."""
        flow = self.flows.get(record)
        state = flow.states.get(name) if flow else None
        return Text(state.title, module=state.origin.module) if state else Text(name)

    # -- tasks ------------------------------------------------------------------------------------------------------

    def tasks(self, ctx: KernelContext) -> list[OpenTask]:
        """Open tasks of the person and of their groups."""
        return self.work.mine(ctx)

    def tasks_on(self, ctx: KernelContext, record: Record) -> list[OpenTask]:
        """Open tasks on a record."""
        return self.work.of(ctx, record)

    def claim(self, ctx: KernelContext, identity: int) -> None:
        """Take a task of one's group."""
        self.work.claim(ctx, identity)

    def hand_over(self, ctx: KernelContext, identity: int, user_id: int) -> None:
        """Give one's own task to another."""
        self.work.hand_over(ctx, identity, user_id)


def _inputs(how: Transition, given: object) -> object:
    if how.inputs is None or isinstance(given, how.inputs):
        return given
    if given is not None:
        raise TypeError(f"{how.name} takes {how.inputs.__name__}, not {type(given).__name__}")
    try:
        return how.inputs()
    except TypeError:
        raise Invalid("inputs-needed", None, what=how.title) from None


def _plain_inputs(inputs: object) -> Any:
    if inputs is None or not is_dataclass(inputs) or isinstance(inputs, type):
        return None
    return {
        name: to_json(value)
        for name, value in asdict(inputs).items()
        if not isinstance(value, (Upload, bytes, dict))
    }


def _other_steps(rule: SegregationOfDuties, how: Transition) -> set[str]:
    return {step if isinstance(step, str) else step.name for step in rule.steps if step is not how}


def _needs(plugin: str) -> Blocker:
    return Blocker(_("Needs the plugin {plugin}, which is off", plugin=plugin), href="/plugins")


def _module(plugin: str) -> str:
    return "tenor" if plugin == "base" else f"tenor_{plugin}"
