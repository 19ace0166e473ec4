"""What a page and the API tell of a committee's decision, and how a vote is put in there."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from core.tests.workflow.boards import (
    APPROVERS,
    CHAIR,
    JING,
    MOVER,
    OFFICER,
    SUN,
    WU,
    ZHENG,
    Boards,
)
from core.tests.workflow.standing_in import user
from tenor.loader.stage import actor_of
from tenor.web import create_app
from tenor.web.visit import SESSION_COOKIE
from tenor_sdk.approvals import Ballot
from tenor_sdk.testing import as_actor
from tenor_sdk.values import Amount

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("boards",)


@pytest.fixture
def boards(institution: Any) -> Boards:
    return Boards(institution)


class Desk:
    """Somebody in front of a browser, and their programs."""

    def __init__(self, kernel: Any, login: str) -> None:
        self.client = create_app(kernel).test_client()
        token = kernel.identity._open(login, "")
        self.client.set_cookie(SESSION_COOKIE, token, domain="localhost")
        self._bearer = kernel.identity.create_token(actor_of(kernel, login), "test")

    def page(self, path: str) -> str:
        """A page, its words alone in one line."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text[:2000]
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())

    def votes(self, path: str, status: int = 303, **fields: str) -> str:
        """Fill in the page of a vote and send it."""
        form = self.client.get(path).text
        hidden = dict(re.findall(r'name="(csrf_token|_once|_seen)" value="([^"]*)"', form))
        answer = self.client.post(path, data={**hidden, **fields})
        assert answer.status_code == status, answer.text[:3000]
        return str(answer.text)

    def ask(self, method: str, path: str, body: Any = None, language: str = "en") -> Any:
        headers = {"Authorization": f"Bearer {self._bearer}", "Accept-Language": language}
        return self.client.open(f"/api/v1{path}", method=method, json=body, headers=headers)


def at(motion: int, rest: str = "") -> str:
    return f"/boards/motion/{motion}{rest}"


def test_the_page_tells_who_may_vote_who_did_and_what_is_missing(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, JING)
    boards.says(WU, motion, Ballot.AGAINST, "河道已改")
    said = Desk(boards.kernel, CHAIR).page(at(motion))
    assert "有表决权 4 人，已表决 2 人：同意 1，反对 1，弃权 0" in said
    assert "须有 3 人同意、3 人参加表决方可通过" in said
    assert "尚缺：还差 2 票同意" in said
    assert "有否决权的陈立尚未表态" in said
    assert "吴婉 反对 河道已改" in said
    assert "陈立 有否决权 尚未表决" in said
    assert "孙建国 回避 Is party to it" in said


def test_why_a_rule_recuses_somebody_is_for_those_whose_business_it_is(boards: Boards) -> None:
    from tenor_boards.records import Relative

    with as_actor(boards.kernel, "ding.ning") as ctx:
        member = user(boards.kernel, SUN)
        ctx.session.add(Relative(member_id=member, words="His brother is a director"))
    motion = boards.tabled(party="")
    inside = {
        login: "His brother" in Desk(boards.kernel, login).page(at(motion))
        for login in (JING, SUN, MOVER, OFFICER)
    }
    assert inside == {JING: True, SUN: True, MOVER: False, OFFICER: False}
    assert "按规则回避" in Desk(boards.kernel, MOVER).page(at(motion))
    told = Desk(boards.kernel, MOVER).ask("GET", at(motion, "/decisions")).json["items"][0]
    assert [one["recused"] for one in told["members"] if one["recused"]] == ["A rule says so"]


def test_a_vote_against_is_put_in_on_its_page_with_its_reason(boards: Boards) -> None:
    motion = boards.tabled()
    desk = Desk(boards.kernel, JING)
    path = at(motion, "/transitions/carry")
    form = desk.page(path)
    assert "您的表决" in form
    assert "本人回避" in form
    assert "反对、否决、回避须说明理由" in form
    assert 'value="veto"' not in desk.client.get(path).text
    assert "f-reason" in desk.votes(path, 422, _ballot="against")
    assert "f-_ballot" in desk.votes(path, 422, reason="x")
    desk.votes(path, _ballot="against", reason="河道已改")
    assert boards.cast(motion) == [("何静", "against", "")]
    assert 'value="veto"' in Desk(boards.kernel, CHAIR).client.get(path).text


def test_a_vote_for_it_takes_the_inputs_of_the_step(boards: Boards) -> None:
    motion = boards.tabled()
    Desk(boards.kernel, JING).votes(
        at(motion, "/transitions/carry"), _ballot="for", condition="a fence"
    )
    assert boards.do(MOVER, motion, lambda _ctx, one: one.conditions) == "a fence;"


def test_a_recusal_is_offered_although_a_vote_is_blocked(boards: Boards) -> None:
    motion = boards.tabled(amount=Amount(0))
    desk = Desk(boards.kernel, JING)
    assert "/transitions/carry?_ballot=recuse" in desk.client.get(at(motion)).text
    desk.votes(at(motion, "/transitions/carry"), _ballot="recuse", reason="亲属")
    assert "何静 回避 亲属" in desk.page(at(motion))


