"""A worker in a process of its own that stops dead in the middle of a signing, for a test that kills it:
``python killed_worker.py <folder> <where> <plugin> …``.

It says "stopped" once it is there, and does nothing more. The database's address comes in ``TENOR_TEST_DATABASE``.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from tenor.testing import run_jobs, start
from tenor_esign_ca import calling
from tenor_esign_ca.envelope_log import EnvelopeLog
from tenor_esign_ca.own import OwnSigning

#: So long is what it does its own; then whoever comes may take it over.
LEASE_SECONDS = 0.5


def stop() -> None:
    sys.stdout.write("stopped\n")
    sys.stdout.flush()
    Event().wait()


def stopping(owner: Any, name: str, *, done: bool) -> None:
    """Have a function stop before it does its part, or once it is done."""
    act: Callable[..., Any] = getattr(owner, name)

    def stopped(*args: Any, **more: Any) -> Any:
        if done:
            act(*args, **more)
        stop()

    setattr(owner, name, stopped)


PLACES: dict[str, Callable[[], None]] = {
    "signed-not-noted": lambda: stopping(EnvelopeLog, "add", done=False),
    "noted-not-told": lambda: stopping(OwnSigning, "sign", done=True),
    "kept-not-told": lambda: stopping(calling, "keep_signed_file", done=True),
}


def main(folder: str, where: str, *plugins: str) -> None:
    kernel = start(os.environ["TENOR_TEST_DATABASE"], plugins, Path(folder))
    kernel.jobs.lease_seconds = LEASE_SECONDS
    PLACES[where]()
    run_jobs(kernel)


if __name__ == "__main__":
    main(*sys.argv[1:])
