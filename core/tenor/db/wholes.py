"""Records as wholes: a change of a line is a change of what it belongs to.

Whoever changes a record has the version before them that they read. So that nobody takes away what another did to its
lines meanwhile, each flush that adds, changes or removes some counts the version of their parent up, and the entry of
the parent says which lines it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import inspect, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_dirty, flag_modified
from sqlalchemy.orm.util import identity_key

from tenor.db import gate
from tenor.db.changes import Change
from tenor_sdk.journals import is_journal
from tenor_sdk.records import Line, Record, host_of

if TYPE_CHECKING:
    from tenor.db.state import SessionState

#: what became of a line, as the entry of its parent says it
ADDED: Final = "added"
CHANGED: Final = "changed"
REMOVED: Final = "removed"


Fates = list[tuple[str, Record]]


def gather(session: Session, state: SessionState) -> None:
    """Find the records whose lines the flush that begins changes, and have them written with it."""
    state.wholes.clear()
    state.distant.clear()
    for record, told in state.beside.items():
        state.wholes.setdefault(record, {}).update(told)
    state.beside.clear()
    with session.no_autoflush:
        for line, fate in list(_lines(session)):
            _note(session, state, line, fate)


def beside(state: SessionState, record: Record, name: str, said: object) -> None:
    """Count the version of a record up with the next flush, as something that is kept beside it was changed.

    Args:
        said: what its entry says of it, under this name.
    """
    if _counts(state, record):
        state.beside.setdefault(record, {})[name] = said
        flag_dirty(record)


def write_distant(state: SessionState) -> Iterator[Change]:
    """Count up those whose lines were changed while they themselves weren't loaded, one statement for each kind; gives
    what is told of each."""
    ctx = state.ctx
    assert ctx is not None  # only admitted sessions write
    ids: dict[type[Record], list[int]] = {}
    for kind, identity in sorted(state.distant, key=lambda one: (one[0].__tablename__, one[1])):
        ids.setdefault(kind, []).append(identity)
    stamps = {"changed_at": ctx.now, "changed_by_id": ctx.actor.id or None}
    for kind, some in ids.items():
        table = kind.__table__
        counted = update(table).where(table.c.id.in_(some))
        state.connection.execute(
            counted.values(version=table.c.version + 1, **stamps), execution_options=gate.MARKED
        )
    for (kind, identity), lines in state.distant.items():
        yield Change("update", kind(id=identity), told=told_of(lines))
    state.distant.clear()


def told_of(lines: dict[str, Any]) -> dict[str, Any]:
    """What an entry says: of lines their ids by what became of them, known once they are written."""
    return {name: _by_fate(said) if _is_fates(said) else said for name, said in lines.items()}


def _is_fates(said: object) -> bool:
    return isinstance(said, list) and bool(said) and isinstance(said[0], tuple)


def _by_fate(fates: Fates) -> dict[str, list[int]]:
    made: dict[str, set[int]] = {}
    for fate, line in fates:
        made.setdefault(fate, set()).add(inspect(line).dict["id"])
    return {fate: sorted(ids) for fate, ids in sorted(made.items())}


def mark(target: Record) -> None:
    """Have a record written whose own fields are as they were."""
    flag_modified(target, "changed_at")


# -- which lines, of what ---------------------------------------------------------------------------------------------


def _lines(session: Session) -> Iterator[tuple[Line[Any], str]]:
    gone = set(session.deleted)
    for line in session.new:
        if isinstance(line, Line):
            yield line, ADDED
    for line in session.dirty:
        if isinstance(line, Line) and line not in gone and session.is_modified(line):
            orphan = None in (inspect(line).attrs["parent"].history.added or ())
            yield line, REMOVED if orphan else CHANGED
    for line in gone:
        if isinstance(line, Line):
            yield line, REMOVED


def _note(session: Session, state: SessionState, line: Line[Any], fate: str) -> None:
    kind: type[Record] = host_of(type(line), Line)
    name = _name(kind, type(line))
    for parent in _parents(session, kind, line):
        if isinstance(parent, int):
            if (kind.__tablename__, parent) not in state.created and not _is_fixed(kind):
                state.distant.setdefault((kind, parent), {}).setdefault(name, []).append(
                    (fate, line)
                )
        elif _counts(state, parent) and parent not in session.deleted:
            state.wholes.setdefault(parent, {}).setdefault(name, []).append((fate, line))
            flag_dirty(parent)
            if isinstance(parent, Line):
                _note(session, state, parent, CHANGED)


def _parents(session: Session, kind: type[Record], line: Line[Any]) -> Iterable[Record | int]:
    """What a line belongs to, and what it belonged to before: the record where it is at hand, else its id."""
    known = inspect(line)
    through = known.attrs["parent"].history
    at_hand = {each for each in (*(through.added or ()), *(through.deleted or ())) if each}
    ids = {*known.attrs["parent_id"].history.sum()} - {None}
    if known.persistent and not ids:
        ids = {line.parent_id}
    far = set[int]()
    for identity in ids - {inspect(each).dict.get("id") for each in at_hand}:
        found = session.identity_map.get(identity_key(kind, identity))
        if found is None:
            far.add(identity)
        else:
            at_hand.add(found)
    return [*at_hand, *sorted(far)]


def _counts(state: SessionState, record: Record) -> bool:
    """Whether a record was there before this transaction, and may be written."""
    known = inspect(record)
    made = (type(record).__tablename__, known.dict.get("id")) in state.created
    return known.persistent and not made and not _is_fixed(type(record))


def _is_fixed(kind: type[Record]) -> bool:
    return bool(getattr(kind, "__append_only__", False)) or is_journal(kind)


def _name(kind: type[Record], line: type[Record]) -> str:
    """The attribute that holds these lines; where another plugin declared them, what they are called."""
    for relation in kind.__mapper__.relationships:
        if relation.uselist and relation.mapper.class_ is line:
            return relation.key
    return line.slug()
