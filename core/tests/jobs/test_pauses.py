"""A plugin whose jobs keep failing is paused, loudly; others in the same queue go on; a person resumes it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tenor.audit.records import LedgerEntry
from tenor.clock import StoppedClock
from tenor.events.rows import table_of
from tenor.jobs.leases import job
from tenor.jobs.relay import Relay
from tenor.kernel import Kernel
from tenor.testing import as_actor, run_jobs
from tenor_sdk.errors import Conflict, Forbidden, NotFound

pytestmark = pytest.mark.both_databases

CLERK, ADMINISTRATOR = "lin.xiaowen", "ding.ning"
entries = table_of(LedgerEntry)
Enqueue = Callable[..., int]
Row = Callable[[int], Any]
Effects = Callable[[], list[str]]


@pytest.fixture
def failing(institution: Kernel, chores: Any, enqueue: Enqueue) -> list[int]:
    """Four jobs fail, and four are enough."""
    institution.jobs.pauses.most = 4
    made = [enqueue(chores.leave_effect, name=f"broken {n}", fails=True) for n in range(4)]
    run_jobs(institution)
    return made


def _paused(institution: Kernel) -> list[str]:
    with as_actor(institution, ADMINISTRATOR, write=False) as ctx:
        return [each.plugin for each in institution.jobs.overview(ctx).paused]


def _resume(institution: Kernel) -> None:
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.pauses.resume(ctx, "chores")


def test_jobs_that_fail_one_after_the_other_pause_their_plugin_and_administrators_are_told(
    institution: Kernel, failing: list[int], chores: Any, enqueue: Enqueue, row: Row
) -> None:
    waiting = enqueue(chores.leave_effect, name="bread")
    run_jobs(institution)
    assert row(waiting).state == "ready"
    assert _paused(institution) == ["chores"]
    with as_actor(institution, ADMINISTRATOR) as ctx:
        titles = [notice.title for notice in institution.notify.inbox(ctx)]
        noted = select(entries.c.changes).where(entries.c.kind == "jobs-paused")
        (changes,) = institution.db.execute(ctx.session, noted).scalars()
    assert len([title for title in titles if "chores" in title]) == 1
    assert "went wrong" in str(changes)


def test_a_job_that_is_done_between_them_shows_that_the_plugin_works(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    institution.jobs.pauses.most = 4
    for number in range(8):
        enqueue(chores.leave_effect, name=f"chore {number}", fails=number % 4 != 3)
    run_jobs(institution)
    assert _paused(institution) == []


def test_what_is_refused_is_an_answer_and_pauses_nothing(
    institution: Kernel, chores: Any, enqueue: Enqueue
) -> None:
    institution.jobs.pauses.most = 3
    for number in range(5):
        enqueue(chores.leave_effect, name=f"chore {number}", refuses=True)
    enqueue(chores.leave_effect, name="broken", fails=True)
    run_jobs(institution)
    assert _paused(institution) == []


def test_others_in_the_same_queue_go_on(
    institution: Kernel, failing: list[int], chores: Any, enqueue: Enqueue, row: Row
) -> None:
    other, own = enqueue(chores.as_service), enqueue(chores.as_service)
    with institution.db.raw() as connection:
        of_another = update(job).where(job.c.id == other).values(plugin="base")
        connection.execute(of_another)
    run_jobs(institution)
    assert (row(other).state, row(own).state) == ("done", "ready")


def test_a_person_resumes_it_and_what_failed_before_counts_no_more(
    institution: Kernel,
    failing: list[int],
    chores: Any,
    enqueue: Enqueue,
    row: Row,
    effects: Effects,
) -> None:
    enqueue(chores.leave_effect, name="bread")
    again = enqueue(chores.leave_effect, name="broken again", fails=True)
    _resume(institution)
    run_jobs(institution)
    assert _paused(institution) == []
    assert effects() == ["bread"]
    assert row(again).failures == 1


def test_it_is_paused_again_where_nothing_was_mended(
    institution: Kernel, failing: list[int], chores: Any, enqueue: Enqueue
) -> None:
    _resume(institution)
    for number in range(4):
        enqueue(chores.leave_effect, name=f"still {number}", fails=True)
    run_jobs(institution)
    assert _paused(institution) == ["chores"]


def test_its_schedules_wait_and_catch_up_by_their_own_words(
    institution: Kernel, failing: list[int], chores: Any, effects: Effects
) -> None:
    clock = institution.clock
    assert isinstance(clock, StoppedClock)
    clock.move(clock.instant + timedelta(hours=2))
    run_jobs(institution)
    due = institution.jobs.schedules.next_due()
    assert due is None or due > clock.instant
    with as_actor(institution, ADMINISTRATOR) as ctx:
        for job_id in failing:
            institution.jobs.cancel(ctx, job_id)
    _resume(institution)
    run_jobs(institution)
    assert effects().count("looked round") == 1


def test_a_worker_with_nothing_but_paused_jobs_sleeps(
    institution: Kernel, failing: list[int], chores: Any, enqueue: Enqueue
) -> None:
    enqueue(chores.leave_effect, name="bread")
    due = institution.jobs.next_due()
    assert due is None or due > institution.clock.now()


def test_the_relay_sends_none_of_them(
    institution: Kernel, failing: list[int], chores: Any, enqueue: Enqueue
) -> None:
    sent: list[Any] = []
    waiting = enqueue(chores.leave_effect, name="bread")
    Relay(institution, sent.extend).once()
    assert waiting not in [message.job_id for message in sent]
    _resume(institution)
    Relay(institution, sent.extend).once()
    assert waiting in [message.job_id for message in sent]


def test_a_person_may_pause_a_plugin_too(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    pauses = institution.jobs.pauses
    with as_actor(institution, ADMINISTRATOR) as ctx:
        pauses.pause(ctx, "chores")
        with pytest.raises(Conflict, match="jobs-paused-already"):
            pauses.pause(ctx, "chores")
        with pytest.raises(NotFound):
            pauses.pause(ctx, "nobody")
    waiting = enqueue(chores.as_whoever)
    run_jobs(institution)
    assert row(waiting).state == "ready"
    _resume(institution)
    run_jobs(institution)
    assert row(waiting).state == "done"
    with as_actor(institution, ADMINISTRATOR) as ctx, pytest.raises(Conflict):
        pauses.resume(ctx, "chores")


def test_others_neither_pause_nor_resume(institution: Kernel, failing: list[int]) -> None:
    with as_actor(institution, CLERK) as ctx:
        for act in (institution.jobs.pauses.pause, institution.jobs.pauses.resume):
            with pytest.raises(Forbidden):
                act(ctx, "chores")


def test_it_is_paused_while_more_of_its_jobs_wait_that_were_never_tried(
    institution: Kernel, chores: Any, enqueue: Enqueue, row: Row
) -> None:
    institution.jobs.pauses.most = 4
    made = [enqueue(chores.leave_effect, name=f"broken {n}", fails=True) for n in range(30)]
    run_jobs(institution)
    assert _paused(institution) == ["chores"]
    assert [row(one).failures for one in made] == [1] * 4 + [0] * 26


def test_a_job_of_a_paused_plugin_whose_worker_died_waits_until_it_is_resumed(
    institution: Kernel, chores: Any, enqueue: Enqueue, effects: Effects
) -> None:
    lost = enqueue(chores.leave_effect, name="bread")
    institution.jobs._claim(institution.jobs._ready(), 1)
    with institution.db.raw() as connection:
        long_ago = institution.clock.now() - timedelta(days=10_000)
        connection.execute(update(job).where(job.c.id == lost).values(until=long_ago))
    with as_actor(institution, ADMINISTRATOR) as ctx:
        institution.jobs.pauses.pause(ctx, "chores")
    run_jobs(institution)
    assert effects() == []
    _resume(institution)
    run_jobs(institution)
    assert effects() == ["bread"]
