"""What the database says before anything is mapped: the enabled plugins, their generation, the revisions of their
tables. Plain SQL, read only, by the driver alone: to import SQLAlchemy takes longer than all that is asked here."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tenor.loader.failures import BootError
from tenor.loader.grants import Decided

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_Ask = Callable[[str], list[dict[str, Any]]]

_TABLES: Final = {
    "sqlite3": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "psycopg": "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)",
}
_REVISION: Final = "SELECT version_num FROM {}"


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
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url
    from sqlalchemy.pool import NullPool

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
    from sqlalchemy.exc import SQLAlchemyError

    engine = engine_of(url)
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        raise _unreachable(getattr(error, "orig", None) or error) from error
    try:
        yield connection
    finally:
        connection.close()
        engine.dispose()


def is_there(url: str) -> bool:
    """Whether there may be a database; to ask SQLite would make an empty one."""
    file = _file(url)
    return file is None or file.is_file()


def read_state(url: str) -> State:
    """The state of the institution; empty where its tables aren't there yet."""
    if not is_there(url):
        return State()
    with _asking(url) as ask:
        if "base_generation" not in _tables(url, ask):
            return State()
        rows = ask("SELECT * FROM base_generation")
        plugins = ask("SELECT * FROM base_plugin_state ORDER BY name")
    names = tuple(str(row["name"]) for row in plugins if row["enabled"])
    # tables of an earlier version know nothing of what is decided, and of safe mode
    known = all("granted" in row for row in plugins)
    decided = {str(row["name"]): _decided(row) for row in plugins} if known else None
    if not rows:
        return State(enabled=names, decided=decided)
    return State(int(rows[0]["number"]), names, str(rows[0].get("safe_mode", "")), decided)


def _decided(row: Mapping[str, Any]) -> Decided:
    return Decided(
        frozenset((row["granted"] or "").split()), frozenset((row["denied"] or "").split())
    )


def read_revisions(url: str, plugins: Collection[str]) -> dict[str, str]:
    """The revision at which the tables of each of these plugins are; one whose tables aren't there isn't in it."""
    found = {}
    with _asking(url) as ask:
        there = _tables(url, ask)
        for plugin in plugins:
            table = f"{plugin}_schema"
            rows = ask(_REVISION.format(table)) if table in there else []
            if rows:
                found[plugin] = str(rows[0]["version_num"])
    return found


# -- by the driver ----------------------------------------------------------------------------------------------------


@contextmanager
def _asking(url: str) -> Iterator[_Ask]:
    """Something to ask for rows, each by the names of its columns.

    Raises:
        BootError: the database can't be reached.
    """
    driver, place = _driver(url)
    try:
        with closing(driver.connect(place)) as connection:

            def ask(statement: str) -> list[dict[str, Any]]:
                cursor = connection.execute(statement)
                names = [column[0] for column in cursor.description]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

            yield ask
    except driver.Error as error:
        raise _unreachable(error) from error


def _driver(url: str) -> tuple[Any, str]:
    """The module that speaks to this database, and how it calls it."""
    file = _file(url)
    if file is not None:
        return sqlite3, str(file)
    import psycopg

    return psycopg, url.replace("+psycopg://", "://", 1)


def _file(url: str) -> Path | None:
    """The file of SQLite's database; None on PostgreSQL."""
    kind, _sign, place = url.partition("://")
    return Path(place.partition("?")[0].removeprefix("/")) if kind.startswith("sqlite") else None


def _tables(url: str, ask: _Ask) -> set[str]:
    return {str(row["name"]) for row in ask(_TABLES[_driver(url)[0].__name__])}


def _unreachable(error: BaseException) -> BootError:
    said = str(error).strip().partition("\n")[0]
    return BootError(f"the database can't be reached: {said}")
