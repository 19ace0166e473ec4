"""Who acts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import Select

from tenor_sdk.access import EVERYBODY
from tenor_sdk.records import Record

#: before the plugin's name: the login, the name and the position of a plugin's service actor
SERVICE: Final = "service:"
#: What says which records are somebody's by their tasks; the room of workflow stands above this one, and tells.
_sources: list[Callable[[ActorData, type[Record]], Select[int]]] = []


def assigned_by(source: Callable[[ActorData, type[Record]], Select[int]]) -> None:
    """Say how the records that are assigned to somebody are found."""
    _sources[:] = [source]


@dataclass(frozen=True)
class Lent:
    """By what somebody stands in for another.

    Args:
        delegation_id: the record.
        until: the last day.
    """

    delegation_id: int
    until: date


@dataclass(frozen=True)
class ActorData:
    """A person or a service, with all that grants depend on. See ``tenor_sdk.context.Actor``.

    Args:
        stands_in: each for whom this person acts for a time: as the giver, with what was delegated and no more.
        lent: of one of those, by what.
    """

    id: int
    login: str
    name: str
    language: str = "zh-CN"
    letters: bool | None = None
    email: str = ""
    unit_id: int | None = None
    units: frozenset[int] = frozenset()
    units_below: frozenset[int] = frozenset()
    positions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    stands_in: tuple[ActorData, ...] = ()
    lent: Lent | None = None

    def wearing(self, other: ActorData) -> ActorData:
        """The same person with the roles of one for whom they stand in, for rules that ask who is looking."""
        return replace(self, roles=self.roles | other.roles, stands_in=())

    def assigned(self, record: type[Record]) -> Select[int]:
        """The ids of the records on which this person has or had a task, or may take one."""
        if not _sources:
            raise RuntimeError("no room tells who has which task")
        return _sources[-1](self, record)

    @property
    def is_person(self) -> bool:
        return self.id > 0


@dataclass(frozen=True)
class Actors:
    """Who was read, by id, as long as ``AccessEpoch`` is this one, on one day, as a delegation ends with its last;
    None for those who may not act any more.

    Args:
        epoch: None where nobody counts, so that nothing is kept.
    """

    epoch: int | None
    day: date
    known: dict[int, ActorData | None] = field(default_factory=dict)


def service_actor(plugin: str, language: str = "en") -> ActorData:
    """The actor of a plugin's jobs: no person, with the roles that list the position ``service:<plugin>``."""
    position = f"{SERVICE}{plugin}"
    return ActorData(0, position, position, language, positions=frozenset({position}))


def positions_of(held: frozenset[str]) -> frozenset[str]:
    """The positions that count for roles: those held, and everybody's."""
    return held | {EVERYBODY}
