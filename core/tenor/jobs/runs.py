"""Running one job: as whoever asked, as a procedure of its plugin, its effect and its end in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Row, select, update

from tenor.events.events import event_from, words_of
from tenor.events.records import OutboxEvent
from tenor.events.rows import table_of
from tenor.events.wire import from_json, to_json
from tenor.jobs.kinds import JobKind
from tenor.jobs.leases import Lease, job, moment
from tenor.jobs.notices import JOB_PARKED
from tenor.jobs.records import DONE, INTENDED, PARKED, READY, UNKNOWN, OutsideCall
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.errors import Refused
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

_event: Final = table_of(OutboxEvent)
_call: Final = table_of(OutsideCall)

#: How often a job's worker may vanish before a person looks at it: it may be the job that takes the worker down.
MOST_LOST: Final = 5


class Fenced(Exception):
    """The lease was taken over: whatever this run did is undone, as another does it."""


@dataclass
class Run:
    """One try at one job.

    Args:
        wrote: whether it has enqueued or told something, which a second try would repeat.
    """

    lease: Lease
    kind: JobKind
    wrote: bool = False


class Runner:
    """Runs leased jobs."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self._runs: dict[KernelContext, Run] = {}

    def run_of(self, ctx: KernelContext) -> Run | None:
        """The try in which a context stands; None in a request."""
        return self._runs.get(ctx)

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
            self._perform(row, _sound(row, kind), lease)
        except Fenced:
            log.warning("job %s %s was taken over by another worker", row.id, row.name)
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
            return connection.execute(select(job).where(lease.mine)).one_or_none()

    def _perform(self, row: Row[Any], kind: JobKind, lease: Lease) -> None:
        actor, call = self._actor(row), self._call(row, kind)
        context = self.kernel.context(
            actor, write=True, request_id=f"job-{row.id}-{row.attempt}", today=row.business_day
        )
        with context as ctx, self._standing(ctx, Run(lease, kind)):
            with (
                self.kernel.events.timings.timed("job", kind.plugin, kind.name),
                self.kernel.access.procedure(ctx, kind.plugin, kind.function.__name__),
            ):
                result = kind.function(ctx, *call[0], **call[1])
            ctx.finish()
            self._finish(ctx, lease, _result(result))

    @contextmanager
    def _standing(self, ctx: KernelContext, run: Run) -> Iterator[None]:
        self._runs[ctx] = run
        try:
            yield
        finally:
            del self._runs[ctx]

    def _actor(self, row: Row[Any]) -> ActorData:
        """Who asked, with the rights that they have today; a service, with its own.

        Raises:
            Refused: ``actor-gone``: who asked for it has left.
        """
        if row.actor_id is None:
            return self.kernel.access.service(row.service)
        with self.kernel.db.raw(write=False) as connection:
            actor = self.kernel.access.actor(connection, row.actor_id)
        if actor is None:
            raise Refused("actor-gone", user_id=row.actor_id)
        return actor

    def _call(self, row: Row[Any], kind: JobKind) -> tuple[list[Any], dict[str, Any]]:
        """The arguments of the call: an event, or what was enqueued."""
        if kind.event is None:
            return [], {name: from_json(value) for name, value in row.arguments.items()}
        with self.kernel.db.raw(write=False) as connection:
            told = connection.execute(select(_event.c.payload).where(_event.c.id == row.event_id))
            return [event_from(kind.event, told.scalar_one())], {}

    def _finish(self, ctx: KernelContext, lease: Lease, result: Any) -> None:
        """The end of the job, in the transaction of its effect."""
        now = moment(self.kernel.db.dialect)
        values = {"state": DONE, "until": None, "error": "", "result": result, "finished_at": now}
        statement = update(job).where(lease.mine).values(values)
        if self.kernel.db.execute(ctx.guarded, statement).rowcount != 1:
            raise Fenced

    # -- what comes of it -----------------------------------------------------------------------

    def _failed(
        self, row: Row[Any], lease: Lease, kind: JobKind | None, error: BaseException
    ) -> None:
        failures = row.failures + 1
        if kind is None or failures >= kind.retry.times:
            self._park(row, lease, error)
            return
        log.warning("job %s %s failed and is tried again", row.id, row.name, exc_info=error)
        values = {
            "state": READY,
            "until": None,
            "sent_at": None,
            "failures": failures,
            "error": words_of(error),
            "due_at": self.kernel.clock.now() + kind.retry.pause_after(failures),
        }
        with self.kernel.db.raw() as connection:
            connection.execute(update(job).where(lease.mine).values(values))

    def _park(self, row: Row[Any], lease: Lease, error: BaseException) -> None:
        """Put a job aside until a person has looked at it, and tell those who should."""
        log.error("job %s %s is parked", row.id, row.name, exc_info=error)
        actor = self.kernel.access.system_actor()
        with self.kernel.context(
            actor, write=True, request_id=f"job-{row.id}-{row.attempt}"
        ) as ctx:
            values = {
                "state": PARKED,
                "until": None,
                "failures": row.failures + 1,
                "error": words_of(error),
                "finished_at": moment(self.kernel.db.dialect),
            }
            parked = self.kernel.db.execute(
                ctx.guarded, update(job).where(lease.mine).values(values)
            )
            if parked.rowcount == 1:
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
        """Whether another job of this name is parked: of ten thousand that fail alike, people are told once."""
        other = select(job.c.id).where(
            job.c.name == row.name, job.c.state == PARKED, job.c.id != row.id
        )
        return self.kernel.db.execute(ctx.guarded, other.limit(1)).first() is not None


class NeedsAPerson(Refused):
    """An effect beyond the database of which nobody knows whether it was made.

    Args:
        call_key: of the outside call.
    """

    def __init__(self, call_key: str) -> None:
        super().__init__("needs-a-person", call=call_key)
        self.call_key = call_key


def _sound(row: Row[Any], kind: JobKind | None) -> JobKind:
    """The job as declared, if it may be tried at all."""
    if kind is None:
        raise Refused("job-unknown", name=row.name)
    if row.lost >= MOST_LOST:
        raise Refused("worker-lost", times=row.lost)
    return kind


def _result(value: object) -> Any:
    """What a job returned, where JSON has words for it; nobody's job fails for what it returns."""
    try:
        return to_json(value)
    except TypeError:
        return None
