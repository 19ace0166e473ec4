"""The audit ledger: written by the session at each flush, read by record, person and request, sealed by a job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger, Connection, Text, cast, func, insert, select

from tenor.audit import seals, verifying
from tenor.audit.entries import entry, entry_of, plain
from tenor.audit.records import LedgerEntry
from tenor.audit.verdict import Verdict
from tenor.db import gate
from tenor.db.state import SessionState, state_of
from tenor_sdk.errors import Forbidden
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.db.changes import Change
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

_table: Any = LedgerEntry.__table__
_INSERT: Final = insert(_table).inline()
#: with the transaction that wrote it: the sealer takes only what is over for everybody
_INSERTS: Final = {
    "postgresql": _INSERT.values(
        transaction=cast(cast(func.pg_current_xact_id(), Text), BigInteger)
    )
}


@dataclass(frozen=True)
class Entry:
    """An entry as it is read. ``changes``: for each field its value before and after, as the ledger keeps them."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    behalf_of_id: int | None
    behalf_of_name: str
    kind: str
    table_name: str
    record_id: int | None
    procedure: str
    elevation: str
    reason: str
    request_id: str
    changes: Mapping[str, Any]


_READ = tuple(Entry.__dataclass_fields__)


class Audit:
    """The room of the ledger."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        """Nothing is declared here."""

    # -- writing ----------------------------------------------------------------------------------------------------

    def write(self, state: SessionState, changes: Sequence[Change]) -> None:
        """Put changes on record, in the transaction that makes them."""
        _insert(state.connection, [entry_of(state, change) for change in changes])

    def write_bulk(
        self,
        state: SessionState,
        kind: str,
        target: type[Record],
        ids: Sequence[int],
        values: Mapping[str, object],
    ) -> None:
        """One entry for a chunk of set-based work."""
        told = {name: [None, plain(value)] for name, value in values.items()}
        procedure = f"{state.stack[-1].plugin}.{state.stack[-1].name}" if state.stack else ""
        changes = {"ids": [None, list(ids)], **told}
        row = entry(
            state, f"bulk-{kind}", table=target.__tablename__, changes=changes, procedure=procedure
        )
        _insert(state.connection, [row])

    def note(
        self,
        ctx: KernelContext,
        kind: str,
        record: Record | None = None,
        *,
        reason: str = "",
        **values: Any,
    ) -> None:
        """Put an act on record that isn't a change: an elevation, a reveal, an export, a sign-in, a refusal.

        Args:
            kind: the act, a word or two with dashes.
            values: JSON values that say more of it.
        """
        state = state_of(ctx.session)
        table, identity = (
            (type(record).__tablename__, record.id) if record is not None else ("", None)
        )
        changes = {name: [None, plain(value)] for name, value in values.items()}
        top = state.procedure
        procedure = f"{top.plugin}.{top.name}" if top else ""
        row = entry(
            state,
            kind,
            behalf=self._behalf(state, record),
            changes=changes,
            reason=reason,
            procedure=procedure,
            table=table,
            record_id=identity,
        )
        if state.writes:
            _insert(state.connection, [row])
            return
        with (
            self.kernel.db.raw() as connection
        ):  # what a read leaves behind is a short write of its own
            _insert(connection, [row])

    def _behalf(self, state: SessionState, record: Record | None) -> ActorData | None:
        if record is None or record.id is None:
            return None
        return self.kernel.access.standing.giver(state, record)

    # -- reading ----------------------------------------------------------------------------------------------------

    def history(self, ctx: KernelContext, record: Record, *, limit: int = 200) -> list[Entry]:
        """The entries of a record that the person was able to load, newest first; hidden fields are left out."""
        where = (_table.c.table_name == type(record).__tablename__, _table.c.record_id == record.id)
        found = self._read(ctx, *where, limit=limit)
        effects = self.kernel.records.effects(ctx, record)
        return [_without(entry, effects) for entry in found]

    def search(
        self,
        ctx: KernelContext,
        *,
        actor_id: int | None = None,
        table: str = "",
        record_id: int | None = None,
        request_id: str = "",
        kind: str = "",
        before: int | None = None,
        limit: int = 50,
    ) -> list[Entry]:
        """Entries of the whole ledger, newest first, for whoever may read it; masked fields stay masked.

        Args:
            before: an entry's id: only older ones, for the next page.

        Raises:
            Forbidden: ``not-permitted``: the person may not read the ledger.
        """
        if not ctx.may(LedgerEntry, "read"):
            raise Forbidden("not-permitted", what=LedgerEntry.called())
        wanted = {
            "actor_id": actor_id,
            "table_name": table,
            "record_id": record_id,
            "request_id": request_id,
            "kind": kind,
        }
        where = [
            _table.c[name] == value for name, value in wanted.items() if value not in (None, "")
        ]
        if before is not None:
            where.append(_table.c.id < before)
        masked = self._masked(ctx)
        return [
            _without(entry, masked.get(entry.table_name, {}))
            for entry in self._read(ctx, *where, limit=limit)
        ]

    def _read(self, ctx: KernelContext, *where: Any, limit: int) -> list[Entry]:
        ctx.session.flush()
        statement = (
            select(*(_table.c[name] for name in _READ))
            .where(*where)
            .order_by(_table.c.id.desc())
            .limit(limit)
        )
        rows = state_of(ctx.session).connection.execute(statement, execution_options=gate.MARKED)
        return [Entry(**row) for row in rows.mappings()]

    def _masked(self, ctx: KernelContext) -> dict[str, Mapping[str, str]]:
        records = self.kernel.declarations.records
        return {
            record.__tablename__: self.kernel.access.field_effects(ctx, record, None)
            for record in records
        }

    # -- seals ------------------------------------------------------------------------------------------------------

    def seal(self) -> int:
        """Seal what is over for everybody; returns how many entries."""
        total = 0
        while True:
            with self.kernel.db.raw() as connection:
                sealed = seals.seal(connection, self.kernel.clock.now())
            total += sealed
            if not sealed:
                return total

    def seal_within(self, ctx: KernelContext) -> int:
        """As ``seal``, one block, in the transaction of a job."""
        ctx.session.flush()
        connection = state_of(ctx.session).connection
        with gate.kernels_own(connection):
            return seals.seal(connection, ctx.now)

    def rebase(self, ctx: KernelContext) -> int:
        """Begin the seals anew after a restored dump; see ``seals.rebase``."""
        ctx.session.flush()
        connection = state_of(ctx.session).connection
        with gate.kernels_own(connection):
            sealed = seals.rebase(connection, ctx.now)
        self.note(ctx, "seals-rebased", entries=sealed)
        return sealed

    def roots(self) -> list[tuple[int, str]]:
        """Number and digest of each seal, to be kept off the machine."""
        with self.kernel.db.raw(write=False) as connection:
            return seals.roots(connection)

    def verify(self, kept: Mapping[int, str] | None = None) -> Verdict:
        """Check every sealed entry and the chain of seals.

        Args:
            kept: of ``roots``, from where they were kept.
        """
        with self.kernel.db.raw(write=False) as connection:
            return verifying.verify(connection, kept)


def _insert(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    statement = _INSERTS.get(connection.dialect.name, _INSERT)
    connection.execute(statement, list(rows), execution_options=gate.MARKED)


def _without(found: Entry, effects: Mapping[str, str]) -> Entry:
    # of custom fields, ``custom.<key>``, the rule about their column holds
    rules = {name for name, effect in effects.items() if effect in ("hide", "mask")}
    shut = {name for name in found.changes if name.partition(".")[0] in rules} if rules else rules
    if not shut:
        return found
    changes = {
        name: ["••••" if value is not None else None for value in pair] if name in shut else pair
        for name, pair in found.changes.items()
    }
    return Entry(**{**found.__dict__, "changes": changes})
