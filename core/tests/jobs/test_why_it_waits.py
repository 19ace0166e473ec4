"""Why a job waits, in words: on the page, on the command line, from what the database knows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tenor.clock import Clock
from tenor.jobs.leases import job
from tenor.jobs.processes import RELAY, WORKER, Beat
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

ADMINISTRATOR = "ding.ning"
Enqueue = Callable[..., int]


@pytest.fixture
def why(institution: Kernel) -> Callable[[int], str | None]:
    """What is said of a job, in English."""

    def why(job_id: int) -> str | None:
        with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
            (view,) = [one for one in institution.jobs.overview(ctx).jobs if one.id == job_id]
        return None if view.why is None else institution.translator.text(view.why, "en")

    return why


@pytest.fixture
def alive(institution: Kernel) -> Beat:
    """There is a worker."""
    beat = Beat(institution, WORKER)
    beat.give()
    return beat


def test_no_worker_is_there(
    institution: Kernel, chores: Any, enqueue: Enqueue, why: Callable[[int], str | None]
) -> None:
    job_id = enqueue(chores.as_whoever)
    assert why(job_id) == "No worker has been heard of lately."
    beat = Beat(institution, WORKER)
    beat.give()
    assert why(job_id) == "Waits for a free worker."
    beat.end()
    assert why(job_id) == "No worker has been heard of lately."


def test_the_embedded_worker_gives_signs_of_life(institution: Kernel, chores: Any) -> None:
    worker = institution.jobs.worker()
    worker.start()
    worker.stop()  # the keeper gave its sign before it looked whether to end
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        assert institution.jobs.overview(ctx).processes == []
    Beat(institution, WORKER).give()
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        (process,) = institution.jobs.overview(ctx).processes
    assert process.kind == WORKER


def test_it_isnt_due_or_failed_before(
    institution: Kernel, chores: Any, enqueue: Enqueue, why: Callable[[int], str | None]
) -> None:
    with as_actor(institution, "lin.xiaowen") as ctx:
        later = ctx.enqueue(chores.as_whoever, at=ctx.now + timedelta(days=1))
    failed = enqueue(chores.leave_effect, name="bread", fails=True)
    run_jobs(institution)
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        seen = institution.jobs.overview(ctx, "failed")
    assert (seen.counts["failed"], [view.id for view in seen.jobs]) == (1, [failed])
    assert why(later) == "It isn’t due yet."
    assert why(failed) == "It is tried again then; failed so far: 1."


def test_its_plugin_is_off_or_paused(
    institution: Kernel, chores: Any, enqueue: Enqueue, why: Callable[[int], str | None]
) -> None:
    paused, off = enqueue(chores.as_whoever), enqueue(chores.as_whoever)
    with institution.db.raw() as connection:
        connection.execute(update(job).where(job.c.id == off).values(plugin="esign_ca"))
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.pauses.pause(ctx, "chores")
    assert why(paused) == "The jobs of its plugin are paused."
    assert why(off) == "Its plugin isn’t enabled."


def test_another_runs_for_the_same(
    institution: Kernel, chores: Any, enqueue: Enqueue, why: Callable[[int], str | None]
) -> None:
    first, second = (enqueue(chores.sweep, room=1, name=name) for name in ("first", "second"))
    institution.jobs._claim(institution.jobs._ready(), 1)
    assert why(first) is None
    assert why(second) == f"Waits for #{first}, which runs for the same."


def test_its_worker_is_gone(
    institution: Kernel, chores: Any, enqueue: Enqueue, why: Callable[[int], str | None]
) -> None:
    job_id = enqueue(chores.as_whoever)
    with institution.db.raw() as connection:
        gone = institution.clock.now() - timedelta(days=400)
        connection.execute(update(job).where(job.c.id == job_id).values(state="leased", until=gone))
    assert why(job_id) == "Its worker is gone; another takes it over."


def test_nobody_hands_it_over(
    institution: Kernel,
    alive: Beat,
    chores: Any,
    enqueue: Enqueue,
    why: Callable[[int], str | None],
) -> None:
    job_id = enqueue(chores.as_whoever)
    institution.settings = institution.settings.but(mode="distributed", redis_url="redis://none")
    assert why(job_id) == "No relay has been heard of lately."
    Beat(institution, RELAY).give()
    assert why(job_id) == "The relay is about to hand it over."
    with institution.db.raw() as connection:
        connection.execute(update(job).values(sent_at=institution.clock.now()))
    assert why(job_id) == "Waits for a free worker."


def test_where_the_business_date_stands_still_all_times_of_a_job_are_of_that_day(
    institution: Kernel, chores: Any, enqueue: Enqueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in the demo: leases run by the database's clock, and nobody reads two clocks."""
    day = date(2026, 6, 30)
    monkeypatch.setattr(institution, "clock", Clock("Asia/Shanghai", day))
    job_id = enqueue(chores.as_whoever)
    run_jobs(institution)
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        (view,) = [one for one in institution.jobs.overview(ctx).jobs if one.id == job_id]
    times = (view.due_at, view.started_at, view.finished_at)
    assert [one.astimezone(institution.clock.zone).date() for one in times if one] == [day] * 3
