"""By whose rights somebody who acts for others sees a row: their own, or those of one who delegated theirs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import inspect, select

from tenor.access.judging import covers
from tenor.access.rights import Rights, holds
from tenor.db import gate
from tenor.db.state import SessionState
from tenor_sdk.records import Record


def seen_by(state: SessionState, worn: Sequence[Rights], row: Record) -> Sequence[Rights]:
    """Each of some rights by which, by themselves, a row is seen."""
    key = (type(row).__tablename__, inspect(row).identity)
    if key not in state.seen_by:
        seen = tuple(each for each in worn if covers(state, each, row, "read"))
        if state.writes:  # what is written may be seen by others then
            return seen
        state.seen_by[key] = seen
    found: Sequence[Rights] = state.seen_by[key]
    return found


def look(state: SessionState, worn: Sequence[Rights], rows: Iterable[Record]) -> None:
    """Find it out of many rows that are read together, in one statement for each of those rights and each kind."""
    if state.writes:
        return
    kinds: dict[type[Record], list[int]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row.id)
    for kind, ids in kinds.items():
        seen = [(each, _of(state, each, kind, ids)) for each in worn]
        for identity in ids:
            by = tuple(each for each, rows_seen in seen if identity in rows_seen)
            state.seen_by[kind.__tablename__, (identity,)] = by


def _of(state: SessionState, rights: Rights, kind: type[Record], ids: Sequence[int]) -> set[int]:
    criteria = rights.alone(kind, "read")
    if criteria is None:
        return set(ids)
    statement = select(kind.id).where(kind.id.in_(ids), holds(criteria))
    return set(state.connection.execute(statement, execution_options=gate.MARKED).scalars())
