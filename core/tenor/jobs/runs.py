"""Running one job: as whoever asked, as a procedure of its plugin, its effect and its end in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, case, select, update

from tenor.access import people
from tenor.events.events import event_from
from tenor.events.records import OutboxEvent
from tenor.events.rows import table_of
from tenor.events.said import words_of
from tenor.events.wire import from_json
from tenor.jobs import parts
from tenor.jobs.kinds import JobKind
from tenor.jobs.leases import Lease, job, moment
from tenor.jobs.notices import JOB_PARKED
from tenor.jobs.records import (
    CANCELLED,
    DONE,
    INTENDED,
    PARKED,
    READY,
    UNKNOWN,
    Mandate,
    OutsideCall,
)
from tenor.jobs.stops import Cancelled, Fenced, NeedsAPerson, OutOfTime
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.errors import Refused
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

_mandate: Final = table_of(Mandate)
#: a job that is taken, with how often what rights depend on, and what is watched, has changed by then, and with when
#: the mandate was ended under which it is done
TAKEN: Final = select(
    job,
    people.EPOCH.label("epoch"),
    select(_mandate.c.ended_at)
    .where(_mandate.c.id == job.c.mandate_id)
    .scalar_subquery()
    .label("mandate_ended_at"),
)
_event: Final = table_of(OutboxEvent)
_call: Final = table_of(OutsideCall)

#: How often a job's worker may vanish before a person looks at it: it may be the job that takes the worker down.
MOST_LOST: Final = 5
#: Seconds for which a parked job stands for others of its name, so that people aren't told again.
_STANDS_FOR: Final = 24 * 3600


@dataclass(eq=False)
class Run:
    """One try at one job.

    Args:
        mandate_id: under which it is done, if under one.
        began: by the clock of ``monotonic``.
        wrote: whether it has enqueued or told something, which a second try would repeat.
        said: how far it said that it is, and of how much.
        looked: when it was last asked for whether it is still to go on.
        given_up: whether its time was over and its lease given back, while it went on.
        shares: whether it shares its transaction with other jobs.
    """

    lease: Lease
    kind: JobKind
    mandate_id: int | None = None
    began: float = field(default_factory=monotonic)
    wrote: bool = False
    said: tuple[int, int | None] | None = None
    looked: float = field(default_factory=monotonic)
    given_up: bool = False
    shares: bool = False

    @property
    def out_of_time(self) -> bool:
        limit = self.kind.time_limit
        return limit is not None and monotonic() - self.began > limit.total_seconds()


@dataclass(frozen=True)
class Called:
    """As whom a job is done, and with what.

    Args:
        context: what else its context is opened with.
    """

    actor: ActorData
    call: parts.Call
    context: Mapping[str, Any]


class Runner:
    """Runs leased jobs.

    Attributes:
        look_seconds: how often a job that says how far it is also sees whether it is still to go on.
    """

    look_seconds: float = 0.5

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._runs: dict[KernelContext, Run] = {}
        self._lock = Lock()

    def run_of(self, ctx: KernelContext) -> Run | None:
        """The try in which a context stands; None in a request."""
        return self._runs.get(ctx)

    def running(self) -> list[Run]:
        """What this process is at."""
        with self._lock:
            return list(self._runs.values())

    def run(self, lease: Lease) -> bool:
        """Try a job once, whatever comes of it.

        Returns:
            Whether it is done.
        """
        row = self._row(lease)
        if row is None:
            return False
        kind = self.kernel.jobs.kinds.named(row.name)
        try:
            self._perform(row, sound(row, kind), lease)
        except Fenced:
            log.warning("job %s %s was taken over by another worker", row.id, row.name)
            return False
        except Cancelled:
            self._cancelled(row, lease)
            return False
        except Refused as refusal:
            self._park(row, lease, refusal)
            return False
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 -- whatever a plugin raises is its job's failure, not the worker's
            self._failed(row, lease, kind, error)
            return False
        return True

    # -- one try --------------------------------------------------------------------------------

    def _row(self, lease: Lease) -> Row[Any] | None:
        with self.kernel.db.raw(write=False) as connection:
            return connection.execute(TAKEN.where(lease.mine)).one_or_none()

    def _perform(self, row: Row[Any], kind: JobKind, lease: Lease) -> None:
        run, said = Run(lease, kind, row.mandate_id), self.called(row)
        with self.kernel.context(said.actor, write=True, **said.context) as ctx:
            outcome = self.perform(ctx, run, row, said.call)
            self._finish(ctx, run, row, outcome)

    def called(self, row: Row[Any], actor: ActorData | None = None) -> Called:
        """As whom a job is done, and with what.

        Args:
            actor: where it is known already.
        """
        kind = self.kernel.jobs.kinds.named(row.name)
        assert kind is not None  # it is sound
        context = {"request_id": f"job-{row.id}-{row.attempt}", "today": row.business_day}
        return Called(actor or self._actor(row), self._call(row, kind), context)

    def perform(
        self, ctx: KernelContext, run: Run, row: Row[Any], call: parts.Call
    ) -> dict[str, Any]:
        """Do what a job does.

        Returns:
            How its row is to stand.
        """
        kind = run.kind
        ctx.led_here = tuple(row.causes or ())
        with (
            self._standing(ctx, run),
            self.kernel.events.timings.timed("job", kind.plugin, kind.name),
            self.kernel.access.procedure(ctx, kind.plugin, kind.function.__name__),
        ):
            outcome = parts.perform(ctx, kind, row, call)
        ctx.finish()
        if run.out_of_time:
            raise OutOfTime
        values = {"until": None, "error": "", "fault": False, **outcome}
        if outcome["state"] == DONE:
            values["finished_at"] = moment(self.kernel.db.dialect)
        if run.said is not None:
            values["progress"], values["progress_of"] = run.said
        return values

    @contextmanager
    def _standing(self, ctx: KernelContext, run: Run) -> Iterator[None]:
        with self._lock:
            self._runs[ctx] = run
        try:
            yield
        finally:
            with self._lock:
                del self._runs[ctx]

    def _actor(self, row: Row[Any]) -> ActorData:
        """Who asked, with the rights that they have today; a service, with its own.

        Raises:
            Refused: ``actor-gone``: who asked for it has left.
        """
        if row.actor_id is None:
            self.kernel.access.counted = row.epoch
            return self.kernel.access.service(row.service)
        with self.kernel.db.raw(write=False) as connection:
            actor = self.kernel.access.actor(connection, row.actor_id)
        if actor is None:
            raise Refused("actor-gone", user_id=row.actor_id)
        return actor if row.mandate_id is None else replace(actor, stands_in=())

    def _call(self, row: Row[Any], kind: JobKind) -> parts.Call:
        """The arguments of the call: an event, or what was enqueued."""
        if kind.event is None:
            return parts.Call((), {name: from_json(value) for name, value in row.arguments.items()})
        with self.kernel.db.raw(write=False) as connection:
            told = connection.execute(
                select(_event.c.name, _event.c.payload).where(_event.c.id == row.event_id)
            ).one()
        event = self.kernel.events.kind(kind.event, told.name)
        return parts.Call((event_from(event, told.payload),), {})

    def _finish(self, ctx: KernelContext, run: Run, row: Row[Any], values: dict[str, Any]) -> None:
        """The end of the job, or of a step of it, in the transaction of its effect. What has come to its end stands; of
        what was only split when it was cancelled nothing does."""
        ended = update(job).where(run.lease.mine).values(values).returning(job.c.cancel_asked)
        cancelled = self.kernel.db.execute(ctx.guarded, ended).scalar_one_or_none()
        if cancelled is None:
            raise Fenced
        if cancelled and values["state"] != DONE:
            raise Cancelled
        if row.parent_id is not None:
            parts.count(ctx, row)

    # -- while it runs --------------------------------------------------------------------------

    def progress(self, ctx: KernelContext, done: int, of: int | None) -> None:
        """Note how far a job is, and stop it here, where it isn't to go on.

        Raises:
            RuntimeError: outside a job.
        """
        run = self.run_of(ctx)
        if run is None:
            raise RuntimeError("progress() is for jobs")
        run.said = (done, of)
        if run.out_of_time:
            raise OutOfTime
        if monotonic() - run.looked >= self.look_seconds:
            run.looked = monotonic()
            self._check_goes_on(run)

    def _check_goes_on(self, run: Run) -> None:
        statement = select(job.c.cancel_asked).where(run.lease.mine)
        with self.kernel.db.raw(write=False) as connection:
            asked = connection.execute(statement).scalar_one_or_none()
        if asked is None:
            raise Fenced
        if asked:
            raise Cancelled

    def give_up(self, run: Run) -> None:
        """Of a job whose time is over: count it as failed, though its thread goes on, which can do nothing with it any
        more."""
        row = self._row(run.lease)
        run.given_up = True
        if row is not None:
            self._failed(row, run.lease, run.kind, OutOfTime())

    # -- what comes of it -----------------------------------------------------------------------

    def _failed(
        self, row: Row[Any], lease: Lease, kind: JobKind | None, error: BaseException
    ) -> None:
        failures = row.failures + 1
        if kind is None or failures >= kind.retry.times:
            self._park(row, lease, error, fault=True)
        else:
            self._put_off(row, lease, kind, error)
        self.kernel.jobs.pauses.look(row.plugin, words_of(error))

    def _put_off(self, row: Row[Any], lease: Lease, kind: JobKind, error: BaseException) -> None:
        failures = row.failures + 1
        log.warning("job %s %s failed and is tried again", row.id, row.name, exc_info=error)
        values = {
            "state": READY,
            "until": None,
            "sent_at": None,
            "failures": failures,
            "fault": True,
            "error": words_of(error),
            "due_at": self.kernel.clock.now() + kind.retry.pause_after(failures),
        }
        with self.kernel.db.raw() as connection:
            connection.execute(update(job).where(lease.mine).values(values))

    def _cancelled(self, row: Row[Any], lease: Lease) -> None:
        """What it did is undone."""
        log.info("job %s %s was cancelled while it ran", row.id, row.name)
        now = moment(self.kernel.db.dialect)
        values = {"state": CANCELLED, "until": None, "cancel_asked": False, "finished_at": now}
        with self.kernel.db.raw() as connection:
            connection.execute(update(job).where(lease.mine).values(values))

    def _park(
        self, row: Row[Any], lease: Lease, error: BaseException, *, fault: bool = False
    ) -> None:
        """Put a job aside until a person has looked at it, and tell those who should; one that somebody cancelled
        meanwhile is so, and nobody has to look at it."""
        log.error("job %s %s is parked", row.id, row.name, exc_info=error)
        actor = self.kernel.access.system_actor()
        with self.kernel.context(
            actor, write=True, request_id=f"job-{row.id}-{row.attempt}"
        ) as ctx:
            values = {
                "state": case((job.c.cancel_asked, CANCELLED), else_=PARKED),
                "cancel_asked": False,
                "until": None,
                "failures": row.failures + 1,
                "fault": fault,
                "error": words_of(error),
                "finished_at": moment(self.kernel.db.dialect),
            }
            ended = update(job).where(lease.mine).values(values).returning(job.c.state)
            if self.kernel.db.execute(ctx.guarded, ended).scalar_one_or_none() == PARKED:
                self._leave_to_a_person(ctx, row, error)

    def _leave_to_a_person(self, ctx: KernelContext, row: Row[Any], error: BaseException) -> None:
        if isinstance(error, NeedsAPerson):
            unknown = update(_call).where(_call.c.key == error.call_key, _call.c.state == INTENDED)
            self.kernel.db.execute(ctx.guarded, unknown.values(state=UNKNOWN))
        if self._parked_before(ctx, row):
            return
        title = _("A job is parked: {name}", name=row.name)
        body = _(
            "{error}. It waits until somebody runs it again or cancels it.", error=words_of(error)
        )
        administrators = self.kernel.access.holders(ctx, ADMINISTRATOR, None)
        # a mail about mails that can't be sent would be the next of them
        by_mail = row.queue != "mail"
        self.kernel.notify.notify(
            ctx, administrators, title, body, None, kind=JOB_PARKED, by_mail=by_mail
        )

    def _parked_before(self, ctx: KernelContext, row: Row[Any]) -> bool:
        """Whether another job of this name was parked within a day and still is: of ten thousand that fail alike,
        people are told once, and one that nobody cared for doesn't silence all that are parked long after it."""
        lately = job.c.finished_at > moment(self.kernel.db.dialect, -_STANDS_FOR)
        other = select(job.c.id).where(
            job.c.name == row.name, job.c.state == PARKED, job.c.id != row.id, lately
        )
        return self.kernel.db.execute(ctx.guarded, other.limit(1)).first() is not None


def sound(row: Row[Any], kind: JobKind | None) -> JobKind:
    """The job as declared, if it may be tried at all.

    Raises:
        Cancelled: somebody asked for it.
        Refused: ``job-unknown``, ``worker-lost``; ``mandate-over``: in whose name it would be done ended that since.
    """
    if kind is None:
        raise Refused("job-unknown", name=row.name)
    if row.cancel_asked:
        raise Cancelled
    if row.lost >= MOST_LOST:
        raise Refused("worker-lost", times=row.lost)
    if row.mandate_ended_at is not None:
        raise Refused("mandate-over")
    return kind
