"""A worker in a process of its own, for tests that kill it: ``python worker_process.py <folder> <lease seconds>``.

It says "ready" and works until it is killed; nothing renews its leases, so that a slow job is taken over.
The database's address comes in ``TENOR_TEST_DATABASE``.
"""

import os
import sys
from pathlib import Path
from threading import Event

from tenor.testing import start


def main(folder: str, lease_seconds: str) -> None:
    kernel = start(os.environ["TENOR_TEST_DATABASE"], ["chores"], Path(folder))
    kernel.jobs.lease_seconds = float(lease_seconds)
    worker = kernel.jobs.worker()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        if not kernel.jobs.work_round(worker):
            Event().wait(0.05)


if __name__ == "__main__":
    main(*sys.argv[1:])
