"""From the revisions that bundled plugins had before, with the demo's data in its tables, to what is installed now: no
row is lost, and all of it starts; whoever is killed on the way finds the old state, or the new one."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tenor.loader.founding import arranged
from tenor.loader.manifest import BASE, Manifest
from tenor.loader.migrations import downgrade, migrate, row_counts
from tenor.loader.revisions import revisions_of
from tenor.loader.stage import play
from tenor.loader.state import connected, read_revisions
from tenor.testing.institution import build, installed, start, stop

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresServer

PLUGINS: Final = Path(__file__).parents[2] / "plugins"
#: the bundled plugins; those that the tests bring have no past
NAMES: Final = [name for name in installed() if (PLUGINS / name).is_dir()]
ORDER: Final = {each.name: each for each in arranged(NAMES)}
#: further down PostgreSQL lets no function go that the triggers of a plugin's journal call
EARLIEST: Final = {BASE: "0005"}
PAST: Final = [
    (name, revision.number)
    for name, manifest in ORDER.items()
    for revision in revisions_of(manifest.migrations)[:-1]
    if revision.number >= EARLIEST.get(name, "")
]
FIRST: Final = [pair for pair in PAST if pair[1] == EARLIEST.get(pair[0], "0001")]
LATER: Final = [pair for pair in PAST if pair not in FIRST]
KILLED: Final = """
import os, signal, sys
from sqlalchemy import Engine, event
from tenor.loader.founding import arranged
from tenor.loader.migrations import migrate
left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

migrate(sys.argv[1], arranged(sys.argv[3].split(",")), backup=False)
"""


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return tuple(NAMES)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """Makes an institution of all bundled plugins, with everything that their demos play."""
    folder = tmp_path_factory.mktemp("whole")

    def make(url: str) -> None:
        build(url, NAMES, folder)
        kernel = start(url, NAMES, folder)
        play(kernel)
        stop(kernel)

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def url(
    request: pytest.FixtureRequest,
    whole: Callable[[str], None],
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A copy of it."""
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        with server.database(server.template("upgrades", whole)) as database:
            yield database.url
        return
    template = tmp_path_factory.getbasetemp() / "upgrades.db"
    if not template.is_file():
        making = template.with_suffix(".making")
        whole(f"sqlite:///{making}")
        with connected(f"sqlite:///{making}") as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        making.rename(template)
    shutil.copyfile(template, tmp_path / "tenor.db")
    yield f"sqlite:///{tmp_path}/tenor.db"


def counts(url: str) -> dict[str, int]:
    with connected(url) as connection:
        return row_counts(connection)


def upgraded(url: str, name: str, revision: str, folder: Path) -> None:
    """As it was at a revision, and up again: every row that was there is there, and all of it starts."""
    downgrade(url, ORDER[name], revision)
    before = counts(url)
    migrate(url, [*ORDER.values()], backup=False)
    after = counts(url)
    assert {table: n for table, n in before.items() if after.get(table, 0) < n} == {}
    kernel = start(url, NAMES, folder)
    try:
        assert kernel.failures == []
    finally:
        stop(kernel)


def test_the_first_version_of_each_plugin_is_upgraded_with_its_data(
    url: str, tmp_path: Path
) -> None:
    for name, revision in FIRST:
        upgraded(url, name, revision, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize(("name", "revision"), LATER)
def test_every_later_version_is_upgraded_with_its_data(
    url: str, name: str, revision: str, tmp_path: Path
) -> None:
    upgraded(url, name, revision, tmp_path)


def state(url: str) -> tuple[dict[str, str], dict[str, int]]:
    return read_revisions(url, [*ORDER]), counts(url)


@pytest.mark.both_databases
@pytest.mark.parametrize("statements", [3, 100, 200])
def test_an_upgrade_that_is_killed_leaves_the_old_state_and_goes_through_afterwards(
    database: str, statements: int
) -> None:
    downgrade(database, ORDER[BASE], "0005")
    before = state(database)
    words = [sys.executable, "-c", KILLED, database, str(statements), ",".join(NAMES)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert state(database) == before
    migrate(database, [*ORDER.values()], backup=False)
    assert read_revisions(database, [BASE])[BASE] == head(ORDER[BASE])


def head(manifest: Manifest) -> str:
    return revisions_of(manifest.migrations)[-1].number
