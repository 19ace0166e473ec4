"""Several people decide in a branch: its state counts, not that of the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.tests.workflow.acts import refused
from core.tests.workflow.assays import (
    APPROVER,
    CHAIR,
    JING,
    KEEPER,
    MOVER,
    OFFICER,
    SUN,
    WU,
    ZHENG,
    Assays,
)
from tenor.notify.records import Notice
from tenor.workflow.approvals import Approvals
from tenor.workflow.records import Duty, Task, Vote, WorkflowStep
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Blocked, Conflict, Refused
from tenor_sdk.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

#: a risk officer like the one who acts
OTHER = "he.lei"
FOR, AGAINST, RECUSE = Ballot.FOR, Ballot.AGAINST, Ballot.RECUSE


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("assays",)


@pytest.fixture
def assays(institution: Any) -> Assays:
    return Assays(institution)


def test_no_member_refuses_alone_what_a_branchs_committee_decides(assays: Assays) -> None:
    from tenor_assays.workflow import reject, start

    assay = assays.file(start)
    error = refused(Blocked, assays.go, ZHENG, assay, reject)
    assert str(error.blockers[0].what) == "The committee decides this"
    assert not assays.offer(ZHENG, assay, "reject").allowed
    assert assays.branches()["council"] == "voting"


def test_the_steps_of_an_approval_in_a_branch_are_taken_one_after_the_other(
    assays: Assays,
) -> None:
    from tenor_assays.workflow import start, step_on

    assay = assays.file(start)
    refused(Blocked, assays.go, APPROVER, assay, step_on)
    assert not assays.go(OFFICER, assay, step_on)
    assert assays.offer(APPROVER, assay, "step-on").allowed
    assert assays.go(APPROVER, assay, step_on)
    assert assays.branches()["chain"] == "stepped"


def test_no_member_takes_back_the_refusal_of_all(
    assays: Assays, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that began while its refusal could be taken back."""
    from tenor_assays.records import Assay
    from tenor_assays.workflow import present, settle_plain, turn_down

    assay = assays.file(present)
    for who in (CHAIR, JING):
        assays.says(who, assay, settle_plain, AGAINST)
    assert assays.state(assay) == "gone"
    now = assays.engine.flows[Assay].definition
    steps = (replace(one, recall=one.name == "turn-down") for one in now.transitions)
    before = replace(now, transitions=tuple(steps))
    monkeypatch.setattr(assays.engine.cases, "definition", lambda *_: before)
    assert assays.recallable(JING, assay) == []
    assert refused(Conflict, assays.recall, JING, assay, turn_down).key == "not-to-recall"


def test_a_task_of_several_is_handed_to_nobody(assays: Assays) -> None:
    from tenor_assays.workflow import present

    assay = assays.file(present)
    (task,) = (one for one in assays.rows(Task) if one.position == "committee-member")
    with as_actor(assays.kernel, KEEPER) as ctx:
        error = refused(
            Refused, assays.engine.hand_over, ctx, task.id, assays.user(WU), reason="you do it"
        )
    assert error.key == "task-of-several"
    assert all(task.id in assays.before(one, "ready") for one in (JING, SUN, WU, ZHENG))
    assert assay == task.record_id


# -- recusals, and votes against, whatever stands in the way ----------------------------------------------------------


def nearly_settled(assays: Assays) -> int:
    """With one recusal more, two of three are for it."""
    from tenor_assays.workflow import present, settle_plain

    assay = assays.file(present)
    for who in (CHAIR, JING):
        assays.says(who, assay, settle_plain, FOR)
    assays.says(ZHENG, assay, settle_plain, AGAINST)
    assays.says(WU, assay, settle_plain, RECUSE)
    return assay


def test_a_recusal_stands_though_what_it_decides_is_held_up(assays: Assays) -> None:
    from tenor_assays.workflow import settle_plain

    assay = nearly_settled(assays)
    assays.note(assay, "unclear")
    assays.says(SUN, assay, settle_plain, RECUSE)
    assert [row.ballot for row in assays.rows(Vote)].count("recuse") == 2
    assays.at("2026-06-01T10:10")
    run_jobs(assays.kernel)
    assert assays.state(assay) == "ready"
    assays.note(assay, "")
    assays.at("2026-06-01T10:20")
    run_jobs(assays.kernel)
    assert assays.state(assay) == "settled"


def test_of_what_is_held_up_whoever_leads_it_is_told_once_and_the_log_keeps_still(
    assays: Assays, caplog: pytest.LogCaptureFixture
) -> None:
    from tenor_assays.workflow import settle_plain

    assay = nearly_settled(assays)
    assays.note(assay, "unclear")
    assays.says(SUN, assay, settle_plain, RECUSE)
    for minute in (10, 20, 30):
        assays.at(f"2026-06-01T10:{minute}")
        run_jobs(assays.kernel)
    told = [row for row in assays.rows(Notice) if row.kind == "base.held-up"]
    assert [(row.user_id, row.about_id) for row in told] == [(assays.user(MOVER), assay)]
    assert not [one for one in caplog.records if one.levelname == "ERROR"]
    elevated = [one for one in assays.ledger("elevated") if one.reason == "votes of committees"]
    assert len(elevated) == 1
    (decision,) = (
        one for one in assays.do(MOVER, assay, assays.engine.decisions) if one.how is settle_plain
    )
    assert [str(one) for one in decision.lacks] == ["Unclear"]


