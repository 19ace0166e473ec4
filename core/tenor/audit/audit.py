"""The audit ledger: written by the session at each flush, read by record, person and request, sealed by a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    func,
    select,
)

from tenor.audit import erasing, exporting, holds, journals, retiring, seals, set_based, verifying
from tenor.audit.asking import Asked, conditions, of_record, rows_asked
from tenor.audit.entries import entry, entry_of, plain, told_of
from tenor.audit.hashing import gone, new_listed_salt
from tenor.audit.inserting import insert_entries, insert_entry
from tenor.audit.journals import of_entry
from tenor.audit.records import LedgerEntry, Seal, SealMember
from tenor.audit.showing import SHUT, less, without
from tenor.audit.verdict import Verdict
from tenor.db import gate
from tenor.db.state import SessionState, state_of
from tenor_sdk.errors import Forbidden
from tenor_sdk.journals import is_journal
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from pathlib import Path

    from tenor.access import ActorData
    from tenor.audit.retiring import Retention
    from tenor.audit.trust import Trust
    from tenor.context import KernelContext
    from tenor.db.changes import Change
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

_table: Any = LedgerEntry.__table__
_members: Any = SealMember.__table__
_seals: Any = Seal.__table__
#: the entries of which each is a version of its record
_VERSIONS: Final = ("create", "update", f"{set_based.BULK}create", f"{set_based.BULK}update")


@dataclass(frozen=True)
class Entry:
    """An entry as it is read. ``changes``: for each field its value before and after, as the ledger keeps them;
    ``seal_id``: the seal that covers it, where one does already."""

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
    seal_id: int | None = None


_READ = tuple(name for name in Entry.__dataclass_fields__ if name != "seal_id")


class Audit:
    """The room of the ledger."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        """Nothing is declared here."""

    # -- writing ----------------------------------------------------------------------------------------------------

    def write(self, state: SessionState, changes: Sequence[Change]) -> None:
        """Put changes on record, in the transaction that makes them."""
        self._write(state, [entry_of(state, change) for change in changes])

    def write_bulk(
        self,
        state: SessionState,
        kind: str,
        target: type[Record],
        ids: Sequence[int],
        values: Mapping[str, object],
        before: Mapping[str, Sequence[object]] | None = None,
    ) -> None:
        """One entry for a chunk of set-based work.

        Args:
            values: what the fields were set to in every row.
            before: for each field what stood in the rows, in the order of ``ids``.
        """
        stood = {name: [plain(value) for value in each] for name, each in (before or {}).items()}
        told = {name: [stood.get(name), plain(value)] for name, value in values.items()}
        procedure = f"{state.stack[-1].plugin}.{state.stack[-1].name}" if state.stack else ""
        changes = {"ids": [None, list(ids)], **told}
        row = entry(
            state, f"{set_based.BULK}{kind}", table=target.__tablename__, changes=changes, procedure=procedure,
            salt=new_listed_salt(),
        )  # fmt: skip
        self._write(state, [{**row, "first_id": min(ids), "last_id": max(ids)}])

    def _write(self, state: SessionState, rows: Sequence[dict[str, Any]]) -> None:
        """Insert entries: together, unless they tell of what somebody watches, who hears of each by its number."""
        watches = self.kernel.events.watches
        heard = [row for row in rows if watches.concern(state, row)]
        if not heard:
            insert_entries(state.connection, rows)
            return
        for row in rows:
            number = insert_entry(state.connection, row)
            if row in heard:
                watches.note(state, row, number)

    def note(
        self,
        ctx: KernelContext,
        kind: str,
        record: Record | None = None,
        *,
        reason: str = "",
        **values: Any,
    ) -> None:
        """Put an act on record that isn't a change: a reveal, an export, a sign-in, a refusal.

        Args:
            kind: the act, a word or two with dashes.
            values: JSON values that say more of it.
        """
        self._put(ctx, self.drafted(ctx, kind, record, reason=reason, **values))

    def drafted(
        self,
        ctx: KernelContext,
        kind: str,
        record: Record | None = None,
        *,
        reason: str = "",
        **values: Any,
    ) -> dict[str, Any]:
        """The entry that ``note`` would write, for whoever writes it together with what it tells of."""
        table, identity = (
            (type(record).__tablename__, record.id) if record is not None else ("", None)
        )
        behalf = self._behalf(state_of(ctx.session), record)
        return self._row(ctx, kind, table, identity, values, reason=reason, behalf=behalf)

    def note_elevation(self, ctx: KernelContext, reason: str) -> None:
        """Put on record that somebody looks beyond their rows; it stays, though what follows is undone."""
        row = self._row(ctx, "elevated", "", None, {}, reason=reason)
        self._put(ctx, row)
        if state_of(ctx.session).writes:
            ctx.lasting.add(row)

    def note_cleared(
        self, ctx: KernelContext, table: str, record_id: int, fields: Sequence[str], reason: str
    ) -> None:
        """Put on record that values of a record were erased, which was changed past the session and isn't at hand."""
        told = {"fields": list(fields)}
        self._put(ctx, self._row(ctx, "values-cleared", table, record_id, told, reason=reason))

    @staticmethod
    def _row(
        ctx: KernelContext,
        kind: str,
        table: str,
        record_id: int | None,
        values: Mapping[str, Any],
        *,
        reason: str,
        behalf: ActorData | None = None,
    ) -> dict[str, Any]:
        state = state_of(ctx.session)
        top = state.procedure
        return entry(
            state,
            kind,
            behalf=behalf,
            changes={name: [None, plain(value)] for name, value in values.items()},
            reason=reason,
            procedure=f"{top.plugin}.{top.name}" if top else "",
            table=table,
            record_id=record_id,
        )

    def _put(self, ctx: KernelContext, row: dict[str, Any]) -> None:
        state = state_of(ctx.session)
        if state.writes:
            insert_entries(state.connection, [row])
            return
        # what a read leaves behind is a short write of its own
        with self.kernel.db.raw() as connection:
            insert_entries(connection, [row])

    def _behalf(self, state: SessionState, record: Record | None) -> ActorData | None:
        if record is None or record.id is None:
            return None
        return self.kernel.access.standing.giver(state, record)

    # -- reading ----------------------------------------------------------------------------------------------------

    def history(self, ctx: KernelContext, record: Record, *, limit: int = 200) -> list[Entry]:
        """The entries of a record that the person was able to load, newest first; hidden fields are left out, and
        changes of nothing else. Of set-based work that it was among, what that did to it."""
        found = self._told_of(ctx, record, limit)
        if is_journal(record):  # rows from before their record became a journal have entries
            found = found or [self._of_row(ctx, record)]
        effects = self.kernel.records.effects(ctx, record)
        return [
            without(entry, effects)
            for entry in (less(entry, effects) for entry in found)
            if entry is not None
        ]

    def since(self, ctx: KernelContext, record: Record, version: int) -> list[Entry] | None:
        """The entries that led from an earlier version of a record to what it is, newest first: each version has its
        own, set-based work included.

        Returns:
            None where the ledger doesn't tell it version by version: it was written past it, or entries were retired.
        """
        of_one = of_record(type(record).__tablename__, record.id, self.kernel.db.dialect)
        counted = (of_one, _table.c.kind.in_(_VERSIONS))
        told = self.kernel.db.execute(ctx.session, select(func.count()).where(*counted)).scalar()
        if told != record.version or not 0 < version <= record.version:
            return None
        effects = self.kernel.records.effects(ctx, record)
        entries = self._told_of(ctx, record, record.version - version, _table.c.kind.in_(_VERSIONS))
        return [without(entry, effects) for entry in entries]

    def changes_of(
        self, ctx: KernelContext, entry_id: int, table: str, record_id: int
    ) -> dict[str, list[Any]]:
        """What an entry tells of one record: for each field what stood there and what it was set to, as the ledger
        keeps it, without what was erased since. Whoever asks sees to it what the person may read of that."""
        of_one = of_record(table, record_id, self.kernel.db.dialect)
        for found in self._read(ctx, of_one, _table.c.id == entry_id, limit=1):
            changes = set_based.of_record(found.kind, found.changes, record_id)
            return {
                name: [None if gone(value) else value for value in pair]
                for name, pair in changes.items()
                if isinstance(pair, list)
            }
        return {}

    def changed_lately(self, ctx: KernelContext, asked: Asked, limit: int) -> list[Entry]:
        """The latest entries that tell of changes, whoever may read them: for the kernel's own asking."""
        changes = _table.c.kind.in_(("update", f"{set_based.BULK}update"))
        return self._read(ctx, *self.where(asked), changes, limit=limit)

    def _told_of(self, ctx: KernelContext, record: Record, limit: int, *where: Any) -> list[Entry]:
        of_one = of_record(type(record).__tablename__, record.id, self.kernel.db.dialect)
        entries = self._read(ctx, of_one, *where, limit=limit)
        return [
            replace(each, changes=set_based.of_record(each.kind, each.changes, record.id))
            for each in entries
        ]

    def _of_row(self, ctx: KernelContext, record: Record) -> Entry:
        """What a row of a journal says of itself, as an entry would have said it."""
        connection = state_of(ctx.session).connection
        with gate.kernels_own(connection):
            row, seal_id, names = journals.row_of(connection, type(record).__table__, record.id)
        who, behalf = row["created_by_id"], row["behalf_of_id"]
        return Entry(
            id=record.id,
            at=row["created_at"],
            actor_id=who,
            actor_name=names.get(who, ""),
            behalf_of_id=behalf,
            behalf_of_name=names.get(behalf, ""),
            kind="create",
            table_name=type(record).__tablename__,
            record_id=record.id,
            procedure=row["procedure"],
            elevation="",
            reason="",
            request_id=row["request_id"],
            changes=told_of(type(record), row),
            seal_id=seal_id,
        )

    def search(
        self, ctx: KernelContext, asked: Asked | None = None, *, limit: int = 50, **parts: Any
    ) -> list[Entry]:
        """Entries of the whole ledger, newest first, for whoever may read it; masked fields stay masked, and so is all
        that was said of records whose plugin isn't in service: nobody knows what of it may be seen.

        Args:
            parts: of ``Asked``, where it isn't handed in whole.

        Raises:
            Forbidden: ``not-permitted``: the person may not read the ledger.
        """
        if not ctx.may(LedgerEntry, "read"):
            raise Forbidden("not-permitted", what=LedgerEntry.called())
        masked = self.masked(ctx)
        return [
            without(entry, masked.get(entry.table_name))
            for entry in self._read(ctx, *self.where(asked or Asked(**parts)), limit=limit)
        ]

    def where(self, asked: Asked) -> list[ColumnElement[bool]]:
        """What is asked, as conditions on entries."""
        database = self.kernel.db
        return conditions(asked, database.dialect, self._kinds(), database.dependants)

    def _kinds(self) -> dict[str, type[Record]]:
        return {record.__tablename__: record for record in self.kernel.declarations.records}

    def export(self, ctx: KernelContext, asked: Asked) -> Iterator[str]:
        """Lines of a file that proves itself; see ``tenor.audit.exporting``. That it was taken out is put on record.

        Raises:
            Forbidden: ``not-permitted``: the person may not take the ledger out.
        """
        if not ctx.may(LedgerEntry, "export"):
            raise Forbidden("not-permitted", what=LedgerEntry.called())
        said = {name: plain(value) for name, value in vars(asked).items() if value}
        self.note(ctx, "export", of=LedgerEntry.__tablename__, format="proof", asked=said)
        ctx.session.flush()
        connection = state_of(ctx.session).connection
        hidden = {
            table: frozenset(name for name, effect in effects.items() if effect in SHUT)
            for table, effects in self.masked(ctx).items()
        }
        hidden[""] = frozenset()  # of no record
        rows = rows_asked(asked, self._kinds(), self.kernel.db.dependants)
        with gate.kernels_own(connection):
            yield from exporting.lines(
                connection, ctx.now, self.where(asked), hidden, rows, known=frozenset(hidden)
            )

    def _read(self, ctx: KernelContext, *where: Any, limit: int) -> list[Entry]:
        ctx.session.flush()
        statement = (
            select(*(_table.c[name] for name in _READ), _members.c.seal_id)
            .outerjoin_from(_table, _members, of_entry(_table))
            .where(*where)
            .order_by(_table.c.id.desc())
            .limit(limit)
        )
        rows = state_of(ctx.session).connection.execute(statement, execution_options=gate.MARKED)
        return [Entry(**row) for row in rows.mappings()]

    def masked(self, ctx: KernelContext) -> dict[str, Mapping[str, str]]:
        """Of each table the fields that the person sees only in part, or not at all."""
        records = self.kernel.declarations.records
        return {
            record.__tablename__: self.kernel.access.field_effects(ctx, record, None)
            for record in records
        }

    def is_held(self, ctx: KernelContext, table: str, record_id: int) -> bool:
        """Whether a legal hold is on a record, or on one that it is or was a part of; see ``holds.is_held``."""
        ctx.session.flush()
        connection = state_of(ctx.session).connection
        with gate.kernels_own(connection):
            return holds.is_held(connection, self._kinds(), table, record_id, still=True)

    def keep_still(self, ctx: KernelContext, table: str, record_id: int) -> None:
        """Nobody else changes, holds or erases a record until the context's transaction ends."""
        ctx.session.flush()
        connection = state_of(ctx.session).connection
        with gate.kernels_own(connection):
            holds.keep_still(connection, self._kinds(), table, record_id)

    # -- what the owner of the database does -------------------------------------------------------------------------

    def erase(self, ctx: KernelContext, connection: Connection) -> int:
        """Carry out the erasures that were approved, in the ledger; how many values. On the owner's connection."""
        erased = erasing.erase(connection, ctx.now, self._kinds(), self._owners_note(ctx))
        self.kernel.search.compact(connection)
        return erased

    def retire(
        self, ctx: KernelContext, connection: Connection, archive: Path, kept: Retention
    ) -> int:
        """Take what is older than it must be kept out of the ledger into an archive; how many entries. On the owner's
        connection.

        Raises:
            FileExistsError: no archive is written over.
        """
        note = self._owners_note(ctx)
        kinds = self._kinds()
        return retiring.retire(connection, ctx.now, ctx.today, kept, archive, kinds, note)

    def _owners_note(self, ctx: KernelContext) -> Any:
        """Writes entries of the kernel's own on another connection than the session's."""

        def note(
            connection: Connection, kind: str, *, changes: Mapping[str, Any], **told: Any
        ) -> None:
            values = {name: [None, plain(value)] for name, value in changes.items()}
            insert_entries(connection, [entry(state_of(ctx.session), kind, changes=values, **told)])

        return note

    # -- seals ------------------------------------------------------------------------------------------------------

    @property
    def journals(self) -> list[Table]:
        """The tables that are sealed directly, by name."""
        records = self.kernel.declarations.records
        tables = [record.__table__ for record in records if is_journal(record)]
        return sorted(tables, key=lambda table: table.name)

    def seal(self) -> int:
        """Seal what is over for everybody; returns how many entries."""
        total = 0
        while True:
            with self.kernel.db.raw() as connection:
                sealed = seals.seal(connection, self.kernel.clock.now(), self.journals)
            total += sealed
            if not sealed:
                return total

    def seal_within(self, ctx: KernelContext) -> int:
        """As ``seal``, one block, in the transaction of a job."""
        ctx.session.flush()
        connection = state_of(ctx.session).connection
        with gate.kernels_own(connection):
            return seals.seal(connection, ctx.now, self.journals)

    def rebase(self, ctx: KernelContext) -> int:
        """Begin the seals anew after a restored dump; see ``seals.rebase``."""
        ctx.session.flush()
        connection = state_of(ctx.session).connection
        with gate.kernels_own(connection):
            sealed = seals.rebase(connection, ctx.now, self.journals)
        self.note(ctx, "seals-rebased", entries=sealed)
        return sealed

    def last_root(self, ctx: KernelContext) -> tuple[int, str] | None:
        """The last of ``roots``; it covers all before it."""
        statement = select(_seals.c.id, _seals.c.digest).order_by(_seals.c.id.desc()).limit(1)
        row = self.kernel.db.execute(ctx.guarded, statement).first()
        return (row.id, row.digest) if row else None

    def roots(self) -> list[tuple[int, str]]:
        """Number and digest of each seal, to be kept off the machine."""
        with self.kernel.db.raw(write=False) as connection:
            return seals.roots(connection)

    def verify(self, kept: Mapping[int, str] | None = None, trust: Trust | None = None) -> Verdict:
        """Check every sealed entry, the chain of seals and their time stamps.

        Args:
            kept: of ``roots``, from where they were kept.
            trust: whose time stamps are believed.
        """
        with self.kernel.db.raw(write=False, snapshot=True) as connection:
            return verifying.verify(connection, kept, self.journals, trust)

    def proved(self, archives: Sequence[Path]) -> int:
        """How many entries that were taken out these archives prove, against the seals that stand.

        Raises:
            Refused: ``archive-not-whole``.
        """
        with self.kernel.db.raw(write=False) as connection:
            return len(set[int]().union(*(retiring.proved(connection, each) for each in archives)))
