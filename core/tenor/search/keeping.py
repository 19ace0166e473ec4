"""Keys are kept with their records: in the same flush, whichever way these are written; and made anew for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, delete, inspect, or_, select
from sqlalchemy.sql.elements import ClauseElement

from tenor.db import gate
from tenor.db.state import SessionState, state_of
from tenor.events.rows import inserting, stamps
from tenor.records.values import from_ledger
from tenor.search.behind import all_stood, leave, locked, mark, stood
from tenor.search.keys import document
from tenor.search.kinds import Kind, Searched, custom_texts, edition
from tenor.search.records import SearchKey
from tenor_sdk.records import Extension, Record, host_of

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.db.changes import Change
    from tenor.kernel import Kernel

_CHUNK: Final = 500
_NOWHERE: Final = object()
_keys: Final[Any] = SearchKey.__table__


@dataclass(frozen=True)
class Place:
    """How far a kind was keyed anew.

    Args:
        after: the id of the last.
        began: by which fields, when it began.
    """

    after: int = 0
    began: str = ""


class Keeping:
    """Keeps the keys of all kinds of records.

    Args:
        kinds: which records have keys.
    """

    def __init__(self, kernel: Kernel, kinds: dict[type[Record], Kind]) -> None:
        self.kernel, self.kinds = kernel, kinds
        self._watched: dict[type[Record], tuple[type[Record], frozenset[str]]] = {}
        #: the kinds, with their fields, of which this process needn't ask any more whether it writes the first records
        self._settled: dict[type[Record], str] = {}
        for kind in kinds.values():
            self._watched[kind.record] = (kind.record, kind.watched)
            for extension in kind.extensions:
                names = (one.spec.key for one in kind.declared if one.holder is extension)
                self._watched[extension] = (host_of(extension, Extension), frozenset(names))

    # -- what a change leaves to be keyed ---------------------------------------------------------------------------

    def note(self, state: SessionState, changes: Iterable[Change]) -> None:
        """Remember the records whose keys these changes make untrue."""
        for change in changes:
            record, known = type(change.record), inspect(change.record).dict
            names = None if change.kind != "update" else change.old
            self.note_rows(state, record, (known["id"],), names)
            noted, kind = state.unkeyed.get(record, {}), self.kinds.get(record)
            if known["id"] in noted and kind is not None and change.kind != "delete":
                noted[known["id"]] = _at_hand(kind, known)

    def note_rows(
        self,
        state: SessionState,
        record: type[Record],
        ids: Iterable[int],
        names: Iterable[str] | None = None,
    ) -> None:
        """The same of rows.

        Args:
            names: the attributes that change; None where the rows are new, or gone.
        """
        if record not in self._watched:
            return
        host, watched = self._watched[record]
        if names is None or not watched.isdisjoint(names):
            state.unkeyed.setdefault(host, {}).update(dict.fromkeys(ids))

    def leave(self, state: SessionState, record: type[Record]) -> bool:
        """Before many records are inserted: whether they need no keys yet, which is put on record; see
        ``behind.leave``."""
        ctx = state.ctx
        if ctx is None or (record in self._watched and record not in self.kinds):
            return False
        if record in self.kinds:
            leave(ctx, state.connection, record)
        return True

    def renew(self, state: SessionState) -> None:
        """Key what was noted."""
        ctx = state.ctx
        while state.unkeyed and ctx is not None:
            record, noted = state.unkeyed.popitem()
            kind, ids = self.kinds[record], sorted(noted)
            fields = self.fields(ctx, kind)
            self._settle(ctx, state.connection, kind, fields, ids)
            for start in range(0, len(ids), _CHUNK):
                chunk = {each: noted[each] for each in ids[start : start + _CHUNK]}
                self._key(ctx, state.connection, kind, fields, chunk)

    def fields(self, ctx: KernelContext, kind: Kind) -> list[Searched]:
        """By which fields records of a kind are found, those added by the institution among them."""
        return kind.fields(custom_texts(self.kernel.records.custom, ctx, kind.record))

    def now(self, ctx: KernelContext, kind: Kind) -> str:
        """By which fields records of a kind are keyed now."""
        return edition(self.fields(ctx, kind))

    def _settle(
        self,
        ctx: KernelContext,
        connection: Connection,
        kind: Kind,
        fields: Sequence[Searched],
        ids: Sequence[int],
    ) -> None:
        """Whoever writes the first records of a kind leaves none without its keys. Where there were others before it
        is for ``step`` to say; it is asked once."""
        now = edition(fields)
        if ctx.within.find(self._settled, kind.record) == now:
            return
        if stood(connection, kind.record) is None and not _others(connection, kind.record, ids):
            mark(ctx, connection, kind.record, now)
        ctx.within.learn(self._settled, kind.record, now)

    # -- keying -----------------------------------------------------------------------------------------------------

    def _key(
        self,
        ctx: KernelContext,
        connection: Connection,
        kind: Kind,
        fields: Sequence[Searched],
        noted: Mapping[int, dict[str, Any] | None],
    ) -> None:
        """Write the keys of these records, by their values at hand, else as they stand in the database."""
        ids = [identity for identity, given in noted.items() if given is None]
        values = _read(connection, kind, fields, ids) if ids else {}
        for identity, given in noted.items():
            if given is not None:
                values[identity] = _values(fields, given)
        documents = {identity: document(found) for identity, found in values.items()}
        rows = [
            {"id": kind.first + identity, "document": text, **stamps(ctx)}
            for identity, text in documents.items()
            if text
        ]
        gone = [kind.first + identity for identity in noted if not documents.get(identity)]
        if gone:
            _run(connection, delete(_keys).where(_keys.c.id.in_(gone)))
        if rows:
            _run(connection, _written(self.kernel.db.dialect), rows)

    # -- all of a kind ----------------------------------------------------------------------------------------------

    def behind(self, ctx: KernelContext) -> list[Kind]:
        """The kinds of which some records may lack their keys."""
        known = all_stood(state_of(ctx.session).connection)
        return [
            kind
            for record, kind in self.kinds.items()
            if known.get(record.__tablename__) != self.now(ctx, kind)
        ]

    def rebuild(self, kind: Kind) -> None:
        """Key all records of a kind anew, in transactions of their own, so that others can write between them."""
        system = self.kernel.access.system_actor()
        place: Place | None = Place()
        while place is not None:
            with self.kernel.context(system, write=True) as ctx:
                place = self.step(ctx, kind, place)

    def step(self, ctx: KernelContext, kind: Kind, place: Place) -> Place | None:
        """Key some hundred records anew; how to go on, None after the last. Until then what stood before holds."""
        connection, table = state_of(ctx.session).connection, kind.record.__table__
        # whoever inserts records that are keyed afterwards is either over, and seen, or gives ids beyond these
        locked(ctx, connection, kind.record)
        fields = self.fields(ctx, kind)
        began = place.began or edition(fields)
        found = select(table.c.id).where(table.c.id > place.after).order_by(table.c.id)
        ids = [int(each) for each in _run(connection, found.limit(_CHUNK)).scalars()]
        self._key(ctx, connection, kind, fields, dict.fromkeys(ids))
        is_last = len(ids) < _CHUNK
        self._forget_strays(connection, kind, place.after, None if is_last else ids[-1], ids)
        if not is_last:
            return Place(ids[-1], began)
        # of fields that changed meanwhile the first records know nothing
        mark(ctx, connection, kind.record, began)
        return None

    def _forget_strays(
        self, connection: Connection, kind: Kind, after: int, end: int | None, ids: Sequence[int]
    ) -> None:
        """Remove the keys of records that aren't there any more, between two ids."""
        table, key = kind.record.__table__, _keys.c.id
        until = kind.last if end is None else kind.first + end
        within = select(key).where(key > kind.first + after, key <= until)
        there = {kind.first + each for each in ids}
        strays = [each for each in _run(connection, within).scalars() if each not in there]
        if not strays:
            return
        # one that was made since the ids were read has written its key itself
        known = select(table.c.id).where(table.c.id.in_([each - kind.first for each in strays]))
        made = {kind.first + each for each in _run(connection, known).scalars()}
        _run(
            connection, delete(_keys).where(key.in_([each for each in strays if each not in made]))
        )


