"""One step of a case: the state, the end of its task, the record of it, what the plugin does with it, the event."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenor.workflow.cases import Case, Move
from tenor.workflow.definitions import Definition, TransitionSpec
from tenor.workflow.doings import Doings
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.records import CANCELLED, DONE
from tenor.workflow.starting import Starting
from tenor.workflow.words import kind_title
from tenor_sdk.errors import Refused
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition, Transitioned

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: Automatic steps in a row; more is a workflow that runs in circles.
_MOST_AUTOMATIC = 20


class Going:
    """Carries out what was checked; the case is locked."""

    def __init__(self, parts: Parts, starting: Starting, doings: Doings) -> None:
        self._parts = parts
        self._starting = starting
        self._doings = doings

    def go(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        definition: Definition,
        spec: TransitionSpec,
        inputs: object = None,
        reason: str = "",
    ) -> None:
        """A transition."""
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
        self.put(ctx, record, case, move, tasks=tasks)
        if not spec.by_itself:
            self._doings.did(ctx, record, spec.name)
        self._do(ctx, record, self._parts.flow(record).transitions[spec.name], inputs)
        self.tell(ctx, record, case, move)

    def put(
        self, ctx: KernelContext, record: Record, case: Case, move: Move, *, tasks: str = DONE
    ) -> None:
        """Put a case into another state, on record.

        Args:
            tasks: what becomes of its open tasks.
        """
        flow = self._parts.flow(record)
        with (
            self._parts.kernel.access.procedure(
                ctx, flow.record.__plugin__, f"workflow.{move.transition}"
            ),
            self._parts.kernel.db.moving(ctx.session, record),
        ):
            setattr(record, flow.column, move.target)
        self._parts.work.finish(ctx, case, state=tasks)
        self._parts.approvals.lapse(ctx, case, move.transition)
        moved = self._parts.cases.move(ctx, case, move)
        self._starting.time(ctx, moved, self._parts.cases.definition(ctx, moved, flow))
        told = {"transition": move.transition, "from": case.state, "to": move.target}
        if move.kind:
            told["step"] = move.kind
        self._parts.kernel.audit.note(ctx, "transition", record, reason=move.reason, **told)

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

    # -- what goes by itself ----------------------------------------------------------------------------------------

    def run_on(self, ctx: KernelContext, record: Record, flow: Flow) -> bool:
        """Go automatic transitions while nothing blocks them.

        Returns:
            Whether the state has changed.

        Raises:
            Refused: ``automatic-without-end``.
        """
        moved = False
        for _step in range(_MOST_AUTOMATIC):
            case = self._starting.case(ctx, record, flow, lock=True)
            definition = self._parts.cases.definition(ctx, case, flow)
            spec = self._ready(ctx, record, case, definition, flow)
            if spec is None:
                return moved
            self.go(ctx, record, case, definition, spec)
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
