"""Branches in what people set and read of a workflow: task rules, counts, simulations, and newer definitions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.tests.workflow.acts import refused
from core.tests.workflow.assays import (
    APPROVER,
    CHAIR,
    JING,
    KEEPER,
    LAWYER,
    MOVER,
    OFFICER,
    SUN,
    WU,
    ZHENG,
    Assays,
)
from tenor.events.wire import from_json
from tenor.workflow.records import Task, WorkflowStep
from tenor.workflow.task_rules import declared
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Refused
from tenor_sdk.testing import as_actor, make_user, run_jobs

pytestmark = pytest.mark.both_databases

FOR, RECUSE = Ballot.FOR, Ballot.RECUSE


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("assays",)


@pytest.fixture
def assays(institution: Any) -> Assays:
    return Assays(institution)


def flow_of(assays: Assays) -> Any:
    from tenor_assays.records import Assay

    return assays.engine.flows[Assay]


def test_the_institution_sets_rules_for_the_tasks_of_branches(assays: Assays) -> None:
    stages = {one.stage for one in declared(flow_of(assays).definition)}
    assert {"draft", "voting", "sorting", "easy"} <= stages


def test_cases_are_counted_also_by_the_states_of_their_branches(assays: Assays) -> None:
    from tenor_assays.workflow import present, start

    left, _goes_on = assays.file(start), assays.file(start)
    assays.recall(MOVER, left, start)
    assays.file(present)
    with as_actor(assays.kernel, "system", write=False) as ctx:
        found = assays.engine.figures.of(ctx, flow_of(assays))
    states = ("draft", "prep", "voting", "checking", "ready")
    assert [found[one].open for one in states] == [1, 1, 1, 1, 1]


def test_what_the_rules_in_force_say_changes_nothing_of_a_committees_tasks(assays: Assays) -> None:
    from tenor_assays.workflow import present

    assays.file(present)
    flow = flow_of(assays)
    rules = {one.stage: one for one in declared(flow.definition)}
    with as_actor(assays.kernel, "system", write=False) as ctx:
        found = assays.engine.simulations.tasks(ctx, flow, rules)
    assert (found.looked_at, found.counts) == (3, {})


# -- newer definitions ------------------------------------------------------------------------------------------------


def test_other_words_leave_the_work_in_branches_alone(
    assays: Assays, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_assays.records import Assay
    from tenor_assays.workflow import ease, start

    assay = assays.file(start)
    assays.go(OFFICER, assay, ease)
    flow = flow_of(assays)

    def said_otherwise(state: Any) -> Any:
        branches = (replace(one, title=f"{one.title}!") for one in state.branches)
        return replace(state, branches=tuple(branches))

    states = tuple(said_otherwise(one) for one in flow.definition.states)
    newer = replace(flow, definition=replace(flow.definition, states=states))
    monkeypatch.setitem(assays.engine.flows, Assay, newer)
    assert assays.engine.migrating.apply(newer, {}, "other words") == 1
    assert assays.branches()["simple"] == "eased"


def test_who_did_the_other_side_isnt_given_a_task_that_todays_workflow_lacks(
    assays: Assays, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_assays.workflow import start

    both = [("relationship-manager", "YZ"), ("risk-officer", "HQ")]
    make_user(assays.kernel, "jack", positions=both, unit="YZ")
    assays.file(start, login="jack")
    (task,) = (one for one in assays.rows(Task) if one.stage == "easy")
    flow = flow_of(assays)

    def without(state: Any) -> Any:
        return replace(state, branches=tuple(one for one in state.branches if one.name != "simple"))

    states = tuple(without(one) for one in flow.definition.states)
    newer = replace(flow, definition=replace(flow.definition, states=states))
    monkeypatch.setitem(assays.engine.doings._by_table, "assays_assay", newer)
    with as_actor(assays.kernel, KEEPER) as ctx:
        hand_over, jack = assays.engine.hand_over, assays.user("jack")
        assert refused(Refused, hand_over, ctx, task.id, jack, reason="x").key == "cannot-take-task"


# -- tasks of committees ----------------------------------------------------------------------------------------------


def test_those_whom_a_committee_names_have_its_task_and_nobody_else(assays: Assays) -> None:
    from tenor_assays.workflow import convene, resolve

    seats = (WU, JING, ZHENG)
    assay = assays.file(note=" ".join(str(assays.user(one)) for one in seats))
    assays.go(MOVER, assay, convene)
    assert [len(assays.before(one, "panel")) for one in (*seats, LAWYER)] == [1, 1, 1, 0]
    assays.says(WU, assay, resolve, FOR)
    assert [len(assays.before(one, "panel")) for one in seats] == [0, 1, 1]
    (task,) = assays.before(JING, "panel")
    with as_actor(assays.kernel, JING) as ctx:
        hand_over, lawyer = assays.engine.hand_over, assays.user(LAWYER)
        assert refused(Refused, hand_over, ctx, task, lawyer).key == "task-of-several"
    assays.says(JING, assay, resolve, FOR)
    assert assays.state(assay) == "settled"
    assert assays.before(ZHENG, "panel") == []


def test_whose_turn_it_isnt_has_no_task_of_a_decision_in_steps_yet(assays: Assays) -> None:
    from tenor_assays.workflow import start, step_on

    assay = assays.file(start)
    assert [len(assays.before(one, "stepping")) for one in (OFFICER, APPROVER)] == [1, 0]
    assays.go(OFFICER, assay, step_on)
    assert [len(assays.before(one, "stepping")) for one in (OFFICER, APPROVER)] == [0, 1]
    assays.go(APPROVER, assay, step_on)
    assert [len(assays.before(one, "stepping")) for one in (OFFICER, APPROVER)] == [0, 0]


def test_who_recused_themselves_has_no_task_in_a_later_round(assays: Assays) -> None:
    from tenor_assays.workflow import ask_back, present, settle_plain

    assay = assays.file(present)
    assays.says(WU, assay, settle_plain, RECUSE)
    assays.go(OFFICER, assay, ask_back, reason="more")
    assays.go(MOVER, assay, present)
    assert (assays.before(WU, "ready"), len(assays.before(JING, "ready"))) == ([], 1)


def test_what_a_committee_returns_when_its_time_is_over_says_so(assays: Assays) -> None:
    from tenor_assays.workflow import present, settle_back

    assay = assays.file(present)
    for who in (CHAIR, JING, SUN):
        assays.says(who, assay, settle_back, FOR, "")
    assays.at("2026-06-08T10:00")
    run_jobs(assays.kernel)
    assert assays.state(assay) == "draft"
    step, task = assays.rows(WorkflowStep)[-1], assays.rows(Task)[-1]
    assert "3" in step.reason
    said = assays.kernel.translator.text(from_json(task.why), "en")
    assert said == f"Returned by the committee: {step.reason}"
