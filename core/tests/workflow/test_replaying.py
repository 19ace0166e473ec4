"""Today's definition over what last year's cases went through: how many would have gone another way, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from tenor_permits.records import Permit
from tenor_permits.workflow import (
    ask_again,
    drafted,
    drop,
    grant,
    prepare,
    review_again,
    reviewed,
    submit,
)

from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER, Permits
from tenor.base.replaying import definition_counted, definition_simulated, strands
from tenor.workflow.definitions import ApprovalSpec, Definition, StateSpec, TransitionSpec
from tenor.workflow.differences import (
    APART,
    ASKED,
    ASKS,
    BEGINS,
    FOR_GOOD,
    GONE,
    GUARDED,
    INSTEAD,
    LEADS,
    NOT_KEPT,
    OVER,
    UNASKED,
)
from tenor.workflow.duties import Rule
from tenor.workflow.records import WorkflowDefinition, WorkflowStep
from tenor_sdk.i18n import Text
from tenor_sdk.testing import as_actor
from tenor_sdk.views import Facts, Table
from tenor_test_support.statements import asking

pytestmark = pytest.mark.both_databases
SECOND = "liang.heng"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    made = Permits(institution)
    made.at("2026-06-01T10:00")
    return made


def granted(permits: Permits) -> int:
    permit = permits.at_decision()
    permits.go(DECIDER, permit, grant)
    assert permits.go(SECOND, permit, grant)
    return permit


def newer(permits: Permits, monkeypatch: pytest.MonkeyPatch, definition: Definition) -> None:
    flow = replace(permits.engine.flows[Permit], definition=definition)
    monkeypatch.setitem(permits.engine.flows, Permit, flow)


def now(permits: Permits) -> Definition:
    found: Definition = permits.engine.flows[Permit].definition
    return found


def changed(definition: Definition, step: str, **values: Any) -> Definition:
    """The definition with one transition otherwise."""
    steps = [
        replace(each, **values) if each.name == step else each for each in definition.transitions
    ]
    return replace(definition, transitions=tuple(steps))


def simulated(permits: Permits, most: int | None = None) -> Any:
    with as_actor(permits.kernel, "system", write=False) as ctx:
        flow = permits.engine.flows[Permit]
        return permits.engine.replaying.definition(ctx, flow, most)


def test_what_went_by_todays_definition_goes_the_same_way(permits: Permits) -> None:
    """Straight on, granted by two, back and straight to where it was, taken back, and through branches."""
    granted(permits)
    straight = permits.at_decision()
    permits.go(DECIDER, straight, ask_again, reason="a map is missing")
    permits.go(KEEPER, straight, submit)
    assert permits.state(straight) == "decision"
    again = permits.at_decision()
    permits.go(DECIDER, again, review_again, reason="look once more")
    permits.go(REVIEWER, again, reviewed)
    back = permits.file()
    permits.go(KEEPER, back, submit)
    permits.recall(KEEPER, back, submit)
    beside = permits.file()
    permits.go(KEEPER, beside, submit)
    permits.go(REVIEWER, beside, prepare)
    permits.go("xu.min", beside, drafted)
    permits.recall("xu.min", beside, drafted)
    found = simulated(permits)
    assert (found.looked_at, found.counts, found.unsaid, list(found.changed)) == (5, {}, 0, [])


@pytest.mark.parametrize(
    ("step", "values", "way"),
    [
        ("reviewed", {"name": "looked-over"}, GONE),
        ("reviewed", {"sources": ("intake",)}, BEGINS),
        ("reviewed", {"target": "plans"}, LEADS),
        ("reviewed", {"approval": True, "asks": ApprovalSpec(needed="two()")}, ASKED),
        ("grant", {"approval": False, "asks": None}, UNASKED),
        ("grant", {"asks": ApprovalSpec(authority="permits.powers")}, ASKS),
    ],
)
def test_a_step_that_is_otherwise_says_how(
    permits: Permits, monkeypatch: pytest.MonkeyPatch, step: str, values: dict[str, Any], way: str
) -> None:
    permit = granted(permits)
    newer(permits, monkeypatch, changed(now(permits), step, **values))
    found = simulated(permits)
    assert (found.counts, found.kinds, found.unsaid) == ({way: 1}, {(way, step): 1}, 0)
    assert [one.record_id for one in found.changed] == [permit]


def test_of_a_guard_that_was_added_nothing_is_known(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted(permits)
    newer(permits, monkeypatch, changed(now(permits), "reviewed", guards=("permits.new",)))
    found = simulated(permits)
    assert (found.counts, found.unsaid, list(found.changed)) == ({GUARDED: 1}, 1, [])
    assert [one.differences[0].after for one in found.unknown] == [("permits.new",)]


def test_what_an_approval_asked_before_definitions_said_it_is_not_known(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = now(permits)
    newer(permits, monkeypatch, changed(today, "grant", asks=None))
    granted(permits)
    newer(permits, monkeypatch, today)
    found = simulated(permits)
    assert (found.counts, found.unsaid) == ({NOT_KEPT: 1}, 1)


def test_what_was_taken_back_and_can_not_be_any_more(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = permits.file()
    permits.go(KEEPER, back, submit)
    permits.recall(KEEPER, back, submit)
    newer(permits, monkeypatch, changed(now(permits), "submit", recall=False))
    assert simulated(permits).kinds == {(FOR_GOOD, "submit"): 1}


def test_a_time_that_would_have_been_over_is_counted_in_working_days(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    permits.file()  # takes no step: isn't looked at
    slow, quick = permits.file(), permits.file()
    permits.go(KEEPER, quick, submit)
    permits.at("2026-06-04T18:01")
    permits.go(KEEPER, slow, submit)
    lapse = TransitionSpec(
        name="expire",
        title="Expire",
        plugin="permits",
        sources=("draft",),
        target="dropped",
        after=3,
    )
    definition = now(permits)
    newer(permits, monkeypatch, replace(definition, transitions=(*definition.transitions, lapse)))
    found = simulated(permits)
    assert (found.looked_at, found.kinds) == (2, {(OVER, "expire"): 1})
    assert [one.record_id for one in found.changed] == [slow]


def test_what_might_have_gone_by_itself_instead_is_not_known(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted(permits)
    skip = TransitionSpec(
        name="skip", title="Skip", plugin="permits", sources=("review",), target="decision",
        automatic=True, guards=("permits.small",),
    )  # fmt: skip
    definition = now(permits)
    newer(permits, monkeypatch, replace(definition, transitions=(*definition.transitions, skip)))
    assert simulated(permits).kinds == {(INSTEAD, "skip"): 1}


def test_a_branch_that_is_gone_takes_its_steps_with_it(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, prepare)
    permits.go("xu.min", permit, drafted)
    definition = now(permits)

    def without(state: StateSpec) -> StateSpec:
        return replace(state, branches=tuple(one for one in state.branches if one.name != "deed"))

    states = tuple(without(state) for state in definition.states)
    newer(permits, monkeypatch, replace(definition, states=states))
    assert simulated(permits).kinds == {(GONE, "drafted"): 1}


def test_one_person_who_did_what_is_kept_apart_now(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    both, two = permits.file(), permits.file()
    permits.go(KEEPER, both, submit)
    permits.go(KEEPER, both, drop)
    permits.go(KEEPER, two, submit)
    permits.go(REVIEWER, two, reviewed)
    rule = Rule(Text("Who submits never drops"), frozenset({"submit", "drop"}))
    monkeypatch.setitem(permits.engine.duties._rules, Permit, [rule])
    found = simulated(permits)
    assert (found.looked_at, found.kinds) == (2, {(APART, "drop"): 1})
    assert [one.record_id for one in found.changed] == [both]


def test_a_case_that_was_moved_went_its_first_steps_by_the_definition_of_then(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    permit = permits.at_decision()
    newer(permits, monkeypatch, changed(now(permits), "reviewed", guards=("permits.new",)))
    permits.at("2026-06-02T10:00")
    assert permits.engine.migrating.apply(permits.engine.flows[Permit], {}, "a new law") == 1
    found = simulated(permits)
    assert (found.counts, [one.record_id for one in found.unknown]) == ({GUARDED: 1}, [permit])


def test_the_year_ends_and_the_latest_go_first(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    permits.go(KEEPER, permits.file(), submit)
    permits.at("2027-05-31T10:00")
    latest = permits.file()
    permits.go(KEEPER, latest, submit)
    newer(permits, monkeypatch, changed(now(permits), "submit", name="hand-in"))
    one = simulated(permits, most=1)
    assert (one.looked_at, one.more, [each.record_id for each in one.changed]) == (1, 1, [latest])
    assert (simulated(permits).looked_at, simulated(permits).more) == (2, 0)
    permits.at("2027-06-02T10:00")
    assert simulated(permits).looked_at == 1


def test_it_asks_as_many_statements_for_ten_cases_as_for_one_and_writes_nothing(
    permits: Permits,
) -> None:
    def asked() -> int:
        with asking(permits.kernel.db.reader) as statements:
            simulated(permits)
        return len(statements)

    granted(permits)
    asked()
    one = asked()
    for _ in range(9):
        granted(permits)
    before = permits.rows(WorkflowStep), permits.rows(WorkflowDefinition)
    assert asked() == one
    assert (permits.rows(WorkflowStep), permits.rows(WorkflowDefinition)) == before


def test_the_page_counts_by_step_and_names_what_its_reader_may_see(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted(permits)
    newer(permits, monkeypatch, changed(now(permits), "reviewed", target="plans"))
    flow = permits.engine.flows[Permit]

    def sheets(login: str) -> Any:
        with as_actor(permits.kernel, login, write=False) as ctx:
            facts, table = definition_simulated(cast("Any", ctx), flow)
            assert isinstance(facts, Facts)
            assert isinstance(table, Table)
            return [(str(words), n) for words, n, _kind in facts.rows], list(table.rows)

    counts, rows = sheets(REVIEWER)
    assert counts == [
        ("Looked at", 1),
        ("Would have gone another way", 1),
        ("The step leads elsewhere", 1),
        ("The step leads elsewhere: Pass on", 1),
    ]
    ((_case, what, before, after),) = rows
    assert [str(one) for one in (what, before, after)] == [
        "The step leads elsewhere: Pass on",
        "Decision",
        "Plans",
    ]
    assert sheets("ding.ning") == (counts, [])


def test_what_the_newer_definition_would_strand_is_counted(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    permits.file()
    permits.go(KEEPER, permits.file(), submit)
    definition = now(permits)
    states = tuple(state for state in definition.states if state.name != "review")
    newer(permits, monkeypatch, replace(definition, states=states))
    with as_actor(permits.kernel, "system", write=False) as ctx:
        plan = permits.engine.migrating.plan(ctx, permits.engine.flows[Permit])
        moved = permits.engine.migrating.plan(
            ctx, permits.engine.flows[Permit], {"review": "decision"}
        )
        older = permits.engine.replaying.older(ctx, permits.engine.flows[Permit])
        counted = definition_counted(
            cast("Any", ctx), permits.engine.flows[Permit], simulated(permits)
        )
    assert [n for _words, n in strands(plan)] == [1, 0, 1]
    assert [n for _words, n in strands(moved)] == [1, 1, 0]
    assert older == 2
    assert counted[0][1] == 1
