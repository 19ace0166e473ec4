"""A copy of the whole database as it stood at one moment, while others write, and the way of it into an empty one.

SQLite copies its file through its own backup interface; PostgreSQL's own ``pg_dump`` reads one snapshot.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL, make_url

from tenor.loader.ledger_rights import close
from tenor.loader.state import connected, engine_of
from tenor_sdk.errors import Refused

#: where Debian keeps the programs of each version of PostgreSQL
_DEBIAN: Final = Path("/usr/lib/postgresql")


def kind_of(url: str) -> str:
    """``sqlite`` or ``postgresql``."""
    return make_url(url).get_backend_name()


def is_empty(url: str) -> bool:
    """Whether nothing is in a database yet; to ask SQLite would make an empty one."""
    file = file_of(url)
    if (
        file is not None
    ):  # what was written last may lie in a second file, which SQLite would read into a new one
        both = (file, file.with_name(f"{file.name}-wal"))
        return not any(each.exists() and each.stat().st_size for each in both)
    with connected(url) as connection:
        return not inspect(connection).get_table_names()


def file_of(url: str) -> Path | None:
    """The file of SQLite's database; None on PostgreSQL."""
    address = make_url(url)
    return Path(str(address.database)) if address.get_backend_name() == "sqlite" else None


@contextmanager
def copied(url: str, target: Path) -> Iterator[Connection]:
    """Copy a database into a new file; within the block the connection reads what is in the copy.

    Raises:
        BootError: the database can't be reached.
        Refused: ``database-not-copied``, in the words of the program that should have done it.
    """
    file = file_of(url)
    if file is not None:
        copy_file(file, target)
        with connected(f"sqlite:///{target}") as connection:
            yield connection
        return
    with connected(url) as reading:
        connection = reading.execution_options(isolation_level="REPEATABLE READ")
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        words = ("--format=custom", "--no-owner", "--no-privileges", "--no-comments")
        address = make_url(url)
        named = (
            *words,
            f"--snapshot={snapshot}",
            f"--file={target}",
            f"--dbname={_place(address)}",
        )
        _run("pg_dump", named, address)
        yield connection


def copy_file(source: Path, target: Path) -> None:
    """Copy SQLite's file, whole even while others write."""
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as copy:
        there.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a second one beside it


def put(copy: Path, url: str) -> None:
    """Put a copy into an empty database, all or nothing.

    Raises:
        Refused: ``database-not-copied``.
    """
    file = file_of(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        near = file.with_name(f"{file.name}.restoring")
        shutil.move(copy, near)  # it may come from another disk; what follows is one step
        near.replace(file)
        return
    address = make_url(url)
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", (*words, f"--dbname={_place(address)}", str(copy)), address)
    engine = engine_of(url)
    try:
        with engine.begin() as connection:  # rights on tables to come gave the site's role too many
            close(connection)
    finally:
        engine.dispose()


def _place(address: URL) -> str:
    """A database's address as PostgreSQL's own programs read it, without the password: others see their words."""
    return address.set(drivername="postgresql", password=None).render_as_string()


def _run(program: str, words: Sequence[str], address: URL) -> None:
    path = _program(program)
    environment = {**os.environ, **_password(address)}
    done = subprocess.run(
        [path, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Refused("database-not-copied", program=program, said=done.stderr.strip()[-500:])


def _password(address: URL) -> Mapping[str, str]:
    return {"PGPASSWORD": str(address.password)} if address.password else {}


def _program(name: str) -> str:
    """A program of PostgreSQL's, of the newest version that is here: an older one refuses a newer server.

    Raises:
        Refused: ``program-missing``.
    """
    newest = sorted(_DEBIAN.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(newest[-1]) if newest else shutil.which(name)
    if not found:
        raise Refused("program-missing", program=name)
    return found
