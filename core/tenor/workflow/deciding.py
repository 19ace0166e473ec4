"""Committees decide: where their count leads, and how what is before them stands."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenor.events.events import FAILURES
from tenor.workflow.cases import Case
from tenor.workflow.casting import said_of
from tenor.workflow.counting import Outcome
from tenor.workflow.decisions import Decision, decision, standing_of
from tenor.workflow.definitions import Definition, TransitionSpec
from tenor.workflow.doings import Doings
from tenor.workflow.going import Going
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.starting import Starting
from tenor.workflow.tallies import Tally
from tenor.workflow.words import step_title
from tenor_sdk.approvals import Ballot, Committee
from tenor_sdk.errors import Blocked, Conflict
from tenor_sdk.records import Record
from tenor_sdk.workflow import Blocker, Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext

log = logging.getLogger(__name__)
DECIDED = (Outcome.PASSED, Outcome.REFUSED)


@dataclass(frozen=True)
class Come:
    """What votes have come to without a further one.

    Args:
        case_id: of the case, or the branch, on which they were put in.
        held_up: whether something stands in the way of what they passed.
    """

    case_id: int
    held_up: bool


class Deciding:
    """Counts, and goes where votes lead."""

    def __init__(self, parts: Parts, starting: Starting, doings: Doings, going: Going) -> None:
        self._parts = parts
        self._starting = starting
        self._doings = doings
        self._going = going

    def is_due(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        how: Transition,
        tally: Tally,
        ballot: Ballot,
    ) -> bool:
        """Whether the person whose vote was counted last decides with it. What they bring about without being for it is
        left to ``count_votes`` where something is in its way, and so is all that a recusal brings about: who is party
        to a case isn't who decided it, and the vote stays whatever becomes of the count."""
        if tally.outcome not in DECIDED or ballot is Ballot.RECUSE:
            return False
        if ballot is Ballot.FOR or tally.outcome is Outcome.REFUSED:
            return True
        return not self._in_the_way(ctx, record, case, how, tally)

    def decided(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        how: Transition,
        tally: Tally,
        given: object = None,
        reason: str = "",
    ) -> None:
        """Go where a committee's count leads: on, or its refusal; what decided it is on record.

        Raises:
            Conflict: ``not-in-this-version``.
            Blocked: with what stands in the way by now.
        """
        flow = self._parts.flow(record)
        definition = self._parts.cases.definition(ctx, case, flow)
        passed = tally.outcome is Outcome.PASSED
        to = how if passed else _committee(how).refusal
        spec = definition.transition(to.name)
        if (
            spec is None
            or case.state not in spec.sources
            or flow.transitions.get(to.name) is not to
        ):
            raise Conflict("not-in-this-version", what=step_title(to))
        if passed:
            self._check_clear(ctx, record, flow, definition, spec, to)
        else:
            self._doings.did(ctx, record, how.name)
        assert tally.sitting is not None  # a committee is in charge
        if not reason and not ctx.actor.is_person:
            kernel = self._parts.kernel
            words = standing_of(tally.sitting.count)
            reason = kernel.translator.text(words, kernel.settings.languages[0])
        told = {
            "shown": tally.shown,
            "rule_version": tally.sitting.in_force.number,
            **said_of(tally.sitting.count),
        }
        self._parts.kernel.audit.note(ctx, "committee-decided", record, transition=how.name, **told)
        inputs = given if passed else None
        self._going.go(ctx, record, case, definition, spec, inputs, reason, by=how)
        self._going.follow(ctx, record, flow, case, spec, reason, by=how)

    def _check_clear(
        self,
        ctx: KernelContext,
        record: Record,
        flow: Flow,
        definition: Definition,
        spec: TransitionSpec,
        to: Transition,
    ) -> None:
        found = self._parts.guards.blockers(ctx, record, definition, spec, flow)
        if found:
            raise Blocked("blocked", found, what=step_title(to), n=len(found))

    def count_votes(self, ctx: KernelContext, record: Record, how: Transition) -> bool:
        """Count a committee's votes without a further one: its time may be over, or a member may have left.

        Returns:
            Whether the state has changed.
        """
        flow = self._parts.flow(record)
        main = self._starting.case(ctx, record, flow, lock=True)
        definition = self._parts.cases.definition(ctx, main, flow)
        case = self._parts.case_of(ctx, record, main, definition, how.name)
        tally = self._tally(ctx, record, case, how)
        if tally is None:
            return False
        self.decided(ctx, record, case, how, tally)
        return True

    def come_to(self, ctx: KernelContext, record: Record, how: Transition) -> Come | None:
        """What a committee's votes come to, by a look that changes nothing; None where they don't."""
        _flow, main, definition = self._parts.looked_at(ctx, record)
        case = self._parts.case_of(ctx, record, main, definition, how.name)
        tally = self._tally(ctx, record, case, how) if case.id else None
        if tally is None:
            return None
        return Come(case.id, bool(self._in_the_way(ctx, record, case, how, tally)))

    def _in_the_way(
        self, ctx: KernelContext, record: Record, case: Case, how: Transition, tally: Tally
    ) -> list[Blocker]:
        """What stands in the way of what a committee has passed, as whoever looks sees it."""
        if tally.outcome is not Outcome.PASSED:
            return []
        flow = self._parts.flow(record)
        definition = self._parts.cases.definition(ctx, case, flow)
        spec = definition.transition(how.name)
        if spec is None:
            return []
        return self._parts.guards.blockers(ctx, record, definition, spec, flow)

    def _tally(
        self, ctx: KernelContext, record: Record, case: Case, how: Transition
    ) -> Tally | None:
        """How a committee has decided what is before it; None where it hasn't."""
        if how.approval is None or case.state not in {each.name for each in how.sources}:
            return None
        tally = self._parts.approvals.tally(ctx, case, record, how)
        return tally if tally.sitting is not None and tally.outcome in DECIDED else None

    # -- what is told -----------------------------------------------------------------------------------------------

    def told(self, ctx: KernelContext, record: Record) -> list[Decision]:
        """How the decisions of committees and those in steps stand that lead on from a record's states, for whoever
        reads it; what can't be worked out is left out, as the transition's offer says why."""
        if type(record) not in self._parts.flows:
            return []
        flow, main, definition = self._parts.looked_at(ctx, record)
        found = []
        for case, how, spec in self._before_several(ctx, record, flow, main, definition):
            try:
                with self._parts.places.taken(ctx, record, case, definition, spec, flow):
                    found.append(self._told(ctx, case, record, how))
            except FAILURES:
                log.exception("the approval %s failed; it is out of service", how.name)
        return [one for one in found if one is not None]

    def _before_several(
        self, ctx: KernelContext, record: Record, flow: Flow, main: Case, definition: Definition
    ) -> Iterator[tuple[Case, Transition, TransitionSpec]]:
        for case in self._parts.going_on(ctx, record, main, definition):
            for spec in definition.leading_from(case.state):
                how = flow.transitions.get(spec.name)
                if how is None or how.plugin != spec.plugin or how.approval is None:
                    continue
                if how.approval.committee is not None or how.approval.steps:
                    yield case, how, spec

    def _told(
        self, ctx: KernelContext, case: Case, record: Record, how: Transition
    ) -> Decision | None:
        tally = self._parts.approvals.tally(ctx, case, record, how)
        may = self._parts.kernel.access.may(ctx, how, "use", record)
        ballots = self._parts.approvals.ballots(ctx, record, how, tally) if may else ()
        sits = tally.sitting is not None
        blockers = self._in_the_way(ctx, record, case, how, tally) if sits else []
        return decision(ctx, how, tally, ballots, [one.what for one in blockers])


def _committee(how: Transition) -> Committee:
    assert how.approval is not None
    assert how.approval.committee is not None
    return how.approval.committee
