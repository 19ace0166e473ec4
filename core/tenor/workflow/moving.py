"""Cases move: what is checked first, what a step does, and what goes by itself after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from tenor.records.values import currency_of
from tenor.workflow.cases import Case
from tenor.workflow.deciding import Deciding
from tenor.workflow.definitions import Definition, TransitionSpec, titled
from tenor.workflow.doings import Doings
from tenor.workflow.going import Going
from tenor.workflow.guards import on_record
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.starting import Starting
from tenor.workflow.words import kind_title, said, state_title, step_title
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Blocked, Conflict, Forbidden, NotFound, Refused
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext

_WITH_REASON = (Ballot.AGAINST, Ballot.VETO, Ballot.RECUSE)


class Moving:
    """Moves cases along their workflows, one locked step at a time."""

    def __init__(
        self, parts: Parts, starting: Starting, doings: Doings, going: Going, deciding: Deciding
    ) -> None:
        self._parts = parts
        self._starting = starting
        self._doings = doings
        self._going = going
        self._deciding = deciding

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
        flow = self._parts.flow(record)
        if not self._parts.kernel.access.may(ctx, type(record), "read", record):
            raise NotFound("not-found", what=kind_title(record))
        with self.in_place(ctx, record, how):
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
        reason = said(reason, needed=spec.reason or ballot in _WITH_REASON)
        given = self._inputs(record, how, inputs) if ballot is Ballot.FOR else None
        if how.approval is not None and how.approval.authority is not None:
            self._parts.cases.hold(ctx, record, how.approval.authority.one_at_a_time)
        if ballot is Ballot.FOR:  # what it lacks keeps nobody from being against it, or party to it
            self._check_clear(ctx, record, flow, case, definition, spec)
        if how.approval is not None:
            tally = self._parts.casting.vote(ctx, case, record, how, given, reason, seen, ballot)
            if not self._deciding.is_due(ctx, record, case, how, tally, ballot):
                if ballot is not Ballot.RECUSE:
                    self._doings.did(ctx, record, how.name)
                if tally.progress is not None:
                    self._starting.next_step(ctx, record, case, definition, how, tally.progress)
                return False
            if tally.sitting is not None:
                self._deciding.decided(ctx, record, case, how, tally, given, reason)
                return True
        elif ballot is not Ballot.FOR:
            raise Refused("no-committee", what=step_title(how))
        self._going.go(ctx, record, case, definition, spec, given, reason)
        self._going.follow(ctx, record, flow, case, spec, reason)
        return True

    def in_place(
        self, ctx: KernelContext, record: Record, how: Transition
    ) -> AbstractContextManager[None]:
        """Within it a transition counts also for the one in whose place the person may carry it out."""
        if not ctx.actor.stands_in:
            return nullcontext()
        flow, case, definition = self._parts.looked_at(ctx, record)
        spec = definition.transition(how.name)
        if spec is None:
            giver = self._parts.kernel.access.giver(ctx, how, "use", record)
            return self._parts.kernel.access.standing.taken(ctx, giver)
        its = self._parts.case_of(ctx, record, case, definition, how.name)
        return self._parts.places.taken(ctx, record, its, definition, spec, flow)

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
        found = self._parts.case_of(ctx, record, case, definition, how.name)
        if found.state not in spec.sources:
            where = state_title(definition, found.state)
            raise Conflict("not-from-this-state", what=step_title(how), state=where)
        return found, definition, spec

    def _check_duties(self, ctx: KernelContext, record: Record, how: Transition) -> None:
        if not self._parts.duties.excluded_by(type(record), how.name):
            return  # whatever was done, no rule is about it
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
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
    ) -> None:
        found = self._parts.places.blockers(ctx, record, case, definition, spec, flow)
        if found:
            raise Blocked("blocked", found, what=titled(spec.title, spec.plugin), n=len(found))

    def blockers(self, ctx: KernelContext, record: Record, how: Transition) -> Sequence[Blocker]:
        """What stands in the way of a transition now, whichever state the case is in."""
        flow, case, definition = self._parts.looked_at(ctx, record)
        spec = definition.transition(how.name)
        if spec is None:
            raise Conflict("not-in-this-version", what=step_title(how))
        with self.in_place(ctx, record, how):
            its = self._parts.case_of(ctx, record, case, definition, how.name)
            return self._parts.places.blockers(ctx, record, its, definition, spec, flow)
