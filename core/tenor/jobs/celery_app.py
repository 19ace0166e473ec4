"""Celery on Redis, for the distributed mode. Celery is imported when one of these is called, never at start: it takes
two seconds, and nothing else needs it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from tenor.jobs.hearing import PATIENCE, Hearing, Watch
from tenor.jobs.relay import Message, Publish, Relay

if TYPE_CHECKING:
    from celery import Celery

    from tenor.kernel import Kernel

TASK: Final = "tenor.run_job"

#: Redis delivers a message again that wasn't acknowledged within this time: more than the longest job takes.
_VISIBILITY_SECONDS: Final = 24 * 3600


def queue_name(queue: str) -> str:
    """The broker's name for a queue."""
    return f"tenor.{queue}"


def make_app(kernel: Kernel, hearing: Hearing | None = None) -> Celery:
    """A Celery application whose one task runs a job by its id.

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

    def run_job(job_id: int) -> None:
        with hearing.job() if hearing is not None else nullcontext():
            kernel.jobs.run_one(job_id)

    app.task(run_job, name=TASK, shared=False)  # of this application and kernel alone
    return app


def publisher(app: Celery) -> Publish:
    """What the relay hands messages to."""

    def publish(messages: Sequence[Message]) -> None:
        with app.producer_pool.acquire(block=True) as producer:
            for message in messages:
                app.tasks[TASK].apply_async(
                    (message.job_id,),
                    queue=queue_name(message.queue),
                    producer=producer,
                    retry=False,
                )

    return publish


def relay(kernel: Kernel, **options: Any) -> Relay:
    """The relay of an institution.

    Args:
        options: of ``Relay``.
    """
    return Relay(kernel, publisher(make_app(kernel)), **options)


def run_worker(kernel: Kernel, *, threads: int = 4, patience: float = PATIENCE) -> None:
    """Work until told to end (SIGTERM: the jobs at hand are finished).

    Args:
        threads: jobs at once in this process.
        patience: seconds after which a worker that takes none of the messages that wait ends itself.
    """
    hearing = Hearing(patience)
    queues = [queue_name(queue) for queue in kernel.jobs.kinds.queues]
    watch = Watch(hearing, kernel.settings.redis_url, queues)
    kernel.jobs.keeper.start()
    watch.start()
    try:
        make_app(kernel, hearing).worker_main(
            [
                "--quiet",
                "worker",
                "--pool=threads",
                f"--concurrency={threads}",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
                "--loglevel=WARNING",
            ]
        )
    finally:
        watch.stop()
        kernel.jobs.keeper.stop()
