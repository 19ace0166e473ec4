"""Whose a task is, and why. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tenor_sdk.i18n import Text, _


@dataclass(frozen=True)
class Load:
    """What somebody has on the desk.

    Args:
        open_tasks: how many.
        last_at: when the last one came; None where none ever did.
    """

    open_tasks: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """Who gets it. ``user_id`` is None where it waits for one of the group to take it."""

    user_id: int | None
    why: Text


def choose(holders: Sequence[int], loads: Mapping[int, Load], shut_out: Collection[int]) -> Choice:
    """The holder with the fewest open tasks, then the one who has been idle longest; nobody who is shut out.

    Args:
        holders: users who hold the position, those on leave left out already.
        loads: of each.
        shut_out: who did a step on the case that the same person may not also decide.
    """
    able = [user for user in holders if user not in shut_out]
    if not able:
        return Choice(None, _("Nobody free holds this position"))
    if len(able) == 1:
        return Choice(able[0], _("The only one who holds this position here"))
    best = min(able, key=lambda user: _order(user, loads.get(user, Load())))
    mine = loads.get(best, Load()).open_tasks
    others = max(loads.get(user, Load()).open_tasks for user in able if user != best)
    return Choice(best, _("{mine} open tasks against {others}", mine=mine, others=others))


def _order(user: int, load: Load) -> tuple[int, float, int]:
    return load.open_tasks, load.last_at.timestamp() if load.last_at else 0.0, user
