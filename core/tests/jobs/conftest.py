"""A running institution with the plugin ``chores``, and how its jobs stand."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tenor.jobs.leases import job
from tenor.kernel import Kernel
from tenor.testing import as_actor

CLERK = "lin.xiaowen"


@pytest.fixture(scope="module")
def plugins(test_plugins: list[str]) -> tuple[str, ...]:
    return ("chores",)


@pytest.fixture
def chores(institution: Kernel) -> Any:
    import tenor_chores

    return tenor_chores


@pytest.fixture
def enqueue(institution: Kernel) -> Callable[..., int]:
    """Enqueue as a clerk; the job's id."""

    def enqueue(function: Any, /, **arguments: Any) -> int:
        with as_actor(institution, CLERK) as ctx:
            return ctx.enqueue(function, **arguments)

    return enqueue


@pytest.fixture
def row(institution: Kernel) -> Callable[[int], Any]:
    """How a job stands."""

    def row(job_id: int) -> Any:
        with institution.db.raw(write=False) as connection:
            return connection.execute(select(job).where(job.c.id == job_id)).one()

    return row


@pytest.fixture
def effects(institution: Kernel, chores: Any) -> Callable[[], list[str]]:
    """The names of the effects that jobs left, in their order."""

    def effects() -> list[str]:
        with as_actor(institution, CLERK, write=False) as ctx:
            names: list[str] = chores.names(ctx)
            return names

    return effects
