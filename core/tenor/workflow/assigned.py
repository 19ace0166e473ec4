"""Which records are somebody's, by the tasks that they have, had or may take."""

from __future__ import annotations

from sqlalchemy import Select, and_, or_, select

from tenor.access.actors import ActorData, assigned_by
from tenor.workflow.records import Task
from tenor_sdk.records import Record


def assigned(actor: ActorData, record: type[Record]) -> Select[int]:
    """The ids of the ``record``s on which ``actor`` has or had a task, or may take one of their group's."""
    waiting = and_(
        Task.assignee_id.is_(None),
        Task.position.in_(actor.positions),
        or_(Task.unit_id.is_(None), Task.unit_id.in_(actor.units)),
    )
    mine = or_(Task.assignee_id == actor.id, waiting)
    return select(Task.record_id).where(Task.table_name == record.__tablename__, mine)


assigned_by(assigned)
