"""Reading and moving the journal of imports, without a session's unit of work: it is its own ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from tenor.events.rows import stamps, table_of
from tenor.imports.records import DONE, RUNNING, STOPPED, Import, RefusedRow
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_imports: Final = table_of(Import)
_refused: Final = table_of(RefusedRow)
_READ_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class Entry:
    """An import as the journal has it."""

    id: int
    record: str
    file_name: str
    file_id: int | None
    size: int
    sha256: str
    sheet: str
    header_row: int
    header: Sequence[str]
    mapping: Mapping[str, Any]
    matched_by: str
    state: str
    reached: int
    rows: int
    made: int
    changed: int
    unchanged: int
    refused: int
    warnings: Sequence[str]
    problem: str
    created_at: datetime
    created_by_id: int | None
    finished_at: datetime | None

    @property
    def columns(self) -> dict[int, str]:
        """For the places of columns the names of their goals."""
        return {int(place): name for place, name in self.mapping["columns"].items()}

    @property
    def orders(self) -> dict[int, str]:
        """For the places of columns with dates what stands first in them."""
        return {int(place): order for place, order in self.mapping.get("orders", {}).items()}

    @property
    def match(self) -> list[str]:
        """The goals by which a row is known again."""
        return [name for name in self.matched_by.split(",") if name]


_COLUMNS: Final = [_imports.c[name] for name in Entry.__dataclass_fields__]


class Journal:
    """The journal of a running institution."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def open(self, ctx: KernelContext, values: Mapping[str, Any]) -> int:
        """A new import; its id."""
        row = {"rows": 0, "warnings": [], "state": "proposed", **values, **stamps(ctx)}
        statement = insert(_imports).values(row).returning(_imports.c.id)
        return int(self.kernel.db.execute(ctx.session, statement).scalar_one())

    def get(self, ctx: KernelContext, identity: int) -> Entry:
        """An import of the person's own.

        Raises:
            NotFound: ``not-found``: there is none, or it is somebody else's.
        """
        found = next(self._select(ctx, _imports.c.id == identity), None)
        if found is None or found.created_by_id != (ctx.actor.id or None):
            raise NotFound("not-found", what=Import.called())
        return found

    def mine(self, ctx: KernelContext, record: str, limit: int) -> list[Entry]:
        """The person's latest imports of a kind of record."""
        where = (_imports.c.record == record, _imports.c.created_by_id == (ctx.actor.id or None))
        return list(self._select(ctx, *where, limit=limit))

    def unfinished(self, ctx: KernelContext, record: str, sha256: str) -> Entry | None:
        """The person's latest import of this very file that began and isn't over."""
        where = (
            _imports.c.record == record,
            _imports.c.sha256 == sha256,
            _imports.c.created_by_id == (ctx.actor.id or None),
            or_(
                _imports.c.state == RUNNING,
                and_(_imports.c.state == STOPPED, _imports.c.reached > 0),
            ),
        )
        return next(self._select(ctx, *where), None)

    def taken_on(self, ctx: KernelContext, entry: Entry) -> date | None:
        """The day on which the same file was taken in last, by whomever; None where it wasn't."""
        statement = select(func.max(_imports.c.finished_at)).where(
            _imports.c.record == entry.record, _imports.c.sha256 == entry.sha256, _imports.c.id != entry.id,
            _imports.c.state == DONE,
        )  # fmt: skip
        found: datetime | None = self.kernel.db.execute(ctx.session, statement).scalar_one()
        return found.astimezone(ctx.kernel.clock.zone).date() if found else None

    def remembered(self, ctx: KernelContext, record: str, header_hash: str) -> Entry | None:
        """The person's latest import of a file with the same columns."""
        where = (
            _imports.c.record == record,
            _imports.c.header_hash == header_hash,
            _imports.c.created_by_id == (ctx.actor.id or None),
            _imports.c.state != "proposed",
        )
        return next(self._select(ctx, *where), None)

    def _select(self, ctx: KernelContext, *where: Any, limit: int = 1) -> Iterator[Entry]:
        statement = select(*_COLUMNS).where(*where).order_by(_imports.c.id.desc()).limit(limit)
        for row in self.kernel.db.execute(ctx.session, statement).mappings():
            yield Entry(**row)

    def move(self, connection: Connection, identity: int, /, *where: Any, **values: Any) -> bool:
        """Set values, if the conditions hold; whether they did."""
        statement = update(_imports).where(_imports.c.id == identity, *where).values(**values)
        return connection.execute(statement).rowcount == 1

    def advance(
        self, connection: Connection, identity: int, state: str, before: int, /, **values: Any
    ) -> bool:
        """Move the place that was reached, if nobody else did meanwhile, and nobody stopped it."""
        there = (_imports.c.state == state, _imports.c.reached == before)
        return self.move(connection, identity, *there, **values)

    def count(self, connection: Connection, identity: int, /, **more: int) -> None:
        """Add to what was counted."""
        values = {name: _imports.c[name] + n for name, n in more.items() if n}
        self.move(connection, identity, **values)

    # -- refused rows -----------------------------------------------------------------------------------------------

    def refuse(
        self,
        connection: Connection,
        ctx: KernelContext,
        identity: int,
        rows: Sequence[Mapping[str, Any]],
    ) -> None:
        """Keep rows that were refused: ``row``, ``cells``, ``reasons``."""
        if rows:
            stamped = [{"import_id": identity, **row, **stamps(ctx)} for row in rows]
            connection.execute(insert(_refused), stamped)

    def forget_refused(self, connection: Connection, identity: int) -> None:
        """Of a dry run, before it is done in earnest."""
        connection.execute(delete(_refused).where(_refused.c.import_id == identity))

    def refused(self, connection: Connection, identity: int, limit: int = 0) -> Iterator[Any]:
        """The rows that were refused, in the order of the file: ``row``, ``cells``, ``reasons``."""
        last = 0
        while True:
            statement = select(_refused.c.row, _refused.c.cells, _refused.c.reasons).where(
                _refused.c.import_id == identity, _refused.c.row > last
            )
            rows = connection.execute(
                statement.order_by(_refused.c.row).limit(limit or _READ_AT_ONCE)
            ).all()
            yield from rows
            if limit or len(rows) < _READ_AT_ONCE:
                return
            last = rows[-1].row

    def count_refused(self, connection: Connection, identity: int) -> int:
        """How many there are."""
        statement = select(func.count()).select_from(_refused)
        return int(
            connection.execute(statement.where(_refused.c.import_id == identity)).scalar_one()
        )
