"""Two at the same moment, in both set-ups: one has the effect, the other is told, and nothing is there twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.people import Answer
from tests.journeys.steps import (
    APPLICATION,
    APPROVERS,
    AUDITOR,
    LOAN,
    PAYEE,
    RELEASER,
    Cast,
    at,
)
from tests.security.browsing import signed_in

if TYPE_CHECKING:
    from tests.journeys.bank import Bank

Press = Callable[[], Answer]


@pytest.fixture
def cast(bank: Bank) -> Cast:
    return Cast(bank)


def together(presses: Sequence[Press]) -> list[Answer]:
    """What comes of several who press at the same moment."""
    ready = Barrier(len(presses))

    def press(one: Press) -> Answer:
        ready.wait()
        return one()

    with ThreadPoolExecutor(len(presses)) as pool:
        return list(pool.map(press, presses))


def statuses(answers: Sequence[Answer]) -> list[int]:
    return sorted(one.status for one in answers)


def assert_paid_once(cast: Cast, application: Any) -> None:
    """One loan, one payment instruction, one plan, one release in the history."""
    loan = cast.loan_of(application)
    (paid,) = cast[AUDITOR].get("/loans/payment-instruction", loan_id=loan["id"])["items"]
    assert (paid["amount"], paid["payee"]) == (loan["principal"], PAYEE["payee"])
    assert loan["outstanding"] == loan["principal"] == "20000000.00"
    panels = cast[AUDITOR].get(f"{at(LOAN, loan)}/panels")["items"]
    plan = next(one["parts"] for one in panels if one["title"] == "还款计划")[0]
    assert len(plan["rows"]) == 36
    entries = cast[AUDITOR].get(f"{at(APPLICATION, application)}/history")["items"]
    moves = [one["changes"]["to"][1] for one in entries if one["kind"] == "transition"]
    assert moves.count("completed") == 1
    assert cast[AUDITOR].get(at(APPLICATION, application))["state"] == "completed"


def test_a_double_click_on_release_with_one_key_gets_one_answer_twice(cast: Cast) -> None:
    application = cast.prepared()
    path = f"{at(APPLICATION, application)}/transitions/release"
    key = f"release-{application['number']}"
    answers = together([lambda: cast[RELEASER].ask("POST", path, {}, Idempotency_Key=key)] * 2)
    assert statuses(answers) == [200, 200]
    assert answers[0].json == answers[1].json
    assert_paid_once(cast, application)


def test_a_double_click_on_release_without_a_key_pays_once_and_says_so(cast: Cast) -> None:
    application = cast.prepared()
    path = f"{at(APPLICATION, application)}/transitions/release"
    answers = together([lambda: cast[RELEASER].ask("POST", path, {})] * 2)
    assert statuses(answers) == [200, 409]
    (refused,) = (one for one in answers if one.status == 409)
    assert refused.problem == (409, "not-from-this-state")
    assert "不能" in refused.json["detail"]
    assert_paid_once(cast, application)


def test_a_double_click_on_the_page_pays_once(cast: Cast) -> None:
    application = cast.prepared()
    here = at(APPLICATION, application)
    browser = signed_in(cast.bank.url, RELEASER)
    action = f"{here}/transitions/release"
    held = browser.form(here, action)
    answers = together([lambda: browser.send(action, held)] * 2)
    assert statuses(answers) == [303, 303]
    assert_paid_once(cast, application)


def vote(cast: Cast, application: Any, login: str) -> Press:
    """An approver's press, on what they were shown."""
    path = at(APPLICATION, application)
    offer = cast[login].offered(path, "approve")
    assert offer is not None
    decision = {"text": "同意", "shown": offer["shown"]}
    return lambda: cast[login].ask("POST", f"{path}/transitions/approve", decision)


def told(cast: Cast, application: Any) -> tuple[list[str], int]:
    """Who voted, and how often it went on to the contract."""
    entries = cast[AUDITOR].get(f"{at(APPLICATION, application)}/history")["items"]
    votes = sorted(one["actor_name"] for one in entries if one["kind"] == "vote")
    moves = [one["changes"]["to"][1] for one in entries if one["kind"] == "transition"]
    return votes, moves.count("contract")


def test_two_approvers_in_the_same_second_both_count_and_decide_once(cast: Cast) -> None:
    application = cast.recommended()
    answers = together([vote(cast, application, login) for login in APPROVERS])
    assert statuses(answers) == [200, 200]
    assert sorted(one.json["changed"] for one in answers) == [False, True]
    assert told(cast, application) == (sorted(["梁衡", "顾岩"]), 1)
    tasks = [cast.tasks(login, application) for login in ("xu.min", "han.xue")]
    assert sorted(len(one) for one in tasks) == [0, 1]


def test_one_approver_twice_in_the_same_second_is_one_vote(cast: Cast) -> None:
    application = cast.recommended()
    answers = together([vote(cast, application, APPROVERS[0])] * 2)
    assert statuses(answers) == [200, 409]
    (refused,) = (one for one in answers if one.status == 409)
    assert refused.problem == (409, "already-voted")
    assert told(cast, application) == (["梁衡"], 0)
    assert cast[AUDITOR].get(at(APPLICATION, application))["state"] == "approval"
