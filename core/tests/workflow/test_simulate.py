"""A version of an authority over last year's decisions, before it is published."""

from __future__ import annotations

from typing import Any, cast

import pytest
from tenor_bids.workflow import grant

from core.tests.workflow.test_authorities import FIRST, HEAD, SECOND, TEN, Bids
from core.tests.workflow.versions import PLAIN, TOMORROW, Line
from tenor.base.simulating import authority_simulated, simulate_authority
from tenor.workflow.records import AuthorityVersion, Vote
from tenor.workflow.simulate import MORE, NOBODY, OTHERS, PRIORITY
from tenor.workflow.task_rules import RuleSpec
from tenor_sdk.testing import as_actor
from tenor_sdk.values import Amount
from tenor_sdk.views import Facts, Table

pytestmark = pytest.mark.both_databases
#: a branch head up to five million, and two approvers above
LOWER: tuple[Line, ...] = (("branch-head", 1, "", "amount <= 5000000 CNY"), ("approver", 2, "", ""))


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("bids",)


@pytest.fixture
def bids(institution: Any) -> Bids:
    """Three decisions: one of four millions and one of ten by a branch head, one of twenty by two approvers."""
    made = Bids(institution)
    made.versions.publish()
    for amount in ("4000000", TEN):
        assert made.go(HEAD, made.waiting(amount), grant)
    large = made.waiting("20000000")
    made.go(FIRST, large, grant)
    assert made.go(SECOND, large, grant)
    return made


def simulated(bids: Bids, lines: Any, login: str = "zhou.qiming") -> Any:
    version = bids.versions.draft(lines, TOMORROW)
    with as_actor(bids.kernel, login, write=False) as ctx:
        return simulate_authority(cast("Any", ctx), ctx.session.get_one(AuthorityVersion, version))


def test_the_same_lines_change_nothing(bids: Bids) -> None:
    found = simulated(bids, PLAIN)
    assert (found.looked_at, list(found.changed), found.unsaid) == (3, [], 0)


def test_a_lower_limit_says_which_decisions_would_have_taken_more(bids: Bids) -> None:
    found = simulated(bids, LOWER)
    assert (found.looked_at, found.counts) == (3, {MORE: 1})
    (case,) = found.changed
    assert [one.position for one in case.before.lines] == ["branch-head", "approver"]
    assert [one.position for one in case.after.lines] == ["approver"]


def test_of_the_latest_decisions_only_says_how_many_more_there_are(bids: Bids) -> None:
    version = bids.versions.draft(LOWER, TOMORROW)
    with as_actor(bids.kernel, "zhou.qiming", write=False) as ctx:
        draft = ctx.session.get_one(AuthorityVersion, version)
        latest = simulate_authority(cast("Any", ctx), draft, most=1)
        three = simulate_authority(cast("Any", ctx), draft, most=3)
    assert latest is not None
    assert three is not None
    # the large one of two approvers
    assert (latest.looked_at, latest.more, latest.counts) == (1, 2, {})
    assert (three.looked_at, three.more, three.counts) == (3, 0, {MORE: 1})


def test_a_higher_limit_says_which_others_could_have_decided(bids: Bids) -> None:
    higher = (("branch-head", 1, "", "amount <= 50000000 CNY"), ("approver", 2, "", ""))
    assert simulated(bids, higher).counts == {OTHERS: 1}


def test_where_no_line_covers_it_nobody_would_have_decided(bids: Bids) -> None:
    assert simulated(bids, (("branch-head", 1, "", "amount <= 10000000 CNY"),)).counts == {
        NOBODY: 1,
        OTHERS: 2,
    }


def test_of_what_was_not_asked_then_nothing_is_said(bids: Bids) -> None:
    found = simulated(bids, (("branch-head", 1, "", "months <= 12"), ("approver", 2, "", "")))
    assert (found.looked_at, found.unsaid, list(found.changed)) == (3, 3, [])


def test_it_is_worked_out_from_what_was_kept_and_not_from_what_stands_now(bids: Bids) -> None:
    from tenor_bids.records import Bid

    before = simulated(bids, LOWER)
    with bids.kernel.db.raw() as connection:
        connection.execute(Bid.__table__.update().values(amount=Amount(1)))
    votes = bids.votes()
    again = simulated(bids, LOWER)
    assert (again.counts, again.looked_at) == (before.counts, before.looked_at)
    assert bids.votes() == votes


def test_the_page_names_only_what_its_reader_may_see(bids: Bids) -> None:
    """周启明 sees every bid, 许敏 none: both are told how many."""
    version = bids.versions.draft(LOWER, TOMORROW)

    def sheets(login: str) -> tuple[Any, int]:
        with as_actor(bids.kernel, login, write=False) as ctx:
            found = ctx.session.get_one(AuthorityVersion, version)
            facts, table = authority_simulated(ctx, found)
            assert isinstance(facts, Facts)
            assert isinstance(table, Table)
            return [value for _words, value, _kind in facts.rows], len(table.rows)

    assert sheets("zhou.qiming") == ([3, 1, 1], 1)
    assert sheets("xu.min") == ([3, 1, 1], 0)


def test_what_is_published_is_not_simulated(bids: Bids) -> None:
    with as_actor(bids.kernel, "zhou.qiming", write=False) as ctx:
        version = ctx.session.query(AuthorityVersion).one()
        assert simulate_authority(cast("Any", ctx), version) is None
        assert not authority_simulated(ctx, version)


def test_what_fell_counts_for_nothing(bids: Bids) -> None:
    with bids.kernel.db.raw() as connection:
        connection.execute(Vote.__table__.update().values(void_at=bids.kernel.clock.now()))
    assert simulated(bids, LOWER).looked_at == 0


def test_rules_of_tasks_say_nothing_of_whose_a_decision_is_where_an_authority_does(
    bids: Bids,
) -> None:
    engine = bids.kernel.workflow
    flow = engine.work.rules.flow("bids.bid")
    rule = RuleSpec("decision", position="risk-officer", priority=3)
    with as_actor(bids.kernel, "zhou.qiming", write=False) as ctx:
        found = engine.simulations.tasks(ctx, flow, {"decision": rule})
    assert set(found.counts) == {PRIORITY}
