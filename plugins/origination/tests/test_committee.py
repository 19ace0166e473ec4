"""The credit committee (审委会) on what is above everybody else's authority."""

import re
from typing import Any

import pytest

from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE
from tenor_origination.authority import credit_decisions
from tenor_origination.checklist import Product
from tenor_origination.public import Application
from tenor_origination.workflow import Decision, approve, decline
from tenor_sdk import Blocked, Forbidden, Money
from tenor_sdk.access import APPROVER, COMMITTEE_MEMBER
from tenor_sdk.approvals import Ballot, vote
from tenor_sdk.authority import (
    AuthorityLimit,
    approve_authority,
    propose_authority,
    publish_authority,
)

pytestmark = pytest.mark.both_databases

CHAIR, JING, SUN, WU, ZHENG = "chen.li", "he.jing", "sun.jianguo", "wu.wan", "zheng.tao"
#: an approver alone up to fifty million, the committee above
MATRIX = (
    AuthorityLimit(APPROVER, up_to={"amount": Money.of("50000000", "CNY")}),
    AuthorityLimit(COMMITTEE_MEMBER, people=3),
)


@pytest.fixture
def application(cast: Any) -> int:
    """泽远's eighty million for fixed assets; 孙建国's brother is a director of the borrower."""
    with cast.act("he.lei") as ctx:
        version = propose_authority(
            ctx, credit_decisions, MATRIX, effective_from=ctx.today, purpose="董事会授权"
        )
    with cast.act("gu.yan") as ctx:
        approve_authority(ctx, version)
    with cast.act("ding.ning") as ctx:
        publish_authority(ctx, version)
    made: int = cast.recommended("80000000", months=60, product=Product.FIXED_ASSET)
    says(cast, SUN, made, Ballot.RECUSE, "胞兄任借款人董事")
    return made


def says(cast: Any, login: str, application: int, ballot: Ballot, reason: str = "") -> bool:
    with cast.act(login) as ctx:
        found = ctx.session.get_one(Application, application)
        inputs = Decision() if ballot is Ballot.FOR else None
        return vote(ctx, found, approve, ballot, inputs, reason=reason)


def test_three_of_the_four_who_may_vote_approve_it_with_the_dissent_kept(
    cast: Any, application: int
) -> None:
    assert not says(cast, WU, application, Ballot.AGAINST, "行业产能过剩")
    assert not says(cast, CHAIR, application, Ballot.FOR)
    assert not says(cast, JING, application, Ballot.FOR)
    assert says(cast, ZHENG, application, Ballot.FOR)
    assert cast.state(application) == "conditions"
    with cast.act("song.qing", write=False) as ctx:
        found = ctx.session.get_one(Application, application)
        assert found.approved_amount == found.amount
        voted = cast.institution.workflow.voted(ctx, found)
    assert [(one.user_name, one.ballot, one.opinion) for one in voted][:2] == [
        ("孙建国", "recuse", "胞兄任借款人董事"), ("吴婉", "against", "行业产能过剩"),
    ]  # fmt: skip


def test_two_against_decline_it(cast: Any, application: int) -> None:
    says(cast, WU, application, Ballot.AGAINST, "行业产能过剩")
    assert says(cast, ZHENG, application, Ballot.AGAINST, "现金流不足")
    assert cast.state(application) == "declined"


def test_the_chairs_veto_declines_it(cast: Any, application: int) -> None:
    for login in (JING, WU, ZHENG):
        says(cast, login, application, Ballot.FOR)
    assert says(cast, CHAIR, application, Ballot.VETO, "不符合授信政策")
    assert cast.state(application) == "declined"


def test_nobody_declines_it_alone(cast: Any, application: int) -> None:
    with pytest.raises(Blocked) as blocked:
        cast.go(application, "he.lei", decline, reason="风险过高")
    assert "The committee decides this" in [str(one.what) for one in blocked.value.blockers]
    with pytest.raises(Forbidden):
        cast.go(application, CHAIR, decline, reason="风险过高")
    assert cast.state(application) == "approval"


def test_who_made_it_never_votes(cast: Any, application: int) -> None:
    with pytest.raises(Forbidden):
        cast.go(application, "lin.xiaowen", approve, Decision())


def test_what_an_approver_may_decide_is_not_the_committees(cast: Any, application: int) -> None:
    assert cast.state(application) == "approval"
    small = cast.recommended("40000000")
    assert cast.go(small, "gu.yan", approve, Decision())


def test_a_vote_takes_one_field_for_its_words_whichever_way_it_goes(
    cast: Any, application: int
) -> None:
    """What a member writes stands beside their vote, as the opinion of one for it and as the reason of one against."""
    path = f"/origination/application/{application}/transitions/approve"
    form = Member(cast, JING).get(path)
    assert (form.count('name="text"'), form.count('name="reason"')) == (1, 0)
    Member(cast, JING).votes(path, _ballot="for", text="订单充足")
    assert "f-text" in Member(cast, WU).votes(path, 422, _ballot="against")
    Member(cast, WU).votes(path, _ballot="against", text="行业产能过剩")
    with cast.act("song.qing", write=False) as ctx:
        found = ctx.session.get_one(Application, application)
        voted = cast.institution.workflow.voted(ctx, found)
    assert [(one.user_name, one.opinion) for one in voted][1:] == [
        ("何静", "订单充足"), ("吴婉", "行业产能过剩"),
    ]  # fmt: skip


def test_conditions_are_not_lost_with_a_vote_against(cast: Any, application: int) -> None:
    path = f"/origination/application/{application}/transitions/approve"
    said = Member(cast, WU).votes(path, 422, _ballot="against", text="x", conditions="追加质押")
    assert "只有同意票才附带此项" in said


def test_who_votes_it_down_is_told_what_came_of_it(cast: Any, application: int) -> None:
    path = f"/origination/application/{application}/transitions/approve"
    says(cast, WU, application, Ballot.AGAINST, "行业产能过剩")
    zheng = Member(cast, ZHENG)
    zheng.votes(path, _ballot="against", text="现金流不足")
    assert "已作出决定，现处于：已否决" in zheng.get(f"/origination/application/{application}")


class Member:
    """Somebody in front of a browser."""

    def __init__(self, cast: Any, login: str) -> None:
        self.client = create_app(cast.institution).test_client()
        token = cast.institution.identity._open(login, "")
        self.client.set_cookie(SESSION_COOKIE, token, domain="localhost")

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text[:2000]
        return str(answer.text)

    def votes(self, path: str, status: int = 303, **fields: str) -> str:
        """Fill in the page of a vote and send it."""
        hidden = dict(
            re.findall(r'name="(csrf_token|_once|_seen)" value="([^"]*)"', self.get(path))
        )
        answer = self.client.post(path, data={**hidden, **fields})
        assert answer.status_code == status, answer.text[:3000]
        return str(answer.text)
