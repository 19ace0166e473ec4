"""A permit that waits for its decision for five working days lapses by itself, once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from tenor_permits.workflow import drop, grant, lapse, review_again, reviewed

from core.tests.workflow.acts import refused
from core.tests.workflow.permits import DECIDER, REVIEWER, ZONE, Permits
from tenor.events.records import OutboxEvent
from tenor.workflow.records import CalendarDay, WorkflowStep
from tenor_sdk.errors import Forbidden
from tenor_sdk.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

#: five working days after Monday, the 1st of June
OVER = "2026-06-08T18:00"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


@pytest.fixture
def permit(permits: Permits) -> int:
    """One that came to its decision on a Monday."""
    permits.at("2026-06-01T10:00")
    return permits.at_decision()


def work(permits: Permits, moment: str) -> None:
    """Let the machine work at a moment."""
    permits.at(moment)
    run_jobs(permits.kernel)


def lapsed(permits: Permits) -> int:
    return [row.transition for row in permits.rows(WorkflowStep)].count("lapse")


def test_it_lapses_when_its_time_is_over_and_not_before(permits: Permits, permit: int) -> None:
    work(permits, "2026-06-08T17:59")
    assert permits.state(permit) == "decision"
    work(permits, "2026-06-08T18:01")
    assert permits.state(permit) == "dropped"


def test_it_lapses_once(permits: Permits, permit: int) -> None:
    for moment in ("2026-06-08T18:01", "2026-06-08T18:02", "2026-06-20T10:00"):
        work(permits, moment)
    assert lapsed(permits) == 1


def test_the_kernel_did_it_and_nobody_else(permits: Permits, permit: int) -> None:
    work(permits, "2026-06-08T18:01")
    step = permits.do(REVIEWER, permit, permits.engine.history)[-1]
    assert (step.kind, step.automatic, step.user_id) == ("time-out", True, None)
    entry = permits.ledger("transition")[0]
    assert (entry.record_id, entry.actor_id) == (permit, None)
    assert entry.changes["step"] == [None, "time-out"]
    told = [row.payload for row in permits.rows(OutboxEvent) if row.name == "base.Transitioned"]
    assert (told[-1]["kind"], told[-1]["automatic"]) == ("time-out", True)


def test_its_task_is_cancelled(permits: Permits, permit: int) -> None:
    work(permits, "2026-06-08T18:01")
    assert permits.tasks()[-1][::2] == ("decision", "cancelled")


def test_what_went_on_in_time_does_not_lapse(permits: Permits, permit: int) -> None:
    permits.go("lin.xiaowen", permit, drop)
    work(permits, "2026-06-09T10:00")
    assert lapsed(permits) == 0


def test_after_a_return_its_time_begins_anew(permits: Permits, permit: int) -> None:
    permits.at("2026-06-04T10:00")
    permits.go(DECIDER, permit, review_again, reason="the soil")
    permits.go(REVIEWER, permit, reviewed)
    work(permits, "2026-06-09T10:00")
    assert permits.state(permit) == "decision"
    work(permits, "2026-06-11T18:01")
    assert permits.state(permit) == "dropped"


def test_after_a_recall_nothing_lapses(permits: Permits, permit: int) -> None:
    permits.recall(REVIEWER, permit, reviewed)
    work(permits, "2026-06-09T10:00")
    assert permits.state(permit) == "review"


def test_what_lapsed_is_taken_back_by_nobody(permits: Permits, permit: int) -> None:
    work(permits, "2026-06-08T18:01")
    assert permits.recallable(REVIEWER, permit) == []


def test_a_day_off_that_is_entered_meanwhile_counts(permits: Permits, permit: int) -> None:
    with as_actor(permits.kernel, "system") as ctx:
        off = CalendarDay(day=date(2026, 6, 5), working=False, name="off")
        with permits.kernel.db.system(ctx.session) as session:
            session.add(off)
    work(permits, "2026-06-08T18:01")
    assert permits.state(permit) == "decision"
    work(permits, "2026-06-09T18:01")
    assert permits.state(permit) == "dropped"


def test_while_a_clock_stands_nothing_lapses(permits: Permits, permit: int) -> None:
    for _time in range(3):
        run_jobs(permits.kernel)
    assert permits.state(permit) == "decision"


def test_votes_that_were_put_in_fall(permits: Permits, permit: int) -> None:
    permits.go(DECIDER, permit, grant)
    work(permits, "2026-06-08T18:01")
    assert [one.void_reason for one in permits.do(REVIEWER, permit, permits.engine.voted)] == [
        "left"
    ]


def test_nobody_presses_it_and_everybody_sees_when_it_comes(permits: Permits, permit: int) -> None:
    assert refused(Forbidden, permits.go, DECIDER, permit, lapse).key == "pressed-by-nobody"
    offered = permits.do(DECIDER, permit, permits.engine.available)
    over = datetime.fromisoformat(OVER).replace(tzinfo=ZONE)
    assert [(one.allowed, one.automatic, one.at) for one in offered if one.name == "lapse"] == [
        (False, True, over)
    ]


def test_what_a_guard_blocks_is_asked_again_each_day(permits: Permits) -> None:
    permits.at("2026-06-01T10:00")
    permit = permits.at_decision()
    rename(permits, permit, "keep it")
    work(permits, "2026-06-08T18:01")
    assert permits.state(permit) == "decision"
    rename(permits, permit, "a bridge")
    work(permits, "2026-06-09T18:02")
    assert permits.state(permit) == "dropped"


def rename(permits: Permits, permit: int, subject: str) -> None:
    from tenor_permits.services import rename as renamed

    permits.do(REVIEWER, permit, lambda ctx, one: renamed(ctx, one, subject))
