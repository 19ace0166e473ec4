"""What staff say of a committee: quorum, share and veto, in versions; a case keeps the one of the day it came there."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from core.tests.workflow.acts import refused
from core.tests.workflow.boards import CHAIR, JING, MOVER, OFFICER, SUN, WU, ZHENG, Boards
from core.tests.workflow.standing_in import user
from tenor.access.records import User, UserPosition
from tenor.base.committee_rules import DraftedRule, draft_rule, propose, publish, send_back
from tenor.workflow.counting import Outcome, Rule, count
from tenor.workflow.records import CommitteeVersion, Vote
from tenor.workflow.shares import read_quorum, read_share, write_quorum, write_share
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Blocked, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.values import Amount
from tenor_sdk.workflow import transition

ZONE = ZoneInfo("Asia/Shanghai")
TODAY, TOMORROW = date(2026, 6, 30), date(2026, 7, 1)
HE, DING = "he.lei", "ding.ning"
CARRY = "boards.motion.carry"
FOR, AGAINST = Ballot.FOR, Ballot.AGAINST


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("boards",)


class Rules(Boards):
    """Versions of the rule of the committee: 周启明 proposes, 丁宁 publishes."""

    def draft(
        self,
        day: date = TOMORROW,
        *,
        login: str = OFFICER,
        committee: str = CARRY,
        **values: str,
    ) -> int:
        with as_actor(self.kernel, login) as ctx:
            place = draft_rule(ctx, None, DraftedRule(committee, day, "resolved"))
            version = int(place.rpartition("/")[2])
            self.write(ctx, version, **values)
            return version

    def write(self, ctx: Any, version: int, **values: str) -> None:
        if values:
            found = self.kernel.records.get(ctx, CommitteeVersion, version)
            self.kernel.records.update(ctx, found, dict(values))

    def rewrite(self, login: str, version: int, **values: str) -> None:
        with as_actor(self.kernel, login) as ctx:
            self.write(ctx, version, **values)

    def go(self, login: str, version: int, how: Any, reason: str = "") -> None:
        with as_actor(self.kernel, login) as ctx:
            transition(ctx, ctx.session.get_one(CommitteeVersion, version), how, reason=reason)

    def publish(self, day: date = TOMORROW, **values: str) -> int:
        version = self.draft(day, **values)
        self.go(OFFICER, version, propose)
        self.go(DING, version, publish)
        return version

    def at(self, text: str) -> None:
        self.kernel.clock.move(datetime.fromisoformat(text).replace(tzinfo=ZONE))

    def decision(self, motion: int, login: str = MOVER, name: str = "carry") -> Any:
        told = self.do(login, motion, self.engine.decisions)
        return next(one for one in told if one.how.name == name)

    def faults(self, version: int, language: str = "en") -> list[str]:
        error = refused(Blocked, self.go, OFFICER, version, propose)
        return [self.words(one.what, language) for one in error.blockers]


@pytest.fixture
def rules(institution: Any) -> Rules:
    found = Rules(institution)
    found.at("2026-06-30T10:00")
    return found


# -- which one counts -------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_until_there_is_a_version_what_the_plugin_declares_counts_and_it_is_said(
    rules: Rules,
) -> None:
    told = rules.decision(rules.tabled())
    assert rules.words(told.by) == (
        "By the committee’s rule, as it came with the plugin: 2/3 of those who may vote for it, "
        "3 members who vote; Committee chair has a veto"
    )


@pytest.mark.both_databases
def test_a_version_counts_for_what_comes_from_its_day_on_and_the_vote_keeps_which(
    rules: Rules,
) -> None:
    rules.publish(quorum="4", share="100%", veto="")
    rules.at("2026-07-01T09:00")
    motion = rules.tabled()
    told = rules.decision(motion)
    assert rules.words(told.rule) == "It passes with 4 for it and 4 who vote"
    assert "version 1, in force since 2026-07-01: 100% of those" in rules.words(told.by)
    assert "第 1 版，自 2026-07-01 起生效" in rules.words(told.by, "zh-CN")
    assert not rules.votes(motion, JING, WU, ZHENG)
    assert rules.votes(motion, CHAIR)
    with rules.kernel.db.raw(write=False) as connection:
        kept = [one.authority["committee"] for one in connection.execute(Vote.__table__.select())]
    assert {(one["version"], one["quorum"], one["share"]) for one in kept} == {(1, "4", "1")}
    (entry,) = rules.ledger("committee-decided")
    assert entry.changes["rule_version"][1] == 1


@pytest.mark.both_databases
def test_what_was_before_the_committee_goes_by_the_rule_of_that_day(rules: Rules) -> None:
    begun, untouched = rules.tabled(), rules.tabled()
    rules.votes(begun, JING)
    rules.publish(quorum="4", share="100%", veto="")
    rules.at("2026-07-01T09:00")
    assert rules.votes(begun, WU, ZHENG) is False
    assert [fell for _who, _said, fell in rules.cast(begun)] == ["", "", ""]
    assert rules.votes(begun, CHAIR)
    assert "as it came with the plugin" in rules.words(rules.decision(untouched).by)


@pytest.mark.both_databases
def test_what_comes_before_it_again_goes_by_the_rule_of_the_later_day(rules: Rules) -> None:
    from tenor_boards.workflow import pull, table

    motion = rules.tabled()
    rules.publish(share="100%")
    rules.at("2026-07-01T09:00")
    rules.do(MOVER, motion, lambda ctx, one: transition(ctx, one, pull))
    rules.do(MOVER, motion, lambda ctx, one: transition(ctx, one, table))
    assert "version 1" in rules.words(rules.decision(motion).by)


@pytest.mark.both_databases
def test_the_veto_is_whose_the_version_says(rules: Rules) -> None:
    with as_actor(rules.kernel, DING) as ctx:
        wu = ctx.session.get_one(User, user(rules.kernel, WU))
        ctx.session.add(UserPosition(user_id=wu.id, position="legal", unit_id=wu.unit_id))
    rules.publish(veto="legal")
    rules.at("2026-07-01T09:00")
    motion = rules.tabled()
    assert refused(Forbidden, rules.says, CHAIR, motion, Ballot.VETO).key == "no-veto"
    assert rules.says(WU, motion, Ballot.VETO, "against the law")
    assert rules.state(motion) == "dropped"


def test_a_quorum_by_share_never_undercuts_the_line_of_the_authority(rules: Rules) -> None:
    """Its line takes four together; a fifth of five members would be one."""
    rules.publish(committee="boards.motion.carry-by-authority", quorum="1/5", share="1/5")
    rules.at("2026-07-01T09:00")
    motion = rules.tabled(amount=Amount.of("500"))
    told = rules.decision(motion, name="carry-by-authority")
    assert rules.words(told.rule) == "It passes with 1 for it and 4 who vote"
    rule = Rule(quorum=Fraction(1, 5), share=Fraction(1, 5), least=4)
    votes = dict.fromkeys((1, 2, 3), FOR)
    assert count(rule, range(1, 6), (), votes).outcome is Outcome.OPEN
    assert count(rule, range(1, 6), (), {**votes, 4: AGAINST}).outcome is Outcome.PASSED


# -- its life ---------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_one_proposes_another_publishes_and_it_is_in_the_ledger(rules: Rules) -> None:
    make_user(
        rules.kernel,
        "both",
        positions=[("risk-officer", "HQ"), ("administrator", "HQ")],
        unit="HQ",
    )
    version = rules.draft(login="both", share="3/4")
    rules.go("both", version, propose)
    refused(Forbidden, rules.go, "both", version, publish)
    rules.go(DING, version, publish)
    steps = [one for one in rules.ledger("transition") if one.table_name.endswith("tee_version")]
    assert len(steps) == 2
    with as_actor(rules.kernel, OFFICER) as ctx:
        found = ctx.session.get_one(CommitteeVersion, version)
        assert (found.number, found.state, found.display()) == (1, "published", "2026-07-01 v1")
        refused(Refused, rules.kernel.records.update, ctx, found, {"share": "1/2"})


@pytest.mark.both_databases
def test_a_draft_is_changed_by_whoever_drafted_it_alone(rules: Rules) -> None:
    version = rules.draft()
    refused(Forbidden, rules.rewrite, HE, version, share="1/2")
    rules.go(HE, version, propose)
    rules.go(DING, version, send_back, "by whom was it resolved?")
    rules.rewrite(OFFICER, version, purpose="by the board")


def test_only_who_may_drafts_and_reads(rules: Rules) -> None:
    refused(Forbidden, rules.draft, login=DING)
    version = rules.draft()
    with as_actor(rules.kernel, "gao.jie", write=False) as ctx:
        refused(NotFound, rules.kernel.records.get, ctx, CommitteeVersion, version)


@pytest.mark.both_databases
def test_a_draft_begins_with_the_rule_that_counts_on_its_day(rules: Rules) -> None:
    rules.publish(quorum="60 %", share="75%", veto="")
    with as_actor(rules.kernel, OFFICER, write=False) as ctx:
        found = ctx.session.get_one(CommitteeVersion, rules.draft(date(2026, 7, 2)))
        assert (found.quorum, found.share, found.veto) == ("3/5", "3/4", "")


# -- what cannot be ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "wrong", "key"),
    [("share", each, "not-a-share") for each in ("0", "0%", "0/3", "3/2", "101%", "-1/2", "2/0", "half", "")]
    + [("quorum", each, "not-a-quorum") for each in ("0", "-3", "1.5", "0/2", "3/2", "120%", "two")],
)  # fmt: skip
def test_what_is_no_share_and_no_quorum_is_refused_where_it_is_typed(
    rules: Rules, name: str, wrong: str, key: str
) -> None:
    version = rules.draft()
    error = refused(Invalid, rules.rewrite, OFFICER, version, **{name: wrong})
    (found,) = error.fields.values()
    assert found.key in (key, "required")


@pytest.mark.parametrize(
    ("wrong", "said", "chinese"),
    [
        (
            {"quorum": "6"},
            "A quorum of 6 is never reached: the committee has 5 members",
            "法定人数 6 人不可能达到：委员会只有 5 名委员",
        ),
        (
            {"veto": "astronaut"},
            "There is no position astronaut",
            "没有岗位 astronaut",
        ),
        (
            {"veto": "legal"},
            "No member of the committee has the position Legal, which would have the veto",
            "委员中无人担任“法务”，否决权将无人行使",
        ),
    ],
)
def test_what_does_not_fit_the_members_is_said_before_it_is_proposed(
    rules: Rules, wrong: dict[str, str], said: str, chinese: str
) -> None:
    version = rules.draft()
    rules.rewrite(OFFICER, version, **wrong)
    assert rules.faults(version) == [said]
    assert rules.faults(version, "zh-CN") == [chinese]


@pytest.mark.both_databases
def test_it_is_asked_again_when_it_is_published(rules: Rules) -> None:
    version = rules.draft(quorum="5")
    rules.go(OFFICER, version, propose)
    with rules.kernel.db.raw() as connection:
        held = UserPosition.__table__
        gone = held.c.user_id == user(rules.kernel, SUN)
        connection.execute(delete(held).where(gone))
    error = refused(Blocked, rules.go, DING, version, publish)
    assert "the committee has 4 members" in str(error.blockers[0].what)


@pytest.mark.both_databases
def test_it_begins_tomorrow_at_the_earliest_and_on_a_day_of_its_own(rules: Rules) -> None:
    error = refused(Invalid, rules.draft, TODAY)
    assert error.fields["effective_from"].key == "effective-not-to-come"
    late = rules.draft()
    rules.publish()
    assert rules.faults(late) == ["Another version begins on 2026-07-01"]
    rules.at("2026-07-01T09:00")
    assert "begins tomorrow at the earliest" in rules.faults(late)[0]


def test_of_members_named_by_person_only_the_position_is_known(rules: Rules) -> None:
    version = rules.draft(committee="boards.motion.carry-named", quorum="40", veto="astronaut")
    assert rules.faults(version) == ["There is no position astronaut"]


def test_an_unknown_committee_is_named_with_those_that_there_are(rules: Rules) -> None:
    error = refused(Invalid, rules.draft, committee="boards.motion.nothing")
    assert CARRY in error.fields["committee"].values["known"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("2/3", "2/3"), ("4/6", "2/3"), ("66.67%", "6667/10000"), ("1", "100%"), ("100 %", "100%")],
)
def test_a_share_has_one_form_and_is_read_back_from_it(written: str, kept: str) -> None:
    assert write_share(read_share(written)) == kept
    assert read_share(kept) == read_share(written)


@pytest.mark.parametrize(("written", "kept"), [("3", "3"), ("1", "1"), ("50%", "1/2"), ("100%", "100%")])  # fmt: skip
def test_a_quorum_has_one_form_and_is_read_back_from_it(written: str, kept: str) -> None:
    assert write_quorum(read_quorum(written)) == kept
    assert read_quorum(kept) == read_quorum(written)
