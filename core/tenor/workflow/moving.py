"""Cases move: what is checked first, what a step does, and what goes by itself after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from tenor.records.values import currency_of
from tenor.workflow.cases import Case
from tenor.workflow.definitions import Definition, TransitionSpec, titled
from tenor.workflow.doings import Doings
from tenor.workflow.going import Going
from tenor.workflow.guards import on_record
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.starting import Starting
from tenor.workflow.tasks import Back
from tenor.workflow.words import kind_title, said, state_title, step_title
from tenor_sdk.errors import Blocked, Conflict, Forbidden, NotFound
from tenor_sdk.i18n import _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext


class Moving:
    """Moves cases along their workflows, one locked step at a time."""

    def __init__(self, parts: Parts, starting: Starting, doings: Doings, going: Going) -> None:
        self._parts = parts
        self._starting = starting
        self._doings = doings
        self._going = going

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
        reason = said(reason, needed=spec.reason)
        given = self._inputs(record, how, inputs)
        if how.approval is not None and how.approval.authority is not None:
            self._parts.cases.hold(ctx, record, how.approval.authority.one_at_a_time)
        self._check_clear(ctx, record, flow, definition, spec)
        if how.approval is not None:
            tally = self._parts.approvals.vote(ctx, case, record, how, given, reason, seen)
            if not tally.enough:
                self._doings.did(ctx, record, how.name)
                return False
        self._going.go(ctx, record, case, definition, spec, given, reason)
        if spec.returns:
            # what goes by itself from there waits until something was brought
            why = _("Returned by {name}: {reason}", name=ctx.actor.name, reason=reason)
            before = self._parts.cases.who_left(ctx, case, spec.target)
            self._starting.settle(ctx, record, flow, Back(case.id, before, why))
        else:
            self._going.run_on(ctx, record, flow)
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
        moved = self._going.run_on(ctx, record, flow)
        if moved:
            self._starting.settle(ctx, record, flow)
        return moved

    # -- checks -----------------------------------------------------------------------------------------------------

    def _check_use(self, ctx: KernelContext, record: Record, how: Transition) -> None:
        if how.by_itself:
            raise Forbidden("pressed-by-nobody", what=step_title(how))
        self._parts.kernel.access.check_use(ctx, how, record)

    def _locked(
        self, ctx: KernelContext, record: Record, flow: Flow, how: Transition
    ) -> tuple[Case, Definition, TransitionSpec]:
        """The case or its branch, which nobody else moves now, and the transition as the case knows it."""
        case = self._starting.case(ctx, record, flow, lock=True)
        definition = self._parts.cases.definition(ctx, case, flow)
        spec = definition.transition(how.name)
        if spec is None or spec.plugin != how.plugin or flow.transitions.get(how.name) is not how:
            raise Conflict("not-in-this-version", what=step_title(how))
        going_on = self._parts.going_on(ctx, record, case, definition)
        branch = definition.branch_of(how.name)
        found = next((each for each in going_on if each.branch == branch), case)
        if found.state not in spec.sources:
            where = state_title(definition, found.state)
            raise Conflict("not-from-this-state", what=step_title(how), state=where)
        return found, definition, spec

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
