"""Celery on Redis, for the distributed mode. Celery is imported when one of these is called, never at start: it takes
two seconds, and nothing else needs it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from tenor.jobs.hearing import PATIENCE, Hearing, Watch
from tenor.jobs.relay import Message, Publish, Relay

if TYPE_CHECKING:
    from celery import Celery

    from tenor.kernel import Kernel

TASK: Final = "tenor.run_jobs"

#: Job ids in one message at most. Where few are due each has a message of its own, so that every worker gets some.
_MOST_IN_ONE: Final = 50
_MESSAGES: Final = 16

#: Redis delivers a message again that wasn't acknowledged within this time: more than the longest job takes.
_VISIBILITY_SECONDS: Final = 24 * 3600


def queue_name(queue: str) -> str:
    """The broker's name for a queue."""
    return f"tenor.{queue}"


def make_app(kernel: Kernel, hearing: Hearing | None = None) -> Celery:
    """A Celery application whose one task runs jobs by their ids.

    Args:
        hearing: of the worker that runs them.
    """
    from celery import Celery

    app = Celery("tenor", broker=kernel.settings.redis_url, set_as_current=False)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        # a message is acknowledged once its job has been tried, so that a worker's death loses none
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": _VISIBILITY_SECONDS,
            "socket_connect_timeout": 5,
        },
        task_queues={queue_name(queue): {} for queue in kernel.jobs.kinds.queues},
        task_create_missing_queues=False,
    )

    def run_jobs(ids: Sequence[int]) -> None:
        with hearing.job() if hearing is not None else nullcontext():
            kernel.jobs.run_those(ids)

    app.task(run_jobs, name=TASK, shared=False)  # of this application and kernel alone
    return app


def publisher(app: Celery) -> Publish:
    """What the relay hands messages to."""

    def publish(messages: Sequence[Message]) -> None:
        with app.producer_pool.acquire(block=True) as producer:
            for queue, ids in _bundled(messages):
                app.tasks[TASK].apply_async(
                    (ids,), queue=queue_name(queue), producer=producer, retry=False
                )

    return publish


def _bundled(messages: Sequence[Message]) -> Iterator[tuple[str, list[int]]]:
    """Several ids a message where many are on their way: most of what a quick job costs in Celery is its message."""
    for queue, found in groupby(messages, lambda message: message.queue):
        several = list(found)
        ids = [message.job_id for message in several]
        size = min(max((len(ids) + several[0].beside) // _MESSAGES, 1), _MOST_IN_ONE)
        for begin in range(0, len(ids), size):
            yield queue, ids[begin : begin + size]


def relay(kernel: Kernel, **options: Any) -> Relay:
    """The relay of an institution.

    Args:
        options: of ``Relay``.
    """
    return Relay(kernel, publisher(make_app(kernel)), **options)


def run_worker(
    kernel: Kernel, *, threads: int = 4, processes: int = 0, patience: float = PATIENCE
) -> None:
    """Work until told to end (SIGTERM: the jobs at hand are finished).

    Args:
        threads: jobs at once in this process.
        processes: instead of threads, processes of which each runs one job at a time: more of them use more cores, and
            one whose job's time is over is ended and replaced.
        patience: seconds after which a worker that takes none of the messages that wait ends itself.
    """
    from celery.signals import worker_shutting_down

    hearing = Hearing(patience)
    queues = [queue_name(queue) for queue in kernel.jobs.kinds.queues]
    running = _prefork(kernel, hearing) if processes else int
    watch = Watch(hearing, kernel.settings.redis_url, queues, running=running)
    if not processes:
        kernel.jobs.keeper.start()
    app = make_app(kernel, None if processes else hearing)

    def told_to_end(**_: object) -> None:
        watch.told_to_end()

    worker_shutting_down.connect(told_to_end, weak=False)
    watch.start()
    try:
        app.worker_main(
            [
                "--quiet",
                "worker",
                f"--pool={'prefork' if processes else 'threads'}",
                f"--concurrency={processes or threads}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                "--loglevel=WARNING",
            ]
        )
    finally:
        watch.stop()
        kernel.jobs.keeper.stop()


def _prefork(kernel: Kernel, hearing: Hearing) -> Callable[[], int]:
    """Before processes are forked: none inherits a connection, each has a keeper of its own, and this one knows what it
    gave them.

    Returns:
        How many jobs they are at.
    """
    from celery.signals import task_received, worker_process_init
    from celery.worker import state

    def begin(**_: object) -> None:
        kernel.db.leave_connections()
        kernel.jobs.keeper.alone = True
        kernel.jobs.keeper.start()

    def received(**_: object) -> None:
        hearing.took()

    worker_process_init.connect(begin, weak=False)
    task_received.connect(received, weak=False)
    kernel.db.dispose()
    return lambda: len(state.reserved_requests)
