"""A petition on its way: who may move it, what stands in the way, what stays on record."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from tenor_petitions.records import Petition
from tenor_petitions.services import bring_paper, hurry, push
from tenor_petitions.workflow import (
    Assessment,
    approve,
    arrive,
    assess,
    decline,
    send_back,
    submit,
)

from core.tests.workflow.acts import refused
from tenor.events.records import OutboxEvent
from tenor.workflow.records import Duty, Task, WorkflowCase, WorkflowStep
from tenor_sdk import bulk
from tenor_sdk.errors import Blocked, Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.testing import as_actor
from tenor_sdk.values import Amount
from tenor_sdk.workflow import Blocker, blockers, transition, who_did

pytestmark = pytest.mark.both_databases


def words(found: Any) -> list[str]:
    return [str(blocker.what) for blocker in found]


# -- going ------------------------------------------------------------------------------------------------------------


def test_a_petition_goes_from_draft_to_granted(acts: Any) -> None:
    petition = acts.at_approval()
    assert acts.state(petition) == "approval"
    assert acts.go("gu.yan", petition, approve)
    assert acts.state(petition) == "granted"


def test_the_plugin_acts_with_the_step_and_others_hear_of_it(acts: Any) -> None:
    petition = acts.at_approval()
    heard = acts.do("zhou.qiming", petition, lambda _ctx, one: one.opinion)
    assert heard == "sound (heard assess)"
    told = [row.payload for row in acts.rows(OutboxEvent) if row.name == "base.Transitioned"]
    assert told[-1] == {
        "workflow": "petitions.petition", "table": "petitions_petition", "record_id": petition, "transition": "assess",
        "source": "review", "target": "approval", "automatic": False, "kind": "", "branch": "",
    }  # fmt: skip


def test_every_step_is_on_record_with_its_reason(acts: Any) -> None:
    petition = acts.at_approval()
    acts.go("zhou.qiming", petition, send_back, reason="the map is missing")
    latest = acts.ledger("transition")[0]
    assert (latest.record_id, latest.reason) == (petition, "the map is missing")
    assert latest.changes == {
        "transition": [None, "send-back"],
        "from": [None, "approval"],
        "to": [None, "draft"],
    }
    with as_actor(acts.kernel, "song.qing", write=False) as ctx:
        moved = [e for e in acts.kernel.audit.search(ctx, kind="update") if "state" in e.changes]
    assert moved[0].changes["state"] == ["approval", "draft"]
    assert moved[0].procedure == "petitions.workflow.send-back"


def test_the_history_names_who_went_each_step(acts: Any) -> None:
    petition = acts.at_approval()
    steps = acts.do("zhou.qiming", petition, acts.engine.history)
    assert [(step.transition, step.source, step.target, step.user_name) for step in steps] == [
        ("submit", "draft", "intake", "林晓雯"),
        ("arrive", "intake", "review", "林晓雯"),
        ("assess", "review", "approval", "周启明"),
    ]


def test_a_step_that_was_gone_cannot_be_gone_again(acts: Any) -> None:
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    error = refused(Conflict, acts.go, "lin.xiaowen", petition, submit)
    assert error.key == "not-from-this-state"
    assert acts.kernel.translator.error(error, "zh-CN") == "现在处于“Review”，不能“Submit”。"
    assert [step.transition for step in acts.rows(WorkflowStep)] == ["submit", "arrive"]


# -- what stands in the way -------------------------------------------------------------------------------------------


def test_every_blocker_is_told_at_once(acts: Any) -> None:
    petition = acts.file(subject="", amount="0")
    error = refused(Blocked, acts.go, "lin.xiaowen", petition, submit)
    assert words(error.blockers) == ["A subject", "An amount"]
    assert acts.state(petition) == "draft"


def test_blockers_can_be_asked_for_without_pressing(acts: Any) -> None:
    petition = acts.file(amount="0")
    found = acts.do("lin.xiaowen", petition, lambda ctx, one: blockers(ctx, one, submit))
    assert words(found) == ["An amount"]


def test_a_guard_that_breaks_puts_its_step_out_of_service_and_on_record(acts: Any) -> None:
    petition = acts.file(subject="crash")
    acts.go("lin.xiaowen", petition, submit)
    error = refused(Blocked, acts.go, "zhou.qiming", petition, assess, Assessment(opinion="sound"))
    assert words(error.blockers) == ["A check couldn't be made, so this step is out of service"]
    assert acts.state(petition) == "review"
    failed = acts.ledger("guard-failed")[0]
    assert failed.record_id == petition
    assert failed.changes["guard"] == [None, "petitions.is_calm"]
    assert failed.changes["error"] == [None, "ZeroDivisionError: the guard is at fault"]


def test_what_a_guard_refuses_in_words_blocks_in_these_words(acts: Any) -> None:
    petition = acts.file(subject="refuse")
    acts.go("lin.xiaowen", petition, submit)
    error = refused(Blocked, acts.go, "zhou.qiming", petition, assess, Assessment(opinion="sound"))
    blocker: Blocker = error.blockers[0]
    assert acts.kernel.translator.text(blocker.what, "en") == "not-today"


def test_a_guard_cannot_write(acts: Any) -> None:
    petition = acts.file(subject="write")
    acts.go("lin.xiaowen", petition, submit)
    refused(Blocked, acts.go, "zhou.qiming", petition, assess, Assessment(opinion="sound"))
    assert acts.do("zhou.qiming", petition, lambda _ctx, one: one.opinion) == ""


@pytest.mark.parametrize("subject", ["crash", "refuse", "write"])
def test_a_bad_guard_does_not_take_the_page_down(acts: Any, subject: str) -> None:
    petition = acts.file(subject=subject)
    acts.go("lin.xiaowen", petition, submit)
    with as_actor(acts.kernel, "zhou.qiming", write=False) as ctx:
        one = ctx.session.get_one(Petition, petition)
        offered = {each.name: each for each in acts.engine.available(ctx, one)}
        assert len(offered["assess"].blockers) == 1
        assert not offered["assess"].allowed
        assert offered["send-back"].allowed
        assert one.opinion == ""


# -- who may ----------------------------------------------------------------------------------------------------------


def test_who_may_not_is_refused_and_the_attempt_stays_on_record(acts: Any) -> None:
    petition = acts.at_approval()
    error = refused(Forbidden, acts.go, "lin.xiaowen", petition, approve)
    assert error.key == "not-permitted"
    denied = acts.ledger("denied")[0]
    assert (denied.actor_name, denied.record_id) == ("林晓雯", petition)
    assert denied.changes["transition"] == [None, "approve"]
    assert acts.state(petition) == "approval"


def test_another_branchs_petition_is_not_found(acts: Any) -> None:
    petition = acts.file("shen.bai")
    with as_actor(acts.kernel, "zhou.qiming") as other:
        one = other.session.get_one(Petition, petition)
        with as_actor(acts.kernel, "lin.xiaowen", write=False) as ctx:
            assert ctx.session.get(Petition, petition) is None
            refused(NotFound, acts.engine.transition, ctx, one, submit, None, "")


def test_a_transition_belongs_to_the_person_even_within_a_service(acts: Any) -> None:
    petition = acts.file()
    assert acts.do("lin.xiaowen", petition, hurry)
    other = acts.file()
    assert refused(Forbidden, acts.do, "zhou.qiming", other, hurry).key == "not-permitted"


def test_nobody_sets_a_state_past_the_workflow(acts: Any) -> None:
    petition = acts.file()
    assert refused(Refused, acts.do, "lin.xiaowen", petition, push).key == "state-by-workflow-only"


def test_nothing_moves_in_a_reading_request(acts: Any) -> None:
    petition = acts.file()
    with as_actor(acts.kernel, "lin.xiaowen", write=False) as ctx:
        one = ctx.session.get_one(Petition, petition)
        assert refused(Forbidden, transition, ctx, one, submit).key == "read-only"


def test_a_record_in_a_frozen_state_is_not_changed_by_forms(acts: Any) -> None:
    petition = acts.at_approval()
    assert not acts.do("gu.yan", petition, acts.engine.frozen)
    acts.go("gu.yan", petition, approve)
    assert acts.do("gu.yan", petition, acts.engine.frozen)
    update = acts.kernel.records.update

    def rename(ctx: Any, one: Petition) -> None:
        update(ctx, one, {"subject": "another"})

    assert refused(Refused, acts.do, "lin.xiaowen", petition, rename).key == "frozen"


# -- inputs and reasons -----------------------------------------------------------------------------------------------


def test_a_reason_is_asked_for(acts: Any) -> None:
    petition = acts.at_approval()
    error = refused(Invalid, acts.go, "gu.yan", petition, decline, reason="  ")
    assert isinstance(error, Invalid)
    assert error.fields["reason"].key == "required"
    assert acts.go("gu.yan", petition, decline, reason="too dear")


def test_inputs_are_checked_however_they_come(acts: Any) -> None:
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    error = refused(Invalid, acts.go, "zhou.qiming", petition, assess, {"points": "many"})
    assert isinstance(error, Invalid)
    assert set(error.fields) == {"opinion", "points"}
    assert acts.go("zhou.qiming", petition, assess, {"opinion": "by API", "points": 7})
    assert "by API" in acts.do("zhou.qiming", petition, lambda _ctx, one: one.opinion)


def test_inputs_that_are_needed_cannot_be_left_out(acts: Any) -> None:
    petition = acts.file()
    acts.go("lin.xiaowen", petition, submit)
    refused(Invalid, acts.go, "zhou.qiming", petition, assess)


# -- by itself --------------------------------------------------------------------------------------------------------


def test_with_the_last_paper_the_petition_goes_on_by_itself(acts: Any) -> None:
    petition = acts.file(papers=11)
    acts.go("lin.xiaowen", petition, submit)
    assert acts.state(petition) == "intake"
    assert not acts.do("lin.xiaowen", petition, bring_paper)
    assert acts.do("lin.xiaowen", petition, bring_paper)
    assert acts.state(petition) == "review"
    step = acts.rows(WorkflowStep)[-1]
    assert (step.transition, step.automatic) == ("arrive", True)


def test_nobody_presses_what_goes_by_itself(acts: Any) -> None:
    petition = acts.file()
    assert refused(Forbidden, acts.go, "lin.xiaowen", petition, arrive).key == "pressed-by-nobody"


# -- all or nothing ---------------------------------------------------------------------------------------------------


def test_a_step_whose_effect_fails_leaves_nothing_behind(acts: Any) -> None:
    petition = acts.at_approval(subject="fail in do")
    before = [acts.rows(table) for table in (WorkflowCase, WorkflowStep, Task, Duty, OutboxEvent)]
    assert refused(Refused, acts.go, "gu.yan", petition, approve).key == "no-money"
    after = [acts.rows(table) for table in (WorkflowCase, WorkflowStep, Task, Duty, OutboxEvent)]
    assert after == before
    assert acts.state(petition) == "approval"


# -- beginning --------------------------------------------------------------------------------------------------------


def test_many_records_begin_in_one_flush(acts: Any) -> None:
    with as_actor(acts.kernel, "lin.xiaowen") as ctx:
        for number in range(25):
            ctx.session.add(
                Petition(subject=f"no. {number}", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
            )
    cases = acts.rows(WorkflowCase)
    with as_actor(acts.kernel, "lin.xiaowen", write=False) as ctx:
        assert {case.record_id for case in cases} == set(ctx.session.scalars(select(Petition.id)))
    assert len({case.definition_id for case in cases}) == 1
    assert len(cases) == len(acts.rows(Task)) == 25


def test_a_record_does_not_begin_in_a_state_that_its_workflow_has_not(acts: Any) -> None:
    with pytest.raises(Refused) as error, as_actor(acts.kernel, "lin.xiaowen") as ctx:
        ctx.session.add(Petition(subject="x", state="lost", unit_id=ctx.actor.unit_id))
    assert error.value.key == "unknown-state"


def test_records_loaded_by_the_thousand_begin_when_they_are_first_moved(acts: Any) -> None:
    with as_actor(acts.kernel, "lin.xiaowen") as ctx:
        load_petitions(acts.kernel, ctx)
        petition = ctx.session.scalars(select(Petition)).one()
        assert acts.rows(WorkflowCase) == []
        assert acts.engine.stage_bar(ctx, petition)[0].status == "current"
        assert transition(ctx, petition, submit)
    assert acts.rows(WorkflowCase)[0].state == "review"


def load_petitions(kernel: Any, ctx: Any) -> None:
    row = {
        "subject": "from the old system", "amount": Amount.of("5"), "papers": 13, "opinion": "",
        "state": "draft", "unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id,
    }  # fmt: skip
    with kernel.access.procedure(ctx, "petitions", "load"):
        bulk.load(ctx, Petition, [row])


def test_whoever_makes_a_record_is_known_as_its_maker(acts: Any) -> None:
    petition = acts.at_approval()
    did = acts.do(
        "zhou.qiming",
        petition,
        lambda ctx, one: [who_did(ctx, one, s) for s in ("create", submit, assess)],
    )
    lin, zhou = acts.user("lin.xiaowen"), acts.user("zhou.qiming")
    assert did == [[lin], [lin], [zhou]]
