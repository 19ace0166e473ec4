"""Who gets a task: fair, and able to say why. Pure: people and their load are handed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from tenor_sdk.i18n import Text, _

#: who of a group: fewest open tasks; in turn; whoever takes it; who looks after what it is about
LOAD, TURNS, GROUP, OWNER = "load", "turns", "group", "owner"
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
        given_at: when the last task of this kind came to them; None: none did.
    """

    open_tasks: int = 0
    idle_since: datetime | None = None
    given_at: datetime | None = None

    def and_more(self, tasks: int) -> Load:
        """With so many tasks more."""
        return replace(self, open_tasks=self.open_tasks + tasks)


@dataclass(frozen=True)
class Asked:
    """What a case asks for, by a rule.

    Args:
        way: who of the group.
        skill: empty where none is asked for.
        skilled: who of the group has it.
        owner: who looks after what the case is about.
    """

    way: str = LOAD
    skill: str = ""
    skilled: frozenset[int] = frozenset()
    owner: int | None = None


@dataclass(frozen=True)
class Choice:
    """Who gets it.

    Args:
        user_id: None where it waits for one of the group to take it.
        why: for the card.
        basis: among whom, as ``basis_of``; None where nobody was compared.
    """

    user_id: int | None
    why: Text
    basis: Mapping[str, Any] | None = None


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


def pick(members: Sequence[int], loads: Mapping[int, Load], asked: Asked) -> Choice:
    """One of the members as a rule asks for it. Who has the skill goes before those who haven't; where nobody has, all
    of them are asked."""
    if not members:
        return choose(members, loads)
    if asked.way == OWNER and asked.owner in members:
        return Choice(asked.owner, _("Looks after what it is about"))
    among = [user for user in members if user in asked.skilled] or list(members)
    found = _one_of(among, loads, asked.way)
    if not asked.skill:
        return found
    if asked.skilled:
        return replace(found, why=_("Skill {skill}. {why}", skill=asked.skill, why=found.why))
    return replace(
        found, why=_("Nobody has the skill {skill}. {why}", skill=asked.skill, why=found.why)
    )


def basis_of(group: Group, loads: Mapping[int, Load], asked: Asked) -> dict[str, Any]:
    """Among whom somebody was picked, as JSON: enough to pick again, by this rule or by another."""
    return {
        "way": asked.way,
        "skill": asked.skill,
        "skilled": sorted(asked.skilled),
        "owner": asked.owner,
        "unable": list(group.others),
        "members": [[user, *_kept(loads.get(user, Load()))] for user in group.members],
    }


def read_basis(basis: Mapping[str, Any]) -> tuple[tuple[int, ...], dict[int, Load], Asked]:
    """Members, their loads and what was asked for, of what ``basis_of`` kept."""
    loads = {
        user: Load(open_tasks, _moment(idle), _moment(given))
        for user, open_tasks, idle, given in basis["members"]
    }
    skilled = frozenset(basis["skilled"])
    return tuple(loads), loads, Asked(basis["way"], basis["skill"], skilled, basis["owner"])


def _kept(load: Load) -> tuple[int, str | None, str | None]:
    idle, given = load.idle_since, load.given_at
    return load.open_tasks, idle.isoformat() if idle else None, given.isoformat() if given else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _one_of(among: Sequence[int], loads: Mapping[int, Load], way: str) -> Choice:
    if way == GROUP:
        return Choice(None, _("Waits for whoever takes it"))
    if way != TURNS or len(among) == 1:
        return choose(among, loads)
    turn = min(among, key=lambda user: (loads.get(user, Load()).given_at or _NEVER, user))
    return Choice(turn, _("In turn, one of {n}", n=len(among)))


def _rank(user: int, load: Load) -> tuple[int, datetime, int]:
    return load.open_tasks, load.idle_since or _NEVER, user
