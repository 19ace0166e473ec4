"""The judge of writes: whether what is pending is allowed, and whether it leads to where whoever writes may write.

Before the write it is asked of the row as it lies in the database, and of a new one's parent. Where it leads is told by
the object as far as a scope goes by unit and owner; restrictions, conditions and links are asked of the row itself once
it is written, in one statement for each kind in a flush, and what leads elsewhere undoes the flush.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, inspect, select

from tenor.access.actors import ActorData
from tenor.access.fetching import cleared
from tenor.access.rights import Rights, holds, parent_of
from tenor.access.standing import Standing
from tenor.db import gate
from tenor.db.state import SessionState
from tenor_sdk.access import Reach, Scope, Through
from tenor_sdk.errors import Forbidden, NotFound
from tenor_sdk.records import Owned, Record

#: Scopes that the row itself must tell of; with none left, the write leads to where it may.
Open = tuple[Reach, ...]
#: Rights that allow a write by themselves, each with what only the row can tell.
Ways = tuple[tuple[Rights, Open], ...]
_CHUNK: Final = 500


@dataclass(frozen=True)
class Landing:
    """A write of which only the row can tell whether it leads to where it may.

    Args:
        record: that is written.
        ways: rights that allow it by themselves as far as was known before, each with the scopes of which one must
            reach the row; one's own come first.
    """

    record: Record
    ways: Ways


class Judge:
    """Judges each write of a flush, and after it where the writes led.

    Args:
        standing: tells in whose place something is done.
    """

    def __init__(self, standing: Standing) -> None:
        self._standing = standing

    def judge(self, state: SessionState, record: Record, verb: str) -> ActorData | None:
        """Whether a pending write is allowed: within a procedure the plugin's own records, else by the person's grant.

        Returns:
            In whose place it is made, as far as is known before it is written; None where one's own rights are enough.

        Raises:
            Forbidden: ``other-plugins-record``, ``not-permitted``, ``out-of-reach``.
            NotFound: a record that the person can't read.
        """
        top = state.procedure
        if state.kernel and type(record).__plugin__ == "base":
            return state.behalf
        if top is not None:
            if type(record).__plugin__ != top.plugin:
                raise Forbidden(
                    "other-plugins-record", what=type(record).called(), plugin=top.plugin
                )
            return self._standing.giver(state, record, verb)
        if state.rights is None:
            raise Forbidden("not-permitted", what=type(record).called())
        return self._judge_person(state, state.rights, record, verb)

    def _judge_person(
        self, state: SessionState, rights: Rights, record: Record, verb: str
    ) -> ActorData | None:
        there, ways = False, list[tuple[Rights, Open]]()
        for each in rights.worn:
            if verb != "create":
                if not covers(state, each, record, verb):
                    continue
                there = True
            left = () if verb == "delete" else _left_open(state, each, record, verb)
            if left is None:
                continue
            ways.append((each, left))
            if verb == "delete" or each.landing(type(record), left) is None:
                break
        if not ways:
            raise _refused(state, rights, record, verb, there=there)
        if verb != "delete" and ways[0][0].landing(type(record), ways[0][1]) is not None:
            state.landings.append(Landing(record, tuple(ways)))
        return state.behalf or ways[0][0].giver

    @staticmethod
    def landed(state: SessionState) -> Iterator[tuple[Record, ActorData | None]]:
        """Ask the rows that were written whether they lie where they may.

        Returns:
            For each in whose place it was written.

        Raises:
            Forbidden: ``out-of-reach``.
        """
        waiting: list[Landing] = list(state.landings)
        state.landings.clear()
        while waiting:
            there = set(_reached(state.connection, waiting))
            for each in waiting:
                if each.record in there:
                    yield each.record, state.behalf or each.ways[0][0].giver
            waiting = [_next_way(each) for each in waiting if each.record not in there]


def _refused(
    state: SessionState, rights: Rights, record: Record, verb: str, *, there: bool
) -> Forbidden | NotFound:
    if there:
        return Forbidden("out-of-reach", what=type(record).called())
    seen = verb == "create" or any(covers(state, each, record, "read") for each in rights.worn)
    return (Forbidden if seen else NotFound)(
        "not-permitted" if seen else "not-found", what=type(record).called()
    )


def _next_way(landing: Landing) -> Landing:
    if len(landing.ways) == 1:
        raise Forbidden("out-of-reach", what=type(landing.record).called())
    return Landing(landing.record, landing.ways[1:])


def _reached(connection: Connection, waiting: Iterable[Landing]) -> Iterator[Record]:
    """Those whose rows the first of their ways reaches: one statement for all that go the same way."""
    groups: dict[tuple[type[Record], Rights, Open], dict[int, Record]] = {}
    for each in waiting:
        rights, left = each.ways[0]
        rows = groups.setdefault((type(each.record), rights, left), {})
        rows[inspect(each.record).dict["id"]] = each.record
    for (kind, rights, left), rows in groups.items():
        criteria = holds(rights.landing(kind, left))
        ids = list(rows)
        for start in range(0, len(ids), _CHUNK):
            chunk = kind.id.in_(ids[start : start + _CHUNK])
            for identity in _run(connection, select(kind.id).where(chunk, criteria)).scalars():
                yield rows[identity]


# -- before it is written ---------------------------------------------------------------------------------------------


def covers(state: SessionState, rights: Rights, record: Record, verb: str) -> bool:
    """Whether rights, by themselves, allow a verb on a record as it lies in the database; of a new one, whether they
    may, as far as it tells by itself."""
    kind = type(record)
    if verb == "create":
        return _left_open(state, rights, record, verb) is not None
    criteria = rights.alone(kind, verb)
    if criteria is None or (_are_all(state, rights) and cleared(state, record, verb)):
        return True
    if row_in(state.connection, record, criteria):
        return True
    # the parts of what was made just now are still being made
    return _goes_with_parent(rights, kind, verb) and (
        _parent_key(record) in state.created and row_in(state.connection, record, rights.rules(kind))
    )  # fmt: skip


def _are_all(state: SessionState, rights: Rights) -> bool:
    """Whether rights are all with which a session reads, so that they are what cleared a row when it was read: nobody
    else's, nor some of several, of which each is asked for itself."""
    mine = state.rights
    return mine is not None and rights.actor.id == mine.actor.id and not mine.actor.stands_in