def test_the_timeline_tells_votes_dissent_and_the_decision(boards: Boards) -> None:
    motion, vetoed = boards.tabled(), boards.tabled()
    boards.says(WU, motion, Ballot.AGAINST, "河道已改")
    boards.votes(motion, CHAIR, JING, ZHENG)
    said = Desk(boards.kernel, MOVER).page(at(motion))
    assert "投票反对：Carry (carry)" in said
    assert "事由：河道已改" in said
    assert "委员会已作出决定" in said
    assert "通过：有表决权 4 人，同意 3，反对 1，弃权 0" in said
    assert "表决记录" in said  # once decided the votes stay on the page
    boards.says(CHAIR, vetoed, Ballot.VETO, "不合政策")
    said = Desk(boards.kernel, MOVER).page(at(vetoed))
    assert "否决：Carry (carry)" in said
    assert "未通过" in said


def test_votes_that_fell_are_shown_as_fallen(boards: Boards) -> None:
    motion = boards.tabled()
    boards.votes(motion, JING)
    boards.change(motion, amount=Amount.of("600"))
    boards.votes(motion, WU)
    assert "已失效：表决内容有变" in Desk(boards.kernel, MOVER).page(at(motion))


def test_the_api_takes_a_ballot_and_tells_the_decision(boards: Boards) -> None:
    motion = boards.tabled()
    desk = Desk(boards.kernel, WU)
    offered = desk.ask("GET", at(motion, "/transitions")).json["items"]
    one = next(each for each in offered if each["name"] == "carry")
    assert one["ballots"] == ["for", "against", "abstain", "recuse"]
    path = at(motion, "/transitions/carry")
    assert desk.ask("POST", path, {"ballot": "maybe"}).status_code == 422
    assert desk.ask("POST", path, {"ballot": "against"}).json["errors"].keys() == {"reason"}
    body = {"ballot": "against", "reason": "too dear", "shown": one["shown"]}
    assert desk.ask("POST", path, body).json["changed"] is False
    assert desk.ask("POST", path, {"ballot": "veto", "reason": "no"}).status_code == 403
    told = Desk(boards.kernel, MOVER).ask("GET", at(motion, "/decisions")).json
    (item,) = [each for each in told["items"] if each["transition"] == "carry"]
    assert item["standing"] == "1 of the 4 who may vote have: 0 for, 1 against, 0 abstained"
    assert item["missing"][0] == "3 votes more for it"
    assert item["ballots"] == []  # who reads it has no vote
    (vote,) = told["votes"]
    assert (vote["who"], vote["ballot"], vote["opinion"], vote["counts"]) == (
        "吴婉", "against", "too dear", True,
    )  # fmt: skip


def test_who_is_recused_is_refused_by_the_api(boards: Boards) -> None:
    motion = boards.tabled()
    answer = Desk(boards.kernel, SUN).ask("POST", at(motion, "/transitions/carry"), {})
    assert (answer.status_code, answer.json["key"]) == (403, "recused")


def test_outside_ones_rows_there_is_no_decision_to_see(boards: Boards) -> None:
    motion = boards.tabled()
    desk = Desk(boards.kernel, "gao.jie")
    assert desk.ask("GET", at(motion, "/decisions")).status_code in (403, 404)
    assert desk.client.get(at(motion, "/transitions/carry")).status_code in (403, 404)


def test_the_page_tells_how_far_the_steps_are(boards: Boards) -> None:
    from tenor_boards.workflow import carry_stepwise

    motion = boards.tabled()
    boards.votes(motion, OFFICER, how=carry_stepwise)
    said = Desk(boards.kernel, MOVER).page(at(motion))
    assert "The risk department 1 / 1" in said
    assert "审批人 0 / 2" in said
    assert "尚缺：审批人：还差 2 人" in said
    boards.votes(motion, *APPROVERS[:2], how=carry_stepwise)
    assert boards.state(motion) == "carried"


def test_what_is_held_up_is_voted_down_on_its_page(boards: Boards) -> None:
    motion = boards.tabled(amount=Amount(0))
    desk, path = Desk(boards.kernel, JING), at(motion, "/transitions/carry")
    assert f'href="{path}"' in desk.client.get(at(motion)).text
    form = desk.client.get(path).text
    assert ('value="against"' in form, 'value="for"' in form) == (True, False)
    desk.votes(path, _ballot="against", reason="nothing to carry")
    assert boards.cast(motion) == [("何静", "against", "")]


def test_the_page_tells_by_which_authority_a_case_is_the_committees(boards: Boards) -> None:
    """The version of the authority, and what of the case is beyond everybody else."""
    from tenor_boards.workflow import carry_by_authority

    motion = boards.tabled(amount=Amount.of("500"))
    said = Desk(boards.kernel, CHAIR).page(at(motion))
    assert "（插件自带）由委员会审议，已超出“审批人，单人审批”的权限：" in said
    items = Desk(boards.kernel, CHAIR).ask("GET", at(motion, "/decisions")).json["items"]
    told = {one["transition"]: one["authority"] for one in items}
    assert told[carry_by_authority.name] == (
        "Before the committee by Decisions on motions, as it came with the plugin: beyond Approver, "
        "alone (Amount up to 100.00 CNY; this is 500.00 CNY)"
    )
    assert told["carry"] is None
