"""A Celery worker in a process of its own: ``python celery_process.py <folder> <redis url> [<processes>]``.

The database's address comes in ``TENOR_TEST_DATABASE``. It says "ready" once it takes messages.
"""

import os
import sys
from pathlib import Path

from celery.signals import worker_ready

from tenor.jobs.celery_app import run_worker
from tenor.testing import start


def _say_so(**_: object) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main(folder: str, redis_url: str, processes: str = "0") -> None:
    kernel = start(os.environ["TENOR_TEST_DATABASE"], ["chores"], Path(folder))
    kernel.settings = kernel.settings.but(mode="distributed", redis_url=redis_url)
    kernel.jobs.lease_seconds = 2.0  # what a killed worker had is soon free
    worker_ready.connect(_say_so, weak=False)
    run_worker(kernel, threads=2, processes=int(processes), patience=10.0)


if __name__ == "__main__":
    main(*sys.argv[1:])
