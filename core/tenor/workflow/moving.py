"""Cases move: what is checked first, what a step does, and what goes by itself after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from tenor.records.values import currency_of
from tenor.workflow.cases import Case
from tenor.workflow.definitions import Definition, TransitionSpec, titled
from tenor.workflow.doings import Doings
from tenor.workflow.guards import on_record
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.starting import Starting
from tenor.workflow.words import kind_title, said, state_title, step_title
from tenor_sdk.errors import Blocked, Conflict, Forbidden, NotFound, Refused
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition, Transitioned

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: Automatic steps in a row; more is a workflow that runs in circles.
_MOST_AUTOMATIC = 20


class Moving:
    """Moves cases along their workflows, one locked step at a time."""

    def __init__(self, parts: Parts, starting: Starting, doings: Doings) -> None:
        self._parts = parts
        self._starting = starting
        self._doings = doings

    def transition(
        self,
        ctx: KernelContext,
        record: Record,
        how: Transition,
        inputs: object,
        reason: str,
        *,
        seen: str = "",
    ) -> bool:
        """Carry out a transition as the person who acts; see ``tenor_sdk.workflow.transition``.

        Args:
            inputs: an instance of its dataclass, or what was handed in for one, by name.
            seen: of an approval: the hash of what the person had before them (``Offered.shown``).

        Raises:
            NotFound: the person can't read the record.
            Forbidden: ``not-permitted``, ``segregated``, ``pressed-by-nobody``; the attempt is put on record.
            Conflict: ``not-from-this-state``, ``not-in-this-version``, ``already-voted``, ``changed-since``.
            Invalid: the inputs, or a reason that is missing or no text.
            Blocked: with every blocker.
        """
        flow = self._parts.flow(record)
        if not self._parts.kernel.access.may(ctx, type(record), "read", record):
            raise NotFound("not-found", what=kind_title(record))
        with self.in_place(ctx, record, how):
            return self._transition(ctx, record, flow, how, inputs, reason, seen)

    def _transition(
        self,
        ctx: KernelContext,
        record: Record,
        flow: Flow,
        how: Transition,
        inputs: object,
        reason: str,
        seen: str,
    ) -> bool:
        try:
            self._check_use(ctx, record, how)
            case, definition, spec = self._locked(ctx, record, flow, how)
            self._check_duties(ctx, record, how)
        except Forbidden as refusal:
            on_record(ctx, "denied", record, transition=how.name, why=refusal.key)
            raise
        reason = said(reason, needed=how.reason)
        given = self._inputs(record, how, inputs)
        if how.approval is not None and how.approval.authority is not None:
            self._parts.cases.hold(ctx, record, how.approval.authority.one_at_a_time)
        self._check_clear(ctx, record, flow, definition, spec)
        if how.approval is not None:
            tally = self._parts.approvals.vote(ctx, case, record, how, given, reason, seen)
            if not tally.enough:
                self._doings.did(ctx, record, how.name)
                return False
        self._go(ctx, record, case, definition, spec, given, reason)
        self._run_on(ctx, record, flow)
        self._starting.settle(ctx, record, flow)
        return True

    def in_place(
        self, ctx: KernelContext, record: Record, how: Transition
    ) -> AbstractContextManager[None]:
        """Within it a transition counts also for the one in whose place the person may carry it out."""
        if not ctx.actor.stands_in:
            return nullcontext()
        flow, _case, definition = self._parts.looked_at(ctx, record)
        spec = definition.transition(how.name)
        if spec is None:
            giver = self._parts.kernel.access.giver(ctx, how, "use", record)
            return self._parts.kernel.access.standing.taken(ctx, giver)
        return self._parts.places.taken(ctx, record, definition, spec, flow)

    def advance(self, ctx: KernelContext, record: Record) -> bool:
        """Go automatic transitions while nothing blocks them; see ``tenor_sdk.workflow.advance``."""
        flow = self._parts.flow(record)
        moved = self._run_on(ctx, record, flow)
        if moved:
            self._starting.settle(ctx, record, flow)
        return moved

    def _run_on(self, ctx: KernelContext, record: Record, flow: Flow) -> bool:
        moved = False
        for _step in range(_MOST_AUTOMATIC):
            case = self._starting.case(ctx, record, flow, lock=True)
            definition = self._parts.cases.definition(ctx, case, flow)
            spec = self._ready(ctx, record, case, definition, flow)
            if spec is None:
                return moved
            self._go(ctx, record, case, definition, spec, None, "")
            moved = True
        raise Refused("automatic-without-end", what=kind_title(record))

    def _ready(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition, flow: Flow
    ) -> TransitionSpec | None:
        for spec in definition.leading_from(case.state):
            if spec.automatic and not self._parts.guards.blockers(
                ctx, record, definition, spec, flow
            ):
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
    ) -> None:
        """One step: the state, the end of its task, the record of it, what the plugin does with it, the event."""
        source, flow = case.state, self._parts.flow(record)
        with (
            self._parts.kernel.access.procedure(
                ctx, flow.record.__plugin__, f"workflow.{spec.name}"
            ),
            self._parts.kernel.db.moving(ctx.session, record),
        ):
            setattr(record, flow.column, spec.target)
        self._parts.work.finish(ctx, case)
        self._parts.approvals.lapse(ctx, case, spec.name)
        case = self._parts.cases.move(
            ctx, case, spec.name, spec.target, reason, automatic=spec.automatic
        )
        told = {"transition": spec.name, "from": source, "to": spec.target}
        self._parts.kernel.audit.note(ctx, "transition", record, reason=reason, **told)
        if not spec.automatic:
            self._doings.did(ctx, record, spec.name)
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
            self._parts.kernel.events.timings.timed("transition", how.plugin, how.name),
            self._parts.kernel.access.procedure(ctx, how.plugin, how.name),
        ):
            how.do(ctx, record, inputs)

    # -- checks -----------------------------------------------------------------------------------------------------

    def _check_use(self, ctx: KernelContext, record: Record, how: Transition) -> None:
        if how.automatic:
            raise Forbidden("pressed-by-nobody", what=step_title(how))
        self._parts.kernel.access.check_use(ctx, how, record)

    def _locked(
        self, ctx: KernelContext, record: Record, flow: Flow, how: Transition
    ) -> tuple[Case, Definition, TransitionSpec]:
        """The case, which nobody else moves now, and the transition as the case knows it."""
        case = self._starting.case(ctx, record, flow, lock=True)
        definition = self._parts.cases.definition(ctx, case, flow)
        spec = definition.transition(how.name)
        if spec is None or spec.plugin != how.plugin or flow.transitions.get(how.name) is not how:
            raise Conflict("not-in-this-version", what=step_title(how))
        if case.state not in spec.sources:
            raise Conflict(
                "not-from-this-state",
                what=step_title(how),
                state=state_title(definition, case.state),
            )
        return case, definition, spec

    def _check_duties(self, ctx: KernelContext, record: Record, how: Transition) -> None:
        done = self._parts.duties.on(ctx, record)
        acting = self._parts.kernel.access.standing.counts_for(ctx)
        refusal = self._parts.duties.refusal(type(record), how.name, acting, done)
        if refusal is not None:
            raise refusal

    def _inputs(self, record: Record, how: Transition, given: object) -> object:
        if how.inputs is None or isinstance(given, how.inputs):
            return None if how.inputs is None else given
        if given is not None and not isinstance(given, Mapping):
            raise TypeError(f"{how.name} takes {how.inputs.__name__}, not {type(given).__name__}")
        return self._parts.kernel.records.read_inputs(
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
        found = self._parts.places.blockers(ctx, record, definition, spec, flow)
        if found:
            raise Blocked("blocked", found, what=titled(spec.title, spec.plugin), n=len(found))

    def blockers(self, ctx: KernelContext, record: Record, how: Transition) -> Sequence[Blocker]:
        """What stands in the way of a transition now, whichever state the case is in."""
        flow, _case, definition = self._parts.looked_at(ctx, record)
        spec = definition.transition(how.name)
        if spec is None:
            raise Conflict("not-in-this-version", what=step_title(how))
        with self.in_place(ctx, record, how):
            return self._parts.places.blockers(ctx, record, definition, spec, flow)
