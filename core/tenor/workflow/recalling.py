"""A step is taken back by whoever went it, while nobody has acted on the case since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.events.rows import table_of
from tenor.workflow.cases import Case, Move
from tenor.workflow.definitions import Definition
from tenor.workflow.going import Going
from tenor.workflow.guards import on_record
from tenor.workflow.notices import TASK
from tenor.workflow.parts import Parts
from tenor.workflow.records import CANCELLED, Duty, Vote, WorkflowStep
from tenor.workflow.starting import Starting
from tenor.workflow.tasks import Back
from tenor.workflow.words import kind_title, said, step_title
from tenor_sdk.errors import Conflict, Forbidden, NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext

_steps: Final = table_of(WorkflowStep)
_votes: Final = table_of(Vote)
_duties: Final = table_of(Duty)


@dataclass(frozen=True)
class Recallable:
    """A step that this person may take back now.

    Args:
        how: the transition that was gone.
        back: the state to which it goes back.
    """

    how: Transition
    back: str


class Recalling:
    """Takes steps back."""

    def __init__(self, parts: Parts, starting: Starting, going: Going) -> None:
        self._parts = parts
        self._starting = starting
        self._going = going

    def offered(self, ctx: KernelContext, record: Record) -> list[Recallable]:
        """What this person may take back on a record."""
        if not any(how.recall for how in self._parts.flow(record).transitions.values()):
            return []
        _flow, case, definition = self._parts.looked_at(ctx, record)
        if not case.id:
            return []
        going_on = self._parts.going_on(ctx, record, case, definition)
        last = [self._last(ctx, record, each, going_on, definition) for each in going_on]
        may = self._parts.kernel.access.may
        return [one for one in last if one is not None and may(ctx, one.how, "use", record)]

    def recall(self, ctx: KernelContext, record: Record, how: Transition, reason: str) -> None:
        """Take a step back; see ``tenor_sdk.workflow.recall``.

        Raises:
            NotFound: the person can't read the record.
            Forbidden: ``not-permitted``; the attempt is put on record.
            Conflict: ``not-to-recall``.
            Invalid: a reason that is no text.
        """
        flow = self._parts.flow(record)
        if not self._parts.kernel.access.may(ctx, type(record), "read", record):
            raise NotFound("not-found", what=kind_title(record))
        try:
            self._parts.kernel.access.check_use(ctx, how, record)
        except Forbidden as refusal:
            on_record(ctx, "denied", record, recall=how.name, why=refusal.key)
            raise
        reason = said(reason, needed=False)
        case = self._starting.case(ctx, record, flow, lock=True)
        definition = self._parts.cases.definition(ctx, case, flow)
        going_on = self._parts.going_on(ctx, record, case, definition)
        branch = definition.branch_of(how.name)
        its = next((each for each in going_on if each.branch == branch), None)
        found = self._last(ctx, record, its, going_on, definition) if its is not None else None
        if its is None or found is None or found.how is not how:
            raise Conflict("not-to-recall", what=step_title(how))
        had = self._parts.work.had(ctx, its, found.back)
        self._take_back(ctx, record, going_on if not branch else [its], found, reason)
        taken = _("{name} took back: {step}", name=ctx.actor.name, step=step_title(how))
        self._starting.settle(ctx, record, flow, Back(its.id, had, taken))

    def _take_back(
        self,
        ctx: KernelContext,
        record: Record,
        cases: Sequence[Case],
        found: Recallable,
        reason: str,
    ) -> None:
        """The first of the cases goes back; what the others have open is over with it."""
        how, case = found.how, cases[0]
        move = Move(transition=how.name, target=found.back, reason=reason, kind="recall")
        told = self._parts.work.held(ctx, [each.id for each in cases])
        self._going.put(ctx, record, case, move, tasks=CANCELLED)
        if how.undo is not None:
            with self._parts.kernel.access.procedure(ctx, how.plugin, f"{how.name}.undo"):
                how.undo(ctx, record)
        self._going.tell(ctx, record, case, move)
        others = sorted(set(told) - {ctx.actor.id})
        if others:
            title = _("{name} took back: {step}", name=ctx.actor.name, step=step_title(how))
            body = Text(reason) if reason else None
            self._parts.kernel.notify.notify(ctx, others, title, body, record, kind=TASK)

    # -- whether ----------------------------------------------------------------------------------------------------

    def _last(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        going_on: Sequence[Case],
        definition: Definition,
    ) -> Recallable | None:
        """The last step that somebody pressed, where it is this person's, may be taken back, and nobody has acted
        since; what went by itself after it is taken back with it."""
        steps = self._steps(ctx, case)
        after = 0
        for step in steps:
            if not step.automatic or step.kind == "time-out":
                break
            after += 1
        if after == len(steps):
            return None
        last = steps[after]
        spec = definition.transition(last.transition)
        how = self._parts.flow(record).transitions.get(last.transition)
        if last.kind == "recall" or spec is None or how is None or not spec.recall:
            return None
        if any(step.user_id != ctx.actor.id for step in steps[: after + 1]):
            return None
        inner = [] if case.branch else [each.id for each in going_on if each.branch]
        if self._acted(ctx, record, case, last, after) or self._begun(ctx, inner, last):
            return None
        return Recallable(how, last.source)

    def _steps(self, ctx: KernelContext, case: Case) -> Sequence[Any]:
        """The latest steps, the last first."""
        names = ("id", "transition", "source", "left_at", "user_id", "automatic", "kind")
        statement = (
            select(*(_steps.c[name] for name in names))
            .where(_steps.c.case_id == case.id)
            .order_by(_steps.c.id.desc())
            .limit(21)
        )
        found: Sequence[Any] = self._run(ctx, statement).all()
        return found

    def _acted(self, ctx: KernelContext, record: Record, case: Case, last: Any, after: int) -> bool:
        """Whether somebody voted since a step, or put on record that they did something on the case."""
        since = case.round - after
        voted = (_votes.c.case_id == case.id, _votes.c.round >= since)
        did = (
            _duties.c.table_name == type(record).__tablename__,
            _duties.c.record_id == record.id,
            _duties.c.at > last.left_at,
            _duties.c.user_id != ctx.actor.id,
        )
        asked = (select(_votes.c.id).where(*voted), select(_duties.c.id).where(*did))
        return any(self._run(ctx, one.limit(1)).first() is not None for one in asked)

    def _begun(self, ctx: KernelContext, branches: Sequence[int], last: Any) -> bool:
        """Whether anybody has acted in the branches that a step began."""
        if not branches:
            return False
        moved = (_steps.c.case_id.in_(branches), _steps.c.id > last.id)
        voted = (_votes.c.case_id.in_(branches), _votes.c.void_at.is_(None))
        asked = (select(_steps.c.id).where(*moved), select(_votes.c.id).where(*voted))
        return any(self._run(ctx, one.limit(1)).first() is not None for one in asked)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)
