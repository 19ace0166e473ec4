"""Cases in flight are moved to a newer workflow: first one looks what would become of them."""

from __future__ import annotations

from typing import Any

import pytest
from tenor_permits.records import Permit
from tenor_permits.workflow import ask_again, drop, prepare, submit

from core.tests.workflow.acts import refused
from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER, Permits
from core.tests.workflow.test_merging import declare
from tenor.workflow.merging import merge
from tenor.workflow.records import Task, WorkflowCase
from tenor_sdk.errors import Refused
from tenor_sdk.testing import as_actor, run_jobs

pytestmark = pytest.mark.both_databases

#: the next version of the plugin: no intake, no preparation, and an assessment instead of the review
NEWER = """
from tenor_permits.records import Permit
from tenor_sdk import Task
draft = State(name="draft", title="Draft", task=Task(title="Complete the permit", to_owner=True))
assessment = State(
    name="assessment", title="Assessment", task=Task(title="Assess the permit", position="risk-officer")
)
granted = State(name="granted", title="Granted", final="good")
dropped = State(name="dropped", title="Dropped", final="bad", aside=True)
submit = Transition(name="submit", title="Submit", source=draft, target=assessment)
grant = Transition(name="grant", title="Grant", source=assessment, target=granted)
lapse = Transition(name="lapse", title="Lapse", source=draft, target=dropped, after=3)
flow = Workflow(Permit.state, states=(draft, assessment, granted, dropped), transitions=(submit, grant, lapse))
"""
#: another: the decision bears another name
RENAMED = """
from tenor_permits.records import Permit
draft = State(name="draft", title="Draft")
review = State(name="review", title="Review")
ruling = State(name="ruling", title="Ruling")
granted = State(name="granted", title="Granted", final="good")
submit = Transition(name="submit", title="Submit", source=draft, target=review)
pass_on = Transition(name="pass-on", title="Pass on", source=review, target=ruling)
grant = Transition(name="grant", title="Grant", source=ruling, target=granted)
ask_again = Transition(name="ask-again", title="Ask again", source=ruling, target=draft, returns="straight")
flow = Workflow(Permit.state, states=(draft, review, ruling, granted), transitions=(submit, pass_on, grant, ask_again))
"""
#: another: a draft is an entry from its first day on, which goes on by itself
ENTERED = """
from tenor_permits.records import Permit
from tenor_sdk import Task
draft = State(name="draft", title="Draft")
entry = State(name="entry", title="Entry", task=Task(title="Complete the permit", to_owner=True))
review = State(name="review", title="Review", task=Task(title="Review the permit", position="risk-officer"))
decision = State(name="decision", title="Decision")
granted = State(name="granted", title="Granted", final="good")
begin = Transition(name="begin", title="Begin", source=draft, target=entry)
submit = Transition(name="submit", title="Submit", source=entry, target=review, automatic=True)
pass_on = Transition(name="pass-on", title="Pass on", source=review, target=decision)
grant = Transition(name="grant", title="Grant", source=decision, target=granted)
ask_again = Transition(name="ask-again", title="Ask again", source=decision, target=entry, returns="straight")
flow = Workflow(
    Permit.state, states=(draft, entry, review, decision, granted),
    transitions=(begin, submit, pass_on, grant, ask_again),
)
"""
MAPPING = {"review": "assessment", "preparation": "assessment"}


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    made = Permits(institution)
    made.at("2026-06-01T10:00")
    return made


@pytest.fixture
def standing(permits: Permits) -> dict[str, int]:
    """One permit in each of four states."""
    found = {name: permits.file() for name in ("draft", "review", "preparation", "dropped")}
    for name in ("review", "preparation", "dropped"):
        permits.go(KEEPER, found[name], submit)
    permits.go(REVIEWER, found["preparation"], prepare)
    permits.go(KEEPER, found["dropped"], drop)
    return found


