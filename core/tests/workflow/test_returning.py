"""A case is returned to an earlier state: to whom, why, and where it goes from there."""

from __future__ import annotations

from typing import Any

import pytest
from tenor_permits.workflow import (
    ask_again,
    drop,
    grant,
    review_again,
    send_back,
    submit,
)

from core.tests.workflow.acts import refused
from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER, Permits
from tenor.notify.records import Notice
from tenor.workflow.records import Task
from tenor_sdk.errors import Invalid

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


def test_a_return_takes_a_reason(permits: Permits) -> None:
    permit = permits.at_decision()
    error = refused(Invalid, permits.go, DECIDER, permit, send_back)
    assert error.fields["reason"].key == "required"
    assert permits.state(permit) == "decision"


def test_why_it_was_returned_is_kept_shown_and_told(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, send_back, reason="the map is missing")
    (back,) = permits.do(KEEPER, permit, permits.engine.returned)
    assert (back.user_name, back.source, back.reason) == ("顾岩", "decision", "the map is missing")
    assert permits.steps(permit)[-1] == ("return", "decision", "draft", "the map is missing")
    entry = permits.ledger("transition")[0]
    assert (entry.reason, entry.changes["step"]) == ("the map is missing", [None, "return"])
    notice = permits.rows(Notice)[-1]
    assert notice.user_id == permits.user(KEEPER)
    assert notice.body["$text"][1]["reason"] == "the map is missing"


def test_what_was_returned_takes_its_way_again(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, send_back, reason="the map is missing")
    assert permits.state(permit) == "draft"
    permits.go(KEEPER, permit, submit)
    assert permits.state(permit) == "review"
    assert permits.do(KEEPER, permit, permits.engine.returned) == []


def test_where_it_is_declared_the_next_step_leads_straight_back(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, ask_again, reason="which river?")
    permits.go(KEEPER, permit, submit)
    assert permits.state(permit) == "decision"
    assert permits.steps(permit)[-1] == ("submit", "draft", "decision", "")


def test_straight_back_is_offered_as_what_it_is(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, ask_again, reason="which river?")
    offered = permits.do(KEEPER, permit, permits.engine.available)
    assert {one.name: one.target for one in offered} == {"submit": "decision", "drop": "dropped"}


def test_a_way_off_is_no_way_back(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, ask_again, reason="which river?")
    permits.go(KEEPER, permit, drop)
    assert permits.state(permit) == "dropped"


def test_straight_back_is_for_one_step_only(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, ask_again, reason="which river?")
    permits.go(KEEPER, permit, submit)
    permits.go(DECIDER, permit, send_back, reason="no, all of it")
    permits.go(KEEPER, permit, submit)
    assert permits.state(permit) == "review"


def test_the_task_goes_to_whoever_did_it_before(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, review_again, reason="the soil")
    stage, who, state = permits.tasks()[-1]
    assert (stage, who, state) == ("review", REVIEWER, "open")
    why = permits.rows(Task)[-1].why["$text"]
    assert why[0] == "Returned by {name}: {reason}"


def test_what_was_decided_before_the_return_is_decided_again(permits: Permits) -> None:
    permit = permits.at_decision()
    assert not permits.go(DECIDER, permit, grant)
    permits.go(DECIDER, permit, ask_again, reason="which river?")
    permits.go(KEEPER, permit, submit)
    assert not permits.go(DECIDER, permit, grant)
    voided = permits.do(DECIDER, permit, permits.engine.voted)
    assert [one.void_reason for one in voided] == ["left", ""]


def test_listeners_hear_that_it_was_a_return(permits: Permits) -> None:
    from tenor.events.records import OutboxEvent

    permit = permits.at_decision()
    permits.go(DECIDER, permit, send_back, reason="the map is missing")
    told = [row.payload for row in permits.rows(OutboxEvent) if row.name == "base.Transitioned"]
    assert (told[-1]["transition"], told[-1]["kind"]) == ("send-back", "return")
