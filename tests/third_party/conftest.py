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

POSTGRESQL = pytest.param("on_postgresql", marks=pytest.mark.postgres)
SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "third-party"


@pytest.fixture(params=["embedded", POSTGRESQL])
def lender(request: pytest.FixtureRequest) -> House:
    """One on each of the two databases."""
    made: House = request.getfixturevalue(request.param)
    return made


@pytest.fixture(params=["embedded", POSTGRESQL] if SOAK else ["embedded"])
def leaving(request: pytest.FixtureRequest) -> House:
    """On PostgreSQL too where there is time; the kernel's own tests of removing run on both always."""
    made: House = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def on_postgresql(shared: Path, tmp_path: Path, postgres_server: PostgresServer) -> Iterator[House]:
    """An institution that takes applications for loans, on PostgreSQL."""
    with (
        postgres_server.database() as database,
        house(shared, tmp_path, database.url, "origination") as made,
    ):
        yield made


@pytest.fixture
def embedded(shared: Path, tmp_path: Path) -> Iterator[House]:
    """The same on SQLite."""
    with house(shared, tmp_path, "", "origination") as made:
        yield made
