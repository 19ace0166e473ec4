"""What other systems call records: set by whoever may change the record, ledgered, and gone with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, delete, event, insert, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapper, Session

from tenor.db import gate, wholes
from tenor.db.changes import Change
from tenor.db.session import GuardedSession
from tenor.db.state import SessionState, state_of
from tenor.records.records import ExternalId
from tenor.records.schema import prose
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, TenorError
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

R = TypeVar("R", bound=Record)
_table: Any = ExternalId.__table__
_SOURCE: Final = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_LONGEST: Final = 200


class ExternalIds:
    """The ids of records in other systems."""

    kernel: Kernel

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    # -- asked ------------------------------------------------------------------------------------------------------

    def of(self, ctx: KernelContext, record: Record) -> dict[str, str]:
        """By source the ids of a record that the person was able to load."""
        where = select(_table.c.source, _table.c.value).where(*_about(record))
        rows = self.kernel.db.execute(ctx.session, where.order_by(_table.c.source))
        return {row.source: row.value for row in rows}

    def value(self, ctx: KernelContext, record: Record, source: str) -> str:
        """See ``tenor_sdk.external_ids.external_id``."""
        self._check_seen(ctx, record)
        return self.of(ctx, record).get(source, "")

    def find(self, ctx: KernelContext, kind: type[R], source: str, value: str) -> R:
        """See ``tenor_sdk.external_ids.by_external_id``. One that is hidden costs and says what a missing one does."""
        statement = select(_table.c.record_id).where(
            _table.c.table_name == kind.__tablename__,
            _table.c.source == source.replace("\0", ""), _table.c.value == value.replace("\0", "").strip(),
        )  # fmt: skip
        identity = self.kernel.db.execute(ctx.session, statement).scalar()
        found = ctx.session.get(kind, identity or 0)
        if found is None:
            raise NotFound("not-found", what=kind.called())
        return found

    def ids_of(
        self, ctx: KernelContext, kind: type[Record], source: str, values: Iterable[str]
    ) -> dict[str, int]:
        """The records that another system calls so, by what it calls them, whoever may see them."""
        asked = [value for value in values if "\0" not in value]
        if not asked:
            return {}
        statement = select(_table.c.value, _table.c.record_id).where(
            _table.c.table_name == kind.__tablename__,
            _table.c.source == source,
            _table.c.value.in_(asked),
        )
        rows = self.kernel.db.execute(ctx.session, statement)
        return {row.value: row.record_id for row in rows}

    # -- set --------------------------------------------------------------------------------------------------------

    def set_new(
        self, ctx: KernelContext, kind: type[Record], source: str, values: Mapping[int, str]
    ) -> None:
        """Those of records that were made by the thousand in this transaction, by their ids; one entry in the ledger.

        Raises:
            Conflict: ``external-id-taken``.
        """
        state = state_of(ctx.session)
        who = ctx.actor.id or None
        stamps = {"version": 1, "created_at": ctx.now, "changed_at": ctx.now,
                  "created_by_id": who, "changed_by_id": who}  # fmt: skip
        rows = [
            {**stamps, "table_name": kind.__tablename__, "record_id": identity, "source": source, "value": value}
            for identity, value in values.items()
        ]  # fmt: skip
        try:
            made = state.connection.execute(
                insert(_table).returning(_table.c.id), rows, execution_options=gate.MARKED
            )
        except IntegrityError as error:
            raise Conflict("external-id-taken", source=source) from error
        ids = [int(identity) for identity in made.scalars()]
        self.kernel.audit.write_bulk(state, "create", ExternalId, ids, {"source": source})

    def check(self, source: object, value: object) -> tuple[str, str]:
        """A source and an id as they are kept.

        Raises:
            Invalid: ``not-a-source``, or what is wrong with the id.
        """
        return _checked(source, value)

    def set(self, ctx: KernelContext, record: Record, source: str, value: str) -> None:
        """See ``tenor_sdk.external_ids.set_external_id``."""
        self.set_all(ctx, record, {source: value})

    def set_all(self, ctx: KernelContext, record: Record, given: Mapping[str, str]) -> None:
        """Those that were handed in, by source. The record itself is changed by it, once.

        Raises:
            Invalid, Conflict: by field, ``external_ids.<source>``.
        """
        changed = [source for source in given if self._set(ctx, record, source, given[source])]
        if changed:
            state = state_of(ctx.session)
            wholes.beside(state, record, "external_ids", changed)
            ctx.session.flush()

    def _set(self, ctx: KernelContext, record: Record, source: str, value: str) -> bool:
        """Whether it was another one before."""
        source, value = _checked(source, value)
        ctx.session.flush()
        self._check_seen(ctx, record)
        state = state_of(ctx.session)
        giver = self._judge(state, record)
        before = self.of(ctx, record).get(source, "")
        if value == before:
            return False
        change = self._written(state, record, source, before, value)
        change.behalf = giver
        self.kernel.audit.write(state, [change])
        return True

    def read(self, given: object) -> dict[str, str]:
        """Ids as the API hands them in: an object by source; null takes one away.

        Raises:
            Invalid: with errors by field.
        """
        if not isinstance(given, Mapping):
            raise Invalid("invalid", {"external_ids": Invalid("not-an-object")})
        errors: dict[str, TenorError] = {}
        read: dict[str, str] = {}
        for source, value in given.items():
            try:
                name, text = _checked(source, "" if value is None else value)
                read[name] = text
            except Invalid as error:
                errors[f"external_ids.{source}"] = error
        if errors:
            raise Invalid("invalid", errors)
        return read

    def _check_seen(self, ctx: KernelContext, record: Record) -> None:
        kind, identity = type(record), inspect(record).identity
        if identity is None or ctx.session.get(kind, identity[0]) is not record:
            raise NotFound("not-found", what=kind.called())

    def _judge(self, state: SessionState, record: Record) -> ActorData | None:
        """As a change of the record; of one that is new in this transaction as part of its making.

        Returns:
            In whose place it is made.
        """
        if not state.writes:
            raise Forbidden("read-only")
        new = (type(record).__tablename__, record.id) in state.created
        return self.kernel.access.judge(state, record, "create" if new else "update")

    @staticmethod
    def _written(
        state: SessionState, record: Record, source: str, before: str, value: str
    ) -> Change:
        taken = select(_table.c.id).where(
            _table.c.table_name == type(record).__tablename__,
            _table.c.source == source, _table.c.value == value,
        )  # fmt: skip
        if value and _run(state.connection, taken).first() is not None:
            raise Conflict("external-id-taken", source=source)
        try:
            return _put(state, record, source, before, value)
        except IntegrityError as error:  # somebody was quicker
            raise Conflict("external-id-taken", source=source) from error


def _checked(source: object, value: object) -> tuple[str, str]:
    if not isinstance(source, str) or len(source) > 60 or not _SOURCE.fullmatch(source):
        raise Invalid("not-a-source")
    text = prose(value, _LONGEST)
    if "\n" in text:
        raise Invalid("control-characters")
    return source, text


def _about(record: Record) -> tuple[Any, ...]:
    return (
        _table.c.table_name == type(record).__tablename__,
        _table.c.record_id == record.id,
    )


def _run(connection: Connection, statement: Any) -> Any:
    return connection.execute(statement, execution_options=gate.MARKED)


def _put(state: SessionState, record: Record, source: str, before: str, value: str) -> Change:
    """Write one id, and say what the ledger is to hold of it."""
    ctx = state.ctx
    assert ctx is not None  # only admitted sessions write
    stamps = {"changed_at": ctx.now, "changed_by_id": ctx.actor.id or None}
    where = (*_about(record), _table.c.source == source)
    told = {"table_name": type(record).__tablename__, "record_id": record.id, "source": source}
    if not before:
        first = {**told, **stamps, "value": value, "version": 1,
                 "created_at": ctx.now, "created_by_id": stamps["changed_by_id"]}  # fmt: skip
        identity = _run(state.connection, insert(_table).values(**first).returning(_table.c.id))
        return _change(state, "create", identity.scalar_one(), {}, {**told, "value": value})
    if not value:
        gone = _run(state.connection, delete(_table).where(*where).returning(_table.c.id))
        return _change(state, "delete", gone.scalar_one(), {**told, "value": before}, {})
    changed = update(_table).where(*where).values(
        value=value, version=_table.c.version + 1, **stamps
    )  # fmt: skip
    identity = _run(state.connection, changed.returning(_table.c.id))
    return _change(state, "update", identity.scalar_one(), {"value": before}, {"value": value})


def _change(
    state: SessionState, kind: str, identity: int, old: dict[str, Any], new: dict[str, Any]
) -> Change:
    top = state.procedure
    procedure = f"{top.plugin}.{top.name}" if top else ""
    return Change(kind, ExternalId(id=identity), old, new, procedure)


# -- gone with the record ---------------------------------------------------------------------------------------------

_leaving: WeakKeyDictionary[Session, list[Record]] = WeakKeyDictionary()


@event.listens_for(GuardedSession, "before_flush")
def _begins(session: Session, _context: Any, _instances: Any) -> None:
    """What a flush that failed would have removed is still there."""
    _leaving.pop(session, None)


@event.listens_for(Mapper, "after_delete")
def _leaves(_mapper: Mapper[Any], _connection: Connection, target: Any) -> None:
    session = Session.object_session(target)
    if isinstance(session, GuardedSession) and isinstance(target, Record):
        _leaving.setdefault(session, []).append(target)


@event.listens_for(GuardedSession, "after_flush")
def _left(session: Session, _context: Any) -> None:
    """One statement for each kind of record that this flush removed."""
    gone = _leaving.pop(session, [])
    state = state_of(session)
    if not gone or state.ctx is None:
        return
    by_table: dict[str, list[int]] = {}
    for record in gone:
        by_table.setdefault(type(record).__tablename__, []).append(inspect(record).dict["id"])
    changes = [
        change for table, ids in by_table.items() for change in _forgotten(state, table, ids)
    ]
    if changes:
        state.ctx.kernel.audit.write(state, changes)


def _forgotten(state: SessionState, table: str, ids: Sequence[int]) -> list[Change]:
    where = (_table.c.table_name == table, _table.c.record_id.in_(ids))
    names = ("id", "table_name", "record_id", "source", "value")
    statement = delete(_table).where(*where).returning(*(_table.c[name] for name in names))
    rows = _run(state.connection, statement).mappings().all()
    return [
        _change(state, "delete", row["id"], {name: row[name] for name in names[1:]}, {})
        for row in rows
    ]
