"""Change capture: each flush is judged, stamped and put on record, in the same transaction.

Collected in ``after_insert``, ``before_update``, ``before_delete`` (they see orphans, cascades and keys that
relationships set; ``before_flush`` doesn't), written in ``after_flush`` in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from sqlalchemy import Connection, event, inspect, select
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.sql.elements import ClauseElement

from tenor.db import dated, gate, listeners, numbering, wholes
from tenor.db.changes import Change
from tenor.db.errors import Unguarded
from tenor.db.session import GuardedSession
from tenor.db.state import SessionState, state_of
from tenor.db.walk import Walk
from tenor_sdk import journals
from tenor_sdk.errors import Forbidden, NotFound, Refused
from tenor_sdk.journals import is_journal
from tenor_sdk.records import Dated, Extension, Line, Record, host_of, info_of

if TYPE_CHECKING:
    from tenor.access.actors import ActorData
    from tenor.context import KernelContext

#: fields that every change moves, and that say nothing by themselves
_STAMPS: Final = frozenset(
    ("version", "created_at", "created_by_id", "changed_at", "changed_by_id")
)
#: what nobody but the kernel says of a record that is there
GIVEN: Final = _STAMPS | {"id"}


class Dependants:
    """The lines and extensions of each kind of record, whoever declared them: they go with their host."""

    def __init__(self, records: Sequence[type[Record]]) -> None:
        self.lines: dict[type[Record], list[type[Line[Any]]]] = {}
        self.extensions: dict[type[Record], list[type[Extension[Any]]]] = {}
        for record in records:
            if issubclass(record, Extension):
                self.extensions.setdefault(host_of(record, Extension), []).append(record)
            elif issubclass(record, Line):
                self.lines.setdefault(host_of(record, Line), []).append(record)

    def of(self, session: Session, record: Record) -> Iterable[Record]:
        """The rows that depend on one record, read as the session reads."""
        kind = type(record)
        for line in self.lines.get(kind, ()):
            yield from session.scalars(select(line).where(line.parent_id == record.id))
        for extension in self.extensions.get(kind, ()):
            yield from session.scalars(select(extension).where(extension.id == record.id))


def listen() -> None:
    """Listen to every guarded session and mapper of this process, once."""
    if event.contains(GuardedSession, "before_flush", _before_flush):
        return
    event.listen(GuardedSession, "before_flush", _before_flush)
    event.listen(GuardedSession, "after_flush", _after_flush)
    event.listen(Mapper, "before_mapper_configured", _watch_history)
    for name, listener in (
        ("before_insert", _before_insert),
        ("after_insert", _after_insert),
        ("before_update", _before_update),
        ("before_delete", _before_delete),
    ):
        event.listen(Mapper, name, listener)


def _watch_history(mapper: Mapper[Any], kind: type[Any]) -> None:
    """The old value of an expired attribute must reach the ledger."""
    if issubclass(kind, Record):
        for attribute in mapper.column_attrs:
            attribute.active_history = True


# -- before the flush ------------------------------------------------------------------------------------------------


def _before_flush(session: Session, context: Any, instances: Any) -> None:
    listeners.check(session)
    state = state_of(session)
    state.landings.clear()
    for record in (*session.new, *session.dirty):
        _check_expressions(record)
        if isinstance(record, Record):
            record.check()
    _take_dependants(session, state)
    wholes.gather(session, state)
    if state.rights is not None and not state.kernel:
        for record in (*session.new, *session.dirty):
            if isinstance(record, Record):
                _check_links(session, record)


def _take_dependants(session: Session, state: SessionState) -> None:
    """Whoever may remove a record removes its lines and extensions with it, and theirs, whose plugin's they are."""
    state.leaving.clear()
    if state.ctx is None:
        return
    dependants = state.ctx.kernel.db.dependants
    going = [record for record in session.deleted if isinstance(record, Record)]
    going += [line for line in session.dirty if _is_orphan(line)]
    with session.no_autoflush:
        for record in going:
            for dependant in list(dependants.of(session, record)):
                state.leaving.add(dependant)
                if dependant not in going:
                    session.delete(dependant)
                    going.append(dependant)


def _is_orphan(record: object) -> bool:
    """Whether a line was taken out of its parent: it is removed by this flush."""
    return isinstance(record, Line) and None in (
        inspect(record).attrs["parent"].history.added or ()
    )


def _check_expressions(record: object) -> None:
    """SQL that a field is set to is written by the flush itself, past the guard of statements.

    Raises:
        Unguarded: an expression beyond the record's own fields, or what only turns into one.
    """
    known = inspect(record)
    for name, value in known.dict.items():
        if isinstance(value, ClauseElement):
            Walk().value(value, known.mapper)
        elif is_sql(value):
            raise Unguarded(
                f"{name} is set to a {type(value).__name__}, which is written as SQL: set it to a value"
            )


