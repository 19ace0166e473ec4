"""Who did one step on a case may not do another; two in the same second; another branch's file."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from tenor_credit.public import Judgement, Rating, confirm, propose_rating
from tenor_customers.public import Customer
from tenor_origination.public import Application, Condition
from tenor_origination.records import ApplicationDocument, Opinion, View
from tenor_origination.workflow import Decision, Recommendation, approve, recommend, submit
from tenor_sdk import Amount, Blocked, Conflict, Forbidden, NotFound, Rate, Refused
from tenor_sdk.testing import make_user
from tenor_sdk.workflow import transition

MANAGER, OFFICER, NEIGHBOUR = "lin.xiaowen", "zhou.qiming", "shen.bai"
FIRST, SECOND, THIRD = "qin.feng", "liang.heng", "gu.yan"
AGREED = Recommendation(View.AGREE, "同意")
JUDGED = Judgement(Rate.of("0.82"), "clean-24-months", "stable", "sound")


def somebody(cast: Any, login: str, *positions: str, unit: str = "HQ") -> str:
    """A person of several positions."""
    held = [(position, unit) for position in positions]
    make_user(cast.institution, login, positions=held, unit=unit)
    return login


def test_who_submits_never_gives_the_risk_opinion_nor_decides(cast: Any) -> None:
    both = somebody(cast, "both", "relationship-manager", "risk-officer", "approver", unit="YZ")
    application = cast.submitted(manager=both)
    with pytest.raises(Forbidden) as refused:
        cast.go(application, both, recommend, AGREED)
    assert refused.value.key == "segregated"
    cast.go(application, OFFICER, recommend, AGREED)
    with pytest.raises(Forbidden) as refused:
        cast.go(application, both, approve, Decision())
    assert refused.value.key in ("segregated", "not-permitted")


def test_who_gives_the_risk_opinion_never_decides(cast: Any) -> None:
    both = somebody(cast, "both", "risk-officer", "approver")
    application = cast.submitted()
    cast.go(application, both, recommend, AGREED)
    with pytest.raises(Forbidden) as refused:
        cast.go(application, both, approve, Decision())
    assert refused.value.key in ("segregated", "not-permitted")


def test_who_rated_the_customer_never_decides(cast: Any) -> None:
    both = somebody(cast, "both", "risk-officer", "approver")
    customer = cast.customer(rated=False)
    cast.rate(customer, both)
    application = cast.recommended(customer=customer)
    with pytest.raises(Blocked) as blocked:
        cast.go(application, both, approve, Decision())
    assert [each.what.message for each in blocked.value.blockers] == ["You rated this customer"]


def test_who_only_confirmed_the_rating_never_decides_either(cast: Any) -> None:
    both = somebody(cast, "both", "risk-officer", "approver")
    customer = cast.customer(rated=False)
    with cast.act(OFFICER) as ctx:
        proposed = propose_rating(ctx, ctx.session.get_one(Customer, customer), JUDGED).id
    with cast.act(both) as ctx:
        transition(ctx, ctx.session.get_one(Rating, proposed), confirm)
    application = cast.recommended(customer=customer)
    with pytest.raises(Blocked) as blocked:
        cast.go(application, both, approve, Decision())
    assert [each.what.message for each in blocked.value.blockers] == ["You rated this customer"]


def test_an_approver_acts_only_on_cases_that_reached_approval(cast: Any) -> None:
    application = cast.submitted()
    with cast.act(FIRST, write=False) as ctx:
        assert ctx.session.get(Application, application) is None


# -- in the same second ------------------------------------------------------------------------------------------------


def at_once(cast: Any, application: int, *logins: str) -> list[object]:
    """Everybody votes at the same moment; what each got."""
    ready = Barrier(len(logins))

    def vote(login: str) -> object:
        ready.wait(timeout=20)
        try:
            return cast.go(application, login, approve, Decision())
        except (Conflict, Forbidden, Refused) as refusal:
            return refusal.key

    with ThreadPoolExecutor(len(logins)) as pool:
        return list(pool.map(vote, logins))


@pytest.mark.both_databases
def test_two_approvers_in_the_same_second_approve_once(cast: Any) -> None:
    application = cast.recommended("20000000")
    answers = at_once(cast, application, FIRST, SECOND)
    assert sorted(answers, key=str) == [False, True]
    assert cast.state(application) == "conditions"
    with cast.act("song.qing", write=False) as ctx:
        history = cast.institution.audit.history(ctx, ctx.session.get_one(Application, application))
    moves = [entry.changes["transition"][1] for entry in history if entry.kind == "transition"]
    assert moves.count("approve") == 1


@pytest.mark.both_databases
def test_of_three_approvers_in_the_same_second_the_third_is_too_late(cast: Any) -> None:
    application = cast.recommended("20000000")
    answers = at_once(cast, application, FIRST, SECOND, THIRD)
    assert sorted(answers, key=str) == [False, True, "not-from-this-state"]
    assert cast.state(application) == "conditions"


@pytest.mark.both_databases
def test_one_approver_twice_in_the_same_second_is_one_vote(cast: Any) -> None:
    application = cast.recommended("20000000")
    answers = at_once(cast, application, FIRST, FIRST)
    assert sorted(answers, key=str) == [False, "already-voted"]
    assert cast.state(application) == "approval"


# -- another branch ----------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_file_of_another_branch_is_not_found(cast: Any) -> None:
    application = cast.approved("5000000", Recommendation(View.AGREE, "同意", "提供仓单"))
    with cast.act(NEIGHBOUR) as ctx:
        assert ctx.session.get(Application, application) is None
        for kind in (Application, ApplicationDocument, Opinion, Condition):
            assert ctx.session.scalars(select(kind.id)).all() == []
    with pytest.raises(NotFound), cast.act(NEIGHBOUR) as ctx:
        cast.institution.records.get(ctx, Application, application)


def test_an_application_for_a_customer_of_another_branch_is_not_found(cast: Any) -> None:
    theirs = cast.customer()
    with pytest.raises(NotFound), cast.act(NEIGHBOUR) as ctx:
        owner = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        terms = {"amount": Amount.of("1000000"), "months": 12, "rate": Rate.of("0.04")}
        ctx.session.add(Application(customer_id=theirs, purpose="x", **owner, **terms))
        ctx.session.flush()


def test_the_head_of_the_branch_reads_its_files_and_moves_none(cast: Any) -> None:
    application = cast.applied()
    with cast.act("fang.zheng", write=False) as ctx:
        assert ctx.session.get(Application, application) is not None
    with pytest.raises(Forbidden):
        cast.go(application, "fang.zheng", submit)
    with cast.act("du.yuan", write=False) as ctx:
        assert ctx.session.get(Application, application) is None
