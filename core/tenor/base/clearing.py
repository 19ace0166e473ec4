"""Taking erased values out of their record, past the ledger, and out of what the kernel made of them: the keys by which
the record is found, what formulas computed from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, inspect, select, update

from tenor.audit.erased import erased_of
from tenor.audit.holds import parents_of
from tenor.audit.past import linked
from tenor.base.answers import erase_answers
from tenor.base.filters import erase_filters
from tenor.base.told import erase_told
from tenor.db import gate
from tenor.db.derived import derived
from tenor.db.state import state_of
from tenor.imports.erasing import erase_refused
from tenor.views import address
from tenor.views.records import SavedFilter
from tenor_sdk.records import Line, Record, host_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.audit.records import Erasure
    from tenor.context import KernelContext
    from tenor.db.computing import Watcher
    from tenor.db.derived import Place


def empty(column: Any) -> Any:
    """What stands where nothing stands; False where there is no such value."""
    if column.nullable:
        return None
    return "" if isinstance(column.type, String) else False


def computed_from(ctx: KernelContext, erasure: Erasure) -> dict[Place, frozenset[str]]:
    """By record the stored fields that were ever computed from what is to be erased, but those that the erasure names
    itself."""
    kind = ctx.kernel.records.by_table[erasure.table_name]
    connection, names = state_of(ctx.guarded).connection, {*erasure.fields.split()}

    def hosts(watcher: Watcher, place: Place) -> set[int]:
        return _hosts(connection, watcher, place)

    with gate.kernels_own(connection):
        found = derived(ctx.kernel.db.formulas, (kind, erasure.record_id), names, hosts)
    own = found.pop((kind, erasure.record_id), frozenset()) - names
    return {**found, **({(kind, erasure.record_id): own} if own else {})}


def _hosts(connection: Connection, watcher: Watcher, place: Place) -> set[int]:
    """The records to which a record links, and to which it ever did."""
    kind, record_id = place
    columns = inspect(kind).columns
    now = select(columns[watcher.key]).where(columns["id"] == record_id)
    past = linked(connection, kind.__tablename__, record_id, watcher.key)
    return {*connection.execute(now).scalars(), *past} - {None}


def clear(
    ctx: KernelContext, erasure: Erasure, along: Mapping[Place, Collection[str]]
) -> dict[Place, frozenset[str]]:
    """Take the values out: what is erased mustn't be written to the ledger once more. What was made of them is made
    anew, by all that is left; where the kernel kept them besides, they go too.

    Args:
        along: what else is erased with them, by record; see ``computed_from``.

    Returns:
        By record the fields of which the ledger tells values that people typed where these stood.
    """
    kind = ctx.kernel.records.by_table[erasure.table_name]
    places = {(kind, erasure.record_id): erasure.fields.split()}
    connection = state_of(ctx.guarded).connection
    typed: dict[Place, frozenset[str]] = {}
    with gate.kernels_own(connection):  # as long as it is known what they are
        for (each, record_id), names in (*places.items(), *along.items()):
            erased = erased_of(connection, each, record_id, names)
            erase_refused(ctx, connection, erased)
            erase_told(connection, erased)
            for number, fields in erase_filters(connection, erased).items():
                place = (SavedFilter, number)
                typed[place] = typed.get(place, frozenset()) | fields
            wholes = _wholes(connection, each, record_id)
            erase_answers(connection, erased, address(each, record_id), wholes)
    _clear(ctx, erasure, kind)
    return typed


def _wholes(connection: Connection, kind: type[Record], record_id: int) -> set[str]:
    """The addresses of the records that a line belongs to, or ever did."""
    if not issubclass(kind, Line):
        return set()
    host = host_of(kind, Line)
    return {address(host, one) for one in parents_of(connection, kind, record_id)}


def _clear(ctx: KernelContext, erasure: Erasure, kind: type[Record]) -> None:
    formulas = ctx.kernel.db.formulas
    table: Any = kind.__table__
    named = erasure.fields.split()
    columns, names = inspect(kind).columns, [one for one in named if one not in formulas.own(kind)]
    values: dict[Any, Any] = {
        columns[name]: empty(columns[name]) for name in names if "." not in name
    }
    for key in {name.partition(".")[0] for name in names if "." in name}:
        values[columns[key]] = _without(ctx, columns[key], erasure, names)
    stamps = {table.c.version: table.c.version + 1, table.c.changed_at: ctx.now}
    statement = update(table).where(table.c.id == erasure.record_id).values({**values, **stamps})
    ctx.kernel.db.execute(ctx.guarded, statement)
    ctx.kernel.audit.note_cleared(ctx, erasure.table_name, erasure.record_id, named, erasure.reason)
    ctx.session.expire_all()
    _make_anew(ctx, erasure, {name.partition(".")[0] for name in names})


def _make_anew(ctx: KernelContext, erasure: Erasure, attributes: set[str]) -> None:
    """Compute and key anew what was made of these attributes."""
    kind = ctx.kernel.records.by_table[erasure.table_name]
    state, ids = state_of(ctx.guarded), (erasure.record_id,)
    formulas, search = ctx.kernel.db.formulas, ctx.kernel.search
    formulas.note_rows(state, kind, ids, attributes)
    search.note_rows(state, kind, ids, attributes)
    formulas.renew(ctx.guarded)
    search.renew(state)
    ctx.session.expire_all()


def _without(ctx: KernelContext, column: Any, erasure: Erasure, names: Sequence[str]) -> Any:
    statement = select(column).where(column.table.c.id == erasure.record_id)
    there = ctx.kernel.db.execute(ctx.guarded, statement).scalar() or {}
    gone = {name.partition(".")[2] for name in names if name.partition(".")[0] == column.key}
    return {key: value for key, value in there.items() if key not in gone}
