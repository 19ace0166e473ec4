"""The relay: hands the ids of due jobs to the broker, in the distributed mode. Any number of them may run.

Only ids go through the broker. What it loses is sent again after a while, what it delivers twice finds the job taken.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from tenor.jobs import leases
from tenor.jobs.leases import job, moment
from tenor.jobs.processes import RELAY, Beat
from tenor.jobs.records import LEASED, READY

if TYPE_CHECKING:
    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

#: Jobs of one queue that lie in the broker at once: more of them would only wait there, and be sent again meanwhile.
MOST_OUT: Final = 1000
_IDLE: Final = 0.1
_AFTER_FAILURE: Final = (1.0, 30.0)


@dataclass(frozen=True)
class Message:
    """What goes through the broker: a job's id, in the queue of its name.

    Args:
        beside: how many of that queue lie there already.
    """

    job_id: int
    queue: str
    beside: int = 0


#: Hands messages over; raises where the broker can't be reached, those before the error being handed over.
Publish = Callable[[Sequence[Message]], None]


class Relay:
    """Feeds a broker.

    Args:
        publish: hands messages to it.
        resend_after: seconds after which a job that was sent and not begun is sent again.
    """

    def __init__(self, kernel: Kernel, publish: Publish, *, resend_after: float = 300.0) -> None:
        self.kernel = kernel
        self._publish = publish
        self._resend_after = resend_after

    def run(self, over: Event) -> None:
        """Relay until ``over`` is set; a broker or database that is away is tried again."""
        pause, beat = _AFTER_FAILURE[0], Beat(self.kernel, RELAY)
        while not over.is_set():
            try:
                beat.give()
                if not self.once():
                    over.wait(_IDLE)
                pause = _AFTER_FAILURE[0]
            except Exception:
                log.exception("nothing could be relayed; tried again in %s s", pause)
                over.wait(pause)
                pause = min(pause * 2, _AFTER_FAILURE[1])
        beat.end()

    def once(self) -> int:
        """Enqueue what schedules ask for, and send what is due.

        Returns:
            How many messages were sent.
        """
        self.kernel.jobs.schedules.tick()
        with self.kernel.db.raw(write=False) as connection:
            if connection.execute(select(job.c.id).where(self._to_send()).limit(1)).first() is None:
                return 0
        messages = [
            message for queue in self.kernel.jobs.kinds.queues for message in self._take(queue)
        ]
        if messages:
            self._hand_over(messages)
        return len(messages)

    def _take(self, queue: str) -> list[Message]:
        """Mark jobs of a queue as sent. Marked before they are published: a worker must find the row free."""
        where = and_(job.c.queue == queue, self._to_send())
        with self.kernel.db.raw(write=False) as connection:
            if connection.execute(select(job.c.id).where(where).limit(1)).first() is None:
                return []
            out = int(connection.execute(self._out(queue)).scalar_one())
        if out >= MOST_OUT:
            return []
        chosen = (
            select(job.c.id)
            .where(where)
            .order_by(*leases.ORDER)
            .limit(MOST_OUT - out)
            .with_for_update(skip_locked=True)
        )
        mark = update(job).where(job.c.id.in_(chosen)).values(sent_at=self._moment())
        with self.kernel.db.raw() as connection:
            marked = connection.execute(mark.returning(job.c.id))
            return [Message(row.id, queue, beside=out) for row in marked]

    def _to_send(self) -> ColumnElement[bool]:
        """What is due and not on its way: never sent, sent too long ago, or taken by a worker that is gone."""
        jobs = self.kernel.jobs
        due = leases.ready(self.kernel.clock.now(), jobs.kinds.plugins)
        lost = leases.expired(self.kernel.db.dialect, jobs.kinds.plugins)
        stale = job.c.sent_at < self._moment(-self._resend_after)
        before_lease = and_(job.c.state == LEASED, job.c.sent_at < job.c.until)
        return and_(or_(due, lost), or_(job.c.sent_at.is_(None), stale, before_lease))

    def _out(self, queue: str) -> Any:
        fresh = job.c.sent_at >= self._moment(-self._resend_after)
        return select(func.count()).where(job.c.state == READY, job.c.queue == queue, fresh)

    def _moment(self, seconds: float = 0) -> ColumnElement[Any]:
        return moment(self.kernel.db.dialect, seconds)

    def _hand_over(self, messages: Sequence[Message]) -> None:
        try:
            self._publish(messages)
        except Exception:
            # some may have arrived; sending those again does no harm
            self._take_back(message.job_id for message in messages)
            raise

    def _take_back(self, ids: Iterable[int]) -> None:
        unsent = update(job).where(job.c.id.in_(list(ids)), job.c.state == READY)
        with self.kernel.db.raw() as connection:
            connection.execute(unsent.values(sent_at=None))
