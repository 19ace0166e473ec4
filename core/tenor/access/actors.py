"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select

from tenor_sdk.access import EVERYBODY
from tenor_sdk.records import Record


@dataclass(frozen=True)
class ActorData:
    """A person or a service, with all that grants depend on. See ``tenor_sdk.context.Actor``."""

    id: int
    login: str
    name: str
    language: str = "zh-CN"
    email: str = ""
    unit_id: int | None = None
    units: frozenset[int] = frozenset()
    units_below: frozenset[int] = frozenset()
    positions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()

    def assigned(self, record: type[Record]) -> Select[int]:
        """The ids of the records on which this person has or had a task, or may take one."""
        from tenor.workflow.records import Task

        waiting: Any = and_(
            Task.assignee_id.is_(None),
            Task.position.in_(self.positions),
            or_(Task.unit_id.is_(None), Task.unit_id.in_(self.units)),
        )
        mine = or_(Task.assignee_id == self.id, waiting)
        return select(Task.record_id).where(Task.table_name == record.__tablename__, mine)

    @property
    def is_person(self) -> bool:
        return self.id > 0


def service_actor(plugin: str, language: str = "en") -> ActorData:
    """The actor of a plugin's jobs: no person, with the roles that list the position ``service:<plugin>``."""
    position = f"service:{plugin}"
    return ActorData(0, position, position, language, positions=frozenset({position}))


def positions_of(held: frozenset[str]) -> frozenset[str]:
    """The positions that count for roles: those held, and everybody's."""
    return held | {EVERYBODY}
