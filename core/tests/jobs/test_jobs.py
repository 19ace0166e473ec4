"""Jobs in a running institution: enqueued in a transaction, done once, tried again, parked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tenor.clock import StoppedClock
from tenor.jobs import JobError
from tenor.jobs.leases import job, moment
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Conflict, Forbidden, NotFound

pytestmark = pytest.mark.both_databases

CLERK, ADMINISTRATOR = "lin.xiaowen", "ding.ning"
Enqueue = Callable[..., int]
Row = Callable[[int], Any]
Effects = Callable[[], list[str]]


def _later(institution: Kernel, **distance: float) -> None:
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(**distance))


def test_a_job_exists_once_its_transaction_is_committed(
    institution: Kernel, chores: Any, effects: Effects
) -> None:
    with as_actor(institution, CLERK) as ctx:
        ctx.enqueue(chores.leave_effect, name="bread")
    run_jobs(institution)
    assert effects() == ["bread"]


def test_a_job_never_exists_where_its_transaction_is_undone(
    institution: Kernel, chores: Any, effects: Effects
) -> None:
    def act() -> None:
        with as_actor(institution, CLERK) as ctx:
            ctx.enqueue(chores.leave_effect, name="bread")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    run_jobs(institution)
    assert effects() == []


def test_a_job_acts_as_whoever_asked(
    chores: Any, enqueue: Enqueue, row: Row, institution: Kernel
) -> None:
    job_id = enqueue(chores.as_whoever)
    run_jobs(institution)
    assert row(job_id).result == CLERK


def test_a_job_writes_its_own_plugins_records_whoever_asked(
    institution: Kernel, chores: Any, row: Row
) -> None:
    with as_actor(institution, "zhou.qiming") as ctx:
        job_id = ctx.enqueue(chores.write_directly)
        assert not ctx.may(chores.Effect, "create")
    run_jobs(institution)
    assert row(job_id).state == "done"


def test_a_job_of_a_service_acts_as_the_service(
    chores: Any, enqueue: Enqueue, row: Row, institution: Kernel
) -> None:
    job_id = enqueue(chores.as_service)
    run_jobs(institution)
    assert row(job_id).result == "service:chores"


def test_a_job_of_somebody_who_has_left_is_parked(
    chores: Any, enqueue: Enqueue, row: Row, institution: Kernel
) -> None:
    from tenor.access.records import User

    job_id = enqueue(chores.as_whoever)
    with institution.db.raw() as connection:
        users = User.__table__  # type: ignore[attr-defined]  # set by mapping
        connection.execute(update(users).where(users.c.login == CLERK).values(active=False))
    run_jobs(institution)
    assert row(job_id).state == "parked"
    assert "actor-gone" in row(job_id).error


def test_a_key_makes_one_job_only(
    chores: Any, enqueue: Enqueue, effects: Effects, institution: Kernel
) -> None:
    first = enqueue(chores.leave_effect, key="2026-06", name="statement")
    run_jobs(institution)
    assert enqueue(chores.leave_effect, key="2026-06", name="statement") == first
    assert enqueue(chores.leave_effect, key="2026-07", name="statement") != first
    run_jobs(institution)
    assert effects() == ["statement", "statement"]


def test_another_job_may_have_the_same_key(chores: Any, enqueue: Enqueue) -> None:
    first = enqueue(chores.leave_effect, key="2026-06", name="statement")
    assert enqueue(chores.as_whoever, key="2026-06") != first


def test_a_job_waits_until_its_time(institution: Kernel, chores: Any, effects: Effects) -> None:
    with as_actor(institution, CLERK) as ctx:
        ctx.enqueue(chores.leave_effect, at=ctx.now + timedelta(days=3), name="reminder")
    run_jobs(institution)
    assert effects() == []
    _later(institution, days=3)
    run_jobs(institution)
    assert "reminder" in effects()


def test_a_job_that_fails_leaves_nothing_and_is_tried_again_later(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.leave_effect, name="bread", fails=True)
    run_jobs(institution)
    assert effects() == []
    assert (row(job_id).state, row(job_id).failures) == ("ready", 1)
    assert row(job_id).due_at == institution.clock.now() + timedelta(minutes=1)
    assert row(job_id).error == "ValueError: bread went wrong"
    _later(institution, minutes=1)
    run_jobs(institution)
    assert row(job_id).due_at == institution.clock.now() + timedelta(minutes=2)


def test_a_job_is_parked_after_its_last_try_and_administrators_are_told(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    job_id = enqueue(chores.leave_effect, name="bread", fails=True)
    for _ in range(3):
        run_jobs(institution)
        _later(institution, hours=1)
    assert (row(job_id).state, row(job_id).failures) == ("parked", 3)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        (notice,) = institution.notify.inbox(ctx)
    assert "chores.leave_effect" in notice.title
    assert "bread went wrong" in notice.body


def test_a_job_that_refuses_is_parked_at_once(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.leave_effect, name="bread", refuses=True)
    run_jobs(institution)
    assert (row(job_id).state, row(job_id).failures) == ("parked", 1)
    assert effects() == []


def test_of_many_jobs_that_are_parked_alike_people_are_told_once(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    for name in ("bread", "milk", "eggs"):
        enqueue(chores.leave_effect, name=name, refuses=True)
    run_jobs(institution)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert institution.notify.unread(ctx) == 1


def test_one_that_nobody_cared_for_silences_none_that_is_parked_days_later(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    first = enqueue(chores.leave_effect, name="bread", refuses=True)
    run_jobs(institution)
    with institution.db.raw() as connection:
        days_ago = moment(institution.db.dialect, -2 * 24 * 3600)
        connection.execute(update(job).where(job.c.id == first).values(finished_at=days_ago))
    enqueue(chores.leave_effect, name="milk", refuses=True)
    run_jobs(institution)
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert institution.notify.unread(ctx) == 2


def test_a_job_whose_lease_was_taken_over_leaves_nothing(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    job_id = enqueue(chores.leave_effect, name="bread")
    (lease,) = institution.jobs._claim(institution.jobs._ready(), 1)
    with institution.db.raw() as connection:
        connection.execute(update(job).values(attempt=job.c.attempt + 1))
    assert not institution.jobs.runner.run(lease)
    assert effects() == []
    assert row(job_id).state == "leased"


def test_a_job_that_takes_its_worker_down_is_parked_before_it_takes_many(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    job_id = enqueue(chores.take_the_worker_down)
    with institution.db.raw() as connection:
        gone = {
            "state": "leased",
            "lost": 4,
            "until": institution.clock.now() - timedelta(days=400),
        }
        connection.execute(update(job).where(job.c.id == job_id).values(gone))
    run_jobs(institution)
    assert row(job_id).state == "parked"
    assert "worker-lost" in row(job_id).error


def test_a_job_that_no_plugin_declares_any_more_is_parked(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    job_id = enqueue(chores.as_whoever)
    with institution.db.raw() as connection:
        connection.execute(update(job).values(name="chores.renamed"))
    run_jobs(institution)
    assert "job-unknown" in row(job_id).error


def test_arguments_that_a_job_doesnt_take_are_refused_when_it_is_enqueued(
    institution: Kernel, chores: Any
) -> None:
    with as_actor(institution, CLERK) as ctx:
        with pytest.raises(JobError, match="leave_effect"):
            ctx.enqueue(chores.leave_effect, colour="red")
        with pytest.raises(TypeError, match="written as JSON"):
            ctx.enqueue(chores.leave_effect, name=object())
        with pytest.raises(JobError, match="follows"):
            ctx.enqueue(chores.run_chore)
        with pytest.raises(JobError, match="isn't a job"):
            ctx.enqueue(chores.names)


def test_who_looks_after_jobs_sees_them_runs_them_again_and_cancels_them(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row, effects: Effects
) -> None:
    parked = enqueue(chores.leave_effect, name="bread", refuses=True)
    run_jobs(institution)
    waiting = enqueue(chores.leave_effect, name="milk")
    with as_actor(institution, ADMINISTRATOR) as ctx:
        seen = institution.jobs.overview(ctx)
        assert seen.counts["parked"] == 1
        assert seen.counts["ready"] >= 1
        assert [view.id for view in institution.jobs.overview(ctx, "parked").jobs] == [parked]
        institution.jobs.cancel(ctx, waiting)
        institution.jobs.again(ctx, parked)
        with pytest.raises(Conflict, match="job-not-parked"):
            institution.jobs.again(ctx, parked)
        with pytest.raises(NotFound):
            institution.jobs.cancel(ctx, 10**9)
    assert (row(waiting).state, row(parked).state) == ("cancelled", "ready")
    run_jobs(institution)
    assert "milk" not in effects()


def test_others_neither_see_nor_touch_jobs(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    job_id = enqueue(chores.as_whoever)
    with as_actor(institution, CLERK) as ctx:
        for touch in (institution.jobs.again, institution.jobs.cancel):
            with pytest.raises(Forbidden):
                touch(ctx, job_id)
        with pytest.raises(Forbidden):
            institution.jobs.overview(ctx)


def test_jobs_of_a_plugin_that_is_off_are_counted_apart(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    job_id = enqueue(chores.as_whoever)
    with institution.db.raw() as connection:
        connection.execute(update(job).where(job.c.id == job_id).values(plugin="esign_ca"))
    run_jobs(institution)
    assert row(job_id).state == "ready"
    with as_actor(institution, ADMINISTRATOR) as ctx:
        assert institution.jobs.overview(ctx).waiting == 1
