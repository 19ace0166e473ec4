"""Reading and moving the journal of changes of many, without a session's unit of work: it is its own record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, case, delete, exists, insert, or_, select, update

from tenor.events.events import FAILURES
from tenor.events.rows import stamps, table_of
from tenor.jobs.records import CANCELLED, LEASED, PARKED, PARTS, READY, Job
from tenor.views.records import DONE, STOPPED, WAITING, BulkChange, BulkRow
from tenor.views.refusals import Told, error_of
from tenor_sdk.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from tenor.context import KernelContext
    from tenor.kernel import Kernel
    from tenor.views.bulk import Chosen

_changes: Final = table_of(BulkChange)
_rows: Final = table_of(BulkRow)
_jobs: Final = table_of(Job)
_READ_AT_ONCE: Final = 1000
#: how long a change is kept that doesn't move any more
KEPT: Final = timedelta(days=90)
_ON_ITS_WAY: Final = (READY, LEASED, PARTS)
#: whether nobody goes on with one that isn't over: its job failed too often, or somebody cancelled it
_LEFT: Final = case(
    (and_(_changes.c.state == WAITING, _jobs.c.state.in_((PARKED, CANCELLED))), 1), else_=0
).label("left")


@dataclass(frozen=True)
class Entry:
    """A change of many as the journal has it.

    Args:
        reached: how many were tried; ``changed``: how many of these were changed, ``already``: were so before.
        problem: why it was stopped, in the language of whoever began it; ``told``: in no language yet, None where it
            couldn't be kept so.
        left: whether the machine has given it up, so that a person must have it go on.
    """

    id: int
    record: str
    what: str
    given: Mapping[str, str]
    total: int
    state: str
    reached: int
    changed: int
    already: int
    job_id: int | None
    problem: str
    told: Told | None
    created_by_id: int | None
    left: bool

    @property
    def refused(self) -> int:
        """How many were tried and not changed, though something was to be done."""
        return self.reached - self.changed - self.already

    @property
    def unchanged(self) -> int:
        """How many were tried and are as they were: refused, or so already."""
        return self.reached - self.changed

    @property
    def over(self) -> bool:
        """Whether all were tried."""
        return self.state == DONE

    @property
    def stands(self) -> bool:
        """Whether it doesn't go on by itself, and isn't over."""
        return self.state == STOPPED or self.left


@dataclass(frozen=True)
class Row:
    """A record that was tried and not changed: what it is called, and why.

    Args:
        why: in the language of whoever changed them; ``told``: in no language yet, None where it couldn't be kept so.
    """

    place: int
    record_id: int
    name: str
    why: str
    told: Told | None


@dataclass(frozen=True)
class Unchanged:
    """What is kept of a record that was tried and not changed: as a ``Row`` has it.

    Args:
        already: whether it was so already, so that nothing was to be done.
    """

    name: str
    why: str
    told: Told | None
    already: bool


_COLUMNS: Final = [_changes.c[name] for name in Entry.__dataclass_fields__ if name != "left"]
_UNCHANGED: Final = [_rows.c[name] for name in Row.__dataclass_fields__]
_KEPT: Final = tuple(Unchanged.__dataclass_fields__)


class BulkJournal:
    """The journal of a running institution."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def open(
        self, ctx: KernelContext, record: str, what: str, given: Mapping[str, str], chosen: Chosen
    ) -> int:
        """A new change of these records; its id."""
        told = {"record": record, "what": what, "given": dict(given), "total": len(chosen)}
        row = {
            **told, "state": WAITING, "reached": 0, "changed": 0, "already": 0, "problem": "",
            **stamps(ctx),
        }  # fmt: skip
        made = insert(_changes).values(row).returning(_changes.c.id)
        number = int(self.kernel.db.execute(ctx.guarded, made).scalar_one())
        same = {"change_id": number, "name": "", "why": "", "already": False, **stamps(ctx)}
        rows = [
            {**same, "place": place, "record_id": identity, "was": was}
            for place, (identity, was) in enumerate(chosen.items(), 1)
        ]
        with self.kernel.db.marked(self.kernel.db.connection_of(ctx.guarded)) as connection:
            connection.execute(insert(_rows), rows)
        return number

    def get(self, ctx: KernelContext, number: int) -> Entry:
        """A change of the person's own.

        Raises:
            NotFound: ``not-found``: there is none, or it is somebody else's.
        """
        found = self._read(ctx, number)
        if found is None or found.created_by_id != (ctx.actor.id or None):
            raise NotFound("not-found", what=BulkChange.called())
        return found

    def held(self, ctx: KernelContext, number: int) -> Entry | None:
        """A change, which nobody else moves until this transaction ends; None where there is none."""
        locked = select(_changes.c.id).where(_changes.c.id == number).with_for_update()
        self.kernel.db.execute(ctx.guarded, locked)
        return self._read(ctx, number)

    def _read(self, ctx: KernelContext, number: int) -> Entry | None:
        statement = (
            select(*_COLUMNS, _LEFT)
            .select_from(_changes.outerjoin(_jobs, _jobs.c.id == _changes.c.job_id))
            .where(_changes.c.id == number)
        )
        row = self.kernel.db.execute(ctx.guarded, statement).mappings().one_or_none()
        return Entry(**{**row, "left": bool(row["left"])}) if row is not None else None

    def move(self, ctx: KernelContext, number: int, /, **values: Any) -> None:
        """Set values of a change."""
        moved = update(_changes).where(_changes.c.id == number)
        stamped = {"changed_at": ctx.now, "version": _changes.c.version + 1}
        self.kernel.db.execute(ctx.guarded, moved.values(**values, **stamped))

    def prune(self, ctx: KernelContext) -> None:
        """Drop those that don't move any more, with their rows, once nobody has looked after them for long. One whose
        job is on its way stays, however long it waits."""
        waits = exists().where(_jobs.c.id == _changes.c.job_id, _jobs.c.state.in_(_ON_ITS_WAY))
        old = select(_changes.c.id).where(
            _changes.c.changed_at <= ctx.now - KEPT, or_(_changes.c.state != WAITING, ~waits)
        )
        with self.kernel.db.marked(self.kernel.db.connection_of(ctx.guarded)) as connection:
            # one that its person has go on meanwhile moves again, and isn't old any more
            gone = connection.scalars(old.with_for_update(of=_changes)).all()
            for first in range(0, len(gone), _READ_AT_ONCE):
                some = gone[first : first + _READ_AT_ONCE]
                connection.execute(delete(_rows).where(_rows.c.change_id.in_(some)))
                connection.execute(delete(_changes).where(_changes.c.id.in_(some)))

    # -- rows -------------------------------------------------------------------------------------------------------

    def next(self, ctx: KernelContext, entry: Entry, most: int) -> dict[int, int | None]:
        """The records that are to be tried next, each with its version when it was chosen."""
        waiting = (_rows.c.change_id == entry.id, _rows.c.place > entry.reached)
        statement = select(_rows.c.record_id, _rows.c.was).where(*waiting)
        found = self.kernel.db.execute(ctx.guarded, statement.order_by(_rows.c.place).limit(most))
        return {row.record_id: row.was for row in found}

    def keep(
        self,
        ctx: KernelContext,
        entry: Entry,
        tried: Sequence[int],
        unchanged: Mapping[int, Unchanged],
    ) -> None:
        """Let go of the records that were changed, and keep why the others weren't."""
        of_it = _rows.c.change_id == entry.id
        changed = [each for each in tried if each not in unchanged]
        gone = delete(_rows).where(of_it, _rows.c.record_id.in_(changed))
        kept = update(_rows).where(of_it, _rows.c.record_id == bindparam("of"))
        said = [
            {"of": each, **{f"said_{name}": getattr(row, name) for name in _KEPT}}
            for each, row in unchanged.items()
        ]
        with self.kernel.db.marked(self.kernel.db.connection_of(ctx.guarded)) as connection:
            if changed:
                connection.execute(gone)
            if said:
                values: dict[str, Any] = {name: bindparam(f"said_{name}") for name in _KEPT}
                connection.execute(kept.values(values), said)

    def refused(self, ctx: KernelContext, entry: Entry, most: int) -> list[Row]:
        """The first records that were refused, in their order."""
        return self._read_rows(ctx, entry, 0, most, _rows.c.already.is_(False))

    def every_unchanged(self, ctx: KernelContext, entry: Entry) -> Iterator[list[Row]]:
        """All that were refused, or were so already, some at a time."""
        last = 0
        while found := self._read_rows(ctx, entry, last, _READ_AT_ONCE):
            yield found
            last = found[-1].place

    def _read_rows(
        self, ctx: KernelContext, entry: Entry, after: int, most: int, *only: ColumnElement[bool]
    ) -> list[Row]:
        tried = (_rows.c.place > after, _rows.c.place <= entry.reached, *only)
        statement = select(*_UNCHANGED).where(_rows.c.change_id == entry.id, *tried)
        found = self.kernel.db.execute(ctx.guarded, statement.order_by(_rows.c.place).limit(most))
        return [Row(**row) for row in found.mappings()]

    def why(self, row: Row, language: str) -> str:
        """Why a record wasn't changed, in a language; where what was kept can't be read or said any more, as by another
        version of its plugin, in the words in which it was told first."""
        return self._said(row.told, row.why, language)

    def why_stopped(self, entry: Entry, language: str) -> str:
        """Why a change was stopped, in a language, likewise; empty where its person did."""
        return self._said(entry.told, entry.problem, language)

    def _said(self, told: Told | None, first: str, language: str) -> str:
        if told is None:
            return first
        try:
            return self.kernel.translator.error(error_of(told), language)
        except FAILURES:
            return first
