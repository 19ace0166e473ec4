"""Banks at work, for a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.house import House

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresServer


@pytest.fixture
def new_bank_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Its people only, as the tutorial begins."""
    with House(tmp_path_factory.mktemp("bank")).serving("--people-only") as house:
        yield house


@pytest.fixture
def new_bank_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer, redis_url: str
) -> Iterator[House]:
    """The same on PostgreSQL, its jobs through Redis."""
    with postgres_server.database() as database:
        more = {
            "TENOR_MODE": "distributed",
            "TENOR_DATABASE_URL": database.url,
            "TENOR_REDIS_URL": redis_url,
        }
        house = House(tmp_path_factory.mktemp("bank"), more, beside=("relay", "worker"))
        with house.serving("--people-only"):
            yield house


@pytest.fixture(scope="session")
def demo_as_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo bank in which nobody has worked yet: making one takes a quarter of a minute."""
    house = House(tmp_path_factory.mktemp("made"))
    house.make()
    return house.folder


@pytest.fixture(scope="module")
def demo_bank(demo_as_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """What ``make demo`` gives, for the tests of one file."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(demo_as_made, folder, dirs_exist_ok=True)
    with House(folder).serving() as house:
        yield house
