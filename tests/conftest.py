"""The two banks in which journeys, faults and attacks are played, each made once, and gone with the last of them: the
processes of a bank would go on working beside every other test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tenor_test_support.postgres import PostgresServer
    from tests.journeys.bank import Bank


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark of tests that run for long under the profile ``soak``."""
    config.addinivalue_line("markers", "soak: runs many more rounds with HYPOTHESIS_PROFILE=soak")


@pytest.fixture(scope="package")
def embedded_bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """``tenor serve`` alone: SQLite, the worker in a thread of it."""
    from tests.journeys.bank import running

    with running(tmp_path_factory.mktemp("embedded"), {}) as bank:
        yield bank


@pytest.fixture(scope="package")
def distributed_bank(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Bank]:
    """PostgreSQL, a Redis of its own, ``tenor serve``, ``tenor relay`` and ``tenor worker``."""
    from tenor_test_support.redis_server import RedisServer
    from tests.journeys.bank import running

    with postgres_server.database() as database, RedisServer() as redis:
        more = {
            "TENOR_MODE": "distributed",
            "TENOR_DATABASE_URL": database.url,
            "TENOR_REDIS_URL": redis.url,
        }
        folder = tmp_path_factory.mktemp("distributed")
        with running(folder, more, processes=("serve", "relay", "worker")) as bank:
            yield bank


@pytest.fixture(scope="package", params=["embedded", "distributed"])
def bank(request: pytest.FixtureRequest) -> Bank:
    """A bank in each of the two set-ups."""
    found: Bank = request.getfixturevalue(f"{request.param}_bank")
    return found
