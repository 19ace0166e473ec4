"""Who gets a task: fair, and able to say why. Pure: people and their load are handed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tenor_sdk.i18n import Text, _

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Holder:
    """Somebody who holds a position in a unit."""

    user_id: int
    unit_id: int
    on_leave: bool = False


@dataclass(frozen=True)
class Group:
    """Those to whom a task may go.

    Args:
        unit_id: in which they hold the position; None: wherever.
        members: able to take it now: not on leave, and no step of theirs stands against it.
        others: in the position, but not able.
    """

    unit_id: int | None
    members: tuple[int, ...] = ()
    others: tuple[int, ...] = ()


@dataclass(frozen=True)
class Load:
    """What somebody has on the desk.

    Args:
        open_tasks: how many.
        idle_since: when they finished the last; None: they never did.
    """

    open_tasks: int = 0
    idle_since: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """Who gets it. ``user_id`` is None where it waits for one of the group to take it; ``why`` is for the card."""

    user_id: int | None
    why: Text


def group_of(
    holders: Sequence[Holder], upwards: Sequence[int] | None, barred: Collection[int] = ()
) -> Group:
    """The holders of a position who may take a task.

    Args:
        upwards: the record's unit and those above it, nearest first: the nearest with somebody able counts, and where
            nobody is able, the nearest with a holder. A position that nobody holds in that line (risk and legal are
            departments beside it) is held for the whole institution. None: holders everywhere together.
        barred: who did a step that stands against it.
    """
    line = [_group(unit, holders, barred) for unit in upwards or ()]
    manned = [group for group in line if group.members or group.others]
    able = [group for group in manned if group.members]
    found = able or manned
    if found:
        return found[0]
    return _group(None, holders, barred)


def _group(unit: int | None, holders: Sequence[Holder], barred: Collection[int]) -> Group:
    here = [holder for holder in holders if unit is None or holder.unit_id == unit]
    everybody = sorted({holder.user_id for holder in here})
    unable = {holder.user_id for holder in here if holder.on_leave} | set(barred)
    members = tuple(user for user in everybody if user not in unable)
    return Group(unit, members, tuple(user for user in everybody if user in unable))


def choose(members: Sequence[int], loads: Mapping[int, Load]) -> Choice:
    """One of the members: fewest open tasks, then longest idle, then the lowest id; the group where there is none."""
    if not members:
        return Choice(None, _("Nobody in this position can take it now"))
    if len(members) == 1:
        return Choice(members[0], _("The only one in this position who can take it"))
    ranked = sorted(members, key=lambda user: _rank(user, loads.get(user, Load())))
    mine, next_best = (loads.get(user, Load()).open_tasks for user in ranked[:2])
    if mine < next_best:
        return Choice(
            ranked[0], _("Fewest open tasks: {mine} against {others}", mine=mine, others=next_best)
        )
    return Choice(
        ranked[0], _("No more open tasks than anybody ({mine}), and longest idle", mine=mine)
    )


def _rank(user: int, load: Load) -> tuple[int, datetime, int]:
    return load.open_tasks, load.idle_since or _NEVER, user
