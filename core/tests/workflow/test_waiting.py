"""A permit waits for its plans, an opening for its permit: each goes on by itself when the last has arrived."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tenor_permits.records import Opening, Permit, Plan
from tenor_permits.workflow import approve_plan, draw, drawn, grant, submit, void

from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER, Permits
from core.tests.workflow.test_merging import declare
from tenor.jobs.records import Job
from tenor.workflow.merging import merge
from tenor_sdk.testing import as_actor, run_jobs
from tenor_sdk.workflow import blockers, transition

pytestmark = pytest.mark.both_databases

RENAMED = """
from tenor_permits.records import Plan
opened = State(name="open", title="Open")
agreed = State(name="agreed", title="Agreed")
cancelled = State(name="cancelled", title="Cancelled", final="good")
agree = Transition(name="approve-plan", title="Agree", source=opened, target=agreed)
cancel = Transition(name="void", title="Cancel", source=(opened, agreed), target=cancelled)
flow = Workflow(
    Plan.state, states=(opened, agreed, cancelled), transitions=(agree, cancel),
    replaces={"approved": agreed, "void": cancelled},
)
"""
#: reads plans and no permit
DRAUGHTSMAN = "feng.lei"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


def plan(permits: Permits, permit: int, name: str) -> int:
    with as_actor(permits.kernel, KEEPER) as ctx:
        made = Plan(name=name, permit_id=permit, unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
        ctx.session.add(made)
        ctx.session.flush()
        return made.id


def settle(permits: Permits, made: int, how: Any = approve_plan) -> None:
    """The draughtsman is done with a plan."""
    with as_actor(permits.kernel, DRAUGHTSMAN) as ctx:
        transition(ctx, ctx.session.get_one(Plan, made), how)


def waiting(permits: Permits, *names: str) -> tuple[int, list[int]]:
    """A permit that waits for its plans."""
    permit = permits.file()
    made = [plan(permits, permit, name) for name in names]
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, draw)
    return permit, made


def looked_at(permits: Permits) -> int:
    """How often a record was looked at because another arrived."""
    return [row.name for row in permits.rows(Job)].count("base.go_on")


def test_it_goes_on_when_the_last_has_arrived_and_not_before(permits: Permits) -> None:
    permit, (north, south) = waiting(permits, "north", "south")
    settle(permits, north)
    run_jobs(permits.kernel)
    assert permits.state(permit) == "plans"
    settle(permits, south, void)
    run_jobs(permits.kernel)
    assert permits.state(permit) == "decision"


def test_who_moved_the_last_need_not_see_who_waited(permits: Permits) -> None:
    permit, (north,) = waiting(permits, "north")
    with as_actor(permits.kernel, DRAUGHTSMAN, write=False) as ctx:
        assert ctx.session.get(Permit, permit) is None
    settle(permits, north)
    run_jobs(permits.kernel)
    assert permits.state(permit) == "decision"
    step = permits.do(REVIEWER, permit, permits.engine.history)[-1]
    assert (step.transition, step.automatic, step.user_id) == ("drawn", True, None)


def test_it_is_looked_at_when_one_arrives_and_at_no_other_time(permits: Permits) -> None:
    _permit, (north, _south) = waiting(permits, "north", "south")
    run_jobs(permits.kernel)
    assert looked_at(permits) == 0
    settle(permits, north)
    for _time in range(3):
        run_jobs(permits.kernel)
    assert looked_at(permits) == 1


@pytest.fixture
def renamed(permits: Permits, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The next version of the plans' workflow, in service since cases began: both ends bear other names."""
    names = declare("permits", RENAMED)
    flow = merge(names["flow"])
    monkeypatch.setitem(permits.engine.flows, Plan, flow)
    monkeypatch.setitem(permits.engine.moving._parts.waits._flows, Plan.__tablename__, flow)
    return {**names, "merged": flow}


def test_what_is_waited_for_arrives_also_where_its_state_bears_another_name_by_then(
    permits: Permits, request: pytest.FixtureRequest
) -> None:
    permit, (north,) = waiting(permits, "north")
    settle(permits, north)
    renamed = request.getfixturevalue("renamed")
    permits.engine.migrating.follow(renamed["merged"], {}, "an upgrade")
    assert looked_at(permits) == 2  # as it was approved, and as it came into the heir of that state
    run_jobs(permits.kernel)
    assert permits.state(permit) == "decision"


def test_what_ended_under_a_former_name_is_not_waited_for(
    permits: Permits, request: pytest.FixtureRequest
) -> None:
    permit, (north,) = waiting(permits, "north")
    settle(permits, north, void)
    request.getfixturevalue("renamed")
    assert waits_for(permits, permit, "cancelled") == []
    assert waits_for(permits, permit, "agreed") == ["north: void"]


def waits_for(permits: Permits, permit: int, state: str) -> list[str]:
    """What stands in the way of a permit whose workflow waits until its plans are in a state."""
    waits = permits.engine.moving._parts.waits
    (spec,) = (wait for _flow, wait in waits._waiting[Plan.__tablename__])
    with as_actor(permits.kernel, KEEPER, write=False) as ctx:
        found = waits._blockers(
            ctx, ctx.session.get_one(Permit, permit), replace(spec, until=(state,))
        )
        return [permits.kernel.translator.text(one.what, "en") for one in found]


def test_until_then_it_says_what_it_waits_for(permits: Permits) -> None:
    permit, _made = waiting(permits, "north", "south")
    found = permits.do(KEEPER, permit, lambda ctx, one: blockers(ctx, one, drawn))
    say = permits.kernel.translator.text
    assert [(say(one.what, "en"), say(one.why, "en")) for one in found] == [
        ("north: Open", "Waits until it is: Approved or Void"),
        ("south: Open", "Waits until it is: Approved or Void"),
    ]
    assert found[0].href.startswith("/permits/plan/")


def test_what_one_may_not_see_is_counted_and_not_named(permits: Permits) -> None:
    permit, _made = waiting(permits, "north", "south")
    found = permits.do(REVIEWER, permit, lambda ctx, one: blockers(ctx, one, drawn))
    say = permits.kernel.translator.text
    assert [(say(one.what, "en"), one.href) for one in found] == [
        ("2 records that you may not see", "")
    ]


def test_where_all_have_arrived_it_does_not_stop_at_all(permits: Permits) -> None:
    permit = permits.file()
    settle(permits, plan(permits, permit, "north"))
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, draw)
    assert permits.state(permit) == "decision"


def test_a_record_waits_for_the_one_that_it_links_to(permits: Permits) -> None:
    permit = permits.at_decision()
    with as_actor(permits.kernel, KEEPER) as ctx:
        made = Opening(permit_id=permit, unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
        ctx.session.add(made)
        ctx.session.flush()
        opening = made.id
    permits.go(DECIDER, permit, grant)
    permits.go("liang.heng", permit, grant)
    run_jobs(permits.kernel)
    with as_actor(permits.kernel, KEEPER, write=False) as ctx:
        assert ctx.session.get_one(Opening, opening).state == "opened"
