"""Which tasks are somebody's, and by them which records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tenor.access.actors import ActorData, assigned_by
from tenor.workflow.records import Task
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor_sdk.context import Actor


def tasks_of(actor: Actor) -> ColumnElement[bool]:
    """The tasks that an actor has or had, and those of their groups that one of them may take. Of somebody for whom
    another stands in: those that go by a position that was delegated, or to whoever looks after a record."""
    waiting = and_(
        Task.assignee_id.is_(None),
        Task.position.in_(actor.positions),
        or_(Task.unit_id.is_(None), Task.unit_id.in_(actor.units)),
    )
    own: ColumnElement[bool] = Task.assignee_id == actor.id
    if isinstance(actor, ActorData) and actor.lent is not None:
        own = and_(own, or_(Task.position == "", Task.position.in_(actor.positions)))
    return or_(own, waiting)


def tasks_known_to(actor: Actor) -> ColumnElement[bool]:
    """The tasks of which an actor may read: those before them, and those that they handed over."""
    theirs = before_somebody(actor) if isinstance(actor, ActorData) else tasks_of(actor)
    return or_(theirs, Task.handed_by_id == actor.id)


def has_task(actor: ActorData, row: Mapping[str, Any]) -> bool:
    """The same of a task's row."""
    if row["assignee_id"] == actor.id:
        return actor.lent is None or not row["position"] or row["position"] in actor.positions
    waits = row["assignee_id"] is None and row["position"] in actor.positions
    return waits and (row["unit_id"] is None or row["unit_id"] in actor.units)


def before_somebody(actor: ActorData) -> ColumnElement[bool]:
    """The tasks that somebody has before them: their own, and those of whom they stand in for."""
    return or_(*(tasks_of(each) for each in (actor, *actor.stands_in)))


def assigned(actor: ActorData, record: type[Record]) -> Select[int]:
    """The ids of the ``record``s on which ``actor`` has or had a task, or may take one of their group's."""
    about = Task.table_name == record.__tablename__
    return select(Task.record_id).where(about, tasks_of(actor))


assigned_by(assigned)
