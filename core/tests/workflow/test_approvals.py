"""Decisions of several people: distinct, bound to what was decided on, never of those whose duties stand against it."""

from __future__ import annotations

from threading import Barrier, Thread
from typing import Any

import pytest
from tenor_petitions.records import Petition
from tenor_petitions.services import change_amount, rate
from tenor_petitions.workflow import (
    Assessment,
    Opinion,
    approve,
    assess,
    decline,
    reopen,
    send_back,
    submit,
)

from core.tests.workflow.acts import refused
from tenor.notify.records import Notice
from tenor.workflow.records import Vote, WorkflowStep
from tenor_sdk.errors import Conflict, Forbidden, TenorError
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.workflow import record_duty, transition

pytestmark = pytest.mark.both_databases

BIG = "20000000"  # above ten million: two people


def votes(acts: Any, petition: int) -> list[tuple[str, str]]:
    cast = acts.do("zhou.qiming", petition, acts.engine.voted)
    return [(vote.user_name, vote.void_reason) for vote in cast]


def test_a_small_petition_takes_one_person(acts: Any) -> None:
    petition = acts.at_approval(amount="10000000")
    assert acts.go("gu.yan", petition, approve)


def test_a_big_one_takes_two_distinct_people(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    assert not acts.go("gu.yan", petition, approve, Opinion(opinion="sound"))
    assert acts.state(petition) == "approval"
    assert refused(Conflict, acts.go, "gu.yan", petition, approve).key == "already-voted"
    assert acts.go("liang.heng", petition, approve)
    assert acts.state(petition) == "granted"
    assert votes(acts, petition) == [("顾岩", ""), ("梁衡", "")]


def test_a_vote_keeps_what_the_person_said(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    acts.go("gu.yan", petition, approve, Opinion(opinion="with a fence"))
    vote = acts.do("zhou.qiming", petition, acts.engine.voted)[0]
    assert (vote.opinion, vote.inputs, vote.counts) == (
        "with a fence",
        {"opinion": "with a fence"},
        True,
    )
    noted = acts.ledger("vote")[0]
    assert (noted.record_id, noted.changes["needed"]) == (petition, [None, 2])
    assert noted.changes["shown"] == [None, vote.shown_hash]


def test_votes_fall_when_what_was_decided_on_changes_and_their_people_are_told(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    acts.go("gu.yan", petition, approve)
    acts.do("lin.xiaowen", petition, lambda ctx, one: change_amount(ctx, one, "30000000"))
    assert not acts.go("liang.heng", petition, approve)
    assert votes(acts, petition) == [("顾岩", "changed"), ("梁衡", "")]
    told = [row.user_id for row in acts.rows(Notice) if "no longer counts" in str(row.title)]
    assert told == [acts.user("gu.yan")]
    assert acts.go("gu.yan", petition, approve)


def test_a_change_that_is_not_part_of_the_decision_leaves_the_votes(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    acts.go("gu.yan", petition, approve)
    acts.do("lin.xiaowen", petition, lambda _ctx, one: setattr(one, "papers", 14))
    assert acts.go("liang.heng", petition, approve)


def test_nobody_decides_on_something_else_than_they_saw(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    offered = acts.do("gu.yan", petition, acts.engine.available)
    seen = next(one for one in offered if one.name == "approve").shown
    acts.do("lin.xiaowen", petition, lambda ctx, one: change_amount(ctx, one, "30000000"))

    def press(ctx: Any, one: Petition) -> bool:
        moved: bool = acts.engine.transition(ctx, one, approve, None, "", seen=seen)
        return moved

    assert refused(Conflict, acts.do, "gu.yan", petition, press).key == "changed-since"
    assert votes(acts, petition) == []


def test_votes_of_an_earlier_round_do_not_count_again(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    acts.go("gu.yan", petition, approve)
    acts.go("zhou.qiming", petition, send_back, reason="one more look")
    acts.go("lin.xiaowen", petition, submit)
    acts.go("zhou.qiming", petition, assess, Assessment(opinion="still sound"))
    assert not acts.go("liang.heng", petition, approve)
    assert votes(acts, petition) == [("顾岩", "left"), ("梁衡", "")]


def test_votes_that_have_decided_do_not_decide_again(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    acts.go("gu.yan", petition, approve)
    acts.go("liang.heng", petition, approve)
    acts.go("qin.feng", petition, reopen, reason="the river has moved")
    assert not acts.go("gu.yan", petition, approve)
    assert acts.state(petition) == "approval"


def test_one_person_is_enough_to_decline(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    acts.go("gu.yan", petition, approve)
    assert acts.go("liang.heng", petition, decline, reason="too dear")
    assert votes(acts, petition) == [("顾岩", "left")]


def test_a_vote_is_bound_to_what_stands_when_it_is_put_in(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)

    def change(_petition: int) -> None:
        acts.do("lin.xiaowen", petition, lambda ctx, one: change_amount(ctx, one, "30000000"))

    if acts.kernel.db.dialect == "postgresql":
        with as_actor(acts.kernel, "gu.yan") as ctx:
            one = ctx.session.get_one(Petition, petition)  # read, and then changed by somebody else
            change(petition)
            transition(ctx, one, approve)
    else:
        change(petition)
        acts.go("gu.yan", petition, approve)
    assert acts.go("liang.heng", petition, approve)
    assert votes(acts, petition) == [("顾岩", ""), ("梁衡", "")]


# -- segregation of duties --------------------------------------------------------------------------------------------


@pytest.fixture
def jack(acts: Any) -> str:
    """Somebody who holds every position."""
    positions = [("relationship-manager", "HQ"), ("risk-officer", "HQ"), ("approver", "HQ")]
    make_user(acts.kernel, "jack", positions=positions)
    return "jack"


def test_who_submits_never_decides(acts: Any, jack: str) -> None:
    petition = acts.file(jack)
    acts.go(jack, petition, submit)
    acts.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
    error = refused(Forbidden, acts.go, jack, petition, approve)
    assert error.key == "segregated"
    said = acts.kernel.translator.error(error, "zh-CN")
    assert said == "职责分离：Who submits or assesses a petition never decides on it"
    assert acts.ledger("denied")[0].changes["why"] == [None, "segregated"]


def test_who_submits_does_not_even_assess(acts: Any, jack: str) -> None:
    petition = acts.file(jack)
    acts.go(jack, petition, submit)
    error = refused(Forbidden, acts.go, jack, petition, assess, Assessment(opinion="sound"))
    assert error.key == "segregated"


def test_who_rates_never_decides(acts: Any, jack: str) -> None:
    petition = acts.at_approval()
    acts.do(jack, petition, rate)
    assert refused(Forbidden, acts.go, jack, petition, approve).key == "segregated"


def test_who_has_decided_never_rates(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    acts.go("gu.yan", petition, approve)

    def rate_it(ctx: Any, one: Petition) -> None:
        record_duty(ctx, one, "rate")

    assert refused(Forbidden, acts.do, "gu.yan", petition, rate_it).key == "segregated"


def test_duties_on_one_case_say_nothing_of_another(acts: Any, jack: str) -> None:
    first, second = acts.file(jack), acts.at_approval()
    acts.go(jack, first, submit)
    assert acts.go(jack, second, approve)


def test_what_stands_against_a_person_is_said_before_they_press(acts: Any, jack: str) -> None:
    petition = acts.at_approval()
    acts.do(jack, petition, rate)
    offered = {one.name: one for one in acts.do(jack, petition, acts.engine.available)}
    assert not offered["approve"].allowed
    assert "Who rates never decides" in acts.kernel.translator.text(offered["approve"].why, "en")
    assert offered["decline"].allowed


# -- in the same second -----------------------------------------------------------------------------------------------


def at_once(kernel: Any, petition: int, logins: list[str]) -> list[object]:
    """Each approves in a thread of their own; where readers don't wait for writers, all have read it before."""
    together = Barrier(len(logins))
    ended: list[object] = [None] * len(logins)
    reads_first = kernel.db.dialect == "postgresql"

    def press(place: int, login: str) -> None:
        try:
            if not reads_first:
                together.wait(10)
            with as_actor(kernel, login) as ctx:
                one = ctx.session.get_one(Petition, petition)
                if reads_first:
                    together.wait(10)
                ended[place] = transition(ctx, one, approve)
        except TenorError as error:
            ended[place] = error.key

    threads = [Thread(target=press, args=each) for each in enumerate(logins)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(ended, key=str)


def granted(acts: Any) -> int:
    return sum(step.transition == "approve" for step in acts.rows(WorkflowStep))


def test_of_two_approvers_in_the_same_second_one_has_the_effect(acts: Any) -> None:
    petition = acts.at_approval()
    assert at_once(acts.kernel, petition, ["gu.yan", "liang.heng"]) == [True, "not-from-this-state"]
    assert granted(acts) == 1


def test_two_votes_in_the_same_second_both_count_and_move_it_once(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    assert at_once(acts.kernel, petition, ["gu.yan", "liang.heng"]) == [False, True]
    assert granted(acts) == 1
    assert acts.state(petition) == "granted"


def test_a_double_click_is_one_vote(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    assert at_once(acts.kernel, petition, ["gu.yan", "gu.yan"]) == [False, "already-voted"]
    assert len(acts.rows(Vote)) == 1


def test_of_three_approvers_in_the_same_second_two_decide(acts: Any) -> None:
    petition = acts.at_approval(amount=BIG)
    ended = at_once(acts.kernel, petition, ["gu.yan", "liang.heng", "qin.feng"])
    assert ended == [False, True, "not-from-this-state"]
    assert len(acts.rows(Vote)) == 2
