"""Cases and their definitions, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tenor.workflow.definitions import Definition, Flow, content_of, definition_of, hash_of
from tenor.workflow.records import Duty, Vote, WorkflowCase, WorkflowDefinition, WorkflowStep
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.context import KernelContext

_cases: Any = WorkflowCase.__table__
_definitions: Any = WorkflowDefinition.__table__
_steps: Any = WorkflowStep.__table__
_votes: Any = Vote.__table__
_duties: Any = Duty.__table__


@dataclass(frozen=True)
class Case:
    """A case as it stands."""

    id: int
    definition_id: int
    state: str
    entered_at: datetime
    round: int


def stamps(ctx: KernelContext) -> dict[str, Any]:
    """What every row has."""
    who = ctx.actor.id or None
    return {
        "version": 1,
        "created_at": ctx.now,
        "changed_at": ctx.now,
        "created_by_id": who,
        "changed_by_id": who,
    }


class Cases:
    """Reading and writing them on a context's transaction."""

    def __init__(self) -> None:
        self._by_id: dict[int, Definition] = {}
        self._ids: dict[tuple[str, str], int] = {}

    def begin(self, ctx: KernelContext, flow: Flow, identity: int, state: str) -> Case:
        """A new case, pinned to the flow as it is now."""
        definition = self._definition_id(ctx, flow)
        values = {
            "table_name": flow.record.__tablename__, "record_id": identity, "definition_id": definition,
            "state": state, "entered_at": ctx.now, "round": 0,
        }  # fmt: skip
        made = self._run(
            ctx, insert(_cases).values(**values, **stamps(ctx)).returning(_cases.c.id)
        ).scalar_one()
        return Case(int(made), definition, state, ctx.now, 0)

    def _definition_id(self, ctx: KernelContext, flow: Flow) -> int:
        content = content_of(flow)
        digest = hash_of(content)
        known = select(_definitions.c.id).where(_definitions.c.hash == digest)
        found = self._run(ctx, known).scalar()
        if found is None:
            make = postgresql.insert if ctx.kernel.db.dialect == "postgresql" else sqlite.insert
            values = {"workflow": flow.name, "hash": digest, "content": content, **stamps(ctx)}
            self._run(ctx, make(_definitions).values(**values).on_conflict_do_nothing())
            found = self._run(ctx, known).scalar_one()
        return int(found)

    def definition(self, ctx: KernelContext, identity: int) -> Definition:
        """A definition by its id; it never changes, so it is kept."""
        if identity not in self._by_id:
            row = self._run(
                ctx, select(_definitions.c.content).where(_definitions.c.id == identity)
            ).scalar_one()
            self._by_id[identity] = definition_of(row)
        return self._by_id[identity]

    def find(self, ctx: KernelContext, record: Record, *, lock: bool = False) -> Case | None:
        """The case of a record; with ``lock``, nobody else moves it until this transaction ends."""
        columns = (
            _cases.c.id,
            _cases.c.definition_id,
            _cases.c.state,
            _cases.c.entered_at,
            _cases.c.round,
        )
        statement = select(*columns).where(
            _cases.c.table_name == type(record).__tablename__, _cases.c.record_id == record.id
        )
        row = self._run(ctx, statement.with_for_update() if lock else statement).first()
        return Case(*row) if row else None

    def move(
        self, ctx: KernelContext, case: Case, transition: str, target: str, reason: str
    ) -> Case:
        """Put a case into another state, with its step."""
        step = {
            "case_id": case.id, "transition": transition, "source": case.state, "target": target,
            "entered_at": case.entered_at, "left_at": ctx.now, "user_id": ctx.actor.id or None, "reason": reason,
        }  # fmt: skip
        self._run(ctx, insert(_steps).values(**step, **stamps(ctx)))
        values = {
            "state": target,
            "entered_at": ctx.now,
            "round": case.round + 1,
            "changed_at": ctx.now,
        }
        self._run(ctx, update(_cases).where(_cases.c.id == case.id).values(**values))
        return Case(case.id, case.definition_id, target, ctx.now, case.round + 1)

    def steps(self, ctx: KernelContext, case: Case) -> list[Any]:
        """The steps that a case took, oldest first."""
        return list(
            self._run(ctx, select(_steps).where(_steps.c.case_id == case.id).order_by(_steps.c.id))
        )

    # -- votes and duties -------------------------------------------------------------------------------------------

    def votes(self, ctx: KernelContext, case: Case) -> list[Any]:
        """The votes of this round, oldest first."""
        where = (_votes.c.case_id == case.id, _votes.c.round == case.round)
        return list(self._run(ctx, select(_votes).where(*where).order_by(_votes.c.id)))

    def vote(
        self, ctx: KernelContext, case: Case, transition: str, shown: str, inputs: Any
    ) -> None:
        """Put in a vote; those on what was shown before fall."""
        where = (
            _votes.c.case_id == case.id, _votes.c.round == case.round, _votes.c.transition == transition,
            _votes.c.shown_hash != shown,
        )  # fmt: skip
        self._run(ctx, update(_votes).where(*where).values(void=True))
        values = {
            "case_id": case.id, "round": case.round, "transition": transition, "user_id": ctx.actor.id,
            "shown_hash": shown, "inputs": inputs, "at": ctx.now, "void": False,
        }  # fmt: skip
        self._run(ctx, insert(_votes).values(**values, **stamps(ctx)))

    def add_duty(self, ctx: KernelContext, record: Record, step: str) -> None:
        """Put on record that the actor did a step."""
        about = {"table_name": type(record).__tablename__, "record_id": record.id}
        values = {**about, "step": step, "user_id": ctx.actor.id, "at": ctx.now}
        self._run(ctx, insert(_duties).values(**values, **stamps(ctx)))

    def duties(self, ctx: KernelContext, record: Record) -> list[tuple[str, int]]:
        """Steps and who did them, on one record."""
        where = (
            _duties.c.table_name == type(record).__tablename__,
            _duties.c.record_id == record.id,
        )
        statement = select(_duties.c.step, _duties.c.user_id).where(*where).order_by(_duties.c.id)
        return [(row.step, row.user_id) for row in self._run(ctx, statement)]

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return ctx.kernel.db.execute(ctx.session, statement)
