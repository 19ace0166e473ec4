"""Set-based writing, behind ``tenor_sdk.bulk``: within a procedure of the plugin that owns the target, one ledger
entry a chunk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import CursorResult, Select, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.util import find_tables

from tenor.access.judging import Judge, Landing, Ways
from tenor.audit.entries import SECRET
from tenor.db import dated, gate, numbering
from tenor.db.arrays import inserting_arrays
from tenor.db.capture import GIVEN, check_id, is_sql, is_told, where_from
from tenor.db.conflicts import conflict
from tenor.db.errors import Unguarded
from tenor.db.state import SessionState, state_of
from tenor_sdk import journals
from tenor_sdk.errors import Forbidden, NotFound, Refused
from tenor_sdk.journals import is_journal
from tenor_sdk.records import Dated, Record, info_of

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_CHUNK = 500


class Bulk:
    """The doors of set-based writing."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(
        self, ctx: KernelContext, target: type[Record], rows: Sequence[Mapping[str, object]]
    ) -> int:
        """Insert rows of values; see ``tenor_sdk.bulk.load``.

        Raises:
            NotFound: ``linked-record``: a link, a line's parent or an extension's host that the person can't read.
        """
        state = _own(ctx, target)
        for start in range(0, len(rows), _CHUNK):
            self._insert(ctx, state, target, rows[start : start + _CHUNK])
        self._renew(ctx, state)
        return len(rows)

    def create(
        self,
        ctx: KernelContext,
        target: type[Record],
        rows: Sequence[Mapping[str, object]],
        *,
        in_order: bool = False,
    ) -> list[int]:
        """Insert a chunk of rows that a file brought, by the person's own grant, each judged as if it were alone.

        Args:
            in_order: return their ids in their order, which on SQLite costs a statement a row.

        Returns:
            Their ids.

        Raises:
            Forbidden: ``not-permitted``, ``read-only``, ``out-of-reach``: then the caller's savepoint is to undo all.
        """
        ctx.session.flush()
        state = state_of(ctx.session)
        if not state.writes:
            raise Forbidden("read-only")
        ways = self._judge_new(state, target, rows)
        # a key takes longer than its record, so those of a file are made afterwards
        left = self.kernel.search.leave(state, target)
        asked = any(ways)
        ids = self._insert(ctx, state, target, rows, in_order=in_order or asked, keyed=not left)
        if asked:
            _check_landed(state, target, zip(ids, ways, strict=True))
        self._renew(ctx, state)
        return ids

    def _judge_new(
        self, state: SessionState, target: type[Record], rows: Sequence[Mapping[str, object]]
    ) -> list[Ways]:
        """Whether each may be made, those that lie alike judged once; for each what only its row can tell."""
        columns = target.__mapper__.columns
        keys = [
            name
            for name, column in columns.items()
            if name in ("unit_id", "owner_id") or info_of(column).target is not None
        ]
        lying = [tuple(row.get(key) for key in keys) for row in rows]
        found: dict[tuple[object, ...], Ways] = {}
        for lies in set(lying):
            alike = _standing_for(target, dict(zip(keys, lies, strict=True)))
            self.kernel.access.judge(state, alike, "create")
            found[lies] = state.landings.pop().ways if state.landings else ()
        return [found[lies] for lies in lying]

    def _insert(
        self,
        ctx: KernelContext,
        state: SessionState,
        target: type[Record],
        rows: Sequence[Mapping[str, object]],
        *,
        in_order: bool = False,
        keyed: bool = True,
    ) -> list[int]:
        """Write a chunk, with its numbers, its computed fields and its entry in the ledger; returns the ids."""
        formulas, columns = self.kernel.db.formulas, target.__mapper__.columns
        names = {name for row in rows for name in row}
        _check_given(target, names)
        formulas.check_given(target, names)
        states = {name for name in names if info_of(columns[name]).widget == "state"}
        for row in rows:
            _check_values(row)
            check_id(target, row)
            if states:
                _check_states(target, row, beginning=True)
            _check_journal(target, row)
        stamps = _stamps(ctx) | (where_from(state) if is_journal(target) else {})
        numbered = [dict(row) for row in in_normal_form(target, _whole(target, rows, names))]
        numbering.give_all(state.connection, target, numbered, ctx.today)
        chunk = [{**row, **formulas.values_for(target, row), **stamps} for row in numbered]
        if state.rights is not None and not state.kernel:
            _check_links(ctx, target, chunk)
        whens = self.kernel.expressions.whens
        for row in chunk if whens.of(target) else ():
            whens.check_row(ctx, target, row)
        said = dated.known(state.connection, target, chunk, ctx.today)
        if said:
            chunk = [{**row, **said} for row in chunk]
        ids = _inserted(state, target.__table__, chunk, in_order=in_order)
        if is_told(target):
            self.kernel.audit.write_bulk(state, "create", target, ids, {})
        formulas.note_new(state, target, chunk)
        if keyed:
            self.kernel.search.note_rows(state, target, ids)
        return ids

    def _renew(self, ctx: KernelContext, state: SessionState) -> None:
        """Compute and key what the rows that were written leave to be computed and keyed."""
        self.kernel.db.formulas.renew(ctx.session)
        self.kernel.search.renew(state)

    def insert_from(
        self, ctx: KernelContext, target: type[Record], columns: Sequence[Any], source: Select[Any]
    ) -> int:
        """Insert what a guarded statement yields, a chunk at a time; see ``tenor_sdk.bulk.insert_from``."""
        names = [column.key for column in columns]
        state, count = _own(ctx, target), 0
        found = ctx.session.execute(source, execution_options={"yield_per": _CHUNK})
        # what is read from the table that is written has to be read to its end before
        own = target.__table__ in find_tables(source, include_joins=True, include_aliases=True)
        for part in [found.all()] if own else found.partitions(_CHUNK):
            rows = [dict(zip(names, row, strict=True)) for row in part]
            for start in range(0, len(rows), _CHUNK):
                self._insert(ctx, state, target, rows[start : start + _CHUNK])
            count += len(rows)
        self._renew(ctx, state)
        return count

    def update_where(
        self, ctx: KernelContext, target: type[Record], where: Any, values: Mapping[str, object]
    ) -> int:
        """Set values in the rows that the person may read; see ``tenor_sdk.bulk.update_where``."""
        if getattr(target, "__append_only__", False):
            raise Refused("append-only", what=target.called())
        state, formulas = _own(ctx, target), self.kernel.db.formulas
        _check_values(values)
        (values,) = in_normal_form(target, [values])
        for name in sorted(GIVEN & values.keys()):
            raise Unguarded(f"{name} of a record is the kernel's to give")
        _check_given(target, values)
        _check_states(target, values)
        formulas.check_given(target, values)
        if state.rights is not None and not state.kernel:
            _check_links(ctx, target, [values])
        ids = _locked(ctx, target, where)
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            table = target.__table__
            stamped = {
                **values,
                "version": table.c.version + 1,
                "changed_at": ctx.now,
                "changed_by_id": ctx.actor.id or None,
            }
            statement = update(table).where(table.c.id.in_(chunk)).values(**stamped)
            # what they linked to before, and after
            formulas.note_rows(state, target, chunk, values)
            before = _before(state, target, chunk, values)
            _execute(state, statement)
            self._check_whens(ctx, state, target, chunk, values)
            formulas.note_rows(state, target, chunk, values)
            told = _told(target, values)
            self.kernel.audit.write_bulk(state, "update", target, chunk, told, before)
            self.kernel.search.note_rows(state, target, chunk, values)
        self._renew(ctx, state)
        ctx.session.expire_all()
        return len(ids)

    def _check_whens(
        self, ctx: KernelContext, state: SessionState, target: type[Record], ids: Sequence[int],
        values: Mapping[str, object],
    ) -> None:  # fmt: skip
        """Whether rows that were set lack what a condition asks for; read only where one is about what was set.

        Raises:
            Invalid: by field.
        """
        whens, columns = self.kernel.expressions.whens, target.__mapper__.columns
        asked = whens.asked_of(target, values.keys())
        if not asked:
            return
        found = select(*(columns[name].label(name) for name in asked)).where(columns["id"].in_(ids))
        for row in _execute(state, found).mappings():
            whens.check_row(ctx, target, dict(row), values.keys())


