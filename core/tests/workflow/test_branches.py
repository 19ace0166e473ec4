"""Deed and site go side by side; the permit goes on when both are done, or falls when one fails."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread
from typing import Any

import pytest
from tenor_permits.workflow import (
    checked,
    drafted,
    drop,
    prepare,
    prepared,
    redraft,
    refuse_place,
    send_back,
    submit,
    visit,
)

from core.tests.workflow.acts import refused
from core.tests.workflow.permits import KEEPER, REVIEWER, ZONE, Permits
from tenor.events.records import OutboxEvent
from tenor.workflow.records import Task, WorkflowCase
from tenor_sdk.errors import Conflict, Forbidden, TenorError
from tenor_sdk.testing import run_jobs
from tenor_sdk.workflow import blockers, transition

pytestmark = pytest.mark.both_databases

LAWYER, VISITOR = "xu.min", "gao.jie"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


@pytest.fixture
def permit(permits: Permits) -> int:
    """One in preparation."""
    permits.at("2026-06-01T10:00")
    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, prepare)
    return permit


def branches(permits: Permits) -> dict[str, str]:
    """Where each branch is, whether it counts now or not."""
    return {row.branch: row.state for row in permits.rows(WorkflowCase) if row.branch}


def open_tasks(permits: Permits) -> list[str]:
    return [row.stage for row in permits.rows(Task) if row.state == "open"]


def test_each_branch_begins_with_a_task_of_its_own(permits: Permits, permit: int) -> None:
    assert branches(permits) == {"deed": "drafting", "site": "visiting"}
    assert sorted(open_tasks(permits)) == ["drafting", "visiting"]


def test_a_step_of_one_branch_leaves_the_other_and_the_permit_where_they_are(
    permits: Permits, permit: int
) -> None:
    permits.go(LAWYER, permit, drafted)
    assert branches(permits) == {"deed": "checking", "site": "visiting"}
    assert permits.state(permit) == "preparation"
    assert sorted(open_tasks(permits)) == ["checking", "visiting"]


def test_it_goes_on_by_itself_when_the_last_branch_has_ended(permits: Permits, permit: int) -> None:
    permits.go(LAWYER, permit, drafted)
    permits.go(REVIEWER, permit, checked)
    assert permits.state(permit) == "preparation"
    permits.go(VISITOR, permit, visit)
    assert permits.state(permit) == "decision"
    assert open_tasks(permits) == ["decision"]


def test_until_then_the_join_says_what_it_waits_for(permits: Permits, permit: int) -> None:
    permits.go(VISITOR, permit, visit)
    found = permits.do(REVIEWER, permit, lambda ctx, one: blockers(ctx, one, prepared))
    say = permits.kernel.translator.text
    assert [(say(one.what, "en"), say(one.why, "en")) for one in found] == [
        ("Deed: Drafting", "1 of the 2 branches needed have ended")
    ]


def test_a_branch_that_fails_ends_the_state_and_what_is_open_of_the_others(
    permits: Permits, permit: int
) -> None:
    permits.go(LAWYER, permit, drafted)
    permits.go(VISITOR, permit, refuse_place, reason="a swamp")
    assert permits.state(permit) == "dropped"
    assert open_tasks(permits) == []
    assert [row.state for row in permits.rows(Task) if row.stage == "checking"] == ["cancelled"]


def test_a_way_out_is_open_at_any_time_and_cancels_what_is_open(
    permits: Permits, permit: int
) -> None:
    permits.go(KEEPER, permit, drop)
    assert permits.state(permit) == "dropped"
    assert open_tasks(permits) == []


def test_when_it_comes_again_the_branches_begin_anew(permits: Permits, permit: int) -> None:
    permits.go(LAWYER, permit, drafted)
    permits.go(REVIEWER, permit, send_back, reason="another place")
    assert open_tasks(permits) == ["draft"]
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, prepare)
    assert branches(permits) == {"deed": "drafting", "site": "visiting"}
    assert sorted(open_tasks(permits)) == ["drafting", "visiting"]


def test_outside_its_state_a_branch_goes_nowhere(permits: Permits) -> None:
    permit = permits.file()
    error = refused(Conflict, permits.go, LAWYER, permit, drafted)
    assert error.key == "not-from-this-state"


def test_the_right_to_a_step_of_a_branch_is_asked_for_like_any(
    permits: Permits, permit: int
) -> None:
    assert refused(Forbidden, permits.go, VISITOR, permit, drafted).key == "not-permitted"


def test_a_branch_returns_within_itself(permits: Permits, permit: int) -> None:
    permits.go(LAWYER, permit, drafted)
    permits.go(REVIEWER, permit, redraft, reason="a wrong name")
    assert branches(permits)["deed"] == "drafting"
    (back,) = permits.do(REVIEWER, permit, permits.engine.returned)
    assert (back.branch, back.source, back.reason) == ("deed", "checking", "a wrong name")
    tasks = [row for row in permits.rows(Task) if row.stage == "drafting"]
    assert [row.assignee_id for row in tasks] == [permits.user(LAWYER)] * 2


def test_a_branch_that_begins_anew_was_not_returned(permits: Permits, permit: int) -> None:
    """What it was returned for is over with the case's stay."""
    permits.go(LAWYER, permit, drafted)
    permits.go(REVIEWER, permit, redraft, reason="a wrong name")
    permits.at("2026-06-02T10:00")
    permits.go(REVIEWER, permit, send_back, reason="another river")
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, prepare)
    assert permits.do(REVIEWER, permit, permits.engine.returned) == []


