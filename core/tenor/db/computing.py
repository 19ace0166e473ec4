"""Stored fields that are computed: filled in before a record is written, and computed anew in the same flush when what
they depend on changes, of all rows, whoever acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_attribute, set_committed_value
from sqlalchemy.sql.elements import ClauseElement

from tenor.db import gate
from tenor.db.changes import Change
from tenor.db.state import SessionState, state_of
from tenor_sdk.computed import COMPUTING, Formula, formulas_of
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from sqlalchemy import Connection

_CHUNK: Final = 500
#: who is in the ledger as the procedure of a value that was computed anew
PROCEDURE: Final = "computed"
#: what a formula can't depend on: it isn't known yet when the value is computed, or moves with each change
_STAMPS: Final = frozenset(
    ("id", "version", "created_at", "created_by_id", "changed_at", "changed_by_id")
)


class FormulaFault(Exception):
    """A computed field that can't be; says where it is declared."""


@dataclass(frozen=True)
class Watcher:
    """That a kind of record is read by the formulas of another, to which it links.

    Args:
        host: whose formulas.
        relation: by which they read it.
        key: the attribute that links to the host.
        names: the attributes that they read.
    """

    host: type[Record]
    relation: str
    key: str
    names: frozenset[str]


class Formulas:
    """The stored fields of every kind of record, and which changes make them be computed anew."""

    def __init__(self, records: Sequence[type[Record]]) -> None:
        self._own: dict[type[Record], Mapping[str, Formula]] = {}
        self._through: dict[type[Record], tuple[str, ...]] = {}
        self._watchers: dict[type[Record], list[Watcher]] = {}
        for record in records:
            if any(formula.stored for formula in formulas_of(record).values()):
                self._take_in(record)

    def _take_in(self, record: type[Record]) -> None:
        self._own[record] = dict(_in_order(record))
        through: dict[str, set[str]] = {}
        for formula in self._own[record].values():
            for name, inner in formula.tree.items():
                if name in record.__mapper__.relationships:
                    through.setdefault(name, set()).update(inner)
        self._through[record] = tuple(through)
        for name, names in through.items():
            relation = record.__mapper__.relationships[name]
            ((_, remote),) = relation.local_remote_pairs or ()
            key = relation.mapper.get_property_by_column(remote).key
            watcher = Watcher(record, name, key, frozenset(names))
            self._watchers.setdefault(relation.mapper.class_, []).append(watcher)

    def kinds(self) -> Sequence[type[Record]]:
        """The kinds of record with stored fields."""
        return tuple(self._own)

    def own(self, kind: type[Record]) -> Mapping[str, Formula]:
        """The stored fields of a kind, each after those that it depends on."""
        return self._own.get(kind, {})

    def watchers(self, kind: type[Record]) -> Sequence[Watcher]:
        """Whose formulas read a kind."""
        return self._watchers.get(kind, ())

    # -- one record, before it is written -----------------------------------------------------------------------

    def fill(self, record: Record) -> None:
        """Compute the stored fields of a record that is being written first, as it and its lines stand in memory."""
        formulas = self._own.get(type(record))
        if formulas is None:
            return
        for relation in self._through[type(record)]:
            for each in getattr(record, relation):
                if inspect(each).key is None:
                    _fill_defaults(each)
                    self.fill(each)
        _fill_defaults(record)
        for name, formula in formulas.items():
            if not _waits(record, formula):
                set_attribute(record, name, formula.of(record), COMPUTING)

    def follow(self, state: SessionState, record: Record) -> None:
        """Compute the stored fields of a record that is being changed, those that depend on itself alone; the others
        are computed when all is written."""
        attributes = inspect(record).attrs
        for name, formula in self._own.get(type(record), {}).items():
            if self._reaches_out(type(record), formula):
                continue
            if not any(attributes[own].history.has_changes() for own in formula.tree):
                continue
            if _waits(record, formula):
                state.stale.setdefault(type(record), set()).add(record.id)
            elif (value := formula.of(record)) != getattr(record, name):
                set_attribute(record, name, value, COMPUTING)

    def values_for(self, target: type[Record], row: Mapping[str, object]) -> dict[str, Any]:
        """The stored fields of a row that is written without a record."""
        if target not in self._own:
            return {}
        made = target.__mapper__.class_manager.new_instance()
        for name, value in row.items():
            set_committed_value(made, name, value)
        self.fill(made)
        return {name: getattr(made, name) for name in self._own[target]}

    def check_given(self, target: type[Record], names: Iterable[str]) -> None:
        """Nobody sets what is computed, through the doors of set-based writing either.

        Raises:
            TypeError: with the field.
        """
        for name in names:
            if name in self._own.get(target, ()):
                raise TypeError(f"{target.__name__}.{name} is computed: nobody sets it")

    # -- what a change makes stale ------------------------------------------------------------------------------

    def note(self, state: SessionState, changes: Sequence[Change]) -> None:
        """Remember what has to be computed anew after these changes."""
        for change in changes:
            kind = type(change.record)
            if change.kind == "update" and self._reads_other_rows(kind, change.old):
                state.stale.setdefault(kind, set()).add(inspect(change.record).dict["id"])
        self._note_hosts(state, changes)

    def _note_hosts(self, state: SessionState, changes: Iterable[Change]) -> None:
        for change in changes:
            for watcher in self._watchers.get(type(change.record), ()):
                hosts = _hosts(state.connection, watcher, change)
                state.stale.setdefault(watcher.host, set()).update(hosts)

    def note_rows(
        self, state: SessionState, kind: type[Record], ids: Sequence[int], names: Iterable[str]
    ) -> None:
        """Of rows that are changed without their records: their own, and those that they link to as they lie now."""
        changed = set(names)
        if any(
            not changed.isdisjoint(formula.tree) for formula in self._own.get(kind, {}).values()
        ):
            state.stale.setdefault(kind, set()).update(ids)
        for watcher in self._watchers.get(kind, ()):
            if not changed.isdisjoint({*watcher.names, watcher.key}):
                column = kind.__mapper__.columns[watcher.key]
                found = select(column).where(kind.__mapper__.columns["id"].in_(ids)).distinct()
                hosts = state.connection.execute(found, execution_options=gate.MARKED).scalars()
                state.stale.setdefault(watcher.host, set()).update(
                    host for host in hosts if host is not None
                )

    def note_new(
        self, state: SessionState, kind: type[Record], rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Of rows that are new."""
        for watcher in self._watchers.get(kind, ()):
            hosts = {row[watcher.key] for row in rows if row.get(watcher.key) is not None}
            state.stale.setdefault(watcher.host, set()).update(hosts)

    def _reads_other_rows(self, kind: type[Record], changed: Iterable[str]) -> bool:
        """Whether a formula that reads other rows too depends on one of these fields."""
        names = set(changed)
        return any(
            not names.isdisjoint(formula.tree) and self._reaches_out(kind, formula)
            for formula in self._own.get(kind, {}).values()
        )

    def _reaches_out(self, kind: type[Record], formula: Formula) -> bool:
        """Whether it reads other rows, directly or by way of another stored field."""
        others = self._own[kind]
        return any(
            name in self._through[kind]
            or (name in others and self._reaches_out(kind, others[name]))
            for name in formula.tree
        )

    # -- computing anew -----------------------------------------------------------------------------------------

    def renew(self, session: Session) -> int:
        """Compute anew what has become stale, and what that makes stale; returns how many records changed.

        As many statements for many records of a kind as for one.
        """
        state, changed = state_of(session), 0
        while state.stale:
            kind, ids = state.stale.popitem()
            wanted = sorted(ids)
            for start in range(0, len(wanted), _CHUNK):
                changes = self._computed_anew(state, kind, wanted[start : start + _CHUNK])
                _write(state, kind, changes, tuple(self._own[kind]))
                self._note_hosts(state, changes)
                _tell(session, changes)
                changed += len(changes)
        return changed

    def _computed_anew(
        self, state: SessionState, kind: type[Record], ids: Sequence[int]
    ) -> list[Change]:
        """What changes of these records. They are locked first: of two transactions that each add a line, the second
        waits, and then sees the other's."""
        loads = [selectinload(getattr(kind, name)) for name in self._through[kind]]
        statement = select(kind).where(kind.id.in_(ids)).order_by(kind.id).options(*loads)
        # not FOR UPDATE: a line that is being added holds FOR KEY SHARE on its parent already
        locked = statement.with_for_update(key_share=True, of=kind)
        changes = []
        with (
            gate.kernels_own(state.connection),
            Session(
                state.connection, join_transaction_mode="rollback_only", autoflush=False
            ) as reader,
        ):
            for record in reader.scalars(locked).all():
                old, new = {}, {}
                for name, formula in self._own[kind].items():
                    before, value = getattr(record, name), formula.of(record)
                    if value != before:
                        set_committed_value(record, name, value)
                        old[name], new[name] = before, value
                if old:
                    procedure = f"{kind.__plugin__}.{PROCEDURE}"
                    changes.append(Change("update", record, old, new, procedure))
            reader.expunge_all()
        return changes


def _in_order(record: type[Record]) -> Iterator[tuple[str, Formula]]:
    """The stored fields of a record, each after those that it depends on."""
    formulas = {name: each for name, each in formulas_of(record).items() if each.stored}
    done: set[str] = set()

    def visit(name: str) -> Iterator[tuple[str, Formula]]:
        if name in formulas and name not in done:
            done.add(name)
            for needed in formulas[name].tree:
                yield from visit(needed)
            yield name, formulas[name]

    for name in formulas:
        yield from visit(name)


def _fill_defaults(record: Record) -> None:
    """The defaults that the database layer would give only when the row is written."""
    known = inspect(record)
    for attribute in known.mapper.column_attrs:
        default = attribute.columns[0].default
        if attribute.key in known.dict or attribute.key in _STAMPS or default is None:
            continue
        if default.is_scalar:
            setattr(record, attribute.key, default.arg)
        elif default.is_callable:
            setattr(record, attribute.key, default.arg(None))


def _waits(record: Record, formula: Formula) -> bool:
    """Whether it reads a field that was set to SQL, whose value is known only when it is written."""
    known = inspect(record).dict
    return any(isinstance(known.get(name), ClauseElement) for name in formula.tree)


def _hosts(connection: Connection, watcher: Watcher, change: Change) -> set[int]:
    """The records whose formulas read what changed."""
    if change.kind != "update":
        values = change.new if change.kind == "create" else change.old
        return {values[watcher.key]} - {None} if values.get(watcher.key) else set()
    if watcher.key in change.old:
        return {change.old[watcher.key], change.new[watcher.key]} - {None}
    if watcher.names.isdisjoint(change.old):
        return set()
    known = inspect(change.record)
    if watcher.key not in known.dict:
        column = known.mapper.columns
        found = select(column[watcher.key]).where(column["id"] == known.identity[0])
        return set(connection.execute(found, execution_options=gate.MARKED).scalars()) - {None}
    return {known.dict[watcher.key]} - {None}


def _write(
    state: SessionState, kind: type[Record], changes: Sequence[Change], names: Sequence[str]
) -> None:
    ctx = state.ctx
    if not changes or ctx is None:
        return
    table = kind.__table__
    stamps = {
        "version": table.c.version + 1,
        "changed_at": ctx.now,
        "changed_by_id": ctx.actor.id or None,
    }
    columns = {name: kind.__mapper__.columns[name] for name in names}
    values = {
        column.name: bindparam(f"new_{name}", type_=column.type) for name, column in columns.items()
    }
    statement = update(table).where(table.c.id == bindparam("the_id")).values({**values, **stamps})
    rows = [
        {
            "the_id": change.record.id,
            **{f"new_{name}": getattr(change.record, name) for name in names},
        }
        for change in changes
    ]
    state.connection.execute(statement, rows, execution_options=gate.MARKED)
    ctx.kernel.audit.write(
        state, [each for each in changes if not getattr(each.record, "__journal__", False)]
    )
    ctx.kernel.search.note(state, changes)


def _tell(session: Session, changes: Iterable[Change]) -> None:
    """Let the session's own records know what was written beside them."""
    state = state_of(session)
    assert state.ctx is not None
    for change in changes:
        beside = change.record
        known = session.identity_map.get(inspect(type(beside)).identity_key_from_instance(beside))
        # one that somebody else has changed since it was loaded keeps its version, so that the clash is seen
        if known is None or inspect(known).dict.get("version") != beside.version:
            continue
        told = {
            **change.new,
            "version": beside.version + 1,
            "changed_at": state.ctx.now,
            "changed_by_id": state.ctx.actor.id or None,
        }
        for name, value in told.items():
            set_committed_value(known, name, value)


# -- at the start ----------------------------------------------------------------------------------------------------


def check_formulas(record: type[Record]) -> None:
    """Whether the computed fields of a record depend on what there is, and none on itself.

    Raises:
        FormulaFault: with the place.
    """
    for name, formula in formulas_of(record).items():
        for path in formula.depends_on:
            _check_path(record, name, formula, path)
    for name, formula in formulas_of(record).items():
        round_trip = _circle(record, name, ())
        if round_trip:
            raise FormulaFault(
                f"{formula.origin}: {record.__name__}.{name} depends on itself: {' → '.join(round_trip)}"
            )


def _check_path(record: type[Record], name: str, formula: Formula, path: str) -> None:
    place = f"{formula.origin}: {record.__name__}.{name} depends on {path!r}"
    first, _dot, rest = path.partition(".")
    mapper = record.__mapper__
    relation = mapper.relationships.get(first)
    if relation is None:
        _check_name(record, first, formula, place)
        if rest:
            raise FormulaFault(f"{place}, but {first} isn't a relation")
        return
    if not relation.uselist:
        raise FormulaFault(
            f"{place}, which lies above it: only what is below or links to it is watched"
        )
    if rest:
        _check_name(relation.mapper.class_, rest, formula, place)


def _check_name(record: type[Record], name: str, formula: Formula, place: str) -> None:
    other = formulas_of(record).get(name)
    if name in _STAMPS or (name not in record.__mapper__.column_attrs and other is None):
        raise FormulaFault(f"{place}, but {record.__name__} has no field {name!r} to depend on")
    if formula.stored and other is not None and not other.stored:
        raise FormulaFault(
            f"{place}, which isn't stored: name the fields from which that is computed"
        )


def _circle(record: type[Record], name: str, on_the_way: tuple[str, ...]) -> tuple[str, ...]:
    here = f"{record.__name__}.{name}"
    if here in on_the_way:
        return (*on_the_way, here)
    formula = formulas_of(record).get(name)
    for path in formula.depends_on if formula else ():
        first, _dot, rest = path.partition(".")
        relation = record.__mapper__.relationships.get(first)
        other = record if relation is None else relation.mapper.class_
        found = _circle(other, first if relation is None else rest, (*on_the_way, here))
        if found:
            return found
    return ()
