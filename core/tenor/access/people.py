"""Who the users are, read for rights: plain rows, before there is an actor whose rights could guard the reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from tenor.access.actors import ActorData
from tenor.access.delegations import in_force, standing_in
from tenor.access.records import AccessEpoch, Unit, User, UserPosition, UserRole
from tenor.db import gate


def actor(
    connection: Connection, today: date, *, user_id: int | None = None, login: str | None = None
) -> ActorData | None:
    """An active user, by id or login, with positions, given roles and those for whom they stand in on that day; None
    where there is none."""
    condition = User.id == user_id if user_id is not None else User.login == login
    user = _rows(
        connection, select(User.__table__).where(condition, User.active, ~User.archived)
    ).first()
    if user is None:
        return None
    held = _rows(
        connection,
        select(UserPosition.position, UserPosition.unit_id).where(UserPosition.user_id == user.id),
    ).all()
    given = _rows(connection, select(UserRole.role).where(UserRole.user_id == user.id)).scalars()
    positions = frozenset(row.position for row in held)
    units = frozenset(row.unit_id for row in held) or frozenset({user.unit_id} - {None})
    lent = in_force(connection, today, taker_id=user.id)
    paths = _paths(connection)
    return ActorData(
        id=user.id,
        login=user.login,
        name=user.name,
        language=user.language,
        letters=user.letters,
        email=user.email,
        unit_id=user.unit_id,
        units=units,
        units_below=frozenset(_below(paths, units)),
        positions=positions,
        roles=frozenset(given),
        stands_in=tuple(
            replace(giver, units_below=frozenset(_below(paths, giver.units)))
            for giver in standing_in(positions, lent)
        ),
    )


#: how often what rights depend on has changed, and what is watched
EPOCH: Final = select(AccessEpoch.number).scalar_subquery()


def with_epoch(user: Select[Any]) -> Select[Any]:
    """A statement that finds one user's id, which also reads the epoch of what is known of people.

    It is made once for every request: to put it together costs more than to run it.
    """
    return user.add_columns(EPOCH)


def epoch(connection: Connection) -> int | None:
    """How often what rights depend on has changed by now."""
    found: int | None = _rows(connection, select(AccessEpoch.number)).scalar_one_or_none()
    return found


def user_and_epoch(
    connection: Connection, statement: Select[Any], parameters: Mapping[str, Any]
) -> tuple[int, int | None] | None:
    """What a statement made by ``with_epoch`` finds; None where it finds nobody.

    The epoch is read before the person: what is read then is at least as new as it says.
    """
    row = connection.execute(statement, parameters, execution_options=gate.MARKED).first()
    return None if row is None else (row[0], row[1])


def holders(connection: Connection, position: str, unit: int | None, today: date) -> Sequence[int]:
    """Users who hold a position in ``unit``, else in the nearest unit above it where somebody does; with None,
    anywhere. In the order of their ids; without those on leave and those who left."""
    if unit is not None:
        return holders_and_unit(connection, position, unit, today)[0]
    return sorted({row.user_id for row in _holding(connection, position, today)})


def holders_and_unit(
    connection: Connection, position: str, unit: int, today: date
) -> tuple[Sequence[int], int | None]:
    """As ``holders``, with the unit in which they were found; None where nobody was."""
    rows = _holding(connection, position, today)
    for step in _upwards(_paths(connection), unit):
        found = sorted({row.user_id for row in rows if row.unit_id == step})
        if found:
            return found, step
    return _anywhere(rows), None


def away(today: date) -> ColumnElement[bool]:
    """Whether somebody is on leave on a day."""
    user = User.__table__.c
    begun = or_(user.on_leave_from.is_(None), user.on_leave_from <= today)
    return func.coalesce(and_(begun, user.on_leave_until >= today), False)


def _anywhere(rows: Sequence[Any]) -> Sequence[int]:
    """A position that only departments beside the line hold (risk, legal) is held for the whole institution."""
    return sorted({row.user_id for row in rows})


def _holding(connection: Connection, position: str, today: date) -> Sequence[Any]:
    statement = (
        select(UserPosition.user_id, UserPosition.unit_id)
        .join(User.__table__, User.id == UserPosition.user_id)
        .where(UserPosition.position == position, User.active, ~User.archived)
        .where(~away(today))
        .order_by(UserPosition.user_id)
    )
    found: Sequence[Any] = _rows(connection, statement).all()
    return found


def names(connection: Connection, users: Sequence[int]) -> dict[int, str]:
    """The names of users by id."""
    if not users:
        return {}
    statement = select(User.id, User.name).where(User.id.in_(set(users)))
    return {row.id: row.name for row in _rows(connection, statement)}


def _paths(connection: Connection) -> dict[int, str]:
    return {row.id: row.path for row in _rows(connection, select(Unit.id, Unit.path))}


def _below(paths: dict[int, str], units: Iterable[int]) -> Iterable[int]:
    roots = [paths[unit] for unit in units if unit in paths]
    return (unit for unit, path in paths.items() if any(path.startswith(root) for root in roots))


def _upwards(paths: dict[int, str], unit: int) -> list[int]:
    return [int(part) for part in reversed(paths.get(unit, "").strip("/").split("/")) if part]


def _rows(connection: Connection, statement: Any) -> Any:
    return connection.execute(statement, execution_options=gate.MARKED)