def _locked(ctx: KernelContext, target: type[Record], where: Any) -> list[int]:
    """The ids of the rows that a condition finds, which nobody else changes from now on: a row that is being changed
    is waited for, and asked again, by the condition and by the person's rights, when that is done.

    In order, so that two who write many wait for each other in one direction, and that the numbers of a chunk lie close
    together: by these the ledger finds it.
    """
    found = select(target.id).where(where).order_by(target.id)
    return list(ctx.session.scalars(found.with_for_update(of=target)))


def _standing_for(target: type[Record], values: Mapping[str, object]) -> Any:
    """An object that no session knows, in the place of rows that are written without one."""
    made = target.__mapper__.class_manager.new_instance()
    for key, value in values.items():
        set_committed_value(made, key, value)
    return made


def _check_landed(
    state: SessionState, target: type[Record], rows: Iterable[tuple[int, Ways]]
) -> None:
    """Whether rows that were written lie where they may, as those of a flush.

    Raises:
        Forbidden: ``out-of-reach``.
    """
    state.landings.extend(
        Landing(_standing_for(target, {"id": identity}), ways) for identity, ways in rows if ways
    )
    for _row in Judge.landed(state):
        pass  # all are asked of


def _own(ctx: KernelContext, target: type[Record]) -> SessionState:
    session: Session = ctx.session
    session.flush()
    state = state_of(session)
    top = state.procedure
    if not state.writes:
        raise Forbidden("read-only")
    if top is None or top.plugin != target.__plugin__:
        raise Forbidden(
            "other-plugins-record", what=target.called(), plugin=top.plugin if top else ""
        )
    return state


