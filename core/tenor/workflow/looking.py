"""What people see of a case: its stages, what leads on, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tenor.workflow.authorities import positions_now
from tenor.workflow.cases import Case, Step
from tenor.workflow.definitions import Definition, titled
from tenor.workflow.moving import Moving
from tenor.workflow.offers import Offered, Offers
from tenor.workflow.parts import Parts
from tenor.workflow.stages import Between, BranchBar, Stage, stages
from tenor.workflow.starting import Starting
from tenor.workflow.tallies import CastVote
from tenor.workflow.titles import Titles
from tenor.workflow.words import step_title
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext


class Looking:
    """Shows cases; nothing is written."""

    def __init__(self, parts: Parts, starting: Starting, moving: Moving) -> None:
        self._parts = parts
        self._moving = moving
        self._offers = Offers(
            parts.kernel, parts.guards, parts.duties, parts.approvals, parts.places, starting.due
        )
        self._titles = Titles(parts.kernel)

    def available(self, ctx: KernelContext, record: Record) -> list[Offered]:
        """The transitions that lead on from here: what this person may use and what goes by itself, each with what
        blocks it. Empty for a record without a workflow."""
        if type(record) not in self._parts.flows:
            return []
        flow, case, definition = self._parts.looked_at(ctx, record)
        going_on = self._parts.going_on(ctx, record, case, definition)
        return self._offers.of(ctx, record, flow, going_on, definition)

    def stage_bar(
        self, ctx: KernelContext, record: Record, offered: Sequence[Offered] = ()
    ) -> list[Stage]:
        """The stages of a record's way, with the working days spent in each.

        Args:
            offered: from ``available``, where it was asked already: then later stages say how much they lack.
        """
        if type(record) not in self._parts.flows:
            return []
        _flow, case, definition = self._parts.looked_at(ctx, record)
        steps = self._parts.cases.steps(ctx, case) if case.id else []
        lacks = {one.target: len(one.blockers) for one in offered if one.style != "danger"}

        def between(start: datetime, end: datetime) -> Decimal:
            return self._parts.calendar.days_worked(ctx, start, end)

        bar = stages(definition.states, case, steps, ctx.now, between, lacks)
        branches = self._branch_bars(ctx, record, case, definition, between)
        return [replace(one, branches=branches) if one.name == case.state else one for one in bar]

    def _branch_bars(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        between: Between,
    ) -> tuple[BranchBar, ...]:
        """The bars of the branches that go on, each with the days of its present round alone."""
        here = definition.state(case.state)
        specs = {one.name: one for one in here.branches} if here is not None else {}
        made = []
        for each in self._parts.branches.of(ctx, record, case.state, definition):
            spec = specs[each.branch]
            steps = [
                one
                for one in self._parts.cases.steps(ctx, each)
                if one.entered_at >= case.entered_at
            ]
            bar = stages(spec.states, each, steps, ctx.now, between, {})
            made.append(BranchBar(titled(spec.title, spec.plugin), tuple(bar)))
        return tuple(made)

    def returned(self, ctx: KernelContext, record: Record) -> list[Step]:
        """The steps by which a case, or a branch that goes on, was returned into its state: by whom, whence, why."""
        flow = self._parts.flows.get(type(record))
        if flow is None or not any(how.returns for how in flow.transitions.values()):
            return []
        _flow, case, definition = self._parts.looked_at(ctx, record)
        returns = {each.target for each in definition.every_transition.values() if each.returns}
        if not returns or not case.id:
            return []
        going_on = self._parts.going_on(ctx, record, case, definition)
        came = [self._parts.cases.came_by(ctx, each) for each in going_on if each.state in returns]
        return [step for step in came if step is not None and step.kind == "return"]

    def history(self, ctx: KernelContext, record: Record) -> list[Step]:
        """The steps that a record took, oldest first."""
        return self._parts.cases.every_step(ctx, record)

    def voted(self, ctx: KernelContext, record: Record) -> list[CastVote]:
        """Every vote on a record, oldest first; those that fell say why."""
        cases = self._parts.cases.every(ctx, record)
        votes = [vote for case in cases for vote in self._parts.casting.cast(ctx, case)]
        return votes if len(cases) < 2 else sorted(votes, key=lambda vote: vote.at)

    def frozen(self, ctx: KernelContext, record: Record) -> bool:
        """Whether forms, API and imports can't change the record in its state."""
        if type(record) not in self._parts.flows:
            return False
        _flow, case, definition = self._parts.looked_at(ctx, record)
        state = definition.state(case.state)
        return state is None or state.frozen

    def state_title(self, record: type[Record], name: str) -> Text:
        """The words of a state, for lists: no statement for a state of today's workflow."""
        return self._titles.of(self._parts.flows.get(record), name)

    def authority_words(self, ctx: KernelContext, record: Record) -> list[Text]:
        """For each step that takes an authority whether the person has it for this record, and who has."""
        if type(record) not in self._parts.flows:
            return []
        flow, case, definition = self._parts.looked_at(ctx, record)
        said = []
        for how in flow.transitions.values():
            if how.approval is None or how.approval.authority is None:
                continue
            its = self._parts.case_of(ctx, record, case, definition, how.name)
            ruling = self._parts.approvals.ruling(ctx, its, record, how)
            if ruling is None:
                continue
            with self._moving.in_place(ctx, record, how):
                above = self._parts.authorities.above(ruling, positions_now(ctx))
            what = above[0].what if above else _("Within the authority")
            who = self._parts.authorities.deciders(ruling)
            said.append(
                _("{step}: {what}. {deciders}", step=step_title(how), what=what, deciders=who)
            )
        return said
