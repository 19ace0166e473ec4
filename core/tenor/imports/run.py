"""An import on its way through a file: chunk by chunk, each in a transaction of its own that also moves the place that
was reached, so that one that is killed goes on where it stopped, nothing twice. A dry run does the same and undoes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from zlib import crc32

from sqlalchemy import text

from tenor.db.state import state_of
from tenor.imports.chunk import Chunk, Taken
from tenor.imports.heads import Head, Row, Table, passed_over, sheet_named, text_of
from tenor.imports.plan import Course, Plan
from tenor.imports.records import CHECKED, CHECKING, DONE, RUNNING, STOPPED
from tenor.imports.scale import against_history, by_record
from tenor.imports.seen import Seen
from tenor.search.jobs import catch_up
from tenor_sdk.errors import Conflict, Refused, TenorError
from tenor_sdk.i18n import Text, _
from tenor_sdk.sheets import Formula, open_sheets

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.access import ActorData
    from tenor.imports.imports import Imports
    from tenor.imports.journal import Entry

#: rows of a chunk: one statement, one entry in the ledger, one commit
CHUNK: Final = 1000
_LOOKED_AT: Final = 1000
#: of imports among the locks of a database
_LOCK: Final = 7_236_031


class _Undone(Exception):
    """A chunk of a dry run, which leaves nothing."""


class Run:
    """One way through a file.

    Args:
        actor: whose import it is; their rights are read anew for each chunk.
        entry: of the journal, as it stands.
        dry: leave nothing but what would become of it.
        told: called after each chunk with the journal's entry.
    """

    def __init__(
        self, room: Imports, actor: ActorData, entry: Entry, *, dry: bool, told: Any = None
    ) -> None:
        self.room, self.kernel, self.actor, self.entry = room, room.kernel, actor, entry
        self.dry, self.told = dry, told
        self.state = CHECKING if dry else RUNNING
        self.scales: dict[str, list[int]] = {}
        self.warnings: list[str] = []
        self._others: list[str] = []

    def go(self, file: BinaryIO) -> Entry:
        """Take the file in, from where the journal stands to its end; the entry as it stands then.

        What can't be read at all is the journal's problem, and stops it.
        """
        try:
            with open_sheets(file, self.entry.file_name) as sheets:
                sheet = sheet_named(sheets, self.entry.sheet)
                self._others = passed_over(sheets, sheet) if not self.entry.reached else []
                head = Head(self.entry.header_row, tuple(self.entry.header))
                table = Table(sheet, head, not sheet.name, frozenset(self.entry.columns))
                self._through(table)
        except TenorError as error:
            self._stop(error)
        return self._entry()

    def _through(self, table: Table) -> None:
        course = self.room.course(self.entry)
        with Seen() as seen:
            self._before(course, table, seen)
            reached = self.entry.reached
            rows = table.rows(after=reached)
            while part := list(islice(rows, CHUNK)):
                if not self._chunk(course, table, part, seen, reached):
                    return
                reached = part[-1][0]
                if self.told is not None:
                    self.told(self._entry())
            self._finish(course, reached)

    def _before(self, course: Course, table: Table, seen: Seen) -> None:
        """Look at the first rows, and remember by what those are known that were taken in before."""
        with self.kernel.context(self.actor, write=False) as ctx:
            plan = Plan(ctx, course)
            if not self.entry.reached:
                first = list(islice(table.rows(), _LOOKED_AT))
                self.warnings = [self._said(text) for text in against_history(ctx, plan, first)]
                self.warnings += self.room.left_out(ctx, course, first)
                self.warnings += [self._said(each) for each in self._other_sheets()]
                self.warnings += [self._said(each) for each in self._taken_before(ctx)]
            if self.entry.reached and plan.keys:
                before = table.before(self.entry.reached)
                while part := list(islice(before, CHUNK)):
                    self._made(ctx, plan, table, part, seen).remember()

    def _other_sheets(self) -> Iterator[Text]:
        """That an import is of one sheet, where there is more."""
        if self._others:
            yield _(
                "Only the sheet {sheet} is taken in, none of: {others}",
                sheet=self.entry.sheet, others=", ".join(self._others),
            )  # fmt: skip

    def _taken_before(self, ctx: Any) -> Iterator[Text]:
        """That the very file was taken in already, where its rows aren't known again."""
        day = None if self.entry.match else self.room.journal.taken_on(ctx, self.entry)
        if day is not None:
            yield _(
                "This very file was taken in already, on {day}: each of its rows comes a second time.",
                day=day.isoformat(),
            )

    # -- one chunk --------------------------------------------------------------------------------------------------

    def _chunk(
        self, course: Course, table: Table, rows: Sequence[Row], seen: Seen, reached: int
    ) -> bool:
        """Take a chunk in; whether it is still this run that moves the journal."""
        if self.dry:
            return self._tried(course, table, rows, seen, reached)
        with self._own() as ctx:
            connection = state_of(ctx.session).connection
            with self.kernel.db.marked(connection) as marked:
                # first of all: whoever else would take the same chunk waits here, and then finds it taken
                if not self._advance(marked, reached, reached=rows[-1][0]):
                    return False
                _in_turn(marked, course)
            taken = self._made(ctx, Plan(ctx, course), table, rows, seen).take()
            with self.kernel.db.marked(connection) as marked:
                self._keep(marked, ctx, rows, taken, rows[-1][0])
        return True

    def _tried(
        self, course: Course, table: Table, rows: Sequence[Row], seen: Seen, reached: int
    ) -> bool:
        taken = Taken()
        with suppress(_Undone), self._own() as ctx:
            taken = self._made(ctx, Plan(ctx, course), table, rows, seen).take()
            raise _Undone
        with self._own() as ctx, self.kernel.db.marked(state_of(ctx.session).connection) as marked:
            if not self._advance(marked, reached, reached=rows[-1][0]):
                return False
            self._keep(marked, ctx, rows, taken, rows[-1][0])
        return True

    def _made(self, ctx: Any, plan: Plan, table: Table, rows: Sequence[Row], seen: Seen) -> Chunk:
        merged = table.merged([number for number, _cells in rows])
        return Chunk(ctx, plan, rows, seen, strict=table.strict, merged=merged)

    @contextmanager
    def _own(self) -> Iterator[Any]:
        number = f"import-{self.entry.id}"
        with self.kernel.context(self._as_they_are, write=True, request_id=number) as ctx:
            yield ctx

    def _as_they_are(self, connection: Connection) -> ActorData:
        """Whose import it is, with the rights that they have by now: a long file outlasts a change of them.

        Raises:
            Refused: ``actor-gone``: who imports has left.
        """
        if not self.actor.is_person:
            return self.actor
        found = self.kernel.access.actor(connection, self.actor.id)
        if found is None:
            raise Refused("actor-gone", user_id=self.actor.id)
        return found

    def _advance(self, connection: Any, before: int, **values: Any) -> bool:
        journal = self.room.journal
        return journal.advance(connection, self.entry.id, self.state, before, **values)

    def _keep(
        self, connection: Any, ctx: Any, rows: Sequence[Row], taken: Taken, reached: int
    ) -> None:
        """Count what became of a chunk, and keep what was refused."""
        for key, (far, n) in taken.scales.items():
            told = self.scales.setdefault(key, [0, 0])
            told[0], told[1] = told[0] + far, told[1] + n
        self.room.journal.refuse(connection, ctx, self.entry.id, self._refused(rows, taken))
        self.room.journal.count(
            connection,
            self.entry.id,
            rows=len(rows),
            made=taken.made,
            changed=taken.changed,
            unchanged=taken.unchanged,
            refused=len(taken.faults),
        )

    def _refused(self, rows: Sequence[Row], taken: Taken) -> list[dict[str, Any]]:
        return [
            {
                "row": rows[place][0],
                "cells": [_kept(cell) for cell in rows[place][1]],
                "reasons": "; ".join(
                    f"{fault.column}: {said}" if fault.column else said
                    for fault, said in ((each, self._error(each.error)) for each in faults)
                ).replace("\0", "\N{SYMBOL FOR NULL}"),
            }
            for place, faults in sorted(taken.faults.items())
        ]

    def _error(self, error: TenorError) -> str:
        return self.kernel.translator.error(error, self.actor.language)

    def _said(self, text: Any) -> str:
        return self.kernel.translator.text(text, self.actor.language)

    # -- the end ----------------------------------------------------------------------------------------------------

    def _finish(self, course: Course, reached: int) -> None:
        with self._own() as ctx:
            told = by_record(Plan(ctx, course), self.scales)
            self.warnings += [self._said(text) for text in told]
            values: dict[str, Any] = {
                "state": CHECKED if self.dry else DONE,
                "warnings": self.warnings,
            }
            if not self.dry:
                values["finished_at"] = ctx.now
            with self.kernel.db.marked(state_of(ctx.session).connection) as marked:
                over = self._advance(marked, reached, **values)
            if over and not self.dry:
                catch_up(ctx, course.record)
                self.room.note(ctx, self.room.journal.get(ctx, self.entry.id), "import-done")

    def _stop(self, error: TenorError) -> None:
        # a dry run left nothing behind from where one in earnest could go on
        place = {"reached": 0} if self.dry else {}
        with self.kernel.db.raw() as connection:
            self.room.journal.move(
                connection, self.entry.id, state=STOPPED, problem=self._error(error), **place
            )

    def _entry(self) -> Entry:
        with self.kernel.context(self.actor, write=False) as ctx:
            return self.room.journal.get(ctx, self.entry.id)


def _in_turn(connection: Connection, course: Course) -> None:
    """Chunks that look for what is there wait for one another, lest two both find nothing and both write it. On SQLite
    all who write do."""
    if course.matched_by and connection.dialect.name == "postgresql":
        number = crc32(course.record.__tablename__.encode()) - 2**31
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:room, :kind)"), {"room": _LOCK, "kind": number}
        )


def _kept(cell: Any) -> Any:
    """A cell as JSON keeps it and a file gives it back."""
    if isinstance(cell, Formula):
        return f"={cell.text.lstrip('=')}" if cell.value is None else _kept(cell.value)
    if cell is None or isinstance(cell, (str, int, float, bool)):
        return cell
    return text_of(cell)


def check_state(entry: Entry, *states: str) -> None:
    """Whether an import stands where it must.

    Raises:
        Conflict: ``import-elsewhere``.
    """
    if entry.state not in states:
        raise Conflict("import-elsewhere", state=entry.state)
