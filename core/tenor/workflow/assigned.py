"""Which tasks are somebody's, and by them which records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, and_, or_, select

from tenor.access.actors import ActorData, assigned_by
from tenor.workflow.records import Task
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor_sdk.context import Actor


def tasks_of(actor: Actor) -> ColumnElement[bool]:
    """The tasks that an actor has or had, and those of their groups that one of them may take."""
    waiting = and_(
        Task.assignee_id.is_(None),
        Task.position.in_(actor.positions),
        or_(Task.unit_id.is_(None), Task.unit_id.in_(actor.units)),
    )
    return or_(Task.assignee_id == actor.id, waiting)


def assigned(actor: ActorData, record: type[Record]) -> Select[int]:
    """The ids of the ``record``s on which ``actor`` has or had a task, or may take one of their group's."""
    about = Task.table_name == record.__tablename__
    return select(Task.record_id).where(about, tasks_of(actor))


assigned_by(assigned)
