"""Cases are moved to the newest definition of their workflow: on purpose, after a look at what would become of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import func, select, update

from tenor.events.rows import table_of
from tenor.workflow.cases import Case, Move
from tenor.workflow.definitions import BranchSpec, Definition
from tenor.workflow.going import Going
from tenor.workflow.merging import Flow
from tenor.workflow.parts import Parts
from tenor.workflow.records import CANCELLED, WorkflowCase, WorkflowDefinition
from tenor.workflow.starting import Starting
from tenor_sdk.errors import Refused
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.db import GuardedSession

_cases: Final = table_of(WorkflowCase)
_definitions: Final = table_of(WorkflowDefinition)
#: one transaction for so many, so that others can go on between them
_CHUNK: Final = 50


@dataclass(frozen=True)
class Standing:
    """Cases of one workflow that stand alike.

    Args:
        definition_id, hash: with which they began.
        newest: whether that is the workflow as it is now.
        state: in which they stand.
        count: how many.
        ended: whether they have ended there, so that nothing moves them any more.
        target: where they would stand in the newest definition; empty where there is no such state.
    """

    definition_id: int
    hash: str
    newest: bool
    state: str
    count: int
    ended: bool
    target: str

    @property
    def stranded(self) -> bool:
        """Whether they have nowhere to go."""
        return not (self.newest or self.ended or self.target)


class Migrating:
    """Looks at cases in flight, and moves them over."""

    def __init__(self, parts: Parts, starting: Starting, going: Going) -> None:
        self._parts = parts
        self._starting = starting
        self._going = going

    def plan(
        self, ctx: KernelContext, flow: Flow, mapping: Mapping[str, str] | None = None
    ) -> list[Standing]:
        """How many cases stand where, and where each would go.

        Args:
            mapping: for a state the one of the newest definition that takes its place; others keep their name.

        Raises:
            Refused: ``unknown-state``: the mapping leads to a state that the newest definition lacks.
        """
        mapping = replaced(flow, mapping)
        known = {state.name for state in flow.definition.states}
        for target in mapping.values():
            if target not in known:
                raise Refused("unknown-state", state=target)
        return [self._standing(ctx, flow, row, mapping, known) for row in self._counts(ctx, flow)]

    def _counts(self, ctx: KernelContext, flow: Flow) -> Sequence[Any]:
        where = (_cases.c.table_name == flow.record.__tablename__, _cases.c.branch == "")
        statement = (
            select(
                _cases.c.definition_id, _definitions.c.hash, _cases.c.state, func.count().label("n")
            )
            .join(_definitions, _definitions.c.id == _cases.c.definition_id)
            .where(*where)
            .group_by(_cases.c.definition_id, _definitions.c.hash, _cases.c.state)
            .order_by(_cases.c.definition_id, _cases.c.state)
        )
        found: Sequence[Any] = self._run(ctx, statement).all()
        return found

    def _standing(
        self, ctx: KernelContext, flow: Flow, row: Any, mapping: Mapping[str, str], known: set[str]
    ) -> Standing:
        case = Case(0, row.definition_id, row.state, ctx.now, 0)
        state = self._parts.cases.definition(ctx, case, flow).state(row.state)
        target = mapping.get(row.state, row.state)
        return Standing(
            definition_id=row.definition_id,
            hash=row.hash,
            newest=row.hash == flow.definition.hash,
            state=row.state,
            count=row.n,
            ended=state is not None and bool(state.final),
            target=target if target in known else "",
        )

    # -- moving over ------------------------------------------------------------------------------------------------

    def apply(self, flow: Flow, mapping: Mapping[str, str], reason: str) -> int:
        """Move every case in flight to the newest definition, each on record; in short transactions.

        Returns:
            How many were moved.

        Raises:
            Refused: ``cases-stranded``: some have nowhere to go, and none is moved; ``unknown-state``.
        """
        kernel = self._parts.kernel
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            plan = self.plan(ctx, flow, mapping)
        stranded = [one for one in plan if one.stranded]
        if stranded:
            states = ", ".join(sorted({one.state for one in stranded}))
            raise Refused("cases-stranded", n=sum(one.count for one in stranded), states=states)
        mapping = replaced(flow, mapping)
        wanted = [one for one in plan if not one.newest and not one.ended]
        return sum(self._all(flow, one, mapping, reason) for one in wanted)

    def follow(self, flow: Flow, mapping: Mapping[str, str], reason: str) -> int:
        """Move the cases whose state is there no more into the one that takes its place; the others go on with the
        definition with which they began.

        Returns:
            How many were moved.
        """
        kernel = self._parts.kernel
        with kernel.context(kernel.access.system_actor(), write=False) as ctx:
            plan = self.plan(ctx, flow, mapping)
        lost = [
            one
            for one in plan
            if one.target and one.state not in flow.states and not (one.newest or one.ended)
        ]
        return sum(self._all(flow, one, replaced(flow, mapping), reason) for one in lost)

    def _all(self, flow: Flow, standing: Standing, mapping: Mapping[str, str], reason: str) -> int:
        moved = 0
        for ids in self._chunks(flow, standing):
            kernel = self._parts.kernel
            with (
                kernel.context(kernel.access.system_actor(), write=True) as ctx,
                kernel.access.elevated(ctx, "cases are moved to the newest workflow") as session,
            ):
                high = ctx.seeing(cast("GuardedSession", session))
                for record in session.scalars(select(flow.record).where(flow.record.id.in_(ids))):
                    moved += self._one(high, record, flow, standing, mapping, reason)
        return moved

    def _chunks(self, flow: Flow, standing: Standing) -> Iterator[list[int]]:
        """The records of cases that stand so, by their ids."""
        last = 0
        while True:
            where = (
                _cases.c.table_name == flow.record.__tablename__,
                _cases.c.branch == "",
                _cases.c.definition_id == standing.definition_id,
                _cases.c.state == standing.state,
                _cases.c.record_id > last,
            )
            asked = select(_cases.c.record_id).where(*where).order_by(_cases.c.record_id)
            with self._parts.kernel.db.raw(write=False) as connection:
                ids = list(connection.execute(asked.limit(_CHUNK)).scalars())
            if not ids:
                return
            last = ids[-1]
            yield ids

    def _one(
        self,
        ctx: KernelContext,
        record: Record,
        flow: Flow,
        standing: Standing,
        mapping: Mapping[str, str],
        reason: str,
    ) -> bool:
        case = self._starting.case(ctx, record, flow, lock=True)
        if case.definition_id != standing.definition_id or case.state != standing.state:
            return False  # it was moved meanwhile
        before = self._parts.cases.definition(ctx, case, flow)
        pinned = self._pin(ctx, record, case, flow, mapping)
        if standing.target != case.state or _branches(before, case) != _branches(
            flow.definition, pinned
        ):
            self._going.leave_branches(ctx, record, case, before)
            move = Move(
                transition="migrate",
                target=standing.target,
                reason=reason,
                automatic=True,
                kind="migration",
                straight_to=pinned.straight_to if pinned.straight_to != standing.target else "",
            )
            self._going.put(ctx, record, pinned, move, tasks=CANCELLED)
        else:
            self._starting.time(ctx, pinned, flow.definition)
            if not flow.definition.brings_tasks(case.state):
                self._parts.work.finish(ctx, pinned, state=CANCELLED)
        told = {"from_definition": before.hash[:8], "to_definition": flow.definition.hash[:8]}
        self._parts.kernel.audit.note(ctx, "case-migrated", record, reason=reason, **told)
        self._going.run_on(ctx, record, flow, pinned)
        self._starting.settle(ctx, record, flow)
        return True

    def _pin(
        self,
        ctx: KernelContext,
        record: Record,
        case: Case,
        flow: Flow,
        mapping: Mapping[str, str],
    ) -> Case:
        """Pin a case to the newest definition; one that was returned goes straight back only where that state is, or
        the one that takes its place."""
        definition = self._parts.cases.pin(ctx, flow)
        known = {state.name for state in flow.definition.states}
        back = mapping.get(case.straight_to, case.straight_to)
        back = back if back in known else ""
        about = (
            _cases.c.table_name == type(record).__tablename__,
            _cases.c.record_id == record.id,
        )
        values = {"definition_id": definition, "changed_at": ctx.now}
        self._run(ctx, update(_cases).where(*about).values(**values))
        self._run(ctx, update(_cases).where(_cases.c.id == case.id).values(straight_to=back))
        ctx.within.forget()
        return replace(case, definition_id=definition, straight_to=back)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self._parts.kernel.db.execute(ctx.guarded, statement)


def replaced(flow: Flow, mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """For a state of earlier versions the one that takes its place: as is said now, else as the plugin says."""
    return {**flow.heirs, **(mapping or {})}


def _branches(definition: Definition, case: Case) -> list[BranchSpec]:
    """The branches of a case's state, without their titles: other words stop nobody's work. Whom an approval asks is
    asked of today's code anyway."""
    state = definition.state(case.state)
    return [_untitled(branch) for branch in state.branches] if state is not None else []


def _untitled(branch: BranchSpec) -> BranchSpec:
    states = (
        replace(state, title="", task=replace(state.task, title="") if state.task else None)
        for state in branch.states
    )
    transitions = (replace(each, title="", style="", asks=None) for each in branch.transitions)
    return replace(branch, title="", states=tuple(states), transitions=tuple(transitions))
