"""Engines: how a connection to each database is set up, and how its transactions begin."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from tenor.db import gate, waiting


def make_engine(url: str | URL, *, write: bool) -> Engine:
    """An engine whose transactions may write, or may not.

    On SQLite a writing transaction begins with ``BEGIN IMMEDIATE``: the default mode claimed 400 jobs 1,193 times in
    a trial. A reading one has ``query_only`` on, and answers a write with an error of the database itself.
    """
    address = make_url(url)
    engine = (
        _sqlite(address, write)
        if address.get_backend_name() == "sqlite"
        else _postgresql(address, write)
    )
    gate.watch(engine)
    waiting.watch(engine)
    return engine


def _sqlite(url: URL, write: bool) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 5.0}, pool_size=16, max_overflow=16)

    @event.listens_for(engine, "connect")
    def _set_up(dbapi: Any, record: Any) -> None:
        dbapi.isolation_level = None  # the begin event below begins, not the driver
        cursor = dbapi.cursor()
        for pragma in (
            "journal_mode=WAL",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "synchronous=NORMAL",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        if not write:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def _postgresql(url: URL, write: bool) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    options: dict[str, Any] = {} if write else {"postgresql_readonly": True}
    return create_engine(
        url, pool_size=8, max_overflow=16, pool_pre_ping=False, execution_options=options
    )
