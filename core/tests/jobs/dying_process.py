"""Processes that die at each statement: ``python dying_process.py <folder> <first> <step>``.

It forks one after the other. Each enqueues a plain job, one that pays outside and one in parts, works, and kills
itself at its n-th statement, n going from ``first`` in steps until one comes through. The number of those that died is
printed. The database's address comes in ``TENOR_TEST_DATABASE``.
"""

import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

from sqlalchemy import event

from tenor.jobs import runs
from tenor.kernel import Kernel
from tenor.testing import as_actor, start

#: before and after a statement, and before a commit
_MOMENTS = ("before_cursor_execute", "after_cursor_execute", "commit")


def main(folder: str, first: str, step: str) -> None:
    kernel = start(os.environ["TENOR_TEST_DATABASE"], ["chores"], Path(folder))
    kernel.jobs.lease_seconds = 0.2
    kernel.jobs.together.quick_seconds = 60
    vars(runs)["MOST_LOST"] = 10**6  # one may lose many workers here
    kernel.db.dispose()
    died = 0
    for number in range(int(first), 10**6, int(step)):
        child = os.fork()
        if not child:
            _be_a_child(kernel, number, Path(folder))
        status = os.waitpid(child, 0)[1]
        if status == 0:
            break
        assert os.WIFSIGNALED(status), "it failed instead"
        died += 1
    sys.stdout.write(f"{died}\n")


def _be_a_child(kernel: Kernel, number: int, folder: Path) -> NoReturn:
    try:
        kernel.db.leave_connections()
        _work_and_die(kernel, number, folder)
        os._exit(0)
    except BaseException:  # noqa: BLE001 -- told, and the end of this process whatever it is
        traceback.print_exc()
        os._exit(1)


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
    # one by one, and several in one transaction, by turns; what is left is done at the end
    if number % 2:
        kernel.jobs.run_due(12)
        return
    worker = kernel.jobs.worker()
    for _ in range(3):
        kernel.jobs.work_round(worker)


if __name__ == "__main__":
    main(*sys.argv[1:])
