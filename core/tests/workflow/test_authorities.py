"""Who decides a case is what the authority in force says: never who looks, never more than a line covers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from tenor_bids.records import Bid
from tenor_bids.workflow import Raise, bids_decided, decline, grant, hand_in

from core.tests.waiting import wait_for_a_waiter
from core.tests.workflow.acts import refused
from core.tests.workflow.standing_in import give, user
from core.tests.workflow.versions import TODAY, TOMORROW, Line, Versions
from tenor.workflow.records import Vote
from tenor_sdk.errors import Blocked, Conflict, Forbidden
from tenor_sdk.testing import as_actor, make_user, on_date
from tenor_sdk.values import Amount
from tenor_sdk.workflow import blockers, transition

pytestmark = pytest.mark.both_databases

TEN = "10000000"
HEAD, OTHER_HEAD = "fang.zheng", "du.yuan"
FIRST, SECOND = "gu.yan", "liang.heng"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("bids",)


class Bids:
    """Bids of 林晓雯's branch, and who acts on them."""

    def __init__(self, kernel: Any) -> None:
        self.kernel, self.engine = kernel, kernel.workflow
        self.versions = Versions(kernel)

    def made(self, amount: str = TEN, *, by: str = "lin.xiaowen", **values: Any) -> int:
        with as_actor(self.kernel, by) as ctx:
            given = {"borrower": "Zeyuan", "amount": Amount.of(amount), **values}
            bid = Bid(unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id, **given)
            ctx.session.add(bid)
            ctx.session.flush()
            return bid.id

    def waiting(self, amount: str = TEN, **values: Any) -> int:
        """A bid that waits for a decision."""
        bid = self.made(amount, **values)
        self.go(values.get("by", "lin.xiaowen"), bid, hand_in)
        return bid

    def go(self, login: str, bid: int, how: Any, *args: Any, **more: Any) -> bool:
        with as_actor(self.kernel, login) as ctx:
            return transition(ctx, ctx.session.get_one(Bid, bid), how, *args, **more)

    def offered(self, login: str, bid: int) -> Any:
        with as_actor(self.kernel, login, write=False) as ctx:
            offers = self.engine.available(ctx, ctx.session.get_one(Bid, bid))
            return next((one for one in offers if one.name == "grant"), None)

    def said(self, login: str, bid: int, language: str = "en") -> list[tuple[str, str]]:
        """What stands in somebody's way, in words."""
        text = self.kernel.translator.text
        found = self.offered(login, bid).blockers
        return [(text(one.what, language), text(one.why, language)) for one in found]

    def declined(self, bid: int) -> list[int]:
        """Whose declining of a bid it was."""
        with as_actor(self.kernel, "ding.ning", write=False) as ctx:
            return list(self.engine.who_did(ctx, Bid(id=bid), "decline"))

    def votes(self) -> list[Any]:
        with self.kernel.db.raw(write=False) as connection:
            table = Vote.__table__
            return list(connection.execute(table.select().order_by(table.c.id)))  # type: ignore[attr-defined]  # a table

    def tasks(self, login: str) -> list[str]:
        with as_actor(self.kernel, login, write=False) as ctx:
            return [str(one.title) for one in self.engine.tasks(ctx)]


@pytest.fixture
def bids(institution: Any) -> Bids:
    return Bids(institution)


# -- within and above -------------------------------------------------------------------------------------------------


def test_a_branch_head_decides_alone_up_to_the_limit(bids: Bids) -> None:
    bids.versions.publish()
    assert bids.go(HEAD, bids.waiting(TEN), grant)


