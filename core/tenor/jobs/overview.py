"""What those who look after jobs see: how many are how, the latest of them, and why one waits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select

from tenor.events.records import OutboxEvent
from tenor.events.rows import table_of
from tenor.jobs.leases import job, moment
from tenor.jobs.processes import GONE_AFTER, RELAY, WORKER, process
from tenor.jobs.records import LEASED, PARKED, PARTS, READY, STATES, Job, PausedPlugin
from tenor_sdk.errors import Forbidden
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.i18n import Text

#: No state of its own: what is ready to be tried again.
FAILED: Final = "failed"

_paused: Final = table_of(PausedPlugin)
_event: Final = table_of(OutboxEvent)
_other: Final = job.alias("other")


@dataclass(frozen=True)
class JobView:
    """A job as it is shown.

    Args:
        event: after what it runs, by its name.
        about: the ids among its arguments and in the event, by their names. What else these say, whoever looks after
            jobs may perhaps not see.
        progress, progress_of: how far it says that it is; of work in parts how many are done.
        parent_id, number: of a part: the whole, and which one it is, from 0.
        why: why it isn't done yet, or what is to happen with it; None where its state says all.
    """

    id: int
    name: str
    plugin: str
    state: str
    failures: int
    due_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str
    event: str
    about: Mapping[str, int]
    result: Any
    request_id: str
    progress: int | None
    progress_of: int | None
    parent_id: int | None
    number: int | None
    why: Text | None


@dataclass(frozen=True)
class Pause:
    """A plugin whose jobs wait.

    Args:
        reason: the error of the job that failed last; empty where a person paused it.
    """

    plugin: str
    since: datetime
    reason: str


@dataclass(frozen=True)
class Process:
    """A process that runs jobs or hands them to the broker."""

    name: str
    kind: str
    seen_at: datetime


@dataclass(frozen=True)
class Overview:
    """The jobs of the institution.

    Args:
        counts: for each state how many, and of those that are ready how many failed before.
        waiting: jobs of plugins that aren't enabled; they run when theirs is again.
        paused: the plugins whose jobs wait.
        processes: those that were heard of lately.
        jobs: the latest first.
    """

    counts: Mapping[str, int]
    waiting: int
    paused: Sequence[Pause]
    processes: Sequence[Process]
    jobs: Sequence[JobView]


_MADE: Final = frozenset({"event", "about", "why", "progress", "progress_of"})
_SHOWN: Final = tuple(name for name in JobView.__dataclass_fields__ if name not in _MADE)
_IDS: Final = "_id"


def overview(ctx: KernelContext, state: str | None, limit: int) -> Overview:
    """How many jobs are in which state, and the latest.

    Args:
        state: only those in this one; ``failed``: those that wait to be tried again.

    Raises:
        Forbidden: ``not-permitted``.
    """
    if not ctx.may(Job, "read"):
        raise Forbidden("not-permitted", what=Job.called())
    execute, session = ctx.kernel.db.execute, ctx.guarded
    found = execute(
        session, select(job.c.state, func.count().label("number")).group_by(job.c.state)
    )
    counts = dict.fromkeys(STATES, 0) | {row.state: row.number for row in found}
    failed = and_(job.c.state == READY, job.c.failures > 0)
    counts[FAILED] = execute(session, select(func.count()).where(failed)).scalar_one()
    away = job.c.plugin.not_in(ctx.kernel.jobs.kinds.plugins)
    waiting = select(func.count()).where(job.c.state == READY, away)
    told = (_event.c.name.label("event"), _event.c.payload)
    which = job.outerjoin(_event, _event.c.id == job.c.event_id)
    latest = select(job, *told, *_facts(ctx)).select_from(which)
    latest = latest.order_by(job.c.id.desc()).limit(limit)
    if state is not None:
        latest = latest.where(failed if state == FAILED else job.c.state == state)
    pauses, processes = _pauses(ctx), _processes(ctx)
    words = _Words(ctx, {each.plugin for each in pauses}, {each.kind for each in processes})
    return Overview(
        counts,
        execute(session, waiting).scalar_one(),
        pauses,
        processes,
        [_view(words, row) for row in execute(session, latest)],
    )


def _facts(ctx: KernelContext) -> Sequence[Any]:
    """What the database knows about why a job waits."""
    dialect = ctx.kernel.db.dialect
    ahead = select(func.min(_other.c.id)).where(_other.c.turn == job.c.turn)
    parked = select(func.count()).where(_other.c.parent_id == job.c.id, _other.c.state == PARKED)
    gone = and_(job.c.state == LEASED, job.c.until < moment(dialect))
    return (
        case((gone, 1), else_=0).label("gone"),
        ahead.where(_holds()).scalar_subquery().label("holder"),
        case((job.c.state == PARTS, parked.scalar_subquery()), else_=0).label("parked_parts"),
    )


def _holds() -> ColumnElement[bool]:
    """Whether another has the turn: it runs, or has been split and isn't over."""
    begun = and_(_other.c.state == READY, _other.c.parts.is_not(None))
    return and_(_other.c.id != job.c.id, or_(_other.c.state.in_((LEASED, PARTS)), begun))