def is_sql(value: object) -> bool:
    """Whether SQLAlchemy would write a value as SQL: an expression, and whatever says that it turns into one."""
    return isinstance(value, ClauseElement) or hasattr(value, "__clause_element__")


def _check_links(session: Session, record: Record) -> None:
    """A link to a row that the person can't read is refused as *not found*: both would tell which rows exist. So is the
    correction of a fact that is hidden from them."""
    known = inspect(record)
    for attribute in known.mapper.column_attrs:
        if known.persistent and attribute.key not in known.committed_state:
            continue
        target = info_of(attribute.columns[0]).target
        corrects = isinstance(record, Dated) and attribute.key == "supersedes_id"
        if target is None and not corrects:
            continue
        added = known.attrs[attribute.key].history.added
        if not added or added[0] is None:
            continue
        with session.no_autoflush:
            if session.get(target or type(record), added[0]) is not None:
                continue
        if target is None:
            raise Refused("corrects-nothing", field=attribute.key, what=type(record).called())
        raise NotFound("linked-record", field=attribute.key, what=target.called())


# -- one record ------------------------------------------------------------------------------------------------------


def _state_for(target: object) -> SessionState | None:
    session = Session.object_session(target) if isinstance(target, Record) else None
    return state_of(session) if isinstance(session, GuardedSession) else None


def _before_insert(mapper: Mapper[Any], connection: Connection, target: Any) -> None:
    state = _state_for(target)
    if state is None or state.ctx is None:
        return
    listeners.check(mapper)
    check_id(type(target), inspect(target).dict)
    giver = _judge(state, target, "create")
    if giver is not None:
        state.givers[target] = giver
    _stamp(state.ctx, target, created=True)
    if is_journal(target):
        _say_where_from(state, target, giver)
    if isinstance(target, Dated):
        said = dated.known(connection, type(target), [inspect(target).dict], state.ctx.today)
        target.known_on = said["known_on"]
    numbering.give(mapper, connection, target, state.ctx.today)
    state.ctx.kernel.db.formulas.fill(target)
    state.ctx.kernel.expressions.whens.check_new(state.ctx, target)


def check_id(kind: type[Record], row: Mapping[str, Any]) -> None:
    """The id of a new record is the database's to give: what is still on record of one that is gone would be its own,
    and the database's count would come to it. An extension has that of its host.

    Raises:
        Unguarded: it was said.
    """
    if row.get("id") is not None and not issubclass(kind, Extension):
        raise Unguarded("id of a record is the kernel's to give")


def _after_insert(mapper: Mapper[Any], connection: Connection, target: Any) -> None:
    state = _state_for(target)
    if state is None or state.ctx is None:
        return
    identity = inspect(target).dict["id"]
    state.created.add((type(target).__tablename__, identity))
    giver = state.givers.get(target)
    state.captured.append(Change("create", target, procedure=_procedure(state), behalf=giver))


def _before_update(mapper: Mapper[Any], connection: Connection, target: Any) -> None:
    state = _state_for(target)
    if state is None or state.ctx is None:
        return
    listeners.check(mapper)
    _check_stamps(target)
    state.ctx.kernel.db.formulas.follow(state, target)
    old, whole = _old_values(mapper, target), target in state.wholes
    if not old and not whole:
        return
    # of what became of its lines they are judged themselves
    giver = _judge(state, target, "update") if old else state.behalf
    _check_states(state, mapper, target, old)
    state.ctx.kernel.expressions.whens.check_changed(state.ctx, target, old.keys())
    _stamp(state.ctx, target, created=False)
    if whole:
        wholes.mark(target)
    made = Change("update", target, old, procedure=_procedure(state), behalf=giver)
    state.captured.append(made)


def _before_delete(mapper: Mapper[Any], connection: Connection, target: Any) -> None:
    state = _state_for(target)
    if state is None or state.ctx is None:
        return
    listeners.check(mapper)
    giver = _judge(state, target, "delete")
    numbering.keep(mapper, target)
    old = {attribute.key: getattr(target, attribute.key) for attribute in mapper.column_attrs}
    made = Change("delete", target, old, procedure=_procedure(state), behalf=giver)
    state.captured.append(made)