def test_what_is_held_up_in_a_later_stay_is_told_anew(assays: Assays) -> None:
    from tenor_assays.workflow import again, present, settle

    assay = assays.file(present)
    for hour in (10, 12):
        assays.at(f"2026-06-01T{hour}:05")
        for who in (CHAIR, JING, SUN, WU):
            assays.says(who, assay, settle, FOR)
        assays.note(assay, "unclear")
        assays.says(ZHENG, assay, settle, AGAINST)
        for minute in (10, 20):
            assays.at(f"2026-06-01T{hour}:{minute}")
            run_jobs(assays.kernel)
        assays.note(assay, "")
        told = [row for row in assays.rows(Notice) if row.kind == "base.held-up"]
        assert len(told) == 1 + (hour == 12)
        if hour == 10:
            assays.go(OFFICER, assay, again, reason="weigh it once more")
            assays.go(MOVER, assay, present)


def test_who_recuses_themselves_isnt_who_decided(assays: Assays) -> None:
    from tenor_assays.workflow import settle_plain

    assay, sun = nearly_settled(assays), assays.user(SUN)
    assays.says(SUN, assay, settle_plain, RECUSE)
    assays.at("2026-06-01T10:10")
    run_jobs(assays.kernel)
    assert assays.state(assay) == "settled"
    assert assays.rows(WorkflowStep)[-1].user_id != sun
    assert (sun, "settle-plain") not in {(row.user_id, row.step) for row in assays.rows(Duty)}


def test_what_is_held_up_can_be_voted_down(assays: Assays) -> None:
    from tenor_assays.workflow import present, settle_plain

    assay = assays.file(present, note="unclear")
    refused(Blocked, assays.says, CHAIR, assay, settle_plain, FOR)
    assert assays.offer(CHAIR, assay, "settle-plain").ballots == (AGAINST, Ballot.ABSTAIN, RECUSE)
    assays.says(CHAIR, assay, settle_plain, AGAINST)
    assays.says(JING, assay, settle_plain, AGAINST)
    assert assays.state(assay) == "gone"


def test_a_vote_against_stands_though_what_passes_without_it_is_held_up(assays: Assays) -> None:
    from tenor_assays.workflow import present, settle

    assay = assays.file(present)
    for who in (CHAIR, JING, SUN, WU):
        assays.says(who, assay, settle, FOR)
    assays.note(assay, "unclear")
    assert not assays.says(ZHENG, assay, settle, AGAINST)
    assert [row.ballot for row in assays.rows(Vote)].count("against") == 1
    assert assays.state(assay) == "ready"


# -- steps one after the other, and the inboxes of those whose turn it is or isn't -------------------------------------


def test_a_step_that_is_complete_is_nobodys_task_any_more(assays: Assays) -> None:
    from tenor_assays.workflow import start, step_on

    assay = assays.file(start)
    assert [len(assays.before(one, "stepping")) for one in (OFFICER, OTHER, APPROVER)] == [1, 1, 0]
    assert not assays.go(OFFICER, assay, step_on)
    assert [len(assays.before(one, "stepping")) for one in (OFFICER, OTHER, APPROVER)] == [0, 0, 1]


def test_a_step_that_begins_again_is_before_its_people_again(assays: Assays) -> None:
    """Who comes after them can't vote any more, so that nothing else would tell them."""
    from tenor_assays.workflow import start, step_on

    assay = assays.file(start)
    assert not assays.go(OFFICER, assay, step_on)
    assays.do(MOVER, assay, lambda _ctx, one: setattr(one, "subject", "another vein"))
    refused(Blocked, assays.go, APPROVER, assay, step_on)
    run_jobs(assays.kernel)
    assays.kernel.clock.move(assays.kernel.clock.instant + timedelta(minutes=6))
    run_jobs(assays.kernel)
    assert [len(assays.before(one, "stepping")) for one in (OFFICER, OTHER)] == [1, 1]
    titles = [
        row.title["$text"][0] for row in assays.rows(Notice) if row.user_id == assays.user(OFFICER)
    ]
    assert "What you decided on has changed: your vote no longer counts" in titles
    assert not assays.go(OTHER, assay, step_on)
    assert assays.go(APPROVER, assay, step_on)


def test_one_of_which_nobody_can_tell_whose_turn_it_is_holds_up_no_other(
    assays: Assays, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_assays.workflow import start, step_on

    broken, whole = assays.file(start), assays.file(start)
    for each in (broken, whole):
        assert not assays.go(OFFICER, each, step_on)
        assays.do(MOVER, each, lambda _ctx, one: setattr(one, "subject", "another vein"))
    run_jobs(assays.kernel)
    deciders = Approvals.deciders

    def told(self: Any, ctx: Any, case: Any, record: Any, *more: Any) -> Any:
        if record.id == broken:
            raise LookupError("the plugin's list of people is gone")
        return deciders(self, ctx, case, record, *more)

    monkeypatch.setattr(Approvals, "deciders", told)
    assays.kernel.clock.move(assays.kernel.clock.instant + timedelta(minutes=6))
    run_jobs(assays.kernel)
    assert [len(assays.before(one, "stepping")) for one in (OFFICER, OTHER)] == [1, 1]