def _pauses(ctx: KernelContext) -> list[Pause]:
    statement = select(_paused.c.plugin, _paused.c.since, _paused.c.reason)
    ordered = statement.where(_paused.c.paused).order_by(_paused.c.plugin)
    rows = ctx.kernel.db.execute(ctx.guarded, ordered)
    return [Pause(row.plugin, row.since, row.reason) for row in rows]


def _processes(ctx: KernelContext) -> list[Process]:
    statement = select(process.c.name, process.c.kind, process.c.seen_at)
    fresh = process.c.seen_at > moment(ctx.kernel.db.dialect, -GONE_AFTER)
    ordered = statement.where(fresh).order_by(process.c.kind, process.c.name)
    rows = ctx.kernel.db.execute(ctx.guarded, ordered)
    return [Process(row.name, row.kind, row.seen_at) for row in rows]


def _view(words: _Words, row: Row[Any]) -> JobView:
    shown: dict[str, Any] = {name: getattr(row, name) for name in _SHOWN}
    # leases run by the database's clock; people read one clock
    for name in ("started_at", "finished_at"):
        shown[name] = words.told(shown[name])
    about = dict(_ids((row.arguments, row.payload or {})))
    done, of = words.progress(row)
    return JobView(
        **shown, event=row.event or "", about=about, progress=done, progress_of=of, why=words.why(row)
    )  # fmt: skip


def _ids(told: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, int]]:
    """What is an id by its name, at any depth."""
    for each in told:
        for name, value in each.items():
            if name.endswith(_IDS) and isinstance(value, int):
                yield name, value
            elif isinstance(value, Mapping):
                yield from _ids((value,))


class _Words:
    """Says how jobs stand.

    Args:
        paused: plugins.
        alive: the kinds of the processes that were heard of lately.
    """

    def __init__(self, ctx: KernelContext, paused: set[str], alive: set[str]) -> None:
        self._kernel = ctx.kernel
        self._now = ctx.now
        self._paused, self._alive = paused, alive
        # what a job says within its transaction on SQLite is known to its process alone
        self._said = {
            run.lease.id: run.said for run in ctx.kernel.jobs.runner.running() if run.said
        }

    def told(self, real: datetime | None) -> datetime | None:
        return self._kernel.clock.told(real) if real is not None else None

    def progress(self, row: Row[Any]) -> tuple[int | None, int | None]:
        if row.parts is not None:
            return row.parts_done, row.parts
        if row.state == LEASED and row.id in self._said:
            return self._said[row.id]
        return row.progress, row.progress_of

    def why(self, row: Row[Any]) -> Text | None:
        """Why it isn't done; None where its state, its error or its result say all."""
        if row.state == LEASED:
            return self._running(row)
        if row.state == PARTS:
            return (
                _("Waits for its parts; parked: {n}.", n=row.parked_parts)
                if row.parked_parts
                else None
            )
        return self._waiting(row) if row.state == READY else None

    def _running(self, row: Row[Any]) -> Text | None:
        if row.cancel_asked:
            return _("Cancelled; it stops where it next says how far it is.")
        return _("Its worker is gone; another takes it over.") if row.gone else None

    def _waiting(self, row: Row[Any]) -> Text:
        if self._kernel.safe_mode:
            return _("The institution is in safe mode.")
        if row.plugin not in self._kernel.jobs.kinds.plugins:
            return _("Its plugin isn’t enabled.")
        if row.plugin in self._paused:
            return _("The jobs of its plugin are paused.")
        if row.due_at > self._now:
            if row.failures:
                return _("It is tried again then; failed so far: {n}.", n=row.failures)
            return _("It isn’t due yet.")
        if row.holder is not None:
            return _("Waits for #{job}, which runs for the same.", job=row.holder)
        return self._who_would(row)

    def _who_would(self, row: Row[Any]) -> Text:
        """It could run now."""
        if WORKER not in self._alive:
            return _("No worker has been heard of lately.")
        if self._kernel.settings.mode == "distributed" and row.sent_at is None:
            if RELAY not in self._alive:
                return _("No relay has been heard of lately.")
            return _("The relay is about to hand it over.")
        return _("Waits for a free worker.")
