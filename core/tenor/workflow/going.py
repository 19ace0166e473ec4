"""One step of a case: the state, the end of its task, the record of it, what the plugin does with it, the event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from tenor.audit.inserting import write_of
from tenor.db.state import state_of
from tenor.db.together import Write
from tenor.workflow.cases import Case, Move
from tenor.workflow.definitions import Definition, TransitionSpec
from tenor.workflow.duties import ADD
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.records import CANCELLED, DONE
from tenor.workflow.starting import Starting
from tenor.workflow.tasks import Back
from tenor.workflow.words import kind_title
from tenor_sdk.errors import Refused
from tenor_sdk.i18n import _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition, Transitioned

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: Automatic steps in a row; more is a workflow that runs in circles.
_MOST_AUTOMATIC = 20


class Going:
    """Carries out what was checked; the case is locked."""

    def __init__(self, parts: Parts, starting: Starting) -> None:
        self._parts = parts
        self._starting = starting

    def go(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
        inputs: object = None,
        reason: str = "",
        by: Transition | None = None,
    ) -> None:
        """A transition.

        Args:
            by: what was voted on, where the votes on another transition led here.
        """
        target = definition.target(spec, case.straight_to)
        move = Move(
            transition=spec.name,
            target=target,
            reason=reason,
            automatic=spec.by_itself,
            kind="time-out" if spec.after is not None else "return" if spec.returns else "",
            straight_to=case.state if spec.returns == "straight" else "",
        )
        tasks = DONE if spec.after is None else CANCELLED
        self.put(
            ctx, record, case, move, tasks=tasks, by=by.name if by is not None else spec.name,
            duty="" if spec.by_itself else spec.name,
        )  # fmt: skip
        self._do(ctx, record, self._parts.flow(record).transitions[spec.name], inputs)
        self.tell(ctx, record, case, move)

    def put(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        move: Move,
        *,
        tasks: str = DONE,
        by: str = "",
        duty: str = "",
    ) -> None:
        """Put a case into another state, on record.

        Args:
            tasks: what becomes of its open tasks.
            by: the transition whose votes stay as they are; those on others fall.
            duty: the step of the person who acts, where it is one's.
        """
        flow = self._parts.flow(record)
        definition = self._parts.cases.definition(ctx, case, flow)
        if not case.branch:
            self.leave_branches(ctx, record, case, definition)
            self._set_state(ctx, record, flow, move)
        # the state of a case that is migrated may have brought tasks by its former definition
        if move.kind == "migration" or definition.brings_tasks(case.state):
            self._parts.work.finish(ctx, case, state=tasks)
        if any(spec.approval for spec in definition.leading_from(case.state)):
            self._parts.casting.lapse(ctx, case, by or move.transition)
        moved = self._parts.cases.move(
            ctx, case, move, *self._written(ctx, record, case, move, duty)
        )
        if not case.branch:
            self._parts.waits.arrived(ctx, record, move.target)
        branches = self._parts.branches
        begin = branches.resume if move.kind == "recall" else branches.enter
        entered = begin(ctx, record, moved, definition)
        for each in (moved, *entered):
            self._starting.time(ctx, each, definition)

    def _written(
        self, ctx: KernelContext, record: Record, case: Case, move: Move, duty: str
    ) -> Iterator[Write]:
        """What a step leaves in the ledger, and among what its person did."""
        told = {"transition": move.transition, "from": case.state, "to": move.target}
        if case.branch:
            told["branch"] = case.branch
        if move.kind:
            told["step"] = move.kind
        audit = self._parts.kernel.audit
        entry = audit.drafted(ctx, "transition", record, reason=move.reason, **told)
        state = state_of(ctx.session)
        yield write_of(state.connection, entry)
        if duty:
            did = self._parts.duties.drafted(ctx, type(record), [record.id], duty, state.behalf)
            yield from ((ADD, row) for row in did)

    def _set_state(self, ctx: KernelContext, record: Record, flow: Flow, move: Move) -> None:
        with (
            self._parts.kernel.access.procedure(
                ctx, flow.record.__plugin__, f"workflow.{move.transition}"
            ),
            self._parts.kernel.db.moving(ctx.session, record),
        ):
            setattr(record, flow.column, move.target)

    def leave_branches(
        self, ctx: KernelContext, record: Record, case: Case, definition: Definition
    ) -> None:
        """What is open of the branches of the state that a case leaves is over."""
        for branch in self._parts.branches.of(ctx, record, case.state, definition):
            self._parts.work.finish(ctx, branch, state=CANCELLED)
            self._parts.casting.lapse(ctx, branch, "")

    def tell(self, ctx: KernelContext, record: Record, case: Case, move: Move) -> None:
        """Tell whoever listens of a step; ``case`` is as it was before."""
        flow = self._parts.flow(record)
        event = Transitioned(
            workflow=flow.name,
            table=flow.record.__tablename__,
            record_id=record.id,
            transition="recall" if move.kind == "recall" else move.transition,
            source=case.state,
            target=move.target,
            automatic=move.automatic,
            kind=move.kind,
            branch=case.branch,
        )
        ctx.emit(event)
        title = _("A case that I follow has moved on")
        self._parts.kernel.records.discussion.tell(ctx, record, title)

    def _do(self, ctx: KernelContext, record: Record, how: Transition, inputs: object) -> None:
        """What the plugin does with a step."""
        if how.do is None:
            return
        with (
            self._parts.kernel.events.timings.timed("transition", how.plugin, how.name),
            self._parts.kernel.access.procedure(ctx, how.plugin, how.name),
        ):
            how.do(ctx, record, inputs)

    def follow(
        self,
        ctx: KernelContext,
        record: Record,
        flow: Flow,
        case: Case,
        spec: TransitionSpec,
        reason: str,
        by: Transition | None = None,
    ) -> None:
        """What follows a step that a person or a committee took; ``case`` is as it was before.

        Args:
            by: on what a committee voted.
        """
        if not spec.returns:
            self.run_on(ctx, record, flow, case)
            self._starting.settle(ctx, record, flow)
            return
        # what goes by itself from there waits until something was brought
        why = _("Returned by {name}: {reason}", name=ctx.actor.name, reason=reason)
        if by is not None and not ctx.actor.is_person:
            why = _("Returned by the committee: {reason}", reason=reason)
        before = self._parts.cases.who_left(ctx, case, spec.target)
        self._starting.settle(ctx, record, flow, Back(case.id, before, why))

    # -- what goes by itself ----------------------------------------------------------------------------------------

    def run_on(
        self, ctx: KernelContext, record: Record, flow: Flow, after: Case | None = None
    ) -> bool:
        """Go automatic transitions while nothing blocks them.

        Args:
            after: the case or branch that has taken a step; None where something was brought to the record, for which
                also what was returned has waited.

        Returns:
            Whether the state has changed.

        Raises:
            Refused: ``automatic-without-end``.
        """
        moved = False
        for _step in range(_MOST_AUTOMATIC):
            case = self._starting.case(ctx, record, flow, lock=True)
            definition = self._parts.cases.definition(ctx, case, flow)
            going_on = self._parts.going_on(ctx, record, case, definition)
            ready = self._ready(ctx, record, going_on, definition, flow, after)
            if ready is None:
                return moved
            self.go(ctx, record, ready[0], definition, ready[1])
            moved = True
        raise Refused("automatic-without-end", what=kind_title(record))

    def _ready(
        self,
        ctx: KernelContext,
        record: Record,
        going_on: Sequence[Case],
        definition: Definition,
        flow: Flow,
        after: Case | None,
    ) -> tuple[Case, TransitionSpec] | None:
        """The first automatic transition that nothing blocks: of the branches, then of the case itself."""
        blockers = self._parts.guards.blockers
        for case in reversed(going_on):
            for spec in definition.leading_from(case.state):
                if not spec.automatic or blockers(ctx, record, definition, spec, flow):
                    continue
                if not self._waits(ctx, case, definition, after):
                    return case, spec
        return None

    def _waits(
        self, ctx: KernelContext, case: Case, definition: Definition, after: Case | None
    ) -> bool:
        """Whether a case was returned, so that it waits until something is brought to it: to the record, or by a step
        in one of its own branches."""
        if after is None or (after.branch and not case.branch):
            return False
        returns = (each for each in definition.every_transition.values() if each.returns)
        if all(case.state != each.target for each in returns):
            return False
        came = self._parts.cases.came_by(ctx, case)
        return came is not None and came.kind == "return"
