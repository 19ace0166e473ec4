"""The room of jobs: enqueued inside a transaction, leased by whoever comes first, each with one effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, exists, func, select, update

from tenor.jobs import changes, leases, overview
from tenor.jobs.keeper import LeaseKeeper
from tenor.jobs.kinds import JobKind, JobKinds
from tenor.jobs.leases import Lease, job
from tenor.jobs.mandates import Mandates
from tenor.jobs.outbox import Outbox
from tenor.jobs.outside import Outside
from tenor.jobs.overview import Overview
from tenor.jobs.pauses import Pauses
from tenor.jobs.records import LEASED, READY
from tenor.jobs.runs import Runner
from tenor.jobs.schedules import Schedules
from tenor.jobs.together import Together
from tenor.jobs.worker import Worker

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import ColumnElement, Connection

    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.events import Handler
    from tenor.kernel import Kernel
    from tenor_sdk.events import Event

#: Jobs claimed at once: claiming by ten was six times as fast as one by one in a trial.
BATCH: Final = 10
#: Of jobs that take a few milliseconds.
QUICK_BATCH: Final = 200


class Jobs:
    """The room of jobs.

    Attributes:
        lease_seconds: how long a worker that died keeps its jobs from the others.
        batch_seconds: how long one queue may go on while others wait for the same worker.
        kinds: the jobs that the enabled plugins declare.
    """

    lease_seconds: float = 60.0
    batch_seconds: float = 1.0

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        """Take in jobs, schedules, and handlers of events, which are jobs when they are tried again.

        Raises:
            JobError: two jobs of one name; a schedule for a job that takes arguments.
        """
        self.kinds = JobKinds(
            declarations.labelled("__tenor_job__"),
            [each for handlers in self.kernel.events.handlers.values() for each in handlers],
            # in safe mode nothing goes on by itself
            [] if self.kernel.safe_mode else [loaded.name for loaded in declarations.plugins],
        )
        self.runner = Runner(self.kernel)
        self.schedules = Schedules(self.kernel)
        self.keeper = LeaseKeeper(self.kernel)
        self.mandates = Mandates(self.kernel)
        self.pauses = Pauses(self.kernel)
        self.together = Together(self.kernel)
        self._outbox = Outbox(self.kernel)
        self._outside = Outside(self.kernel)
        self._worker: Worker | None = None

    # -- enqueueing -----------------------------------------------------------------------------

    def enqueue(
        self,
        ctx: KernelContext,
        function: Callable[..., Any],
        arguments: Mapping[str, object],
        *,
        at: datetime | None = None,
        key: str | None = None,
    ) -> int:
        """Make a job inside the caller's transaction; see ``Context.enqueue``."""
        return self._outbox.enqueue(ctx, function, arguments, at=at, key=key)

    def enqueue_under(
        self,
        ctx: KernelContext,
        mandate: int,
        function: Callable[..., Any],
        arguments: Mapping[str, object],
        *,
        at: datetime | None = None,
        key: str | None = None,
    ) -> int:
        """Make a job in the name of who gave a mandate; see ``tenor_sdk.mandates.enqueue_under``."""
        return self._outbox.enqueue_under(ctx, mandate, function, arguments, at=at, key=key)

    def follow(self, ctx: KernelContext, event: Event, event_id: int) -> None:
        """Enqueue the jobs that run after an event."""
        self._outbox.follow(ctx, event, event_id)

    def retry_handler(self, ctx: KernelContext, handler: Handler, event_id: int) -> None:
        """Enqueue a handler that failed, to be tried again."""
        self._outbox.retry_handler(ctx, handler, event_id)

    def enqueue_scheduled(
        self,
        ctx: KernelContext,
        kind: JobKind,
        due: datetime,
        day: date | None,
        **arguments: object,
    ) -> None:
        """Enqueue a run of a schedule, once for each time at which it was due."""
        self._outbox.enqueue_scheduled(ctx, kind, due, day, **arguments)

    def wrote(self, ctx: KernelContext) -> None:
        """Note that a job has told or enqueued something, if this is one's context."""
        run = self.runner.run_of(ctx)
        if run is not None:
            run.wrote = True

    def progress(self, ctx: KernelContext, done: int, of: int | None) -> None:
        """Note how far a job is; see ``tenor_sdk.jobs.progress``."""
        self.runner.progress(ctx, done, of)

    # -- running --------------------------------------------------------------------------------

    def run_due(self, limit: int | None = None) -> int:
        """Run everything that is due now in this thread, and what comes of it: for tests, the demo, the CLI.

        Args:
            limit: how many at most.

        Returns:
            How many were tried.
        """
        self.schedules.tick()
        ran = 0
        while limit is None or ran < limit:
            held = self._claim(self._ready(), 1) or self._claim_lost()
            if not held:
                break
            self.runner.run(held[0])
            ran += 1
        return ran

    def run_one(self, job_id: int) -> bool:
        """Run one job, if it is due and nobody else holds it.

        Returns:
            Whether this call has done it.
        """
        one = job.c.id == job_id
        with self.kernel.db.raw(write=False) as connection:
            found = connection.execute(select(job.c.state, job.c.turn).where(one)).one_or_none()
        if found is None or found.state not in (READY, LEASED):
            return False
        due = and_(self._ready(), one)
        held = self._claim(due, 1, turns=found.turn is not None) or self._claim_lost(one)
        if not held:
            self._send_again(one)
            return False
        with self.keeper.holding(held[0]):
            return self.runner.run(held[0])

    def run_those(self, ids: Sequence[int]) -> None:
        """Run jobs that are due and that nobody else holds: what a broker's message asks for."""
        held = self._claim_quick(ids) if len(ids) > 1 else []
        ran, together = {lease.id for lease in held}, True
        while held:
            done = self._next(held, together=together)
            together, held = together and done > 0, held[done or 1 :]
        for job_id in ids:
            if job_id not in ran:
                self.run_one(job_id)

    def _claim_quick(self, ids: Sequence[int]) -> list[Lease]:
        """Those of several that may be run in one transaction."""
        names = self.together.names()
        if not names:
            return []
        those = and_(job.c.id.in_(ids), job.c.name.in_(names))
        return self._claim(and_(self._ready(), those), len(ids), turns=bool(self.kinds.in_turns))

    def _send_again(self, one: ColumnElement[bool]) -> None:
        """A job that is still ready though its message is used up waits for its turn, or its plugin is paused: the
        relay sends it anew as soon as it may run."""
        waits = update(job).where(one, job.c.state == READY, job.c.sent_at.is_not(None))
        with self.kernel.db.raw() as connection:
            connection.execute(waits.values(sent_at=None))

    def work_round(self, worker: Worker) -> int:
        """One round of a worker: the schedules, then a batch of each queue that has work.

        Returns:
            How many jobs were tried.
        """
        self.schedules.tick()
        queues = self._busy_queues()
        ran = sum(self._batch(self._claim_batch(queue), worker) for queue in queues)
        return ran + self._batch(self._claim_lost(), worker)

    def next_due(self) -> datetime | None:
        """When the next job or schedule is due; None where there is none."""
        startable = and_(leases.in_service(self.kinds.plugins), leases.turn_is_free())
        waiting = and_(job.c.state == READY, startable)
        with self.kernel.db.raw(write=False) as connection:
            due = connection.execute(select(func.min(job.c.due_at)).where(waiting)).scalar_one()
        times = [time for time in (due, self.schedules.next_due()) if time is not None]
        return min(times, default=None)

    def _ready(self) -> ColumnElement[bool]:
        return leases.ready(self.kernel.clock.now(), self.kinds.plugins)

    def _queued(self, queue: str) -> ColumnElement[bool]:
        return and_(self._ready(), job.c.queue == queue)

    def _busy_queues(self) -> Sequence[str]:
        """Queues with work, looked up by reading: an idle worker takes nobody's turn to write."""
        queues = self.kinds.queues
        if not queues:
            return []
        busy = [
            exists().where(self._queued(queue)).label(f"q{n}") for n, queue in enumerate(queues)
        ]
        with self.kernel.db.raw(write=False) as connection:
            found = connection.execute(select(*busy)).one()
        return [queue for queue, has_work in zip(queues, found, strict=True) if has_work]

    def _claim(self, where: ColumnElement[bool], limit: int, *, turns: bool = True) -> list[Lease]:
        """Lease jobs.

        Args:
            turns: whether some of them may be such as run one at a time.
        """
        with self.kernel.db.raw() as connection:
            if turns and self.kinds.in_turns:
                leases.take_turns(connection)
            return leases.claim(connection, where, seconds=self.lease_seconds, limit=limit)

    def _claim_batch(self, queue: str) -> list[Lease]:
        """A few jobs of a queue, so that others have some, too; many where they are quick."""
        turns = queue in self.kinds.in_turns
        held = self._claim(self._queued(queue), BATCH, turns=turns)
        if len(held) == BATCH and len(self.together.quick(held)) == BATCH:
            held += self._claim(self._queued(queue), QUICK_BATCH - BATCH, turns=turns)
        return held

    def _claim_lost(self, *where: ColumnElement[bool]) -> list[Lease]:
        """A job whose worker is gone: one at a time, as it may be the one that took its worker down."""
        gone = and_(leases.expired(self.kernel.db.dialect, self.kinds.plugins), *where)
        with self.kernel.db.raw(write=False) as connection:
            if not _any(connection, gone):
                return []
        with self.kernel.db.raw() as connection:
            return leases.claim(connection, gone, seconds=self.lease_seconds, lost=True)

    def _batch(self, held: list[Lease], worker: Worker) -> int:
        ran, since, together = 0, monotonic(), True
        renewed = since
        while held:
            if worker.over.is_set():
                self._release(held)
                break
            if monotonic() - renewed > self.lease_seconds / 3:
                held, renewed = self._renew(held), monotonic()
                continue
            # where each takes long, the other queues don't wait for all of them
            if monotonic() - since > self.batch_seconds:
                self._release(held)
                break
            done = self._next(held, together=together)
            # where some can't share a transaction, the rest of the batch goes one by one
            together, done = together and done > 0, done or 1
            ran, held = ran + done, held[done:]
        return ran

    def _next(self, held: Sequence[Lease], *, together: bool) -> int:
        """Run the first of a batch, or those that are quick in one transaction.

        Returns:
            How many were run; 0: one, though several were meant to be.
        """
        quick = self.together.quick(held) if together else []
        if len(quick) > 1:
            with self.keeper.holding(*quick):
                done = self.together.run(quick)
            if done:
                return done
        with self.keeper.holding(held[0]):
            self.runner.run(held[0])
        return 0 if len(quick) > 1 else 1

    def _renew(self, held: list[Lease]) -> list[Lease]:
        with self.kernel.db.raw() as connection:
            return leases.renew(connection, held, self.lease_seconds)

    def _release(self, held: list[Lease]) -> None:
        with self.kernel.db.raw() as connection:
            leases.release(connection, held)

    # -- the worker of this process -------------------------------------------------------------

    def worker(self) -> Worker:
        """The embedded worker, not yet started; ``nudge`` wakes it from now on."""
        self._worker = Worker(self.kernel)
        return self._worker

    def nudge(self) -> None:
        """Wake the worker of this process, if there is one."""
        if self._worker is not None:
            self._worker.wake.set()

    # -- effects beyond the database ------------------------------------------------------------

    def outside(
        self,
        ctx: KernelContext,
        key: str,
        call: Callable[[str], Any],
        ask: Callable[[str], Any] | None,
    ) -> Any:
        """Make an effect beyond the database, within a job; see ``tenor_sdk.jobs.outside``.

        Raises:
            RuntimeError: outside a job, or after the job has written.
            Refused: ``needs-a-person``.
        """
        run = self.runner.run_of(ctx)
        if run is None:
            raise RuntimeError("outside() is for jobs: enqueue one that calls it")
        return self._outside(ctx, run, key, call, ask)

    def own_transaction(self, ctx: KernelContext) -> AbstractContextManager[KernelContext]:
        """A transaction of its own within a call that ``outside`` makes; see ``tenor_sdk.jobs.own_transaction``.

        Raises:
            RuntimeError: a writing transaction is open, or this is no job.
        """
        if self.runner.run_of(ctx) is None or self.kernel.db.writing_here():
            raise RuntimeError("own_transaction() is for the call that outside() makes")
        # not the job's own id: what is written here is no writing of the job's
        return self.kernel.context(
            ctx.actor, write=True, request_id=f"{ctx.request_id}-outside", today=ctx.today
        )

    # -- for those who look after jobs ----------------------------------------------------------

    def overview(self, ctx: KernelContext, state: str | None = None, limit: int = 100) -> Overview:
        """How many jobs are in which state, and the latest of them; see ``tenor.jobs.overview``."""
        return overview.overview(ctx, state, limit)

    def again(self, ctx: KernelContext, job_id: int) -> None:
        """Run a parked or cancelled job again; of work in parts, those that are parked."""
        changes.again(ctx, job_id)

    def cancel(self, ctx: KernelContext, job_id: int) -> str:
        """Never run a job that waits or is parked; stop one that runs where it next says how far it is."""
        return changes.cancel(ctx, job_id)


def _any(connection: Connection, where: ColumnElement[bool]) -> bool:
    return connection.execute(select(job.c.id).where(where).limit(1)).first() is not None