def _left_open(state: SessionState, rights: Rights, record: Record, verb: str) -> Open | None:
    """The scopes of which only the row can tell whether one of them reaches what a write makes of a record.

    Returns:
        Empty where it surely lies in the scope of a grant, None where it surely doesn't.
    """
    kind = type(record)
    if _goes_with_parent(rights, kind, verb):
        moved = verb == "create" or _touched(record, {"parent_id"})
        return () if not moved or _covers_parent(state, rights, record) else None
    scopes = [grant.scope for grant in rights.granted(kind, verb)]
    bound = [_bound_to(scope) for scope in scopes]
    if verb == "update" and not any(names is None or _touched(record, names) for names in bound):
        return ()
    told = [_told(rights.actor, scope, record) for scope in scopes]
    if any(told):
        return ()
    return tuple(scope for scope, one in zip(scopes, told, strict=True) if one is None) or None


def _goes_with_parent(rights: Rights, kind: type[Record], verb: str) -> bool:
    return parent_of(kind) is not None and not rights.granted(kind, verb)


def _bound_to(scope: Reach) -> set[str] | None:
    """The fields by which a scope goes; None where it goes by what nobody but its plugin knows."""
    if isinstance(scope, Through):
        return {scope.link.key}
    if isinstance(scope, Scope):
        # nobody hands theirs to another unit
        return set() if scope in (Scope.ALL, Scope.ASSIGNED) else {"unit_id", "owner_id"}
    return None


def _told(actor: ActorData, scope: Reach, record: Record) -> bool | None:
    """Whether a scope reaches what a record is going to be; None where its row must tell."""
    if scope is Scope.ALL:
        return True
    if not isinstance(scope, Scope) or scope is Scope.ASSIGNED:
        return None
    units = actor.units_below if scope is Scope.BELOW else actor.units
    return (
        isinstance(record, Owned)
        and record.unit_id in units
        and (scope is not Scope.OWN or record.owner_id == actor.id)
    )


def _covers_parent(state: SessionState, rights: Rights, record: Record) -> bool:
    """Whether what a record belongs to, or is going to, may be changed."""
    parent = parent_of(type(record))
    assert parent is not None  # asked of such records alone
    key = _parent_key(record)
    if key in state.created:
        return True
    about = select(parent.id).where(parent.id == key[1], holds(rights.alone(parent, "update")))
    return _run(state.connection, about).first() is not None


def _parent_key(record: Any) -> tuple[str, Any]:
    parent = parent_of(type(record))
    assert parent is not None  # asked of such records alone
    return parent.__tablename__, record.parent_id if hasattr(record, "parent_id") else record.id


def _touched(record: Record, names: set[str]) -> bool:
    attributes = inspect(record).attrs
    return any(name in attributes and attributes[name].history.has_changes() for name in names)


def reaches(state: SessionState, rights: Rights, record: Record, scope: Reach) -> bool:
    """Whether a scope reaches a record as it lies in the database. The record itself tells where it was read with the
    person's rights and is as it was read."""
    if cleared(state, record, "read") and not _touched(record, {"unit_id", "owner_id"}):
        told = _told(rights.actor, scope, record)
        if told is not None:
            return told
    return row_in(state.connection, record, rights.reach(type(record), scope))


def row_in(connection: Connection, record: Record, criteria: Any) -> bool:
    """Whether the row as it lies in the database is among those that an expression leaves."""
    kind = type(record)
    return _run(
        connection, select(kind.id).where(kind.id == record.id, holds(criteria))
    ).first() is not None  # fmt: skip


def _run(connection: Connection, statement: Any) -> Any:
    return connection.execute(statement, execution_options=gate.MARKED)
