"""What the database says before anything is mapped: the enabled plugins, their generation. Plain SQL, read only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from tenor.loader.failures import BootError
from tenor.loader.grants import Decided


@dataclass(frozen=True)
class State:
    """The set of plugins that runs here.

    Args:
        generation: counted up with each change; 0 where there is no institution yet.
        enabled: names, ``base`` left out.
        safe_mode: why only the kernel's own part is to run; empty: all that is enabled.
        decided: for each plugin what was granted and denied of what it asks for; None before any of it was kept.
    """

    generation: int = 0
    enabled: tuple[str, ...] = ()
    safe_mode: str = ""
    decided: Mapping[str, Decided] | None = None


def engine_of(url: str) -> Engine:
    """An engine without a pool, for what is done before or beside the kernel."""
    address = make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, poolclass=NullPool)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection of its own.

    Raises:
        BootError: the database can't be reached.
    """
    engine = engine_of(url)
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        raise BootError(f"the database can't be reached: {said}") from error
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()


def is_there(url: str) -> bool:
    """Whether there may be a database; to ask SQLite would make an empty one."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return True
    return bool(address.database) and Path(str(address.database)).is_file()


def read_state(url: str) -> State:
    """The state of the institution; empty where its tables aren't there yet."""
    if not is_there(url):
        return State()
    with connected(url) as connection:
        if not inspect(connection).has_table("base_generation"):
            return State()
        row = connection.execute(text("SELECT * FROM base_generation")).mappings().first()
        plugins = connection.execute(text("SELECT * FROM base_plugin_state ORDER BY name"))
        columns = set(plugins.keys())  # tables of an earlier version lack some
        found = [dict(each) for each in plugins.mappings()]
        names = tuple(str(each["name"]) for each in found if each["enabled"])
        kept = "granted" in columns
        decided = {str(each["name"]): _decided(each) for each in found} if kept else None
        if row is None:
            return State(enabled=names, decided=decided)
        return State(int(row["number"]), names, str(row.get("safe_mode", "")), decided)


def _decided(row: Mapping[str, Any]) -> Decided:
    return Decided(
        frozenset((row["granted"] or "").split()), frozenset((row["denied"] or "").split())
    )