@pytest.fixture
def newer(permits: Permits, standing: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The newer workflow, in service since the cases began."""
    flow = merge(declare("permits", NEWER)["flow"])
    monkeypatch.setitem(permits.engine.flows, Permit, flow)
    return flow


def plan(permits: Permits, flow: Any, mapping: dict[str, str] | None = None) -> dict[str, Any]:
    with as_actor(permits.kernel, "system", write=False) as ctx:
        return {one.state: one for one in permits.engine.migrating.plan(ctx, flow, mapping)}


def test_the_plan_says_how_many_stand_where_and_what_would_be_stranded(
    permits: Permits, newer: Any
) -> None:
    found = plan(permits, newer)
    assert {state: (one.count, one.target, one.ended) for state, one in found.items()} == {
        "draft": (1, "draft", False),
        "dropped": (1, "dropped", True),
        "preparation": (1, "", False),
        "review": (1, "", False),
    }
    assert sorted(one.state for one in found.values() if one.stranded) == ["preparation", "review"]
    assert not any(one.stranded for one in plan(permits, newer, MAPPING).values())


def test_what_would_strand_a_case_moves_none(permits: Permits, newer: Any) -> None:
    before = permits.rows(WorkflowCase)
    error = refused(Refused, permits.engine.migrating.apply, newer, {}, "a new law")
    assert (error.key, error.values["n"]) == ("cases-stranded", 2)
    assert permits.rows(WorkflowCase) == before


def test_a_mapping_leads_to_states_that_there_are(permits: Permits, newer: Any) -> None:
    error = refused(Refused, permits.engine.migrating.apply, newer, {"review": "gone"}, "a new law")
    assert error.key == "unknown-state"


def test_cases_in_flight_move_and_what_has_ended_stays(
    permits: Permits, newer: Any, standing: dict[str, int]
) -> None:
    assert permits.engine.migrating.apply(newer, MAPPING, "a new law") == 3
    states = {name: permits.state(permit) for name, permit in standing.items()}
    assert states == {
        "draft": "draft",
        "review": "assessment",
        "preparation": "assessment",
        "dropped": "dropped",
    }
    assert {one.newest for one in plan(permits, newer).values() if not one.ended} == {True}
    assert permits.engine.migrating.apply(newer, MAPPING, "a new law") == 0


def test_what_was_returned_goes_straight_back_to_the_state_that_took_its_place(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, ask_again, reason="which river?")
    flow = merge(declare("permits", RENAMED)["flow"])
    monkeypatch.setitem(permits.engine.flows, Permit, flow)
    permits.engine.migrating.apply(flow, {"decision": "ruling"}, "it is called a ruling now")
    assert [one.straight_to for one in permits.rows(WorkflowCase)] == ["ruling"]


def test_what_was_returned_stays_so_in_the_state_that_took_the_place_of_its_own(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for what is to be brought, though its state goes on by itself, and goes straight back with that."""
    permit, fresh = permits.at_decision(), permits.file()
    permits.go(DECIDER, permit, ask_again, reason="which river?")
    flow = merge(declare("permits", ENTERED)["flow"])
    monkeypatch.setitem(permits.engine.flows, Permit, flow)
    permits.engine.migrating.apply(flow, {"draft": "entry"}, "no drafts any more")
    assert (permits.state(permit), permits.state(fresh)) == ("entry", "review")
    assert permits.rows(WorkflowCase)[0].straight_to == "decision"
    permits.do(KEEPER, permit, permits.engine.advance)
    assert permits.state(permit) == "decision"


def test_tasks_follow_the_cases(permits: Permits, newer: Any, standing: dict[str, int]) -> None:
    permits.engine.migrating.apply(newer, MAPPING, "a new law")
    open_ones = {(row.record_id, row.title) for row in permits.rows(Task) if row.state == "open"}
    assert open_ones == {
        (standing["draft"], "Complete the permit"),
        (standing["review"], "Assess the permit"),
        (standing["preparation"], "Assess the permit"),
    }


def test_each_is_on_record_with_the_reason(
    permits: Permits, newer: Any, standing: dict[str, int]
) -> None:
    permits.engine.migrating.apply(newer, MAPPING, "a new law")
    noted = permits.ledger("case-migrated")
    assert {(entry.record_id, entry.reason) for entry in noted} == {
        (standing[name], "a new law") for name in ("draft", "review", "preparation")
    }
    assert noted[0].changes["to_definition"] == [None, newer.definition.hash[:8]]
    step = permits.do(REVIEWER, standing["review"], permits.engine.history)[-1]
    assert (step.kind, step.source, step.target) == ("migration", "review", "assessment")


def test_what_is_new_in_a_state_holds_from_now_on(
    permits: Permits, newer: Any, standing: dict[str, int]
) -> None:
    permits.engine.migrating.apply(newer, MAPPING, "a new law")
    permits.at("2026-06-04T18:01")
    run_jobs(permits.kernel)
    assert permits.state(standing["draft"]) == "dropped"
