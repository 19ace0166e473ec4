"""Who stands in for whom: plain rows, read with the person, and the rules of what may be given to whom.

Only what somebody holds themselves is theirs to give; what was delegated to them isn't, so that there is no chain and
no circle. The positions that watch over the others stand apart from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from tenor.access.actors import ActorData, Lent
from tenor.access.records import Delegation, User, UserPosition
from tenor.db import gate
from tenor_sdk.access import ADMINISTRATOR, AUDITOR

#: Positions that watch over the others: nobody holds one of them and another kind, not even for a time.
APART: Final = frozenset((ADMINISTRATOR, AUDITOR))


@dataclass(frozen=True)
class InForce:
    """One position that somebody may act by in another's place today.

    Args:
        unit_id: in which the giver holds it.
    """

    delegation_id: int
    giver_id: int
    giver_login: str
    giver_name: str
    taker_id: int
    until: date
    position: str
    unit_id: int


def side_of(position: str) -> str:
    """On which side a position stands: one that watches by itself, all of the business together."""
    return position if position in APART else ""


def joins_sides(held: Iterable[str], given: str) -> bool:
    """Whether somebody who holds these positions would come to stand on a further side by this one."""
    sides = {side_of(position) for position in held}
    return bool(sides) and side_of(given) not in sides


def in_force(connection: Connection, today: date, *, taker_id: int | None = None) -> list[InForce]:
    """What is delegated on a day, in the order of its making: of what its giver holds still, to one or to all."""
    rows = connection.execute(_statement(today, taker_id), execution_options=gate.MARKED)
    return [
        InForce(
            row.id, row.giver_id, row.login, row.name, row.taker_id, row.until, row.position, row.unit_id
        )
        for row in rows
        if row.held.get(str(row.held_id)) == since(row.held_since)
    ]  # fmt: skip


def since(made_at: Any) -> str:
    """When a position was given, as a delegation keeps it: one that was taken and given again is another."""
    text: str = made_at.isoformat()
    return text


def _statement(today: date, taker_id: int | None) -> Select[Any]:
    taker = Delegation.taker_id == taker_id
    return (
        select(
            Delegation.id, Delegation.giver_id, Delegation.taker_id, Delegation.until, Delegation.held,
            User.login, User.name, UserPosition.position, UserPosition.unit_id,
            UserPosition.id.label("held_id"), UserPosition.created_at.label("held_since"),
        )
        .join_from(Delegation.__table__, User.__table__, User.id == Delegation.giver_id)
        .join(UserPosition.__table__, UserPosition.user_id == Delegation.giver_id)
        .where(Delegation.ended_at.is_(None), Delegation.from_day <= today, Delegation.until >= today)
        .where(User.active, ~User.archived, *(() if taker_id is None else (taker,)))
        .order_by(Delegation.id, UserPosition.id)
    )  # fmt: skip


def standing_in(positions: Iterable[str], found: Sequence[InForce]) -> Iterator[ActorData]:
    """For each delegation to somebody with these positions the giver, with what was given and nothing beyond it.

    Left out is what would join two sides in one hand, were it given to them as things stand today.
    """
    held = set(positions)
    for number in dict.fromkeys(one.delegation_id for one in found):
        rows = [one for one in found if one.delegation_id == number]
        fit = [one for one in rows if not joins_sides(held, one.position)]
        held |= {one.position for one in fit}
        if fit:
            yield _as_giver(fit)


def _as_giver(rows: Sequence[InForce]) -> ActorData:
    first = rows[0]
    return ActorData(
        id=first.giver_id,
        login=first.giver_login,
        name=first.giver_name,
        units=frozenset(one.unit_id for one in rows),
        positions=frozenset(one.position for one in rows),
        lent=Lent(first.delegation_id, first.until),
    )
