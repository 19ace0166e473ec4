"""A step is taken back by whoever went it, while nobody has acted on the case since."""

from __future__ import annotations

from typing import Any

import pytest
from tenor_permits.workflow import drop, grant, review_again, reviewed, send_back, submit

from core.tests.workflow.acts import refused
from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER, Permits
from tenor.events.records import OutboxEvent
from tenor.notify.records import Notice
from tenor_sdk.errors import Conflict, Forbidden
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.workflow import record_duty

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


def submitted(permits: Permits) -> int:
    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    return permit


def test_who_moved_it_on_takes_it_back(permits: Permits) -> None:
    permit = submitted(permits)
    assert permits.recallable(KEEPER, permit) == ["submit"]
    permits.recall(KEEPER, permit, submit, "a slip")
    assert permits.state(permit) == "draft"
    assert permits.steps(permit)[-1] == ("recall", "review", "draft", "a slip")


def test_what_the_step_did_is_undone(permits: Permits) -> None:
    permit = submitted(permits)
    assert permits.do(KEEPER, permit, lambda _ctx, one: one.note) == "submitted "
    permits.recall(KEEPER, permit, submit)
    assert permits.do(KEEPER, permit, lambda _ctx, one: one.note) == ""


def test_its_tasks_are_cancelled_and_their_people_told(permits: Permits) -> None:
    permit = submitted(permits)
    permits.recall(KEEPER, permit, submit, "a slip")
    assert permits.tasks() == [
        ("draft", KEEPER, "done"), ("review", REVIEWER, "cancelled"), ("draft", KEEPER, "open"),
    ]  # fmt: skip
    notice = permits.rows(Notice)[-1]
    assert notice.user_id == permits.user(REVIEWER)
    assert notice.title["$text"][0] == "{name} took back: {step}"


def test_it_is_on_record(permits: Permits) -> None:
    permit = submitted(permits)
    permits.recall(KEEPER, permit, submit, "a slip")
    entry = permits.ledger("transition")[0]
    assert entry.changes["step"] == [None, "recall"]
    assert (entry.record_id, entry.reason) == (permit, "a slip")


def test_listeners_take_it_for_no_step_on(permits: Permits) -> None:
    permit = submitted(permits)
    permits.recall(KEEPER, permit, submit)
    told = [row.payload for row in permits.rows(OutboxEvent) if row.name == "base.Transitioned"]
    assert (told[-1]["transition"], told[-1]["kind"]) == ("recall", "recall")


def test_another_takes_back_nothing(permits: Permits) -> None:
    permit = submitted(permits)
    make_user(permits.kernel, "mei", positions=[("relationship-manager", "YZ")], unit="YZ")
    assert permits.recallable("mei", permit) == []
    assert refused(Conflict, permits.recall, "mei", permit, submit).key == "not-to-recall"
    assert refused(Forbidden, permits.recall, REVIEWER, permit, submit).key == "not-permitted"
    assert permits.state(permit) == "review"


def test_once_it_went_on_it_is_too_late(permits: Permits) -> None:
    permit = submitted(permits)
    permits.go(REVIEWER, permit, reviewed)
    assert permits.recallable(KEEPER, permit) == []
    assert refused(Conflict, permits.recall, KEEPER, permit, submit).key == "not-to-recall"


def test_once_somebody_voted_it_is_too_late(permits: Permits) -> None:
    permit = permits.at_decision()
    assert permits.recallable(REVIEWER, permit) == ["reviewed"]
    permits.go(DECIDER, permit, grant)
    assert permits.recallable(REVIEWER, permit) == []
    assert refused(Conflict, permits.recall, REVIEWER, permit, reviewed).key == "not-to-recall"


def test_once_somebody_put_their_part_on_record_it_is_too_late(permits: Permits) -> None:
    permits.at("2026-06-01T10:00")
    permit = submitted(permits)
    permits.at("2026-06-01T11:00")
    permits.do(REVIEWER, permit, lambda ctx, one: record_duty(ctx, one, "visit"))
    assert permits.recallable(KEEPER, permit) == []


def test_only_what_is_declared_so_is_taken_back(permits: Permits) -> None:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, review_again, reason="the soil")
    assert permits.recallable(DECIDER, permit) == []
    assert refused(Conflict, permits.recall, DECIDER, permit, review_again).key == "not-to-recall"


def test_a_step_is_taken_back_once(permits: Permits) -> None:
    permit = submitted(permits)
    permits.recall(KEEPER, permit, submit)
    assert permits.recallable(KEEPER, permit) == []
    assert refused(Conflict, permits.recall, KEEPER, permit, submit).key == "not-to-recall"


def test_an_end_is_taken_back_too(permits: Permits) -> None:
    permit = submitted(permits)
    permits.go(KEEPER, permit, drop)
    permits.recall(KEEPER, permit, drop)
    assert permits.state(permit) == "review"
    assert permits.tasks()[-1] == ("review", REVIEWER, "open")


def test_after_a_return_the_earlier_step_stays(permits: Permits) -> None:
    permit = submitted(permits)
    permits.go(REVIEWER, permit, send_back, reason="the map")
    assert permits.recallable(KEEPER, permit) == []


def test_who_lost_the_right_takes_back_nothing(permits: Permits) -> None:
    from tenor.access.records import UserPosition

    permit = submitted(permits)
    lin = permits.user(KEEPER)
    with as_actor(permits.kernel, "ding.ning") as ctx:
        for held in ctx.session.query(UserPosition).filter(UserPosition.user_id == lin):
            held.position = "risk-officer"
    assert refused(Forbidden, permits.recall, KEEPER, permit, submit).key == "not-permitted"
