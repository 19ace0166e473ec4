"""Schedules: any number of processes look, one makes the run."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, func, select, update

from tenor.events.rows import inserting, stamps, table_of
from tenor.jobs.calendar import next_after, runs
from tenor.jobs.leases import paused
from tenor.jobs.records import Schedule
from tenor_sdk.jobs import Daily, Every, Spans

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.jobs.kinds import JobKind
    from tenor.kernel import Kernel


_schedule: Final = table_of(Schedule)


class Schedules:
    """The schedules of the enabled plugins."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._kinds = {kind.name: kind for kind in kernel.jobs.kinds.scheduled}
        self._seen: datetime | None = None

    def tick(self) -> int:
        """Enqueue what is due.

        Returns:
            How many runs were made; another process may have made the rest.
        """
        now = self.kernel.clock.now()
        if self._seen is None or now < self._seen:
            self._align()
        self._seen = now
        return sum(self._run(row) for row in self._due(now))

    def next_due(self) -> datetime | None:
        """When the next one is due; None where there is none."""
        with self.kernel.db.raw(write=False) as connection:
            held = set(connection.execute(paused()).scalars())
            names = [name for name, kind in self._kinds.items() if kind.plugin not in held]
            statement = select(func.min(_schedule.c.next_due)).where(_schedule.c.name.in_(names))
            due: datetime | None = connection.execute(statement).scalar_one()
            return due

    def _due(self, now: datetime) -> list[Row[Any]]:
        if not self._kinds:
            return []
        statement = (
            select(_schedule)
            .where(_schedule.c.name.in_(self._kinds), _schedule.c.next_due <= now)
            .order_by(_schedule.c.next_due, _schedule.c.id)
        )
        with self.kernel.db.raw(write=False) as connection:
            rows = connection.execute(statement).all()
            held = set(connection.execute(paused()).scalars()) if rows else set()
        # what a paused plugin missed is caught up with when it is resumed, by its schedule's own words
        return [row for row in rows if self._kinds[row.name].plugin not in held]

    # -- keeping the rows in line with what is declared -----------------------------------------

    def _align(self) -> None:
        """At the start, and after the clock was set back: no schedule is missing, none lies too far ahead."""
        if not self._kinds:
            return
        with self._context() as ctx:
            rows = self.kernel.db.execute(
                ctx.guarded, select(_schedule).where(_schedule.c.name.in_(self._kinds))
            )
            known = {row.name: row for row in rows}
            for kind in self._kinds.values():
                self._align_one(ctx, kind, known.get(kind.name))

    def _align_one(self, ctx: KernelContext, kind: JobKind, row: Row[Any] | None) -> None:
        declared = _scheduled(kind)
        due = next_after(
            declared, ctx.now, self.kernel.clock.zone, self.kernel.workflow.calendar.works(ctx)
        )
        if row is None:
            self._insert(ctx, kind, due)
        elif row.declared != repr(declared) or row.next_due > due:
            self._move(ctx, row, declared=repr(declared), next_due=due)

    def _insert(self, ctx: KernelContext, kind: JobKind, due: datetime) -> None:
        values = {"name": kind.name, "declared": repr(kind.schedule), "next_due": due}
        write = inserting(self.kernel.db.dialect)(_schedule).values(**values, **stamps(ctx))
        self.kernel.db.execute(ctx.guarded, write.on_conflict_do_nothing(index_elements=["name"]))

    def _move(self, ctx: KernelContext, row: Row[Any], **values: object) -> bool:
        """Change a schedule from what was seen of it; False where somebody else was first."""
        statement = (
            update(_schedule)
            .where(_schedule.c.id == row.id, _schedule.c.next_due == row.next_due)
            .values(changed_at=ctx.now, **values)
        )
        return self.kernel.db.execute(ctx.guarded, statement).rowcount == 1

    # -- a run ----------------------------------------------------------------------------------

    def _run(self, row: Row[Any]) -> int:
        kind = self._kinds[row.name]
        declared = _scheduled(kind)
        with self._context() as ctx:
            made = runs(
                declared,
                row.next_due,
                ctx.now,
                self.kernel.clock.zone,
                self.kernel.workflow.calendar.works(ctx),
            )
            if not self._move(ctx, row, next_due=made.next, last_due=row.next_due):
                return 0
            for due in made.due:
                day, more = self._day(declared, due), _span(declared, row.last_due, due)
                self.kernel.jobs.enqueue_scheduled(ctx, kind, due, day, **more)
            return len(made.due)

    def _day(self, declared: Every | Daily, due: datetime) -> date | None:
        """The business day for which a run catches up; None: the day on which it runs."""
        if isinstance(declared, Daily) and declared.catch_up == "each":
            return due.astimezone(self.kernel.clock.zone).date()
        return None

    def _context(self) -> Any:
        return self.kernel.context(self.kernel.access.system_actor(), write=True)


def _span(declared: Every | Daily, before: datetime | None, due: datetime) -> dict[str, datetime]:
    """Between which instants a run looks, where its schedule divides the time.

    Args:
        before: when the run before was due; it may be later, where the clock was set back since.
    """
    if not isinstance(declared, Spans):
        return {}
    return {"since": min(before or due - declared.distance, due), "until": due}


def _scheduled(kind: JobKind) -> Every | Daily:
    assert kind.schedule is not None  # only those with a schedule are kept here
    return kind.schedule
