"""Institutions of wheels alone; what all of them have alike is made once in a run, by whichever worker comes first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.third_party.institutions import House, house

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresServer


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "third-party"


@pytest.fixture(params=["sqlite", "postgresql"])
def lender(request: pytest.FixtureRequest, shared: Path, tmp_path: Path) -> Iterator[House]:
    """An institution that takes applications for loans."""
    if request.param == "sqlite":
        with house(shared, tmp_path, "", "origination") as made:
            yield made
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with (
        server.database() as database,
        house(shared, tmp_path, database.url, "origination") as made,
    ):
        yield made


@pytest.fixture
def embedded(shared: Path, tmp_path: Path) -> Iterator[House]:
    """The same on SQLite alone."""
    with house(shared, tmp_path, "", "origination") as made:
        yield made