def test_a_branch_that_goes_on_where_it_stood_is_still_returned(
    permits: Permits, permit: int
) -> None:
    permits.go(LAWYER, permit, drafted)
    permits.go(REVIEWER, permit, redraft, reason="a wrong name")
    permits.at("2026-06-02T10:00")
    permits.go(KEEPER, permit, drop)
    permits.at("2026-06-02T11:00")
    permits.recall(KEEPER, permit, drop)
    (back,) = permits.do(REVIEWER, permit, permits.engine.returned)
    assert back.reason == "a wrong name"


def test_a_step_of_a_branch_is_taken_back(permits: Permits, permit: int) -> None:
    permits.go(LAWYER, permit, drafted)
    assert permits.recallable(LAWYER, permit) == ["drafted"]
    permits.recall(LAWYER, permit, drafted)
    assert branches(permits) == {"deed": "drafting", "site": "visiting"}
    assert sorted(open_tasks(permits)) == ["drafting", "visiting"]


def test_what_began_the_branches_is_taken_back_until_somebody_acted_in_one(
    permits: Permits, permit: int
) -> None:
    permits.recall(REVIEWER, permit, prepare)
    assert permits.state(permit) == "review"
    assert open_tasks(permits) == ["review"]
    permits.go(REVIEWER, permit, prepare)
    permits.go(VISITOR, permit, visit)
    assert permits.recallable(REVIEWER, permit) == []
    assert refused(Conflict, permits.recall, REVIEWER, permit, prepare).key == "not-to-recall"


def test_the_time_of_a_branch_runs_out_by_itself(permits: Permits, permit: int) -> None:
    permits.at("2026-06-15T18:01")
    run_jobs(permits.kernel)
    assert branches(permits)["site"] == "unfit"
    assert permits.state(permit) == "dropped"


def test_the_time_of_a_branch_that_is_over_lets_nothing_happen(
    permits: Permits, permit: int
) -> None:
    permits.go(REVIEWER, permit, send_back, reason="another place")
    permits.at("2026-06-15T18:01")
    run_jobs(permits.kernel)
    assert (permits.state(permit), branches(permits)["site"]) == ("draft", "visiting")


def test_tasks_of_branches_have_their_deadlines(permits: Permits, permit: int) -> None:
    due = next(row.due_at for row in permits.rows(Task) if row.stage == "visiting")
    expected = datetime.fromisoformat("2026-06-04T18:00").replace(tzinfo=ZONE)
    assert due.replace(tzinfo=UTC) == expected


def test_the_ledger_and_listeners_know_which_branch_it_was(permits: Permits, permit: int) -> None:
    permits.go(LAWYER, permit, drafted)
    entry = permits.ledger("transition")[0]
    assert entry.changes == {
        "transition": [None, "drafted"],
        "from": [None, "drafting"],
        "to": [None, "checking"],
        "branch": [None, "deed"],
    }
    told = [row.payload for row in permits.rows(OutboxEvent) if row.name == "base.Transitioned"]
    assert (told[-1]["branch"], told[-1]["target"]) == ("deed", "checking")
    step = permits.do(REVIEWER, permit, permits.engine.history)[-1]
    assert (step.branch, step.transition, step.user_name) == ("deed", "drafted", "许敏")


def test_each_is_offered_the_steps_of_their_branch(permits: Permits, permit: int) -> None:
    offered = permits.do(LAWYER, permit, permits.engine.available)
    mine = [(one.name, one.branch) for one in offered if not one.automatic]
    assert mine == [("drafted", "deed")]
    assert {one.name for one in offered if one.automatic} == {"prepared", "failed", "miss"}


def test_the_stage_bar_shows_the_branches_where_they_go_on(permits: Permits, permit: int) -> None:
    permits.go(LAWYER, permit, drafted)
    bar = permits.do(REVIEWER, permit, permits.engine.stage_bar)
    here = next(stage for stage in bar if stage.status == "current")
    shown = {
        str(branch.title): [(stage.name, stage.status) for stage in branch.stages]
        for branch in here.branches
    }
    assert shown == {
        "Deed": [("drafting", "done"), ("checking", "current"), ("deed-done", "later")],
        "Site": [("visiting", "current"), ("visited", "later")],
    }


# -- in the same second -----------------------------------------------------------------------------------------------


def at_once(permits: Permits, permit: int, *acts: tuple[str, Any]) -> list[object]:
    """Each goes their step in a thread of their own; where readers don't wait for writers, both have read before."""
    together = Barrier(len(acts))
    ended: list[object] = [None] * len(acts)
    reads_first = permits.kernel.db.dialect == "postgresql"

    def press(place: int, login: str, how: Any) -> None:
        def act(ctx: Any, one: Any) -> bool:
            if reads_first:
                together.wait(10)
            return transition(ctx, one, how)

        try:
            if not reads_first:
                together.wait(10)
            ended[place] = permits.do(login, permit, act)
        except TenorError as error:
            ended[place] = error.key

    threads = [Thread(target=press, args=(place, *act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ended


def test_two_people_act_on_two_branches_at_once_and_both_succeed(
    permits: Permits, permit: int
) -> None:
    assert at_once(permits, permit, (LAWYER, drafted), (VISITOR, visit)) == [True, True]
    assert branches(permits) == {"deed": "checking", "site": "visited"}


def test_the_last_two_branches_at_once_lead_on_once(permits: Permits, permit: int) -> None:
    permits.go(LAWYER, permit, drafted)
    assert at_once(permits, permit, (REVIEWER, checked), (VISITOR, visit)) == [True, True]
    assert permits.state(permit) == "decision"
    assert [step[0] for step in permits.steps(permit)].count("prepared") == 1
    assert open_tasks(permits) == ["decision"]


def test_of_two_on_one_branch_one_has_the_effect(permits: Permits, permit: int) -> None:
    ended = at_once(permits, permit, (LAWYER, drafted), ("han.xue", drafted))
    assert sorted(ended, key=str) == [True, "not-from-this-state"]
