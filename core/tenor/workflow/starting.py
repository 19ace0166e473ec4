"""Cases begin with their records, and each stay in a state brings its task."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from tenor.db.state import state_of
from tenor.events.events import FAILURES
from tenor.workflow.cases import Case
from tenor.workflow.definitions import Definition, TransitionSpec
from tenor.workflow.duties import CREATE
from tenor.workflow.jobs import time_out
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.records import CANCELLED, DONE, CalendarDay
from tenor.workflow.sequences import Progress
from tenor.workflow.tasks import Arising, Back, Deciders
from tenor_sdk.errors import Forbidden, Refused
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext

log = logging.getLogger(__name__)


class Starting:
    """Begins cases and brings the tasks of their states."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def on_created(self, ctx: KernelContext, session: Session, records: Iterable[Record]) -> None:
        """Begin the cases of records that were written first; called after the flush that wrote them."""
        by_kind: dict[type[Record], list[Record]] = {}
        for record in records:
            by_kind.setdefault(type(record), []).append(record)
        if CalendarDay in by_kind:
            self._parts.calendar.forget(ctx)
        for kind, of_kind in by_kind.items():
            if kind in self._parts.flows:
                self.begin(ctx, self._parts.flows[kind], of_kind, state_of(session).givers)

    def start(self, ctx: KernelContext, record: Record) -> None:
        """Begin the case of a record that has none yet: one that was loaded by the thousand."""
        self.case(ctx, record, self._parts.flow(record))

    def begin(
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
        cases = self._parts.cases.begin(ctx, flow, records)
        made: dict[ActorData | None, list[int]] = {}
        for record in records:
            made.setdefault(givers.pop(record, None), []).append(record.id)
        for giver, ids in made.items():
            self._parts.duties.add(ctx, flow.record, ids, CREATE, giver)
        for record, case in zip(records, cases, strict=True):
            self.time(ctx, case, flow.definition)
            self.arise(ctx, record, case, flow.definition)
        return cases

    def case(self, ctx: KernelContext, record: Record, flow: Flow, *, lock: bool = False) -> Case:
        if not state_of(ctx.session).writes:
            raise Forbidden("read-only")
        ctx.session.flush()
        found = self._parts.cases.find(ctx, record, lock=lock)
        return found or self.begin(ctx, flow, [record])[0]

    def time(self, ctx: KernelContext, case: Case, definition: Definition) -> None:
        """Have the kernel look again when the time of a case's state is over."""
        due = self.due(ctx, case, definition)
        if due is not None:
            self.look_again(ctx, case.id, case.round, due)

    def look_again(self, ctx: KernelContext, case_id: int, stay: int, due: datetime) -> None:
        """Have the kernel look at the time-out of a case's stay."""
        key = f"{case_id} {stay} {due.isoformat()}"
        ctx.enqueue(time_out, at=due, key=key, case_id=case_id, stay=stay)

    def due(self, ctx: KernelContext, case: Case, definition: Definition) -> datetime | None:
        """When the time of a case's state is over, by the calendar as it is now; None where it has no time-out."""
        spec = definition.time_out(case.state)
        if spec is None or spec.after is None:
            return None
        return self._parts.calendar.working_days_after(ctx, case.entered_at, spec.after)

    def settle(
        self, ctx: KernelContext, record: Record, flow: Flow, back: Back | None = None
    ) -> None:
        """The tasks of the states in which a case and its branches have come to rest; what it only passed through is
        nobody's task.

        Args:
            back: to whom and why, where it came back.
        """
        case = self.case(ctx, record, flow)
        definition = self._parts.cases.definition(ctx, case, flow)
        for each in self._parts.going_on(ctx, record, case, definition):
            if not self._parts.work.arisen(ctx, each):
                its = back if back is not None and back.case_id == each.id else None
                self.arise(ctx, record, each, definition, its)

    def arise(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        back: Back | None = None,
        deciders: Deciders | None = None,
    ) -> None:
        """The task of a case's state, if it has one.

        Args:
            deciders: whose it is; by default whom an authority, a committee or steps name.
        """
        state = definition.state(case.state)
        if state is None or state.task is None:
            return
        pressed = [each for each in definition.leading_from(state.name) if not each.by_itself]
        barred = self._parts.duties.barred(ctx, record, (each.name for each in pressed))
        several = any(each.approval for each in pressed)
        if deciders is None:
            to_owner = state.task.to_owner
            deciders = self._deciders(ctx, record, case, pressed) if not to_owner else Deciders()
        arising = Arising(
            case, record, state, state.task, barred | deciders.recused, several,
            deciders.positions, deciders.people, recused=deciders.recused, back=back,
        )  # fmt: skip
        self._parts.work.arise(ctx, arising)

    def next_step(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        how: Transition,
        far: Progress,
    ) -> None:
        """Of a decision in steps one after the other: bring its task to those whose turn it is by now, and to nobody
        else. What comes after that waits for them again, where what was shown has changed."""
        if not far.in_order or not far.open:
            return
        named = self._parts.approvals.deciders(ctx, case, record, how, far.open[0])
        known = self._parts.work.open_with(ctx, case)
        if known.positions or known.people:
            state = DONE if far.votes else CANCELLED
            self._parts.work.leave_to(ctx, case, named, state=state)
        deciders = Deciders(
            tuple(one for one in named.positions if one not in known.positions),
            tuple(one for one in named.people if one not in known.people),
        )
        if deciders != Deciders():
            self.arise(ctx, record, case, definition, deciders=deciders)

    def committee(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition
    ) -> Deciders | None:
        """Who has the task of a case that is before a committee; None where it is before none."""
        flow = self._parts.flow(record)
        for spec in definition.leading_from(case.state):
            how = flow.transitions.get(spec.name)
            if how is None or how.approval is None:
                continue
            named = self._parts.approvals.deciders(ctx, case, record, how)
            if named != Deciders():
                # the first that names somebody has the task, as in ``_deciders``
                return named if how.approval.committee is not None else None
        return None

    def _deciders(
        self, ctx: KernelContext, record: Record, case: Case, pressed: Sequence[TransitionSpec]
    ) -> Deciders:
        """Who decides the case, by an authority, a committee or steps: the task is theirs. Nobody where none says
        so."""
        flow = self._parts.flow(record)
        for spec in pressed:
            how = flow.transitions.get(spec.name)
            if how is None or how.approval is None:
                continue
            try:
                named = self._parts.approvals.deciders(ctx, case, record, how)
            except FAILURES:
                log.exception("the authority of %s failed; its task goes to its position", how.name)
                continue
            if named != Deciders():
                return named
        return Deciders()
