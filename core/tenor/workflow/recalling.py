"""A step is taken back by whoever went it, while nobody has acted on the case since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, not_, or_, select

from tenor.events.rows import table_of
from tenor.workflow.cases import Case, Move
from tenor.workflow.definitions import Definition
from tenor.workflow.going import Going
from tenor.workflow.guards import on_record
from tenor.workflow.notices import TASK
from tenor.workflow.parts import Parts
from tenor.workflow.records import CANCELLED, Duty, Vote, WorkflowCase, WorkflowStep
from tenor.workflow.starting import Starting
from tenor.workflow.tasks import Back
from tenor.workflow.words import kind_title, said, step_title
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Conflict, Forbidden, NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

if TYPE_CHECKING:
    from tenor.context import KernelContext

_cases: Final = table_of(WorkflowCase)
_steps: Final = table_of(WorkflowStep)
_votes: Final = table_of(Vote)
_duties: Final = table_of(Duty)


@dataclass(frozen=True)
class Recallable:
    """A step that this person may take back now.

    Args:
        how: the transition that was gone.
        back: the state to which it goes back.
        case: what goes back: the case, or a branch.
        straight_to: what a step on from there leads straight back to, as it did before.
        join: of a branch: the join that went by itself after it, which is taken back first.
    """

    how: Transition
    back: str
    case: Case
    straight_to: str = ""
    join: Join | None = None


@dataclass(frozen=True)
class Join:
    """A join that went by itself.

    Args:
        back: the state in which the branches went on.
        straight_to: see ``Recallable``.
    """

    transition: str
    back: str
    straight_to: str = ""


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
        may = self._parts.kernel.access.may
        return [
            one
            for one in self._all(ctx, record, case, definition)
            if may(ctx, one.how, "use", record)
        ]

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
        recallable = self._all(ctx, record, case, definition)
        found = next((one for one in recallable if one.how is how), None)
        if found is None:
            raise Conflict("not-to-recall", what=step_title(how))
        had = self._parts.work.had(ctx, found.case, found.back)
        self._take_back(ctx, record, case, definition, found, reason)
        taken = _("{name} took back: {step}", name=ctx.actor.name, step=step_title(how))
        self._starting.settle(ctx, record, flow, Back(found.case.id, had, taken))

    def _take_back(
        self,
        ctx: KernelContext,
        record: Record,
        main: Case,
        definition: Definition,
        found: Recallable,
        reason: str,
    ) -> None:
        """A step goes back, a join that followed it first; what is open of what it led to is over with it."""
        how, case, join = found.how, found.case, found.join
        over = [case] if case.branch else self._parts.going_on(ctx, record, main, definition)
        if join is not None:
            over += self._parts.going_on(ctx, record, main, definition)
        told = self._parts.work.held(ctx, [each.id for each in over])
        if join is not None:
            self._go_back(ctx, record, main, join, reason)
            going_on = self._parts.branches.of(ctx, record, join.back, definition)
            case = next(each for each in going_on if each.id == case.id)
        move = self._move(how.name, found, reason)
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

    def _go_back(
        self, ctx: KernelContext, record: Record, main: Case, join: Join, reason: str
    ) -> None:
        move = self._move(join.transition, join, reason)
        self._going.put(ctx, record, main, move, tasks=CANCELLED)
        self._going.tell(ctx, record, main, move)

    @staticmethod
    def _move(transition: str, to: Recallable | Join, reason: str) -> Move:
        return Move(
            transition=transition,
            target=to.back,
            reason=reason,
            kind="recall",
            straight_to=to.straight_to,
        )

    # -- whether ----------------------------------------------------------------------------------------------------

    def _all(
        self, ctx: KernelContext, record: Record, main: Case, definition: Definition
    ) -> list[Recallable]:
        """The last steps of a case, of its branches, and of those that were joined by themselves just now."""
        going_on = self._parts.going_on(ctx, record, main, definition)
        steps = self._steps(ctx, main)
        last = [
            self._last(ctx, record, each, self._steps(ctx, each) if each.branch else steps,
                       going_on, definition)
            for each in going_on
        ]  # fmt: skip
        joined = self._joined(ctx, record, main, steps, going_on, definition)
        return [one for one in (*last, *joined) if one is not None]

    def _last(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        steps: Sequence[Any],
        going_on: Sequence[Case],
        definition: Definition,
    ) -> Recallable | None:
        """The last step that somebody pressed, where it is this person's, may be taken back, and nobody has acted
        since; what went by itself after it is taken back with it."""
        after = _by_themselves(steps)
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
        return Recallable(how, last.source, case, _straight_to(steps[after + 1 :], definition))

    def _joined(
        self,
        ctx: KernelContext,
        record: Record,
        main: Case,
        steps: Sequence[Any],
        going_on: Sequence[Case],
        definition: Definition,
    ) -> Iterator[Recallable]:
        """The last step of a branch after which the case went on by itself, under the same conditions."""
        after = _by_themselves(steps)
        if not after or any(step.user_id != ctx.actor.id for step in steps[:after]):
            return
        joining = steps[after - 1]  # the first that went by itself
        spec = definition.transition(joining.transition)
        if spec is None or spec.joins is None:
            return
        inner = [each.id for each in going_on if each.branch]
        if self._acted(ctx, record, main, joining, after - 1) or self._begun(ctx, inner, joining):
            return
        join = Join(joining.transition, joining.source, _straight_to(steps[after:], definition))
        branches = self._parts.branches.of(ctx, record, joining.source, definition)
        taken = {each.id: self._steps(ctx, each) for each in branches}
        latest = max((rows[0].id for rows in taken.values() if rows), default=0)
        for each in branches:
            own = taken[each.id]
            if own and own[0].id == latest:
                found = self._last(ctx, record, each, own, [], definition)
                if found is not None:
                    yield replace(found, join=join)

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
        """Whether somebody voted since a step, put on record that they did something on the case, or the step is what
        votes came to."""
        standing = (_votes.c.void_at.is_(None), _votes.c.ballot != Ballot.RECUSE)
        since = case.round - after
        voted = or_(_votes.c.round >= since, and_(_votes.c.round == since - 1, *standing))
        did = (
            _duties.c.table_name == type(record).__tablename__,
            _duties.c.record_id == record.id,
            _duties.c.at > last.left_at,
            _duties.c.user_id != ctx.actor.id,
        )
        asked = (
            select(_votes.c.id).where(_votes.c.case_id == case.id, voted),
            select(_duties.c.id).where(*did),
        )
        return any(self._run(ctx, one.limit(1)).first() is not None for one in asked)

    def _begun(self, ctx: KernelContext, branches: Sequence[int], last: Any) -> bool:
        """Whether anybody has acted in the branches that a step began; what went by itself in them with it doesn't
        count, nor do votes of an earlier round."""
        if not branches:
            return False
        own = _steps.c.user_id.is_not_distinct_from(ctx.actor.id)
        by_itself = and_(_steps.c.automatic, _steps.c.kind != "time-out", own)
        moved = (_steps.c.case_id.in_(branches), _steps.c.id > last.id, not_(by_itself))
        voted = (
            _votes.c.case_id.in_(branches),
            _votes.c.case_id == _cases.c.id,
            _votes.c.round == _cases.c.round,
            _votes.c.void_at.is_(None),
        )
        asked = (select(_steps.c.id).where(*moved), select(_votes.c.id).where(*voted))
        return any(self._run(ctx, one.limit(1)).first() is not None for one in asked)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)


def _by_themselves(steps: Sequence[Any]) -> int:
    """How many of the latest steps went by themselves, after one that somebody pressed or whose time was over."""
    pressed = (not step.automatic or step.kind == "time-out" for step in steps)
    return next((after for after, is_so in enumerate(pressed) if is_so), len(steps))


def _straight_to(steps: Sequence[Any], definition: Definition) -> str:
    """Where a case that these steps brought here goes straight back to; what was taken back is as if it hadn't been.

    Args:
        steps: the last first.
    """
    recalled = ""
    for step in steps:
        if recalled:
            recalled = "" if step.transition == recalled and step.kind != "recall" else recalled
        elif step.kind == "recall":
            recalled = step.transition
        else:
            spec = definition.transition(step.transition)
            return step.source if spec is not None and spec.returns == "straight" else ""
    return ""
