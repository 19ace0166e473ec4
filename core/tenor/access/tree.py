"""The tree of units: whoever makes or moves one, the way down to it and to all below it is true at once."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, String, event, func, inspect, literal, select, text, update
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.attributes import set_committed_value

from tenor.access.records import Unit
from tenor.db import gate
from tenor.db.numbers import BEYOND
from tenor_sdk.errors import Invalid

_table: Final[Any] = Unit.__table__
_LOCK: Final = 7_236_032


def listen() -> None:
    """Keep the units' paths from here on."""
    for name, listener in (
        ("before_insert", _made),
        ("after_insert", _placed),
        ("before_update", _moved),
    ):
        event.listen(Unit, name, listener)


def _made(_mapper: Mapper[Any], connection: Connection, unit: Unit) -> None:
    _in_turn(connection)
    _above(connection, unit)


def _placed(_mapper: Mapper[Any], connection: Connection, unit: Unit) -> None:
    _put(connection, unit, f"{_above(connection, unit)}{unit.id}/", _table.c.id == unit.id)


def _moved(_mapper: Mapper[Any], connection: Connection, unit: Unit) -> None:
    if not inspect(unit).attrs["parent_id"].history.has_changes():
        return
    _in_turn(connection)
    before, above = _path(connection, unit.id) or "", _above(connection, unit)
    if before and above.startswith(before):
        raise _nowhere()
    path = f"{above}{unit.id}/"
    if before:
        rest = func.substr(_table.c.path, len(before) + 1, type_=String())
        _put(connection, unit, path, _table.c.path.startswith(before), literal(path) + rest)
    else:
        _put(connection, unit, path, _table.c.id == unit.id)


def _in_turn(connection: Connection) -> None:
    """Whoever changes the tree waits until the one before is done, and reads it after that: of two units moved at once
    each would be put below the other, or below where the other was. On SQLite all who write wait."""
    if connection.dialect.name == "postgresql":
        _run(connection, text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _put(
    connection: Connection, unit: Unit, path: str, which: Any, paths: Any | None = None
) -> None:
    """Write the way to a unit, and to those that go along with it: it follows from what is above, so that it is no
    change of its own in the ledger."""
    value = path if paths is None else paths
    _run(connection, update(_table).where(which).values(path=value))
    set_committed_value(unit, "path", path)


def _above(connection: Connection, unit: Unit) -> str:
    """The way to what stands above a unit.

    Raises:
        Invalid: there is no such unit, or it is this one itself.
    """
    if unit.parent_id is None:
        return "/"
    found = _path(connection, unit.parent_id) if 0 < unit.parent_id < BEYOND else None
    if found is None or unit.parent_id == unit.id:
        raise _nowhere()
    return found


def _nowhere() -> Invalid:
    return Invalid("invalid", {"parent_id": Invalid("no-unit-above")})


def _path(connection: Connection, identity: int) -> str | None:
    found: str | None = _run(
        connection, select(_table.c.path).where(_table.c.id == identity)
    ).scalar_one_or_none()
    return found


def _run(connection: Connection, statement: Any) -> Any:
    return connection.execute(statement, execution_options=gate.MARKED)
