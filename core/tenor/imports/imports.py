"""The room of imports: proposes what a file's columns mean, and takes it in by the person's own grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from tenor.files.files import base_name
from tenor.imports.goals import Goals
from tenor.imports.heads import Head, Table, first_cells, hash_of, head_of, sheet_named
from tenor.imports.journal import Entry, Journal
from tenor.imports.plan import Course, Plan, check_importable
from tenor.imports.records import CHECKED, CHECKING, PROPOSED, RUNNING, STOPPED
from tenor.imports.run import Run, check_state
from tenor.records.custom import name_of
from tenor.records.written import orders
from tenor_sdk.errors import Conflict, Invalid, NotFound
from tenor_sdk.i18n import _
from tenor_sdk.sheets import UnreadableFile, open_sheets

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.imports.heads import Row
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

_LOOKED_AT: Final = 10_000


class Imports:
    """The room."""

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.journal = Journal(kernel)

    def load(self, declarations: Declarations) -> None:
        """Nothing is declared here: whatever a person may make can be imported."""

    # -- what a file means ------------------------------------------------------------------------------------------

    def propose(
        self,
        ctx: KernelContext,
        record: type[Record],
        name: str,
        file: BinaryIO,
        *,
        sheet: str = "",
        mapping: Mapping[str, str] | None = None,
        matched_by: Sequence[str] | None = None,
        file_id: int | None = None,
    ) -> Entry:
        """Open an import: which columns the file has, and to which fields they go.

        Args:
            name: of the file.
            mapping: for names of columns their goals, empty for none; the others are proposed by their names, and as
                the person said it of a file with the same columns before.
            matched_by: goals by which a row is known again; None: as before, else by none, and each row is new.
            file_id: where the file was stored.

        Raises:
            UnreadableFile: what is wrong with the file as a whole.
            Invalid, Forbidden: as ``Plan``.
        """
        check_importable(ctx, record)
        digest, size = hash_of(file)
        goals = Goals(ctx, record)
        with open_sheets(file, name) as sheets:
            chosen = sheet_named(sheets, sheet)
            given = dict(mapping or {})
            head = head_of(chosen, lambda names: len(goals.proposed(names, given)))
            looked = list(islice(Table(chosen, head, strict=False).rows(), _LOOKED_AT))
        before = self.journal.remembered(ctx, name_of(record), head.hash)
        columns = self._columns(goals, head, given, before)
        match = matched_by if matched_by is not None else (before.match if before else [])
        identity = self.journal.open(
            ctx,
            {
                "record": name_of(record),
                "file_name": base_name(name),
                "file_id": file_id,
                "size": size,
                "sha256": digest,
                "sheet": chosen.name[:100],
                "header_row": head.row,
                "header": list(head.names),
                "header_hash": head.hash,
                "mapping": _mapping(columns, _orders(looked)),
                "matched_by": ",".join(match),
            },
        )
        return self.journal.get(ctx, identity)

    @staticmethod
    def _columns(
        goals: Goals, head: Head, given: Mapping[str, str], before: Entry | None
    ) -> dict[int, str]:
        names = [name for name in head.names if name]
        for name in given:
            if name not in names:
                raise Invalid("no-such-column", None, name=name, columns=", ".join(names)[:300])
        twice = {name for name in names if names.count(name) > 1}
        said = (
            {before.header[place]: goal for place, goal in before.columns.items()} if before else {}
        )
        remembered = {**dict.fromkeys(before.header, ""), **said} if before else {}
        columns = goals.proposed(head.names, {**remembered, **given})
        for place in columns:
            if head.names[place] in twice:
                raise UnreadableFile("column-twice", name=head.names[place])
        for goal in columns.values():
            goals.goal(goal)
        return columns

    def remap(
        self,
        ctx: KernelContext,
        entry: Entry,
        columns: Mapping[int, str],
        matched_by: Sequence[str],
    ) -> None:
        """Say otherwise to which fields the columns go.

        Raises:
            Invalid, Forbidden, UnreadableFile: as ``Plan``.
            Conflict: ``import-elsewhere``: it runs, is over, or stopped half-way.
        """
        _check_at_the_beginning(entry)
        record = self.record(entry)
        Plan(ctx, Course(record, entry.header, columns, matched_by, entry.orders))
        with self.kernel.db.marked(self.kernel.db.connection_of(ctx.session)) as connection:
            self.journal.move(
                connection,
                entry.id,
                mapping=_mapping(columns, entry.orders),
                matched_by=",".join(matched_by),
                state=PROPOSED,
            )

    def samples(self, ctx: KernelContext, entry: Entry) -> Mapping[int, list[str]]:
        """What stands first in the columns of the stored file, by their places; nothing where it can't be read now."""
        try:
            file = self._stored(ctx, entry)
            with open_sheets(file, entry.file_name) as sheets:
                sheet = sheet_named(sheets, entry.sheet)
                return first_cells(Table(sheet, Head(entry.header_row, ()), strict=False))
        except (Conflict, NotFound, UnreadableFile):
            return {}

    def course(self, entry: Entry) -> Course:
        """What was said of a file, as one value."""
        return Course(self.record(entry), entry.header, entry.columns, entry.match, entry.orders)

    def record(self, entry: Entry) -> type[Record]:
        """The kind of record that an import brings.

        Raises:
            NotFound: ``not-found``: its plugin isn't enabled.
        """
        plugin, _dot, slug = entry.record.partition(".")
        return self.kernel.records.find(plugin, slug)

    def left_out(self, ctx: KernelContext, course: Course, rows: Sequence[Row]) -> list[str]:
        """A sentence on the columns that go nowhere though something stands in them."""
        places = [
            place
            for place in range(max((len(cells) for _n, cells in rows), default=0))
            if place not in course.mapping
            and any(place < len(cells) and cells[place] not in (None, "") for _n, cells in rows)
        ]
        names = [
            course.header[place]
            if place < len(course.header) and course.header[place]
            else f"#{place + 1}"
            for place in places
        ]
        if not names:
            return []
        text = _("Left out, as they go to no field: {columns}", columns=", ".join(names))
        return [self.kernel.translator.text(text, ctx.actor.language)]

    # -- on its way -------------------------------------------------------------------------------------------------

    def begin(self, ctx: KernelContext, entry: Entry, *, dry: bool) -> None:
        """Let it begin, dry or in earnest; ``go`` does it.

        Raises:
            Conflict: ``import-elsewhere``; one that stopped half-way is resumed, so that no row is taken in twice.
            Invalid, Forbidden, UnreadableFile: as ``Plan``.
        """
        _check_at_the_beginning(entry)
        Plan(ctx, self.course(entry))
        with self.kernel.db.marked(self.kernel.db.connection_of(ctx.session)) as connection:
            self.journal.forget_refused(connection, entry.id)
            self.journal.move(
                connection, entry.id, state=CHECKING if dry else RUNNING, reached=0, rows=0, made=0, changed=0,
                unchanged=0, refused=0, problem="",
            )  # fmt: skip
        if not dry:
            self.note(ctx, entry, "import")

    def resume(self, ctx: KernelContext, entry: Entry) -> None:
        """Let one that stopped go on where it stopped.

        Raises:
            Conflict: ``import-elsewhere``.
        """
        check_state(entry, RUNNING, STOPPED)
        if entry.state == STOPPED and not entry.reached:
            raise Conflict("import-elsewhere", state=entry.state)
        with self.kernel.db.marked(self.kernel.db.connection_of(ctx.session)) as connection:
            self.journal.move(connection, entry.id, state=RUNNING, problem="")

    def stop(self, ctx: KernelContext, entry: Entry) -> None:
        """Stop it after the chunk on which it is.

        Raises:
            Conflict: ``import-elsewhere``.
        """
        check_state(entry, RUNNING, CHECKING)
        with self.kernel.db.marked(self.kernel.db.connection_of(ctx.session)) as connection:
            place = {"reached": 0} if entry.state == CHECKING else {}
            self.journal.move(connection, entry.id, state=STOPPED, **place)

    def go(
        self, actor: ActorData, identity: int, *, file: BinaryIO | None = None, told: Any = None
    ) -> Entry:
        """Take in a file that was let begin, with no transaction open; the entry as it stands then.

        Args:
            file: by default the one that was stored.
            told: called with the entry after each chunk.
        """
        with self.kernel.context(actor, write=False) as ctx:
            entry = self.journal.get(ctx, identity)
            if file is None:
                file = self._stored(ctx, entry)
        if entry.state not in (CHECKING, RUNNING):
            return entry
        return Run(self, actor, entry, dry=entry.state == CHECKING, told=told).go(file)

    def _stored(self, ctx: KernelContext, entry: Entry) -> BinaryIO:
        if entry.file_id is None:
            raise NotFound("not-found")
        _info, content = self.kernel.files.read(ctx, entry.file_id)
        return BytesIO(content)

    def note(self, ctx: KernelContext, entry: Entry, kind: str) -> None:
        """Put on record that a file is taken in."""
        self.kernel.audit.note(
            ctx, kind, of=self.record(entry).__tablename__, file=entry.file_name, sha256=entry.sha256,
            number=entry.id, mapping=dict(entry.mapping), matched_by=entry.matched_by, rows=entry.rows,
            made=entry.made, changed=entry.changed, refused=entry.refused,
        )  # fmt: skip


def _check_at_the_beginning(entry: Entry) -> None:
    """Whether no row was taken in yet.

    Raises:
        Conflict: ``import-elsewhere``.
    """
    check_state(entry, PROPOSED, CHECKED, STOPPED)
    if entry.state == STOPPED and entry.reached:
        raise Conflict("import-elsewhere", state=entry.state)


def _mapping(columns: Mapping[int, str], order: Mapping[int, str]) -> dict[str, Any]:
    return {
        "columns": {str(place): goal for place, goal in columns.items()},
        "orders": {str(place): first for place, first in order.items()},
    }


def _orders(rows: Sequence[Row]) -> dict[int, str]:
    """For columns with dates whether the day or the month stands first: what all that tell it say alike."""
    found: dict[int, str] = {}
    for place in range(max((len(cells) for _n, cells in rows), default=0)):
        said = {orders(cells[place]) for _n, cells in rows if place < len(cells)} - {""}
        if len(said) == 1:
            found[place] = said.pop()
    return found
