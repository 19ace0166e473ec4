"""Claiming, renewing and fencing, on tables of the test's own, in both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, func, insert, select, update

from tenor.events.rows import table_of
from tenor.jobs import leases
from tenor.jobs.leases import Lease, job, moment
from tenor.jobs.records import DONE, LEASED, PausedPlugin
from tenor_test_support import PostgresServer

NOW = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
PLUGINS = ("chores",)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = create_engine(f"sqlite:///{tmp_path / 'jobs.db'}", connect_args={"timeout": 30})
        _begin_immediately(made)
        yield from _with_table(made)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as database:
        yield from _with_table(create_engine(database.url))


def _begin_immediately(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: Any) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.connection.dbapi_connection.execute("BEGIN IMMEDIATE")


def _with_table(engine: Engine) -> Iterator[Engine]:
    with engine.begin() as connection:
        job.create(connection)
        table_of(PausedPlugin).create(connection)
    yield engine
    engine.dispose()


def _add(engine: Engine, count: int = 1, **values: Any) -> None:
    row = {
        "name": "chores.run", "plugin": "chores", "queue": "chores", "arguments": {},
        "due_at": NOW, "request_id": "r", "version": 1, "created_at": NOW, "changed_at": NOW,
        **values,
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(job), [row] * count)


def _claim(engine: Engine, limit: int = 1, seconds: float = 60, now: datetime = NOW) -> list[Lease]:
    where = leases.ready(now, PLUGINS)
    with engine.begin() as connection:
        return leases.claim(connection, where, seconds=seconds, limit=limit)


def _claim_lost(engine: Engine) -> list[Lease]:
    where = leases.expired(engine.dialect.name, PLUGINS)
    with engine.begin() as connection:
        return leases.claim(connection, where, seconds=60, lost=True)


def _finish(engine: Engine, lease: Lease) -> int:
    with engine.begin() as connection:
        return connection.execute(update(job).where(lease.mine).values(state=DONE)).rowcount


def test_a_job_is_claimed_once(engine: Engine) -> None:
    _add(engine)
    assert _claim(engine) == [Lease(1, 1)]
    assert _claim(engine) == []


def test_jobs_are_claimed_in_the_order_in_which_they_are_due(engine: Engine) -> None:
    for minutes in (3, 1, 2):
        _add(engine, due_at=NOW - timedelta(minutes=minutes))
    assert [lease.id for lease in _claim(engine, limit=5)] == [1, 3, 2]


def test_a_job_waits_until_it_is_due(engine: Engine) -> None:
    _add(engine, due_at=NOW + timedelta(minutes=1))
    assert _claim(engine) == []
    assert _claim(engine, now=NOW + timedelta(minutes=1)) == [Lease(1, 1)]


def test_a_job_of_a_plugin_that_is_off_waits(engine: Engine) -> None:
    _add(engine, plugin="esign_ca")
    assert _claim(engine) == []


def test_a_lease_that_has_run_out_is_taken_over_and_the_older_holder_is_fenced_off(
    engine: Engine,
) -> None:
    _add(engine)
    (old,) = _claim(engine, seconds=-1)
    (new,) = _claim_lost(engine)
    assert new == Lease(1, 2)
    assert _finish(engine, old) == 0
    assert _finish(engine, new) == 1


def test_a_lease_that_runs_is_not_taken_over(engine: Engine) -> None:
    _add(engine)
    _claim(engine)
    assert _claim_lost(engine) == []


def test_a_renewed_lease_is_kept_and_a_lost_one_is_reported(engine: Engine) -> None:
    _add(engine, count=2)
    first, second = _claim(engine, limit=2, seconds=-1)
    _claim_lost(engine)
    with engine.begin() as connection:
        assert leases.renew(connection, [first, second], 60) == [second]
    assert _claim_lost(engine) == []


def test_what_is_given_back_is_claimed_by_another(engine: Engine) -> None:
    _add(engine, count=2)
    held = _claim(engine, limit=2)
    with engine.begin() as connection:
        leases.release(connection, held)
    assert [lease.attempt for lease in _claim(engine, limit=2)] == [2, 2]


def test_leases_run_by_the_clock_of_the_database(engine: Engine) -> None:
    _add(engine)
    _claim(engine, seconds=60)
    with engine.connect() as connection:
        dialect = engine.dialect.name
        sooner, later = moment(dialect, 55), moment(dialect, 61)
        kept = select(func.count()).where(job.c.until > sooner, job.c.until < later)
        assert connection.execute(kept).scalar_one() == 1
        until = connection.execute(select(job.c.until)).scalar_one()
        assert until.utcoffset() == timedelta(0)


def test_many_claim_at_once_and_nobody_claims_what_another_has(engine: Engine) -> None:
    _add(engine, count=200)
    claimed: list[Lease] = []

    def work() -> None:
        while held := _claim(engine, limit=7):
            claimed.extend(held)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(lease.id for lease in claimed) == list(range(1, 201))
    with engine.connect() as connection:
        states = connection.execute(select(job.c.state, func.count()).group_by(job.c.state))
        assert {tuple(row) for row in states} == {(LEASED, 200)}
