"""Cases and their definitions, as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, Select, Table, and_, bindparam, insert, select, update

from tenor.access.records import User
from tenor.db import waiting
from tenor.db.together import Write
from tenor.events.rows import inserting, stamps, table_of
from tenor.workflow.definitions import Definition, from_content
from tenor.workflow.merging import Flow
from tenor.workflow.records import WorkflowCase, WorkflowDefinition, WorkflowStep
from tenor_sdk.errors import NotFound
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

_cases: Final = table_of(WorkflowCase)
_definitions: Final = table_of(WorkflowDefinition)
_steps: Final = table_of(WorkflowStep)
_users: Final = table_of(User)
_COLUMNS: Final = (
    _cases.c.id, _cases.c.definition_id, _cases.c.state, _cases.c.entered_at, _cases.c.round,
    _cases.c.straight_to, _cases.c.branch,
)  # fmt: skip
#: the most steps that are looked through for the one before those by which a case was migrated
_MIGRATED_IN_A_ROW: Final = 10
# made once: to put these together for every step costs as much as to run them
_ITS: Final = and_(
    _cases.c.table_name == bindparam("its_table"),
    _cases.c.record_id == bindparam("its_record"),
    _cases.c.branch == "",
)
_OF_RECORD: Final = select(*_COLUMNS).where(_ITS)
_LOCKED: Final = _OF_RECORD.with_for_update()
_STEP: Final = insert(_steps).inline()
_MOVED: Final = update(_cases).where(_cases.c.id == bindparam("its_case"))


@dataclass(frozen=True)
class Case:
    """A case, or a branch of one, as it stands. ``id`` 0: the record has none yet, and is looked at as if it began
    now."""

    id: int
    definition_id: int
    state: str
    entered_at: datetime
    round: int
    straight_to: str = ""
    branch: str = ""


@dataclass(frozen=True, kw_only=True)
class Move:
    """A step that a case is to take.

    Args:
        transition: its name; of a recall the one that is taken back.
        kind: ``return``, ``recall``, ``time-out``, ``migration``, or empty for a step on.
        straight_to: of a return: where the next step on leads.
    """

    transition: str
    target: str
    reason: str = ""
    automatic: bool = False
    kind: str = ""
    straight_to: str = ""


@dataclass(frozen=True)
class Step:
    """A step that a case took: from a state that it had entered before, by somebody, for a reason."""

    transition: str
    source: str
    target: str
    entered_at: datetime
    left_at: datetime
    user_id: int | None
    user_name: str
    automatic: bool
    reason: str
    kind: str = ""
    branch: str = ""


class Cases:
    """Reading and writing them on a context's transaction."""

    def __init__(self) -> None:
        self._by_id: dict[int, Definition] = {}
        self._committed: dict[str, int] = {}

    # -- definitions ------------------------------------------------------------------------------------------------

    def definition(self, ctx: KernelContext, case: Case, flow: Flow) -> Definition:
        """The definition to which a case is pinned; it never changes, so it is kept."""
        if not case.definition_id:
            return flow.definition
        return self.numbered(ctx, case.definition_id)

    def numbered(self, ctx: KernelContext, identity: int) -> Definition:
        """A stored definition."""
        found: Definition | None = ctx.within.find(self._by_id, identity)
        if found is None:
            stored = select(_definitions.c.content).where(_definitions.c.id == identity)
            found = from_content(self._run(ctx, stored).scalar_one())
            ctx.within.learn(self._by_id, identity, found)
        return found

    def pinned(self, ctx: KernelContext, cases: Collection[int]) -> dict[int, Definition]:
        """The definitions of cases and branches, by the ids of these."""
        if not cases:
            return {}
        statement = select(_cases.c.id, _cases.c.definition_id).where(_cases.c.id.in_(cases))
        found = self._run(ctx, statement).all()
        return {row.id: self.numbered(ctx, row.definition_id) for row in found}

    def pin(self, ctx: KernelContext, flow: Flow) -> int:
        """The id of the definition as it is now, stored where it isn't yet."""
        definition = flow.definition
        digest = definition.hash
        pinned: int | None = ctx.within.find(self._committed, digest)
        if pinned is not None:
            return pinned
        known = select(_definitions.c.id).where(_definitions.c.hash == digest)
        found = self._run(ctx, known).scalar()
        if found is None:
            values = {"workflow": flow.name, "hash": digest, "content": definition.content()}
            make = inserting(ctx.kernel.db.dialect)(_definitions).values(**values, **stamps(ctx))
            self._run(ctx, make.on_conflict_do_nothing(index_elements=["hash"]))
            found = self._run(ctx, known).scalar_one()
        ctx.within.learn(self._committed, digest, int(found))
        return int(found)

    # -- cases ------------------------------------------------------------------------------------------------------

    def begin(self, ctx: KernelContext, flow: Flow, records: Sequence[Record]) -> list[Case]:
        """New cases, pinned to the workflow as it is now; in one statement, however many."""
        definition = self.pin(ctx, flow)
        shared = {
            "table_name": flow.record.__tablename__,
            "definition_id": definition,
            "entered_at": ctx.now,
            "round": 0,
            **stamps(ctx),
        }
        states = [str(getattr(record, flow.column)) for record in records]
        rows = [
            {**shared, "record_id": record.id, "state": state}
            for record, state in zip(records, states, strict=True)
        ]
        statement = insert(_cases).returning(_cases.c.id, sort_by_parameter_order=True)
        made = self._run(ctx, statement, rows).scalars().all()
        return [
            Case(int(identity), definition, state, ctx.now, 0)
            for identity, state in zip(made, states, strict=True)
        ]

    def find(self, ctx: KernelContext, record: Record, *, lock: bool = False) -> Case | None:
        """The case of a record.

        Args:
            lock: nobody else moves it until this transaction ends. (On SQLite every writing transaction is alone.)

        Raises:
            NotFound: to be locked, it must be there still.
        """
        place = (type(record).__tablename__, record.id)
        if place in ctx.within.cases:
            held: Case = ctx.within.cases[place]
            return held
        its = {"its_table": place[0], "its_record": place[1]}
        if not lock:
            row = self._run(ctx, _OF_RECORD, its).first()
            return Case(*row) if row is not None else None
        case = self._held(ctx, record, its)
        if case is not None:
            ctx.within.cases[place] = case
        return case

    def branches(self, ctx: KernelContext, record: Record, names: Sequence[str]) -> dict[str, Case]:
        """Branches of a record's case, by their names."""
        where = (
            _cases.c.table_name == type(record).__tablename__,
            _cases.c.record_id == record.id,
            _cases.c.branch.in_(names),
        )
        rows = self._run(ctx, select(*_COLUMNS).where(*where))
        return {case.branch: case for case in (Case(*row) for row in rows)}

    def every(self, ctx: KernelContext, record: Record) -> list[Case]:
        """A record's case and every branch that it ever had."""
        about = (
            _cases.c.table_name == type(record).__tablename__,
            _cases.c.record_id == record.id,
        )
        rows = self._run(ctx, select(*_COLUMNS).where(*about).order_by(_cases.c.branch))
        return [Case(*row) for row in rows]

    def begin_branch(
        self, ctx: KernelContext, record: Record, case: Case, name: str, state: str
    ) -> Case:
        """A branch in its first state; one that was there before begins anew, and keeps its steps."""
        before = self.branches(ctx, record, [name]).get(name)
        values: dict[str, Any] = {
            "state": state,
            "entered_at": ctx.now,
            "round": before.round + 1 if before is not None else 0,
            "straight_to": "",
            "definition_id": case.definition_id,
        }
        if before is not None:
            statement = update(_cases).where(_cases.c.id == before.id)
            self._run(ctx, statement.values(**values, changed_at=ctx.now))
            return replace(before, **values)
        row = {"table_name": type(record).__tablename__, "record_id": record.id, "branch": name}
        made = insert(_cases).values(**row, **values, **stamps(ctx)).returning(_cases.c.id)
        return Case(id=int(self._run(ctx, made).scalar_one()), **values, branch=name)

    def _held(self, ctx: KernelContext, record: Record, its: dict[str, Any]) -> Case | None:
        """The record is locked first, then its case: whoever changes a record and moves it takes them in this order."""
        row = self._run(ctx, _both_of(table_of(type(record))), its).first()
        if row is not None:
            self._renew(ctx, record if row[0] == record.version else None)
            return Case(*row[1:])
        # it has none, or one that was begun while its lock was waited for, which one statement doesn't see
        self._lock(ctx, record)
        row = self._run(ctx, _LOCKED, its).first()
        return Case(*row) if row is not None else None

    def _lock(self, ctx: KernelContext, record: Record) -> None:
        version = self._run(ctx, _lock_of(table_of(type(record))), {"its_id": record.id}).scalar()
        if version is None:
            raise NotFound("not-found", what=type(record).called())
        self._renew(ctx, record if version == record.version else None)

    def hold(self, ctx: KernelContext, record: Record, link: Any) -> None:
        """Until the end, nobody else decides on a record that shares this link; the case is locked already."""
        shared = getattr(record, link.key) if link is not None else None
        if shared is not None:
            (key,) = table_of(type(record)).c[link.key].foreign_keys
            self._take(ctx, key.column, shared)

    def _take(self, ctx: KernelContext, column: Column[Any], identity: int) -> bool:
        """Lock a row by its id; whether it is there. On SQLite there is one writer at a time."""
        statement = select(column).where(column == identity).with_for_update(key_share=True)
        found = self._run(ctx, statement).first() is not None
        self._renew(ctx)
        return found

    @staticmethod
    def _renew(ctx: KernelContext, still: Record | None = None) -> None:
        """What was read before a lock may be old: a decision is made on what stands now.

        Args:
            still: what was found to be as it was read.
        """
        if ctx.kernel.db.dialect == "postgresql":
            for each in [each for each in ctx.session if each is not still]:
                ctx.session.expire(each)

    def move(self, ctx: KernelContext, case: Case, move: Move, *also: Write) -> Case:
        """Put a case into another state, with its step.

        Args:
            also: what else is put on record of it.
        """
        step = {
            "case_id": case.id,
            "transition": move.transition,
            "source": case.state,
            "target": move.target,
            "entered_at": case.entered_at,
            "left_at": ctx.now,
            "user_id": ctx.actor.id or None,
            "automatic": move.automatic,
            "reason": move.reason,
            "kind": move.kind,
        }
        values: dict[str, Any] = {
            "state": move.target,
            "entered_at": ctx.now,
            "round": case.round + 1,
            "straight_to": move.straight_to,
        }
        moved = replace(case, **values)
        stood = {"its_case": case.id, **values, "changed_at": ctx.now}
        connection = ctx.kernel.db.connection_of(ctx.guarded)
        waiting.put(connection, [(_STEP, {**step, **stamps(ctx)}), *also, (_MOVED, stood)])
        ctx.within.come.add(case.id)
        for place, held in ctx.within.cases.items():
            if held.id == case.id:
                ctx.within.cases[place] = moved
        return moved

    def came_by(self, ctx: KernelContext, case: Case) -> Step | None:
        """The step by which a case came into its state, or into the one that had this place before it was migrated;
        None where it began there, as a branch does anew each time."""
        entered = case.entered_at
        for step in self._steps(ctx, _steps.c.case_id == case.id, last=_MIGRATED_IN_A_ROW):
            if step.left_at != entered and not self._goes_on(ctx, case):
                return None
            if step.kind != "migration":
                return step
            entered = step.entered_at
        return None

    def _goes_on(self, ctx: KernelContext, branch: Case) -> bool:
        """Whether a branch goes on where it stood, as its case was taken back to the state in which it does."""
        its = _cases.alias()
        back = (
            its.c.id == branch.id, _cases.c.table_name == its.c.table_name,
            _cases.c.record_id == its.c.record_id, _cases.c.branch == "",
            _steps.c.kind == "recall", _steps.c.left_at == branch.entered_at,
        )  # fmt: skip
        asked = select(_steps.c.id).join_from(_steps, _cases, _cases.c.id == _steps.c.case_id)
        return bool(branch.branch) and self._run(ctx, asked.where(*back)).first() is not None

    def steps(self, ctx: KernelContext, case: Case) -> list[Step]:
        """The steps that a case or branch took, oldest first."""
        return self._steps(ctx, _steps.c.case_id == case.id)[::-1]

    def every_step(self, ctx: KernelContext, record: Record) -> list[Step]:
        """The steps that a record's case and its branches took, oldest first."""
        about = (
            _cases.c.table_name == type(record).__tablename__,
            _cases.c.record_id == record.id,
        )
        return self._steps(ctx, *about)[::-1]

    def _steps(self, ctx: KernelContext, *where: Any, last: int | None = None) -> list[Step]:
        """Steps, the last first."""
        own = (name for name in Step.__dataclass_fields__ if name not in ("user_name", "branch"))
        columns = [*(_steps.c[name] for name in own), _cases.c.branch]
        statement = (
            select(*columns, _users.c.name.label("user_name"))
            .join_from(_steps, _cases, _cases.c.id == _steps.c.case_id)
            .outerjoin(_users, _users.c.id == _steps.c.user_id)
            .where(*where)
            .order_by(_steps.c.id.desc())
            .limit(last)
        )
        rows = self._run(ctx, statement).mappings()
        return [Step(**{**row, "user_name": row["user_name"] or ""}) for row in rows]

    def who_left(self, ctx: KernelContext, case: Case, state: str) -> int | None:
        """Who moved a case on from a state last; None where nobody did."""
        left = (_steps.c.case_id == case.id, _steps.c.source == state, _steps.c.kind == "")
        pressed = (~_steps.c.automatic, _steps.c.user_id.is_not(None))
        statement = select(_steps.c.user_id).where(*left, *pressed).order_by(_steps.c.id.desc())
        found: int | None = self._run(ctx, statement.limit(1)).scalar()
        return found

    def _run(self, ctx: KernelContext, statement: Any, parameters: Any = None) -> Any:
        return ctx.kernel.db.execute(ctx.guarded, statement, parameters)


@cache
def _both_of(table: Table) -> Select[Any]:
    """The version of a record and its case, each locked, in this order: a case that comes out of the join is locked
    once the record is, as it stands by then."""
    held = (
        select(table.c.version)
        .where(table.c.id == bindparam("its_record"))
        .with_for_update(key_share=True)
        .cte("held")
    )
    return (
        select(held.c.version, *_COLUMNS)
        .select_from(held)
        .join(_cases, _ITS)
        .with_for_update(of=_cases)
    )


@cache
def _lock_of(table: Table) -> Select[tuple[int]]:
    """The version of a record by its id, locked against changes."""
    statement = select(table.c.version).where(table.c.id == bindparam("its_id"))
    return statement.with_for_update(key_share=True)