def test_a_fen_above_it_is_said_in_words_with_who_decides(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting("10000000.01")
    error = refused(Blocked, bids.go, HEAD, bid, grant)
    assert [str(one.what) for one in error.blockers] == [str(error.blockers[0].what)]
    assert bids.said(HEAD, bid) == [
        (
            "Above your authority: Amount up to 10,000,000.00 CNY; this is 10,000,000.01 CNY",
            "Decided by: Approver, 2 together",
        )
    ]
    assert bids.said(HEAD, bid, "zh-CN")[0][1] == "有权审批：审批人，2 人共同审批"
    assert not bids.offered(HEAD, bid).allowed


def test_above_it_two_distinct_people_decide(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting("20000000")
    assert not bids.go(FIRST, bid, grant)
    offer = bids.offered(SECOND, bid)
    assert (offer.votes, offer.needed) == (1, 2)
    assert refused(Conflict, bids.go, FIRST, bid, grant).key == "already-voted"
    assert bids.go(SECOND, bid, grant)


def test_a_branch_head_decides_in_no_other_branch(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting("1", by="shen.bai")
    with as_actor(bids.kernel, HEAD, write=False) as ctx:
        assert ctx.session.get(Bid, bid) is None
    assert bids.go(OTHER_HEAD, bid, grant)


def test_without_the_grant_a_position_that_decides_decides_nothing(bids: Bids) -> None:
    bids.versions.publish([("relationship-manager", 1, "", "")])
    bid = bids.waiting()
    assert refused(Forbidden, bids.go, "lin.xiaowen", bid, grant).key == "not-permitted"


def test_a_further_position_must_be_among_them(bids: Bids) -> None:
    bids.versions.publish([("approver", 2, "risk-officer", "")])
    bid = bids.waiting()
    assert not bids.go(FIRST, bid, grant)
    assert not bids.go(SECOND, bid, grant)
    assert bids.go("he.lei", bid, grant)


def test_who_votes_with_several_positions_is_one_person(bids: Bids) -> None:
    make_user(bids.kernel, "jack", positions=[("approver", "HQ"), ("risk-officer", "HQ")])
    bids.versions.publish([("approver", 2, "risk-officer", "")])
    bid = bids.waiting()
    assert not bids.go("jack", bid, grant)
    assert refused(Conflict, bids.go, "jack", bid, grant).key == "already-voted"
    assert bids.go(FIRST, bid, grant)


def test_who_may_not_grant_may_not_decline(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting("20000000")
    refused(Blocked, bids.go, HEAD, bid, decline)
    assert bids.go(FIRST, bid, decline)


def test_what_somebody_adds_may_not_lift_the_case_above_their_authority(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting(TEN)
    refused(Blocked, bids.go, HEAD, bid, grant, Raise(more=1))
    assert bids.votes() == []
    assert bids.go(HEAD, bid, grant, Raise(more=0))


# -- every kind of dimension ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "values", "allowed"),
    [
        ("months <= 36", {"months": 36}, True),
        ("months <= 36", {"months": 37}, False),
        ("grade >= B", {"grade": "A"}, True),
        ("grade >= B", {"grade": "B"}, True),
        ("grade >= B", {"grade": "C"}, False),
        ("grade >= B", {"grade": ""}, False),
        ("grade >= B", {"grade": "Z"}, False),
        ("kind in secured", {"kind": "secured"}, True),
        ("kind in secured", {"kind": "plain"}, False),
        ("amount <= 10 CNY", {"currency": "USD", "amount": "1"}, False),
        ("amount <= 10 USD", {"currency": "USD", "amount": "10"}, True),
        ("amount <= 90 CNY", {"currency": "GBP", "amount": "10"}, True),
        ("amount <= 90 CNY", {"currency": "GBP", "amount": "10.01"}, False),
        ("months <= 36; grade >= B", {"months": 36, "grade": "C"}, False),
    ],
)
def test_a_line_covers_what_is_within_each_of_its_limits(
    bids: Bids, limits: str, values: Any, allowed: bool
) -> None:
    bids.versions.publish([("branch-head", 1, "", limits), ("approver", 2, "", "")])
    bid = bids.waiting(**values)
    assert bids.offered(HEAD, bid).allowed is allowed
    assert bids.offered(FIRST, bid).allowed


def test_without_a_rating_only_who_has_no_limit_decides_and_it_says_why(bids: Bids) -> None:
    bids.versions.publish(
        [
            ("branch-head", 1, "", "amount <= 10000000 CNY"),
            ("risk-officer", 1, "", "amount <= 50000000 CNY; grade >= B"),
            ("approver", 2, "", ""),
        ]
    )
    bid = bids.waiting("1", grade="")
    why = "Then only who decides without a limit may. Decided by: Approver, 2 together"
    for login in (HEAD, "he.lei"):
        assert bids.said(login, bid) == [("Above your authority: Grade isn’t known", why)]
    assert bids.offered(FIRST, bid).allowed
    strange = bids.waiting("1", grade="Z")
    assert "Z" in bids.said(HEAD, strange)[0][0]


def test_an_amount_in_another_currency_is_told_as_what_it_is(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting("1", currency="USD")
    assert bids.said(HEAD, bid)[0][0] == (
        "Above your authority: Amount up to 10,000,000.00 CNY; this is 1.00 USD, which nobody converts"
    )


def test_a_sum_over_hidden_rows_is_the_same_whoever_asks(bids: Bids) -> None:
    bids.versions.publish(
        [("branch-head", 1, "", "exposure <= 15000000 CNY"), ("approver", 2, "", "")]
    )
    bid = bids.waiting(TEN)
    assert bids.offered(HEAD, bid).allowed
    bids.made("5000000.01", by="shen.bai")  # of the same borrower, in a branch that they can't see
    assert bids.said(HEAD, bid)[0][0].endswith("this is 15,000,000.01 CNY")
    rulings = []
    for login in ("lin.xiaowen", HEAD, FIRST, "he.lei"):
        with as_actor(bids.kernel, login, write=False) as ctx:
            found = ctx.session.get_one(Bid, bid)
            rulings.append(bids.engine.authorities.ruling(ctx, found, bids_decided).basis())
    assert rulings == [rulings[0]] * 4


def test_two_decided_at_the_same_moment_count_each_other(bids: Bids) -> None:
    bids.versions.publish([("approver", 1, "", "unit <= 15000000 CNY"), ("approver", 2, "", "")])
    one, other = bids.waiting(TEN), bids.waiting(TEN)
    with ThreadPoolExecutor(1) as crowd, as_actor(bids.kernel, FIRST) as ctx:
        assert transition(ctx, ctx.session.get_one(Bid, one), grant)
        later = crowd.submit(bids.go, SECOND, other, grant)
        wait_for_a_waiter(bids.kernel)
    assert later.result() is False  # it takes two: together they are above what one grants


def test_what_is_read_beyond_ones_rows_for_a_decision_is_on_record(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting()
    bids.offered(HEAD, bid)
    assert not elevations(bids)
    bids.go(HEAD, bid, grant)
    assert set(elevations(bids)) == {"authority bids.bids"}


def elevations(bids: Bids) -> list[str]:
    """Why 方正 read beyond what is theirs."""
    with as_actor(bids.kernel, "song.qing", write=False) as ctx:
        found = bids.kernel.audit.search(ctx, kind="elevated")
        return [one.reason for one in found if one.actor_name == "方正"]


# -- versions and votes -----------------------------------------------------------------------------------------------


def test_without_a_version_nobody_decides_and_it_says_so(bids: Bids) -> None:
    bid = bids.waiting()
    assert bids.said(FIRST, bid) == [
        (
            "No version of “Decisions on bids” is in force",
            "Until one is published, nobody decides",
        )
    ]
    refused(Blocked, bids.go, FIRST, bid, grant)


def test_a_case_that_no_line_covers_is_decided_by_nobody(bids: Bids) -> None:
    bids.versions.publish([("branch-head", 1, "", "amount <= 10000000 CNY")])
    bid = bids.waiting("10000000.01")
    assert bids.said(HEAD, bid)[0][1] == "No line of version 1 covers this case: nobody decides it"
    assert bids.said(FIRST, bid)[0][0] == "None of your positions decides this case"


def test_the_version_counts_of_the_day_on_which_a_case_came_before_those_who_decide(
    bids: Bids,
) -> None:
    bids.versions.publish()
    bids.versions.publish([("approver", 1, "", "")], TOMORROW)
    today, still = bids.waiting(TEN), bids.waiting(TEN)
    assert bids.go(HEAD, today, grant)
    with on_date(bids.kernel, TOMORROW):
        tomorrow = bids.waiting(TEN)
        assert bids.go(HEAD, still, grant)
        refused(Blocked, bids.go, HEAD, tomorrow, grant)
        assert bids.go(FIRST, tomorrow, grant)


def test_what_is_shown_of_a_case_is_by_the_version_that_decides_it(bids: Bids) -> None:
    bids.versions.publish()
    bids.versions.publish([("approver", 1, "", "months <= 1")], TOMORROW)
    still = bids.waiting(TEN)
    with on_date(bids.kernel, TOMORROW):
        assert "version 2" in bids.said(HEAD, bids.waiting(TEN))[0][1]
        assert not bids.said(HEAD, still)


def test_votes_stand_when_another_version_comes_into_force(bids: Bids) -> None:
    bids.versions.publish([("approver", 2, "", "months <= 360")])
    bids.versions.publish([("approver", 3, "", "months <= 360")], TOMORROW)
    bid = bids.waiting("20000000")
    bids.go(FIRST, bid, grant)
    with on_date(bids.kernel, TOMORROW):
        assert bids.go(SECOND, bid, grant)
        assert [vote.void_reason for vote in bids.votes()] == ["", ""]


def test_a_vote_falls_when_a_figure_changes(bids: Bids) -> None:
    bids.versions.publish([("approver", 2, "", "exposure <= 90000000 CNY")])
    bid = bids.waiting("20000000")
    bids.go(FIRST, bid, grant)
    bids.made("1", by="shen.bai")
    assert not bids.go(SECOND, bid, grant)
    assert [vote.void_reason for vote in bids.votes()] == ["changed", ""]


def test_a_decision_keeps_what_allowed_it_and_gives_the_same_answer_again(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting(TEN, months=24)
    bids.go(HEAD, bid, grant)
    bids.versions.publish([("approver", 3, "", "")], TOMORROW)
    (vote,) = bids.votes()
    kept = vote.authority
    assert (kept["authority"], kept["version"], kept["since"]) == ("bids.bids", 1, "2026-06-30")
    assert kept["line"]["position"] == "branch-head"
    assert (kept["positions"], kept["decides"]) == (["branch-head"], True)
    assert kept["figures"]["amount"]["value"] == {"$money": [1000000000, "CNY"]}
    again = bids.engine.authorities.replay(kept)
    assert [one.content() for one in again.for_positions(kept["positions"])] == [kept["line"]]


def test_the_ledger_says_by_which_version_it_was_decided(bids: Bids) -> None:
    bids.versions.publish()
    bids.go(HEAD, bids.waiting(), grant)
    with as_actor(bids.kernel, "song.qing", write=False) as ctx:
        noted = bids.kernel.audit.search(ctx, kind="vote")[0].changes
    assert noted["authority"] == [None, "bids.bids"]
    assert noted["authority_version"] == [None, 1]


def test_lines_that_overlap_are_each_a_way(bids: Bids) -> None:
    bids.versions.publish(
        [
            ("branch-head", 1, "", "amount <= 10000000 CNY"),
            ("approver", 1, "", "amount <= 20000000 CNY"),
            ("approver", 2, "", ""),
        ]
    )
    assert bids.go(HEAD, bids.waiting(TEN), grant)
    assert bids.go(FIRST, bids.waiting(TEN), grant)
    assert bids.go(FIRST, bids.waiting("20000000"), grant)
    assert not bids.go(FIRST, bids.waiting("20000000.01"), grant)


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_in_which_lines_were_entered_changes_nothing(bids: Bids, turned: bool) -> None:
    lines: list[Line] = [("branch-head", 1, "", "amount <= 10000000 CNY"), ("approver", 2, "", "")]
    bids.versions.publish(lines[::-1] if turned else lines)
    offer = bids.offered(HEAD, bids.waiting(TEN))
    assert (offer.allowed, offer.needed) == (True, 1)


def test_a_figure_that_fails_puts_the_decision_out_of_service(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting(borrower="crash")
    offer = bids.offered(FIRST, bid)
    assert (offer.allowed, offer.why.values["error"].key) == (False, "approval-out-of-service")
    with pytest.raises(ZeroDivisionError):
        bids.go(FIRST, bid, grant)


# -- in another's place -----------------------------------------------------------------------------------------------


def test_who_stands_in_decides_by_what_was_delegated_and_no_further(bids: Bids) -> None:
    bids.versions.publish()
    give(bids.kernel, HEAD, "chen.li")
    within, above = bids.waiting(TEN), bids.waiting("10000000.01")
    assert bids.said("chen.li", above)[0][0].startswith("Above your authority")
    refused(Blocked, bids.go, "chen.li", above, grant)
    assert bids.go("chen.li", within, grant)
    (vote,) = bids.votes()
    assert (vote.behalf_of_id, vote.authority["positions"]) == (
        user(bids.kernel, HEAD),
        ["branch-head"],
    )


def test_a_deputy_decides_above_their_own_line_in_the_place_of_who_may(bids: Bids) -> None:
    bids.versions.publish(
        [
            ("risk-officer", 1, "", "amount <= 1000000 CNY"),
            ("approver", 1, "", "amount <= 50000000 CNY"),
        ]
    )
    give(bids.kernel, FIRST, "he.lei")
    small, large = bids.waiting("1000000"), bids.waiting("20000000")
    assert bids.offered("he.lei", large).allowed
    assert bids.go("he.lei", small, grant)
    assert bids.go("he.lei", large, grant)
    behalf = [vote.behalf_of_id for vote in bids.votes()]
    assert behalf == [None, user(bids.kernel, FIRST)]


def test_what_is_no_vote_is_done_in_the_place_of_who_may_too(bids: Bids) -> None:
    bids.versions.publish(
        [
            ("risk-officer", 1, "", "amount <= 1000000 CNY"),
            ("approver", 1, "", "amount <= 50000000 CNY"),
        ]
    )
    give(bids.kernel, FIRST, "he.lei")
    small, large = bids.waiting("1000000"), bids.waiting("20000000")
    assert bids.go("he.lei", small, decline)
    assert bids.go("he.lei", large, decline)
    me, giver = user(bids.kernel, "he.lei"), user(bids.kernel, FIRST)
    assert (bids.declined(small), bids.declined(large)) == ([me], [me, giver])


# -- tasks ------------------------------------------------------------------------------------------------------------


def test_the_task_goes_to_those_who_can_decide(bids: Bids) -> None:
    bids.versions.publish()
    bids.waiting(TEN)
    assert bids.tasks(HEAD) == ["Decide on the bid"]
    assert bids.tasks(FIRST) == ["Decide on the bid"]
    assert bids.tasks(OTHER_HEAD) == []


def test_above_their_authority_nobody_has_the_task(bids: Bids) -> None:
    bids.versions.publish()
    bids.waiting("20000000")
    assert bids.tasks(HEAD) == []
    assert bids.tasks(FIRST) == bids.tasks(SECOND) == ["Decide on the bid"]


def test_when_it_is_decided_nobody_has_a_task_left(bids: Bids) -> None:
    bids.versions.publish()
    bids.go(HEAD, bids.waiting(TEN), grant)
    assert bids.tasks(HEAD) == bids.tasks(FIRST) == []


def test_the_words_of_a_blocker_are_asked_for_by_a_program_too(bids: Bids) -> None:
    bids.versions.publish()
    bid = bids.waiting("20000000")
    with as_actor(bids.kernel, HEAD, write=False) as ctx:
        found = blockers(ctx, ctx.session.get_one(Bid, bid), grant)
    assert len(found) == 1


def test_in_force_is_asked_for_any_day(bids: Bids) -> None:
    bids.versions.publish()
    bids.versions.publish([("approver", 1, "", "")], TOMORROW)
    with as_actor(bids.kernel, FIRST, write=False) as ctx:
        days = (date(2026, 6, 29), TODAY, TOMORROW, date(2036, 1, 1))
        found = [bids.engine.authorities.in_force(ctx, bids_decided, day) for day in days]
    assert [one and one.number for one in found] == [None, 1, 2, 2]