def _execute(state: SessionState, statement: Any, rows: Any = None) -> CursorResult[Any]:
    try:
        return state.connection.execute(statement, rows, execution_options=gate.MARKED)
    except IntegrityError as error:
        raise conflict(error, state) from error


def _inserted(
    state: SessionState, table: Any, rows: Sequence[Mapping[str, Any]], *, in_order: bool
) -> list[int]:
    """Insert rows that have the same fields; their ids, on PostgreSQL always in the order of the rows."""
    if state.connection.dialect.name == "postgresql":
        statement, arrays = inserting_arrays(table, rows)
        return sorted(int(one) for one in _execute(state, statement, arrays).scalars())
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=in_order)
    return [int(one) for one in _execute(state, statement, list(rows)).scalars()]


def _check_values(values: Mapping[str, object]) -> None:
    """SQL among the values would be written past the guard of statements, and past the ledger.

    Raises:
        Unguarded: an expression.
    """
    for name, value in values.items():
        if is_sql(value):
            raise Unguarded(f"{name} is set to an expression: set-based writing takes values")


def _check_given(target: type[Record], names: Iterable[str]) -> None:
    """A number is counted, and said by nobody.

    Raises:
        Unguarded: it was said.
    """
    columns = target.__mapper__.columns
    for name in names:
        if info_of(columns[name]).number:
            raise Unguarded(f"{name} of a record is the kernel's to give")


def _whole(
    target: type[Record], rows: Sequence[Mapping[str, object]], names: Iterable[str]
) -> Sequence[Mapping[str, object]]:
    """Rows that all have the same fields: what one leaves out is what its column begins with, as for a row alone."""
    columns = target.__mapper__.columns
    ways = {name: _beginning(columns[name].default) for name in names}
    if all(len(row) == len(ways) for row in rows):
        return rows
    return [{name: row[name] if name in row else ways[name]() for name in ways} for row in rows]