@cache
def _written(dialect: str) -> Any:
    """The statement that writes a row of keys, or makes it anew."""
    statement = inserting(dialect)(_keys)
    changed = {name: statement.excluded[name] for name in ("document", "changed_at")}
    return statement.on_conflict_do_update(
        index_elements=["id"], set_=changed, where=_keys.c.document != statement.excluded.document
    )


def _others(connection: Connection, record: type[Record], ids: Sequence[int]) -> bool:
    key = record.__table__.c.id
    beyond = select(key).where(or_(key < ids[0], key > ids[-1])).limit(1)
    return _run(connection, beyond).first() is not None


def _read(
    connection: Connection, kind: Kind, fields: Sequence[Searched], ids: Sequence[int]
) -> dict[int, list[tuple[str, str, bool]]]:
    """The values by which these records are found. They are locked first: of two transactions that change one, and an
    extension of it, the second waits and then sees what the first wrote."""
    found: dict[int, list[tuple[str, str, bool]]] = {}
    for holder in (kind.record, *kind.extensions):
        columns, own = holder.__mapper__.columns, [one for one in fields if one.holder is holder]
        names = {one.spec.key if not one.spec.is_custom else "custom" for one in own}
        statement = select(columns["id"].label("id"), *(columns[name] for name in sorted(names)))
        statement = statement.where(columns["id"].in_(ids))
        if holder is kind.record:
            # not FOR UPDATE: whoever adds a line holds FOR KEY SHARE on its parent
            statement = statement.with_for_update(key_share=True)
        for row in _run(connection, statement):
            given = dict(zip(("id", *sorted(names)), row, strict=True))
            if holder is kind.record:
                found[row.id] = []
            elif row.id not in found:
                continue
            found[row.id] += _values(own, given)
    return found


def _at_hand(kind: Kind, known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values of a record that was just written; None where it hasn't all of them. Nobody else changed it since it
    was read, as then the flush would have failed."""
    given = {name: known.get(name, _NOWHERE) for name in kind.watched}
    if kind.extensions or any(
        value is _NOWHERE or isinstance(value, ClauseElement) for value in given.values()
    ):
        return None
    return given


def _values(fields: Sequence[Searched], given: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    values = ((one, _value(one, given)) for one in fields)
    return [(one.slot, value, one.sounds) for one, value in values if value]


def _value(one: Searched, given: Mapping[str, Any]) -> str:
    if one.spec.is_custom:
        value = from_ledger(one.spec.kind, (given["custom"] or {}).get(one.spec.name))
    else:
        value = given[one.spec.key]
    return "" if value is None else str(value)


def _run(connection: Connection, statement: Any, rows: Any = None) -> Any:
    return connection.execute(statement, rows, execution_options=gate.MARKED)
