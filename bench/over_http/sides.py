"""The two sides, each with the same rows in a database of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg

from bench.figures import ROOT
from bench.installing import installed
from bench.over_http.client import Client, cpu_of
from bench.over_http.data import COLUMNS, DOSSIERS, MINE, ROWS, UNITS, customers, mine
from tenor_test_support.postgres import PostgresDatabase
from tenor_test_support.process import free_port, stop

TOKEN = "token-of-the-one-who-asks"
LOGIN = "keeper"


@dataclass
class Side:
    """A running server."""

    name: str
    port: int
    authorization: str
    path: str = ""
    process: subprocess.Popen[bytes] = field(init=False)
    #: the process that answers, where another started it
    working: int = 0

    def client(self) -> Client:
        """A connection to it."""
        return Client(self.port, self.authorization)

    @property
    def cpu(self) -> float:
        """Seconds that it has used."""
        return cpu_of(self.working or self.process.pid)


def fill_bare(database: PostgresDatabase) -> str:
    """Tables and rows; the token."""
    from sqlalchemy import create_engine

    from bench.over_http.bare import Base

    engine = create_engine(database.url)
    Base.metadata.create_all(engine)
    engine.dispose()
    with psycopg.connect(database.dsn) as connection:
        _copy(connection, "unit", ("id", "name"), ((n + 1, f"Unit {n:03d}") for n in range(UNITS)))
        connection.execute("INSERT INTO person (id, token) VALUES (1, %s)", [TOKEN])
        _copy(connection, "person_unit", ("user_id", "unit_id"), ((1, unit) for unit in MINE))
        rows = (
            (n + 1, *(row[name] for name in COLUMNS), row["unit"])
            for n, row in enumerate(customers())
        )
        _copy(connection, "customer", ("id", *COLUMNS, "unit_id"), rows)
        connection.execute("SELECT setval('customer_id_seq', %s)", [ROWS])
        columns = ("id", "customer_id", "unit_id", "owner_id", "state")
        lying = ((k + 1, mine(k), MINE[k % len(MINE)], 1, "open") for k in range(DOSSIERS))
        _copy(connection, "dossier", columns, lying)
    _settle(database)
    return TOKEN


def fill_ours(database: PostgresDatabase, folder: Path) -> str:
    """An institution with units, a person and rows; the token."""
    from tenor.base.services import add_unit, add_user
    from tenor.loader.stage import actor_of
    from tenor.testing.institution import build, start

    with installed("book", folder):
        build(database.url, ["book"], folder)
        kernel = start(database.url, ["book"], folder)
        try:
            with kernel.context(kernel.access.system_actor(), write=True) as ctx:
                units = [add_unit(ctx, f"U{n:03d}", f"Unit {n:03d}") for n in range(UNITS)]
                positions = [("relationship-manager", f"U{unit - 1:03d}") for unit in MINE]
                add_user(
                    ctx, LOGIN, "Keeper", unit=positions[0][1], language="en", positions=positions
                )
            token = kernel.identity.create_token(actor_of(kernel, LOGIN), "bench")
        finally:
            kernel.db.dispose()
    with psycopg.connect(database.dsn) as connection:
        rows = (
            (n + 1, *(row[name] for name in COLUMNS), units[row["unit"] - 1], 1)
            for n, row in enumerate(customers())
        )
        _copy(
            connection, "book_customer", ("id", *COLUMNS, "unit_id", "version"), rows, stamped=True
        )
        connection.execute("SELECT setval('book_customer_id_seq', %s)", [ROWS])
    _open_dossiers(database, folder, units)
    _settle(database)
    return token


def _open_dossiers(database: PostgresDatabase, folder: Path, units: Sequence[int]) -> None:
    """One for each of the first customers that the person sees, each with its case."""
    from tenor.loader.stage import actor_of
    from tenor.testing.institution import start

    with installed("book", folder):
        kernel = start(database.url, ["book"], folder)
        try:
            dossier = import_module("tenor_book.records").Dossier
            with kernel.context(actor_of(kernel, LOGIN), write=True) as ctx:
                for k in range(DOSSIERS):
                    unit = units[MINE[k % len(MINE)] - 1]
                    opened = dossier(customer_id=mine(k), unit_id=unit, owner_id=ctx.actor.id)
                    ctx.session.add(opened)
                    ctx.session.flush()  # in their order, which gives them their numbers
        finally:
            kernel.db.dispose()


def _copy(
    connection: psycopg.Connection[Any],
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    stamped: bool = False,
) -> None:
    if stamped:
        for column in ("created_at", "changed_at"):
            connection.execute(f"ALTER TABLE {table} ALTER {column} SET DEFAULT now()".encode())
    with connection.cursor().copy(
        f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()
    ) as copy:
        for row in rows:
            copy.write_row(row)


def _settle(database: PostgresDatabase) -> None:
    """As a table lies that has been there for a while: its pages known to be visible to everybody, which VACUUM can't
    tell until what was committed has reached the log; nobody waits for that here."""
    from time import monotonic, sleep

    until = monotonic() + 60
    hidden = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname LIKE '%customer' AND relallvisible = 0"
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        while monotonic() < until:
            connection.execute("VACUUM ANALYZE")
            if connection.execute(hidden).fetchone() == (0,):
                return
            sleep(0.2)
    raise RuntimeError("VACUUM marks no page as visible to everybody")


@contextmanager
def serving(name: str, database: PostgresDatabase, folder: Path, token: str) -> Iterator[Side]:
    """Our side's server or the bare one's, from when it answers until it's over."""
    side = Side(name, free_port(), f"Bearer {token}")
    words = ["-m", "bench.over_http.server", name, str(side.port), database.url, str(folder)]
    with started(side, [sys.executable, *words], folder / f"{name}.log", os.environ):
        yield side


@contextmanager
def started(
    side: Side, command: Sequence[str], log: Path, environment: Mapping[str, str]
) -> Iterator[None]:
    """A side's process, once it answers, until the block is over."""
    with log.open("wb") as said:
        side.process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, start_new_session=True, cwd=ROOT,
            env=environment,
        )  # fmt: skip
        try:
            _await(side, log)
            yield
        finally:
            stop(side.process)


def _await(side: Side, log: Path) -> None:
    from time import monotonic, sleep

    until = monotonic() + 60
    while monotonic() < until:
        try:
            side.client().close()
        except OSError:
            if side.process.poll() is not None:
                break
            sleep(0.05)
        else:
            return
    raise RuntimeError(f"{side.name} doesn't answer:\n{log.read_text()[-3000:]}")
