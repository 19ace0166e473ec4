"""Processes that die at each statement: ``python dying_process.py <folder> <first> <step>``.

It forks one after the other. Each enqueues a plain job, one that pays outside and one in parts, works, and kills
itself at its n-th statement, n going from ``first`` in steps until one comes through. The number of those that died is
printed. The database's address comes in ``TENOR_TEST_DATABASE``.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tenor.kernel import Kernel
from tenor.testing import as_actor, start

#: before and after a statement, and before a commit
_MOMENTS = ("before_cursor_execute", "after_cursor_execute", "commit")


def main(folder: str, first: str, step: str) -> None:
    kernel = start(os.environ["TENOR_TEST_DATABASE"], ["chores"], Path(folder))
    kernel.jobs.lease_seconds = 0.2
    kernel.db.dispose()
    died = 0
    for number in range(int(first), 10**6, int(step)):
        child = os.fork()
        if not child:
            kernel.db.leave_connections()
            _work_and_die(kernel, number, Path(folder))
            os._exit(0)
        if os.waitpid(child, 0)[1] == 0:
            break
        died += 1
    sys.stdout.write(f"{died}\n")


def _work_and_die(kernel: Kernel, number: int, folder: Path) -> None:
    import tenor_chores as chores

    with as_actor(kernel, "lin.xiaowen") as ctx:
        ctx.enqueue(chores.leave_effect, name=f"plain {number}")
        ctx.enqueue(chores.pay, folder=str(folder / "provider"), reference=f"p{number}")
        ctx.enqueue(chores.clean_up, count=2)
    left = number

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in (kernel.db.writer, kernel.db.reader):
        for moment in _MOMENTS:
            event.listen(engine, moment, count)
    # only what is there now: what others left is done at the end
    kernel.jobs.run_due(12)


if __name__ == "__main__":
    main(*sys.argv[1:])
