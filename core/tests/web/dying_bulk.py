"""A worker that dies in the middle of a change of many: ``python dying_bulk.py <folder> <statements>``.

It works until so many statements of its own were asked, and kills itself there. The database's address comes in
``TENOR_TEST_DATABASE``.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tenor.testing import start


def main(folder: str, statements: str) -> None:
    kernel = start(os.environ["TENOR_TEST_DATABASE"], ["vault"], Path(folder))
    left = int(statements)

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(kernel.db.writer, "before_cursor_execute", count)
    kernel.jobs.run_due()


if __name__ == "__main__":
    main(*sys.argv[1:])
