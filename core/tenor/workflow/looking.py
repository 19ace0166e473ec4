"""What people see of a case: its stages, what leads on, what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from tenor.workflow.approvals import CastVote
from tenor.workflow.authorities import positions_now
from tenor.workflow.cases import Step
from tenor.workflow.moving import Moving
from tenor.workflow.offers import Offered, Offers
from tenor.workflow.parts import Parts
from tenor.workflow.stages import Stage, stages
from tenor.workflow.starting import Starting
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
        return self._offers.of(ctx, record, flow, case, definition)

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

        return stages(definition, case, steps, ctx.now, between, lacks)

    def returned(self, ctx: KernelContext, record: Record) -> Step | None:
        """The step by which a case was returned into its state: by whom, whence, and why; None where it wasn't."""
        if type(record) not in self._parts.flows:
            return None
        _flow, case, definition = self._parts.looked_at(ctx, record)
        led = any(spec.returns and spec.target == case.state for spec in definition.transitions)
        step = self._parts.cases.came_by(ctx, case) if led and case.id else None
        return step if step is not None and step.kind == "return" else None

    def history(self, ctx: KernelContext, record: Record) -> list[Step]:
        """The steps that a record took, oldest first."""
        case = self._parts.cases.find(ctx, record)
        return self._parts.cases.steps(ctx, case) if case else []

    def voted(self, ctx: KernelContext, record: Record) -> list[CastVote]:
        """Every vote on a record, oldest first; those that fell say why."""
        case = self._parts.cases.find(ctx, record)
        return self._parts.approvals.cast(ctx, case) if case else []

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
        flow = self._parts.flows.get(type(record))
        if flow is None:
            return []
        said = []
        for how in flow.transitions.values():
            ruling = (
                self._parts.approvals.ruling(ctx, record, how) if how.approval is not None else None
            )
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
