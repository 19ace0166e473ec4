"""A version of a committee's rule over last year's votes, before it is published."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from sqlalchemy import select
from tenor_boards.workflow import carry_by_authority, carry_slowly, pull

from core.tests.workflow.boards import CHAIR, JING, MOVER, OFFICER, WU, ZHENG
from core.tests.workflow.test_committee_rules import Rules
from tenor.base.recounting import committee_counted, committee_rule_simulated, simulate_committee
from tenor.workflow.records import CommitteeVersion, Vote
from tenor.workflow.recounting import MISSING, NOT_KEPT, PASSES, REFUSES, SHORT, VETO
from tenor_sdk.approvals import Ballot
from tenor_sdk.testing import as_actor
from tenor_sdk.values import Amount
from tenor_sdk.views import Facts, Table
from tenor_sdk.workflow import transition
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases
AGAINST = Ballot.AGAINST
SLOWLY, BY_AUTHORITY = "boards.motion.carry-slowly", "boards.motion.carry-by-authority"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("boards",)


@pytest.fixture
def rules(institution: Any) -> Rules:
    """孙建国 is party to each motion: four may vote, three must be for it, and 陈立 has a veto."""
    found = Rules(institution)
    found.at("2026-06-30T10:00")
    return found


def passed(rules: Rules) -> int:
    """Three for it, one against."""
    motion = rules.tabled()
    rules.votes(motion, JING, WU)
    rules.says(ZHENG, motion, AGAINST)
    assert rules.votes(motion, CHAIR)
    return motion


def refused(rules: Rules) -> int:
    """Two against it before the chair has spoken."""
    motion = rules.tabled()
    rules.votes(motion, JING)
    rules.says(WU, motion, AGAINST)
    assert rules.says(ZHENG, motion, AGAINST)
    return motion


def simulated(rules: Rules, *, login: str = OFFICER, most: int | None = None, **values: Any) -> Any:
    version = rules.draft(**values)
    with as_actor(rules.kernel, login, write=False) as ctx:
        draft = ctx.session.get_one(CommitteeVersion, version)
        return simulate_committee(cast("Any", ctx), draft, most)


def test_the_same_rule_changes_nothing(rules: Rules) -> None:
    passed(rules)
    refused(rules)
    found = simulated(rules)
    assert (found.looked_at, found.counts, found.unsaid) == (2, {}, 0)


def test_a_greater_share_refuses_what_passed(rules: Rules) -> None:
    motion = passed(rules)
    found = simulated(rules, share="100%")
    assert found.counts == {REFUSES: 1}
    assert [one.record_id for one in found.changed] == [motion]


def test_a_smaller_share_passes_what_was_refused_once_nobody_has_a_veto(rules: Rules) -> None:
    refused(rules)
    assert simulated(rules, share="1/4", veto="").counts == {PASSES: 1}


def test_what_the_chair_would_have_said_who_was_not_asked_any_more_is_not_guessed(
    rules: Rules,
) -> None:
    refused(rules)
    found = simulated(rules, share="1/4")
    assert (found.counts, found.unsaid, list(found.changed)) == ({MISSING: 1}, 1, [])


def test_a_quorum_of_all_five_leaves_it_undecided_where_one_was_recused(rules: Rules) -> None:
    passed(rules)
    assert simulated(rules, quorum="5").counts == {SHORT: 1}


def test_a_veto_that_is_gone_was_a_vote_against(rules: Rules) -> None:
    motion = rules.tabled()
    rules.votes(motion, JING, WU, ZHENG)
    assert rules.says(CHAIR, motion, Ballot.VETO)
    assert simulated(rules, veto="").counts == {PASSES: 1}
    assert simulated(rules, veto="", share="100%").counts == {}


def test_whose_veto_it_would_have_been_is_said_only_where_it_does_not_matter(rules: Rules) -> None:
    passed(rules)
    unanimous = rules.tabled()
    rules.votes(unanimous, JING, WU, ZHENG, CHAIR)
    found = simulated(rules, veto="legal")
    assert (found.looked_at, found.counts, found.unsaid) == (2, {VETO: 1}, 1)


def test_what_would_have_been_decided_before_somebody_changed_their_vote_stays_so(
    rules: Rules,
) -> None:
    motion = rules.tabled()
    rules.votes(motion, JING)
    rules.says(JING, motion, AGAINST)
    assert rules.says(WU, motion, AGAINST)
    assert simulated(rules, quorum="1", share="1/4", veto="").counts == {PASSES: 1}


def test_who_is_recused_later_had_no_vote(rules: Rules) -> None:
    """Of 吴婉, 何静 and 陈立, who may vote in the end, two were for it."""
    motion = rules.tabled()
    rules.votes(motion, ZHENG, JING)
    rules.says(WU, motion, AGAINST)
    rules.says(ZHENG, motion, Ballot.RECUSE)
    assert rules.votes(motion, CHAIR)
    assert simulated(rules, share="3/4").counts == {REFUSES: 1}
    assert simulated(rules, share="1/2").counts == {}


def test_what_was_pulled_back_undecided_would_have_passed_by_then(rules: Rules) -> None:
    motion = rules.tabled()
    rules.votes(motion, JING, WU)
    rules.do(MOVER, motion, lambda ctx, one: transition(ctx, one, pull))
    assert simulated(rules, quorum="2", share="1/2", veto="").counts == {PASSES: 1}
    assert simulated(rules, share="3/4").counts == {}


def test_when_the_time_was_over_the_silent_are_left_out(rules: Rules) -> None:
    motion = rules.tabled()
    rules.votes(motion, JING, WU, CHAIR, how=carry_slowly)
    rules.at("2026-07-06T10:00")
    with rules.kernel.context(rules.kernel.access.system_actor(), write=True) as ctx:
        assert rules.engine.closing.run(ctx) == 1
    assert rules.state(motion) == "carried"
    assert simulated(rules, committee=SLOWLY, day=date(2026, 8, 3)).counts == {}
    assert simulated(rules, committee=SLOWLY, day=date(2026, 8, 3), share="100%").counts == {
        REFUSES: 1
    }
    assert simulated(rules, committee=SLOWLY, day=date(2026, 8, 3), quorum="4").counts == {
        MISSING: 1
    }


def test_the_line_of_the_authority_stays_the_floor_of_a_smaller_quorum(rules: Rules) -> None:
    motion = rules.tabled(amount=Amount.of("500"))
    rules.votes(motion, JING, WU, ZHENG, CHAIR, how=carry_by_authority)
    assert rules.state(motion) == "carried"
    found = simulated(rules, committee=BY_AUTHORITY, quorum="1", share="100%")
    assert (found.looked_at, found.counts) == (1, {})
    refused = rules.tabled(amount=Amount.of("500"))
    for each in (JING, WU):
        rules.says(each, refused, AGAINST, how=carry_by_authority)
    assert rules.state(refused) == "dropped"
    found = simulated(rules, committee=BY_AUTHORITY, quorum="1", share="1/4", veto="")
    assert found.counts == {MISSING: 1}


def test_of_a_vote_of_before_its_rule_was_kept_nothing_is_said(rules: Rules) -> None:
    passed(rules)
    votes = Vote.__table__
    with rules.kernel.db.raw() as connection:
        for row in connection.execute(select(votes.c.id, votes.c.authority)).all():
            committee = {
                name: value for name, value in row.authority["committee"].items() if name != "rule"
            }
            kept = {**row.authority, "committee": committee}
            connection.execute(votes.update().where(votes.c.id == row.id).values(authority=kept))
    assert simulated(rules, share="100%").counts == {NOT_KEPT: 1}


def test_of_the_latest_decisions_only_says_how_many_more_there_are(rules: Rules) -> None:
    refused(rules)
    last = passed(rules)
    found = simulated(rules, share="100%", most=1)
    assert (found.looked_at, found.more) == (1, 1)
    assert [one.record_id for one in found.changed] == [last]
    assert simulated(rules, share="100%", most=2).more == 0


def test_it_asks_as_much_for_many_as_for_one(rules: Rules) -> None:
    version = rules.draft(share="100%")

    def asked() -> int:
        with (
            as_actor(rules.kernel, OFFICER, write=False) as ctx,
            asking(rules.kernel.db.reader) as said,
        ):
            simulate_committee(cast("Any", ctx), ctx.session.get_one(CommitteeVersion, version))
        return len(said)

    passed(rules)
    one = asked()
    for each in (passed, refused, refused):
        each(rules)
    assert asked() == one


def test_it_is_counted_from_what_was_kept_and_changes_nothing(rules: Rules) -> None:
    motion = passed(rules)
    before = rules.cast(motion)
    found = simulated(rules, share="100%")
    rules.change(motion, subject="another bridge")
    assert simulated(rules, share="100%").counts == found.counts
    assert rules.cast(motion) == before


def test_the_page_says_how_many_and_names_those_that_its_reader_may_see(rules: Rules) -> None:
    passed(rules)
    version = rules.draft(share="100%")

    def page(login: str, language: str = "en") -> tuple[Any, list[Any]]:
        with as_actor(rules.kernel, login, write=False) as ctx:
            found = ctx.session.get_one(CommitteeVersion, version)
            facts, table = committee_rule_simulated(ctx, found)
        assert isinstance(facts, Facts)
        assert isinstance(table, Table)
        rows = [[rules.words(cell, language) for cell in row[1:]] for row in table.rows]
        return [value for _words, value, _kind in facts.rows], rows

    assert page(CHAIR) == (
        [1, 1, 1],
        [[
            "Would have been refused",
            "It passed: 4 of the 4 who may vote have: 3 for, 1 against, 0 abstained",
            "It passes with 4 for it and 3 who vote",
        ]],
    )  # fmt: skip
    assert page(CHAIR, "zh-CN")[1][0][0] == "原本会被否决"
    assert page("xu.min")[1] == []


def test_what_is_published_is_not_simulated(rules: Rules) -> None:
    version = rules.publish()
    with as_actor(rules.kernel, OFFICER, write=False) as ctx:
        found = ctx.session.get_one(CommitteeVersion, version)
        assert simulate_committee(cast("Any", ctx), found) is None
        assert not committee_rule_simulated(ctx, found)


def test_the_words_come_in_their_order(rules: Rules) -> None:
    passed(rules)
    refused(rules)
    found = simulated(rules, share="1/4")
    said = [rules.words(words) for words, _n in committee_counted(found)]
    assert said == [
        "Looked at",
        "Would have gone another way",
        "It isn’t known of",
        "Not known: it would have taken further votes, and nobody put them in",
    ]