def _check_stamps(target: Record) -> None:
    """Who made a record and when, its id and its version aren't said by whoever changes it: no entry would tell of it,
    and nobody would have judged it. Nor is its number, by which it is known outside.

    Raises:
        Unguarded: one of them was set to something else.
    """
    known = inspect(target)
    for name in sorted(known.committed_state.keys() & known.mapper.columns.keys()):
        given = name in GIVEN or info_of(known.mapper.columns[name]).number
        if given and known.attrs[name].history.has_changes():
            raise Unguarded(f"{name} of a record is the kernel's to give")


def _old_values(mapper: Mapper[Any], target: Any) -> dict[str, Any]:
    changed = {}
    known = inspect(target)
    for attribute in mapper.column_attrs:
        # what was never set has no history
        if attribute.key in _STAMPS or attribute.key not in known.committed_state:
            continue
        history = known.attrs[attribute.key].history
        if history.has_changes():
            changed[attribute.key] = history.deleted[0] if history.deleted else None
    return changed


def _stamp(ctx: KernelContext, target: Record, *, created: bool) -> None:
    who = ctx.actor.id or None
    target.changed_at, target.changed_by_id = ctx.now, who
    if created:
        target.created_at, target.created_by_id = ctx.now, who


def _say_where_from(state: SessionState, target: Record, giver: ActorData | None) -> None:
    """A row of a journal says itself what an entry would have said; the column gives the transaction.

    Raises:
        Unguarded: somebody said it already.
    """
    known = inspect(target).dict
    for name in journals.GIVEN:
        if known.get(name) is not None:
            raise Unguarded(f"{name} of a record is the kernel's to give")
        known.pop(name, None)
    for name, value in where_from(state, giver).items():
        setattr(target, name, value)


def where_from(state: SessionState, giver: ActorData | None = None) -> dict[str, object]:
    """Of a journal's row: in whose place it is written, through what, of which request."""
    behalf = giver or state.behalf
    return {
        "behalf_of_id": behalf.id if behalf else None,
        "procedure": _procedure(state),
        "request_id": state.ctx.request_id if state.ctx else "",
    }


def _judge(state: SessionState, target: Record, verb: str) -> ActorData | None:
    if not state.writes:
        raise Forbidden("read-only")
    if verb != "create" and getattr(target, "__append_only__", False):
        raise Refused("append-only", what=type(target).called())
    if target in state.leaving:  # judged with its host
        return state.behalf
    return cast("KernelContext", state.ctx).kernel.access.judge(state, target, verb)


def _check_states(
    state: SessionState, mapper: Mapper[Any], target: Record, changed: dict[str, Any]
) -> None:
    """A state is moved by the workflow alone."""
    for key in changed:
        if info_of(mapper.columns[key]).widget == "state" and not any(
            moved is target for moved in state.moving
        ):
            raise Refused("state-by-workflow-only", field=key)


def _procedure(state: SessionState) -> str:
    top = state.procedure
    return f"{top.plugin}.{top.name}" if top else ""


# -- after the flush -------------------------------------------------------------------------------------------------


def _after_flush(session: Session, context: Any) -> None:
    state = state_of(session)
    state.leaving.clear()
    if not state.captured or state.ctx is None:
        return
    kernel = state.ctx.kernel
    changes, state.captured = state.captured, []
    placed = dict(kernel.access.judging.landed(state))
    for change in changes:
        change.behalf = placed.get(change.record, change.behalf)
        _complete(state, change)
        change.told = wholes.told_of(state.wholes.pop(change.record, {}))
    told = [change for change in changes if is_told(change.record)]
    kernel.audit.write(state, [*told, *wholes.write_distant(state)])
    kernel.db.formulas.note(state, changes)
    kernel.search.note(state, changes)
    born = [change.record for change in changes if change.kind == "create"]
    state.born.extend(born)


def is_told(record: object) -> bool:
    """Whether the ledger has an entry for each change of a record."""
    return not getattr(record, "__journal__", False) and not is_journal(record)


def _complete(state: SessionState, change: Change) -> None:
    """The new values: defaults and keys are there by now; an SQL expression is fetched."""
    if change.kind == "delete":
        return
    known = inspect(change.record)
    names = (
        [attribute.key for attribute in known.mapper.column_attrs]
        if change.kind == "create"
        else list(change.old)
    )
    values = {name: known.dict.get(name) for name in names}
    missing = [
        n for n, value in values.items() if isinstance(value, ClauseElement) or n not in known.dict
    ]
    if missing and change.kind == "update":
        table = type(change.record).__table__
        row = state.connection.execute(
            select(*(known.mapper.columns[name] for name in missing))
            .select_from(table)
            .where(table.c.id == known.dict["id"]),
            execution_options=gate.MARKED,
        ).one()
        values.update(zip(missing, row, strict=True))
    change.new = {
        name: value
        for name, value in values.items()
        if change.kind == "update" or value is not None
    }
