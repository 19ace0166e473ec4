"""Turns among the processes that write to one SQLite file.

Two locks of the operating system on two small files beside the database's: whoever waits for *turn* keeps *next*
meanwhile, and whoever gives *turn* up must have *next* before it takes it again. So a process that writes without a
break lets in each that waits, after the transaction at hand. A killed process leaves neither.
"""

from __future__ import annotations

import os
from contextlib import suppress
from errno import EACCES, EAGAIN
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from sqlalchemy.engine import make_url

from tenor_sdk.errors import Conflict

#: Seconds between two tries: the system wakes whoever waits without a time limit only.
_AGAIN: Final = 0.001
#: What the files are called, after the name of the database's.
_NEXT, _TURN = "-next", "-turn"
#: of a database that isn't there yet, less what the process keeps from others
_ANEW: Final = 0o644
#: what of the database's mode its files of turns have
_SHARED: Final = 0o666
#: the account that owns the database may have put anything at their names: a link, or a pipe that nobody writes to
_HOW: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class FileTurn:
    """The turn of one process; within it threads keep order by themselves.

    Args:
        path: of the database's file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._next: int | None = None
        self._turn: int | None = None

    def take(self, seconds: float) -> bool:
        """Wait for the turn.

        Returns:
            Whether it came within that time.

        Raises:
            Conflict: ``no-turns-here``: one of the files can't be used by whoever runs this.
        """
        until = monotonic() + seconds
        if self._next is None:
            self._next = self._opened(_NEXT)
        if self._turn is None:
            self._turn = self._opened(_TURN)
        if not _locked(self._next, until):
            return False
        try:
            return _locked(self._turn, until)
        finally:
            flock(self._next, LOCK_UN)

    def give_up(self) -> None:
        """Let another process have it."""
        if self._turn is not None:
            flock(self._turn, LOCK_UN)

    def close(self) -> None:
        """Leave the files alone; they are opened again with the next turn."""
        for file in (self._next, self._turn):
            if file is not None:
                with suppress(OSError):
                    os.close(file)
        self._next = self._turn = None

    def _opened(self, ending: str) -> int:
        path = self._path.with_name(self._path.name + ending)
        try:
            made = self._made(path)
            return os.open(path, _HOW) if made is None else made
        except OSError as error:
            raise Conflict("no-turns-here", file=path.name) from error

    def _made(self, path: Path) -> int | None:
        """One of the files, made as SQLite makes its own: whoever may use the database may use it, whoever came first.

        None where something of that name is there already: whose that is, is left as it is.
        """
        about = self._path.stat() if self._path.exists() else None
        mode = about.st_mode & _SHARED if about is not None else _ANEW
        try:
            file = os.open(path, _HOW | os.O_CREAT | os.O_EXCL, mode)
        except FileExistsError:
            return None
        if about is not None:
            os.fchmod(file, mode)
            if os.geteuid() == 0:
                os.fchown(file, about.st_uid, about.st_gid)
        return file


def file_turn_of(url: str) -> FileTurn | None:
    """The turns at a database of SQLite; None where it is no file, so that nobody else can write to it.

    Args:
        url: SQLAlchemy's address.
    """
    name = make_url(url).database
    if not name or name.startswith((":", "file:")):
        return None
    return FileTurn(Path(name))


def _locked(file: int, until: float) -> bool:
    while True:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except OSError as error:
            if error.errno not in (EAGAIN, EACCES):
                raise
        else:
            return True
        if monotonic() >= until:
            return False
        sleep(_AGAIN)