def _beginning(default: Any) -> Callable[[], object]:
    """How the value comes about with which a column begins."""
    if default is None:
        return lambda: None
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


def in_normal_form(
    target: type[Record], rows: Sequence[Mapping[str, object]]
) -> Sequence[Mapping[str, object]]:
    """Rows with their texts in the form in which they are stored, as an object would bring them there."""
    columns = target.__mapper__.columns
    forms = {name: info_of(column).normal for name, column in columns.items()}
    asked = [(name, normal) for name, normal in forms.items() if normal is not None]
    if not asked:
        return rows
    made = [dict(row) for row in rows]
    for row in made:
        for name, normal in asked:
            value = row.get(name)
            if isinstance(value, str):
                row[name] = normal(value)
    return made


def _check_journal(target: type[Record], values: Mapping[str, object]) -> None:
    """What a row of a journal says of where it came from isn't said by whoever writes it.

    Raises:
        Unguarded: it was said.
    """
    if is_journal(target):
        for name in sorted(values.keys() & set(journals.GIVEN)):
            raise Unguarded(f"{name} of a record is the kernel's to give")


def _check_states(
    target: type[Record], values: Mapping[str, object], *, beginning: bool = False
) -> None:
    """A state is moved by the workflow alone, however many rows are set at once.

    Args:
        beginning: whether the rows are new: then they may say in which state every case begins.

    Raises:
        Refused: ``state-by-workflow-only``.
    """
    for name, value in values.items():
        column = target.__mapper__.columns[name]
        begins = beginning and value == getattr(column.default, "arg", None)
        if info_of(column).widget == "state" and not begins:
            raise Refused("state-by-workflow-only", field=name)


def _check_links(
    ctx: KernelContext, target: type[Record], rows: Sequence[Mapping[str, object]]
) -> None:
    """As for a record written alone: a row that the person can't read isn't linked to. One statement a link."""
    for name, column in target.__mapper__.columns.items():
        corrects = issubclass(target, Dated) and name == "supersedes_id"
        led_to = target if corrects else info_of(column).target
        ids = {row[name] for row in rows if row.get(name) is not None}
        if led_to is None or not ids:
            continue
        seen = set(ctx.session.scalars(select(led_to.id).where(led_to.id.in_(ids))))
        if ids - seen and corrects:
            raise Refused("corrects-nothing", field=name, what=led_to.called())
        if ids - seen:
            raise NotFound("linked-record", field=name, what=led_to.called())


def _before(
    state: SessionState, target: type[Record], ids: Sequence[int], names: Iterable[str]
) -> dict[str, list[object]]:
    """What stands in the rows of a chunk, for each field in the order of the ids; of a secret one, whether any does."""
    columns = target.__mapper__.columns
    found = select(columns["id"], *(columns[name] for name in names)).where(columns["id"].in_(ids))
    rows = {row[0]: row[1:] for row in _execute(state, found)}
    before: dict[str, list[object]] = {}
    for place, name in enumerate(names):
        values = [rows[identity][place] if identity in rows else None for identity in ids]
        secret = info_of(columns[name]).secret
        before[name] = [SECRET if secret and value is not None else value for value in values]
    return before


def _told(target: type[Record], values: Mapping[str, object]) -> dict[str, object]:
    """The values as the ledger keeps them: of a secret field, that it was set."""
    columns = target.__mapper__.columns
    return {
        name: SECRET if info_of(columns[name]).secret and value is not None else value
        for name, value in values.items()
    }


def _stamps(ctx: KernelContext) -> dict[str, object]:
    who = ctx.actor.id or None
    return {
        "version": 1,
        "created_at": ctx.now,
        "changed_at": ctx.now,
        "created_by_id": who,
        "changed_by_id": who,
    }
