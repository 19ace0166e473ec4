"""Which fields are watched, and telling of their changes; see ``tenor_sdk.changes``.

What is watched is kept until the database counts a change of it, with the number that is read with every person who
acts (decision 26), so that records that nobody watches cost nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, and_, delete, insert, select

from tenor.audit import set_based
from tenor.audit.asking import Asked
from tenor.db import gate
from tenor.db.state import SessionState, state_of
from tenor.events.records import Watch
from tenor.events.rows import stamps, table_of
from tenor_sdk.catalogue import kind_name
from tenor_sdk.changes import FieldChanged, PastChange
from tenor_sdk.errors import Forbidden

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

_watch: Final = table_of(Watch)
_MOST: Final = 1000
#: kind of record and name of its field
Field = tuple[str, str]
#: by table and the field's name in the ledger
Watched = Mapping[str, Mapping[str, Sequence[Field]]]
#: the kinds of entries that tell of changes
UPDATES: Final = ("update", f"{set_based.BULK}update")


@dataclass(frozen=True)
class Seen:
    """A change of watched fields, before it is told.

    Args:
        causes: of what it came.
    """

    fields: tuple[Field, ...]
    record_id: int
    entry: int
    causes: tuple[str, ...]


class Watches:
    """What is watched."""

    def __init__(self, kernel: Kernel, plugins: Sequence[str]) -> None:
        self.kernel, self._plugins = kernel, plugins
        self._kept: tuple[int | None, Watched] | None = None

    # -- asked by plugins -----------------------------------------------------------------------

    def watch(self, ctx: KernelContext, kind: type[Record], name: str, key: str) -> None:
        """Begin; see ``tenor_sdk.changes.watch``."""
        table, stands_as, _readable = self.kernel.expressions.field(ctx, kind, name)
        self.unwatch(ctx, key)
        values = {
            "plugin": _plugin(ctx),
            "key": key,
            "kind": kind_name(kind),
            "name": name,
            "table_name": table,
            "stands_as": stands_as,
            **stamps(ctx),
        }
        self.kernel.db.execute(ctx.guarded, insert(_watch).values(values))

    def unwatch(self, ctx: KernelContext, key: str) -> None:
        """End; see ``tenor_sdk.changes.unwatch``."""
        one = and_(_watch.c.plugin == _plugin(ctx), _watch.c.key == key)
        ctx.watches_moved = True
        self.kernel.db.execute(ctx.guarded, delete(_watch).where(one))

    def past(
        self, ctx: KernelContext, kind: type[Record], name: str, limit: int
    ) -> list[PastChange]:
        """What was changed; see ``tenor_sdk.changes.past_changes``."""
        table, field, readable = self.kernel.expressions.field(ctx, kind, name)
        if not readable:
            return []
        entries = self.kernel.audit.changed_lately(
            ctx, Asked(table=table, field=field), max(1, min(limit, _MOST))
        )
        found = [
            PastChange(entry.id, entry.at, identity)
            for entry in entries
            for identity in set_based.changed(entry.kind, entry.record_id, entry.changes, field)
        ]
        ids = {one.record_id for one in found}
        seen = set(ctx.session.scalars(select(kind.id).where(kind.id.in_(ids)))) if ids else set()
        return [one for one in found if one.record_id in seen]

    # -- noticed where the ledger is written ----------------------------------------------------

    def concern(self, state: SessionState, row: Mapping[str, Any]) -> bool:
        """Whether an entry of the ledger tells of a field that somebody watches."""
        if row["kind"] not in UPDATES or state.ctx is None:
            return False
        watched = self._watched(state.ctx, state.connection).get(row["table_name"], {})
        return not watched.keys().isdisjoint(row["changes"])

    def note(self, state: SessionState, row: Mapping[str, Any], entry: int) -> None:
        """An entry that tells of watched fields: they are told once the session is flushed."""
        assert state.ctx is not None  # nobody else's entries are looked at
        watched = self._watched(state.ctx, state.connection)[row["table_name"]]
        for name, fields in watched.items():
            if name in row["changes"]:
                ids = set_based.changed(row["kind"], row["record_id"], row["changes"], name)
                made = state.created
                state.changed += (
                    Seen(tuple(fields), identity, entry, state.ctx.led_here)
                    for identity in ids
                    if (row["table_name"], identity) not in made
                )

    def _watched(self, ctx: KernelContext, connection: Connection) -> Watched:
        if ctx.watches_moved:  # what this transaction moved isn't anybody else's yet
            return self._read(connection)
        counted = self.kernel.access.counted
        if self._kept is None or self._kept[0] != counted:
            self._kept = (counted, self._read(connection))
        return self._kept[1]

    def _read(self, connection: Connection) -> Watched:
        wanted = select(
            _watch.c.kind, _watch.c.name, _watch.c.table_name, _watch.c.stands_as
        ).where(_watch.c.plugin.in_(self._plugins))
        found: dict[str, dict[str, list[Field]]] = {}
        rows = connection.execute(wanted.distinct(), execution_options=gate.MARKED)
        for row in rows:
            fields = found.setdefault(row.table_name, {}).setdefault(row.stands_as, [])
            fields.append((row.kind, row.name))
        return found

    # -- told -----------------------------------------------------------------------------------

    def tell(self, ctx: KernelContext, changes: Sequence[Seen]) -> None:
        """Tell of each field once, with all records of which one cause changed it."""
        for (causes, kind, name), seen in _by_field(changes).items():
            event = FieldChanged(
                kind=kind,
                field=name,
                records=[one.record_id for one in seen],
                entries=[one.entry for one in seen],
            )
            now, ctx.led_here = ctx.led_here, causes
            try:
                ctx.emit(event)
            finally:
                ctx.led_here = now


def _by_field(changes: Sequence[Seen]) -> dict[tuple[tuple[str, ...], str, str], list[Seen]]:
    found: dict[tuple[tuple[str, ...], str, str], list[Seen]] = {}
    for one in changes:
        for kind, name in one.fields:
            found.setdefault((one.causes, kind, name), []).append(one)
    return found


def _plugin(ctx: KernelContext) -> str:
    procedure = state_of(ctx.session).procedure
    if procedure is None:
        raise Forbidden("outside-a-procedure")
    return procedure.plugin
