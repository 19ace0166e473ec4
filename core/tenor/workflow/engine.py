"""The engine: moves cases along their workflows, one locked step at a time."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from tenor.db.state import state_of
from tenor.events.events import FAILURES
from tenor.records.schema import prose
from tenor.records.values import currency_of
from tenor.workflow.approvals import Approvals
from tenor.workflow.authorities import Authorities, authorities_of, positions_now, spec_of
from tenor.workflow.calendar import Calendar
from tenor.workflow.cases import Case, Cases, Step
from tenor.workflow.casting import Casting, said_of
from tenor.workflow.closing import Closing
from tenor.workflow.counting import Outcome
from tenor.workflow.deadlines import Deadlines
from tenor.workflow.decisions import Decision, decision
from tenor.workflow.declared import (
    check_asked,
    check_authorities,
    check_committees,
    flows_of,
    guards_of,
)
from tenor.workflow.definitions import Definition, StateSpec, TransitionSpec, titled
from tenor.workflow.desk import Desk, OpenTask
from tenor.workflow.duties import CREATE, Duties, rules_of
from tenor.workflow.guards import Guards, on_record
from tenor.workflow.merging import Flow
from tenor.workflow.offers import Offered, Offers
from tenor.workflow.places import Places
from tenor.workflow.records import AuthorityVersion, CalendarDay
from tenor.workflow.stages import Stage, stages
from tenor.workflow.tallies import CastVote, Tally
from tenor.workflow.tasks import Arising, Tasks
from tenor.workflow.titles import Titles
from tenor_sdk.access import SegregationOfDuties
from tenor_sdk.approvals import Ballot, Committee
from tenor_sdk.authority import Authority, AuthorityLimit
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition, Transitioned

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

#: Automatic steps in a row; more is a workflow that runs in circles.
_MOST_AUTOMATIC = 20
_LONGEST_REASON = 2000
_DECIDED = (Outcome.PASSED, Outcome.REFUSED)
_WITH_REASON = (Ballot.AGAINST, Ballot.VETO, Ballot.RECUSE)


class WorkflowEngine:
    """The room of workflow."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.calendar = Calendar()
        self.cases = Cases()
        self.work = Tasks(kernel)
        self.desk = Desk(kernel, self.work)
        self.deadlines = Deadlines(kernel, self.work)
        self.closing = Closing(kernel)

    def load(self, declarations: Declarations) -> None:
        """Merge workflows and patches, and check them.

        Raises:
            WorkflowError: naming the plugins at odds, each with file and line.
            TypeError: for an input whose bounds don't fit, with file and line.
        """
        self.flows = flows_of(declarations)
        self._by_table = {kind.__tablename__: flow for kind, flow in self.flows.items()}
        for flow in self.flows.values():
            check_asked(flow.transitions.values())
        running = frozenset(plugin.name for plugin in declarations.plugins)
        self.guards = Guards(self.kernel, guards_of(self.flows.values()), running)
        self.duties = Duties(rules_of(declarations.of(SegregationOfDuties), self.flows))
        self.authorities = Authorities(
            self.kernel, self.guards, authorities_of(declarations.of(Authority))
        )
        check_authorities(self.flows.values(), self.authorities.declared)
        check_committees(self.flows.values())
        self.approvals = Approvals(self.guards, self.authorities, self.duties)
        self.casting = Casting(self.approvals)
        self.places = Places(self.kernel, self.guards, self.approvals)
        self._offers = Offers(self.kernel, self.guards, self.duties, self.approvals, self.places)
        self._titles = Titles(self.kernel)

    def flow(self, record: type[Record]) -> Flow | None:
        """The workflow of a kind of record, as new cases begin with it."""
        return self.flows.get(record)

    def named(self, record: type[Record], name: str) -> Transition | None:
        """A transition by its name."""
        flow = self.flows.get(record)
        return flow.transitions.get(name) if flow else None

    # -- beginning --------------------------------------------------------------------------------------------------

    def on_created(self, ctx: KernelContext, session: Session, records: Iterable[Record]) -> None:
        """Begin the cases of records that were written first; called after the flush that wrote them."""
        by_kind: dict[type[Record], list[Record]] = {}
        for record in records:
            by_kind.setdefault(type(record), []).append(record)
        if CalendarDay in by_kind:
            self.calendar.forget(ctx)
        for kind, of_kind in by_kind.items():
            if kind in self.flows:
                self._begin(ctx, self.flows[kind], of_kind, state_of(session).givers)

    def start(self, ctx: KernelContext, record: Record) -> None:
        """Begin the case of a record that has none yet: one that was loaded by the thousand."""
        self._case(ctx, record, self._flow(record))

    def _begin(
        self,
        ctx: KernelContext,
        flow: Flow,
        records: Sequence[Record],
        givers: dict[Any, ActorData] | None = None,
    ) -> list[Case]:
        givers = givers if givers is not None else {}
        for record in records:
            if getattr(record, flow.column) not in flow.states:
                raise Refused("unknown-state", state=str(getattr(record, flow.column)))
        cases = self.cases.begin(ctx, flow, records)
        made: dict[ActorData | None, list[int]] = {}
        for record in records:
            made.setdefault(givers.pop(record, None), []).append(record.id)
        for giver, ids in made.items():
            self.duties.add(ctx, flow.record, ids, CREATE, giver)
        for record, case in zip(records, cases, strict=True):
            self._arise(ctx, record, case, flow.definition)
        return cases

    def _case(self, ctx: KernelContext, record: Record, flow: Flow, *, lock: bool = False) -> Case:
        if not state_of(ctx.session).writes:
            raise Forbidden("read-only")
        ctx.session.flush()
        found = self.cases.find(ctx, record, lock=lock)
        return found or self._begin(ctx, flow, [record])[0]

    def _flow(self, record: Record) -> Flow:
        flow = self.flows.get(type(record))
        if flow is None:
            raise Refused("no-workflow", what=_kind(record))
        return flow

    # -- moving -----------------------------------------------------------------------------------------------------

    def transition(
        self,
        ctx: KernelContext,
        record: Record,
        how: Transition,
        inputs: object,
        reason: str,
        *,
        seen: str = "",
        ballot: Ballot = Ballot.FOR,
    ) -> bool:
        """Carry out a transition as the person who acts; see ``tenor_sdk.workflow.transition``.

        Args:
            inputs: an instance of its dataclass, or what was handed in for one, by name.
            seen: of an approval: the hash of what the person had before them (``Offered.shown``).
            ballot: of a committee's decision: what the person says.

        Raises:
            NotFound: the person can't read the record.
            Forbidden: ``not-permitted``, ``segregated``, ``pressed-by-nobody``, ``recused``; the attempt is put on
                record. ``no-veto``.
            Refused: ``no-committee``.
            Conflict: ``not-from-this-state``, ``not-in-this-version``, ``already-voted``, ``changed-since``.
            Invalid: the inputs, or a reason that is missing or no text.
            Blocked: with every blocker.
        """
        flow = self._flow(record)
        if not self.kernel.access.may(ctx, type(record), "read", record):
            raise NotFound("not-found", what=_kind(record))
        with self._in_place(ctx, record, how):
            return self._transition(ctx, record, flow, how, inputs, reason, seen, ballot)

    def _transition(
        self,
        ctx: KernelContext,
        record: Record,
        flow: Flow,
        how: Transition,
        inputs: object,
        reason: str,
        seen: str,
        ballot: Ballot,
    ) -> bool:
        try:
            self._check_use(ctx, record, how)
            case, definition, spec = self._locked(ctx, record, flow, how)
            self._check_duties(ctx, record, how)
        except Forbidden as refusal:
            on_record(ctx, "denied", record, transition=how.name, why=refusal.key)
            raise
        reason = _said(how, reason, ballot)
        given = self._inputs(record, how, inputs) if ballot is Ballot.FOR else None
        if how.approval is not None and how.approval.authority is not None:
            self.cases.hold(ctx, record, how.approval.authority.one_at_a_time)
        if ballot is not Ballot.RECUSE:  # whoever is party to a case says so, whatever it lacks
            self._check_clear(ctx, record, flow, definition, spec)
        if how.approval is not None:
            tally = self.casting.vote(ctx, case, record, how, given, reason, seen, ballot)
            if tally.outcome not in _DECIDED:
                if ballot is not Ballot.RECUSE:
                    self._did(ctx, record, how.name)
                return False
            if tally.sitting is not None:
                self._decided(ctx, record, case, how, tally, given, reason)
                return True
        elif ballot is not Ballot.FOR:
            raise Refused("no-committee", what=_title(how))
        self._go(ctx, record, case, definition, spec, given, reason)
        self._run_on(ctx, record, flow)
        self._settle(ctx, record, flow)
        return True

    def _decided(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        how: Transition,
        tally: Tally,
        given: object,
        reason: str,
    ) -> None:
        """Go where a committee's count leads: on, or its refusal; what decided it is on record."""
        flow = self._flow(record)
        definition = self.cases.definition(ctx, case, flow)
        passed, committee = tally.outcome is Outcome.PASSED, _committee(how)
        to = how if passed else committee.refusal
        spec = definition.transition(to.name)
        if (
            spec is None
            or case.state not in spec.sources
            or flow.transitions.get(to.name) is not to
        ):
            raise Conflict("not-in-this-version", what=_title(to))
        if passed:
            found = self.guards.blockers(ctx, record, definition, spec, flow)
            if found:
                raise Blocked("blocked", found, what=_title(to), n=len(found))
        else:
            self._did(ctx, record, how.name)
        assert tally.sitting is not None  # a committee is in charge
        told = {"shown": tally.shown, **said_of(tally.sitting.count)}
        ctx.kernel.audit.note(ctx, "committee-decided", record, transition=how.name, **told)
        self._go(ctx, record, case, definition, spec, given if passed else None, reason, by=how)
        self._run_on(ctx, record, flow)
        self._settle(ctx, record, flow)

    def count_votes(self, ctx: KernelContext, record: Record, how: Transition) -> bool:
        """Count a committee's votes without a further one: its time may be over, or a member may have left.

        Returns:
            Whether the state has changed.
        """
        flow = self._flow(record)
        case = self._case(ctx, record, flow, lock=True)
        if how.approval is None or case.state not in {each.name for each in how.sources}:
            return False
        tally = self.approvals.tally(ctx, case, record, how)
        if tally.sitting is None or tally.outcome not in _DECIDED:
            return False
        self._decided(ctx, record, case, how, tally, None, "")
        return True

    def _in_place(
        self, ctx: KernelContext, record: Record, how: Transition
    ) -> AbstractContextManager[None]:
        """Within it a transition counts also for the one in whose place the person may carry it out."""
        if not ctx.actor.stands_in:
            return nullcontext()
        flow, _case, definition = self._looked_at(ctx, record)
        spec = definition.transition(how.name)
        if spec is None:
            giver = self.kernel.access.giver(ctx, how, "use", record)
            return self.kernel.access.standing.taken(ctx, giver)
        return self.places.taken(ctx, record, definition, spec, flow)

    def _did(self, ctx: KernelContext, record: Record, step: str) -> None:
        behalf = state_of(ctx.session).behalf
        self.duties.add(ctx, type(record), [record.id], step, behalf)

    def advance(self, ctx: KernelContext, record: Record) -> bool:
        """Go automatic transitions while nothing blocks them; see ``tenor_sdk.workflow.advance``."""
        flow = self._flow(record)
        moved = self._run_on(ctx, record, flow)
        if moved:
            self._settle(ctx, record, flow)
        return moved

    def _run_on(self, ctx: KernelContext, record: Record, flow: Flow) -> bool:
        moved = False
        for _step in range(_MOST_AUTOMATIC):
            case = self._case(ctx, record, flow, lock=True)
            definition = self.cases.definition(ctx, case, flow)
            spec = self._ready(ctx, record, case, definition, flow)
            if spec is None:
                return moved
            self._go(ctx, record, case, definition, spec, None, "")
            moved = True
        raise Refused("automatic-without-end", what=_kind(record))

    def _settle(self, ctx: KernelContext, record: Record, flow: Flow) -> None:
        """The task of the state in which a case has come to rest; what it only passed through is nobody's task."""
        case = self._case(ctx, record, flow)
        if not self.work.arisen(ctx, case):
            self._arise(ctx, record, case, self.cases.definition(ctx, case, flow))

    def _ready(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition, flow: Flow
    ) -> TransitionSpec | None:
        for spec in definition.leading_from(case.state):
            if spec.automatic and not self.guards.blockers(ctx, record, definition, spec, flow):
                return spec
        return None

    def _go(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
        inputs: object,
        reason: str,
        by: Transition | None = None,
    ) -> None:
        """One step: the state, the end of its task, the record of it, what the plugin does with it, the event.

        Args:
            by: what was voted on, where the votes on another transition led here.
        """
        source, flow = case.state, self._flow(record)
        with (
            self.kernel.access.procedure(ctx, flow.record.__plugin__, f"workflow.{spec.name}"),
            self.kernel.db.moving(ctx.session, record),
        ):
            setattr(record, flow.column, spec.target)
        self.work.finish(ctx, case)
        self.casting.lapse(ctx, case, by.name if by is not None else spec.name)
        case = self.cases.move(ctx, case, spec.name, spec.target, reason, automatic=spec.automatic)
        told = {"transition": spec.name, "from": source, "to": spec.target}
        self.kernel.audit.note(ctx, "transition", record, reason=reason, **told)
        if not spec.automatic:
            self._did(ctx, record, spec.name)
        self._do(ctx, record, flow.transitions[spec.name], inputs)
        event = Transitioned(
            workflow=flow.name,
            table=flow.record.__tablename__,
            record_id=record.id,
            transition=spec.name,
            source=source,
            target=spec.target,
            automatic=spec.automatic,
        )
        ctx.emit(event)

    def _do(self, ctx: KernelContext, record: Record, how: Transition, inputs: object) -> None:
        """What the plugin does with a step."""
        if how.do is None:
            return
        with (
            self.kernel.events.timings.timed("transition", how.plugin, how.name),
            self.kernel.access.procedure(ctx, how.plugin, how.name),
        ):
            how.do(ctx, record, inputs)

    def _arise(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition
    ) -> None:
        state = definition.state(case.state)
        if state is None or state.task is None:
            return
        pressed = [each for each in definition.leading_from(state.name) if not each.automatic]
        barred = self.duties.barred(
            type(record), (each.name for each in pressed), self.duties.on(ctx, record)
        )
        several = any(each.approval for each in pressed)
        deciders = self._deciders(ctx, record, pressed) if not state.task.to_owner else ()
        self.work.arise(
            ctx, Arising(case, record, state, state.task, frozenset(barred), several, deciders)
        )

    def _deciders(
        self, ctx: KernelContext, record: Record, pressed: Sequence[TransitionSpec]
    ) -> tuple[str, ...]:
        """The positions that decide the case, by an authority, a committee or steps: the task is theirs. Empty where
        none says so."""
        flow = self._flow(record)
        for spec in pressed:
            how = flow.transitions.get(spec.name)
            if how is None or how.approval is None:
                continue
            try:
                named = self.approvals.positions(ctx, record, how)
            except FAILURES:
                log.exception("the authority of %s failed; its task goes to its position", how.name)
                continue
            if named is not None:
                return named
        return ()

    # -- checks -----------------------------------------------------------------------------------------------------

    def _check_use(self, ctx: KernelContext, record: Record, how: Transition) -> None:
        if how.automatic:
            raise Forbidden("pressed-by-nobody", what=_title(how))
        self.kernel.access.check_use(ctx, how, record)

    def _locked(
        self, ctx: KernelContext, record: Record, flow: Flow, how: Transition
    ) -> tuple[Case, Definition, TransitionSpec]:
        """The case, which nobody else moves now, and the transition as the case knows it."""
        case = self._case(ctx, record, flow, lock=True)
        definition = self.cases.definition(ctx, case, flow)
        spec = definition.transition(how.name)
        if spec is None or spec.plugin != how.plugin or flow.transitions.get(how.name) is not how:
            raise Conflict("not-in-this-version", what=_title(how))
        if case.state not in spec.sources:
            raise Conflict(
                "not-from-this-state", what=_title(how), state=_state_title(definition, case.state)
            )
        return case, definition, spec

    def _check_duties(self, ctx: KernelContext, record: Record, how: Transition) -> None:
        done = self.duties.on(ctx, record)
        acting = self.kernel.access.standing.counts_for(ctx)
        refusal = self.duties.refusal(type(record), how.name, acting, done)
        if refusal is not None:
            raise refusal

    def _inputs(self, record: Record, how: Transition, given: object) -> object:
        if how.inputs is None or isinstance(given, how.inputs):
            return None if how.inputs is None else given
        if given is not None and not isinstance(given, Mapping):
            raise TypeError(f"{how.name} takes {how.inputs.__name__}, not {type(given).__name__}")
        return self.kernel.records.read_inputs(
            how.inputs, given or {}, currency=currency_of(record)
        )

    def _check_clear(
        self,
        ctx: KernelContext,
        record: Record,
        flow: Flow,
        definition: Definition,
        spec: TransitionSpec,
    ) -> None:
        found = self.places.blockers(ctx, record, definition, spec, flow)
        if found:
            raise Blocked("blocked", found, what=titled(spec.title, spec.plugin), n=len(found))

    def blockers(self, ctx: KernelContext, record: Record, how: Transition) -> Sequence[Blocker]:
        """What stands in the way of a transition now, whichever state the case is in."""
        flow, _case, definition = self._looked_at(ctx, record)
        spec = definition.transition(how.name)
        if spec is None:
            raise Conflict("not-in-this-version", what=_title(how))
        with self._in_place(ctx, record, how):
            return self.places.blockers(ctx, record, definition, spec, flow)

    def above_authority(
        self, ctx: KernelContext, record: Record, authority: Authority
    ) -> Sequence[Blocker]:
        """Why the person may not decide a case, by an authority; see ``tenor_sdk.authority.above_authority``."""
        ruling = self.authorities.ruling(ctx, record, authority)
        return self.authorities.above(ruling, positions_now(ctx))

    # -- authorities ------------------------------------------------------------------------------------------------

    def propose_authority(
        self,
        ctx: KernelContext,
        authority: Authority,
        lines: Sequence[AuthorityLimit],
        effective_from: date,
        purpose: str,
    ) -> int:
        """Draft and propose a version; see ``tenor_sdk.authority.propose_authority``."""
        specs = [spec_of(authority, one) for one in lines]
        version = self.authorities.draft(ctx, authority, specs, effective_from, purpose)
        self.move_authority(ctx, version.id, "propose")
        return version.id

    def move_authority(self, ctx: KernelContext, version: int, how: str) -> None:
        """Carry out a transition of a version by its name."""
        found = self.kernel.records.get(ctx, AuthorityVersion, version)
        step = self.named(AuthorityVersion, how)
        assert step is not None  # of the kernel's own workflow
        self.transition(ctx, found, step, None, "")

    def authority_words(self, ctx: KernelContext, record: Record) -> list[Text]:
        """For each step that takes an authority whether the person has it for this record, and who has."""
        flow = self.flows.get(type(record))
        if flow is None:
            return []
        said = []
        for how in flow.transitions.values():
            ruling = self.approvals.ruling(ctx, record, how) if how.approval is not None else None
            if ruling is None:
                continue
            with self._in_place(ctx, record, how):
                above = self.authorities.above(ruling, positions_now(ctx))
            what = above[0].what if above else _("Within the authority")
            who = self.authorities.deciders(ruling)
            said.append(_("{step}: {what}. {deciders}", step=_title(how), what=what, deciders=who))
        return said

    # -- duties -----------------------------------------------------------------------------------------------------

    def record_duty(self, ctx: KernelContext, record: Record, step: str) -> None:
        """Put a step of the person's on record; see ``tenor_sdk.workflow.record_duty``.

        Raises:
            Forbidden: ``segregated``: what the person did on this record before stands against it.
        """
        ctx.session.flush()
        standing = self.kernel.access.standing
        with standing.taken(ctx, standing.giver(state_of(ctx.session), record)):
            done = self.duties.on(ctx, record)
            refusal = self.duties.refusal(type(record), step, standing.counts_for(ctx), done)
            if refusal is not None:
                on_record(ctx, "denied", record, step=step, why=refusal.key)
                raise refusal
            self._did(ctx, record, step)

    def who_did(self, ctx: KernelContext, record: Record, step: str) -> Sequence[int]:
        """Whose step a thing done on a record is, each person once, in their order: who did it, and in whose place;
        ``create`` is the making of it."""
        return list(
            dict.fromkeys(user for name, user in self.duties.on(ctx, record) if name == step)
        )

    def forbidden(self, ctx: KernelContext, record: Record) -> list[tuple[str, Text, str]]:
        """The steps on a record that the person may not do any more, each with the rule; those that they may not do in
        another's place with the other's name. A record by its number is enough."""
        done, kind, me = self.duties.on(ctx, record), type(record), ctx.actor.id
        own = self.duties.against(kind, {me}, done)
        found = [(step, rule, "") for step, rule in own]
        for giver in ctx.actor.stands_in:
            steps = self.duties.against(kind, {me, giver.id}, done)
            found += [(step, rule, giver.name) for step, rule in steps if (step, rule) not in own]
        return found

    def excluding(self, table: str, stage: str) -> frozenset[str]:
        """The steps after which nobody can do what a state's task asks for."""
        flow = self._by_table.get(table)
        if flow is None:
            return frozenset()
        pressed = (each for each in flow.definition.leading_from(stage) if not each.automatic)
        return frozenset(
            step for each in pressed for step in self.duties.excluded_by(flow.record, each.name)
        )

    def barred(self, ctx: KernelContext, record: Record, stage: str) -> set[int]:
        """Who, for what they did on a record, can't do what a state's task asks for."""
        steps = self.excluding(type(record).__tablename__, stage)
        return {user for step, user in self.duties.on(ctx, record) if step in steps}

    # -- what a person sees -----------------------------------------------------------------------------------------

    def available(self, ctx: KernelContext, record: Record) -> list[Offered]:
        """The transitions that lead on from here: what this person may use and what goes by itself, each with what
        blocks it. Empty for a record without a workflow."""
        if type(record) not in self.flows:
            return []
        flow, case, definition = self._looked_at(ctx, record)
        return self._offers.of(ctx, record, flow, case, definition)

    def stage_bar(
        self, ctx: KernelContext, record: Record, offered: Sequence[Offered] = ()
    ) -> list[Stage]:
        """The stages of a record's way, with the working days spent in each.

        Args:
            offered: from ``available``, where it was asked already: then later stages say how much they lack.
        """
        if type(record) not in self.flows:
            return []
        _flow, case, definition = self._looked_at(ctx, record)
        steps = self.cases.steps(ctx, case) if case.id else []
        lacks = {one.target: len(one.blockers) for one in offered if one.style != "danger"}

        def between(start: datetime, end: datetime) -> Decimal:
            return self.calendar.days_worked(ctx, start, end)

        return stages(definition, case, steps, ctx.now, between, lacks)

    def history(self, ctx: KernelContext, record: Record) -> list[Step]:
        """The steps that a record took, oldest first."""
        case = self.cases.find(ctx, record)
        return self.cases.steps(ctx, case) if case else []

    def voted(self, ctx: KernelContext, record: Record) -> list[CastVote]:
        """Every vote on a record, oldest first; those that fell say why."""
        case = self.cases.find(ctx, record)
        return self.casting.cast(ctx, case) if case else []

    def deciding(self, ctx: KernelContext, record: Record) -> list[Decision]:
        """How the decisions of committees and those in steps stand that lead on from a record's state, for whoever
        reads it; what can't be worked out is left out, as the transition's offer says why."""
        if type(record) not in self.flows:
            return []
        flow, case, definition = self._looked_at(ctx, record)
        found = []
        for spec in definition.leading_from(case.state):
            how = flow.transitions.get(spec.name)
            if how is None or how.plugin != spec.plugin or how.approval is None:
                continue
            if how.approval.committee is None and not how.approval.steps:
                continue
            try:
                with self.places.taken(ctx, record, definition, spec, flow):
                    found.append(self._deciding(ctx, case, record, how))
            except FAILURES:
                log.exception("the approval %s failed; it is out of service", how.name)
        return [one for one in found if one is not None]

    def _deciding(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition
    ) -> Decision | None:
        tally = self.approvals.tally(ctx, case, record, how)
        may = self.kernel.access.may(ctx, how, "use", record)
        ballots = self.approvals.ballots(ctx, record, how, tally) if may else ()
        return decision(ctx, how, tally, ballots)

    def frozen(self, ctx: KernelContext, record: Record) -> bool:
        """Whether forms, API and imports can't change the record in its state."""
        if type(record) not in self.flows:
            return False
        _flow, case, definition = self._looked_at(ctx, record)
        state = definition.state(case.state)
        return state is None or state.frozen

    def state_title(self, record: type[Record], name: str) -> Text:
        """The words of a state, for lists: no statement for a state of today's workflow."""
        return self._titles.of(self.flows.get(record), name)

    def _looked_at(self, ctx: KernelContext, record: Record) -> tuple[Flow, Case, Definition]:
        """The case for looking at; a record without one is shown as if it began now, and nothing is written."""
        flow = self._flow(record)
        case = self.cases.find(ctx, record)
        if case is None:
            case = Case(0, 0, str(getattr(record, flow.column)), ctx.now, 0)
        return flow, case, self.cases.definition(ctx, case, flow)

    # -- tasks ------------------------------------------------------------------------------------------------------

    def tasks(self, ctx: KernelContext) -> list[OpenTask]:
        """Open tasks of the person and of their groups, by deadline."""
        return self.desk.mine(ctx)

    def tasks_on(self, ctx: KernelContext, record: Record) -> list[OpenTask]:
        """Open tasks on a record."""
        return self.desk.of(ctx, record)

    def task_of(self, ctx: KernelContext, record: Record) -> OpenTask | None:
        """The open task on a record, if there is one."""
        return next(iter(self.desk.of(ctx, record)), None)

    def claim(self, ctx: KernelContext, identity: int) -> None:
        """Take a task of one's group; see ``Desk.claim``."""
        self.desk.claim(ctx, identity)

    def hand_over(
        self, ctx: KernelContext, identity: int, user_id: int, *, reason: str = ""
    ) -> None:
        """Give a task to another; see ``Desk.hand_over``."""
        self.desk.hand_over(ctx, identity, user_id, reason=reason)

    def hand_over_all(self, ctx: KernelContext, giver: int, taker: int, *, reason: str) -> int:
        """Give everything of one person to another; see ``Desk.hand_over_all``."""
        return self.desk.hand_over_all(ctx, giver, taker, reason=reason)


def _kind(record: Record) -> Text:
    return titled(type(record).singular(), type(record).__plugin__)


def _title(how: Transition) -> Text:
    return titled(how.title, how.plugin)


def _state_title(definition: Definition, name: str) -> Text:
    state: StateSpec | None = definition.state(name)
    return titled(state.title, state.plugin) if state else Text(name)


def _committee(how: Transition) -> Committee:
    assert how.approval is not None
    assert how.approval.committee is not None
    return how.approval.committee


def _said(how: Transition, reason: str, ballot: Ballot = Ballot.FOR) -> str:
    """A reason as it is kept."""
    try:
        said = prose(reason, _LONGEST_REASON)
    except Invalid as error:
        raise Invalid("invalid", {"reason": error}) from None
    if (how.reason or ballot in _WITH_REASON) and not said:
        raise Invalid("invalid", {"reason": Invalid("required")})
    return said
