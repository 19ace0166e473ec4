"""A workflow drawn, and what stands beside each of its states."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from tenor_permits.workflow import prepare, reviewed, send_back, submit

from core.tests.workflow.permits import DECIDER, KEEPER, REVIEWER, Permits
from tenor.workflow.definitions import Definition, StateSpec, TransitionSpec
from tenor.workflow.drawing import Drawing, drawn
from tenor_sdk.testing import as_actor


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("permits",)


@pytest.fixture
def permits(institution: Any) -> Permits:
    return Permits(institution)


def state(name: str, final: str = "") -> StateSpec:
    return StateSpec(name=name, title=name, plugin="p", final=final)


def step(name: str, source: str, target: str) -> TransitionSpec:
    return TransitionSpec(name=name, title=name, plugin="p", sources=(source,), target=target)


def drawing(*steps: TransitionSpec) -> Drawing:
    states = (state("draft"), state("review"), state("done", "good"), state("dropped", "bad"))
    return drawn(Definition(workflow="w", table="t", title="", states=states, transitions=steps))


def test_boxes_stand_below_each_other_in_their_order() -> None:
    boxes = drawing(step("on", "draft", "review")).boxes
    assert [box.state.name for box in boxes] == ["draft", "review", "done", "dropped"]
    assert all(one.y + one.height < other.y for one, other in pairwise(boxes))


def test_steps_on_back_and_off_are_told_apart() -> None:
    made = drawing(
        step("on", "draft", "review"),
        step("back", "review", "draft"),
        step("drop", "draft", "dropped"),
    )
    kinds = {arrow.step.name: arrow.kind for arrow in made.arrows}
    assert kinds == {"on": "on", "back": "back", "drop": "off"}


def test_no_two_arrows_beside_the_boxes_share_a_lane() -> None:
    made = drawing(
        step("one", "draft", "done"),
        step("two", "draft", "dropped"),
        step("three", "review", "dropped"),
    )
    lanes = [arrow.path.split("H")[1].split("V")[0] for arrow in made.arrows]
    assert len(set(lanes)) == 3
    assert all(made.x + 280 < int(lane) < made.width for lane in lanes)


def test_time_is_counted_in_working_days_by_median_and_longest(permits: Permits) -> None:
    permits.at("2026-06-01T09:00")
    quick, slow = permits.file(), permits.file()
    for permit in (quick, slow):
        permits.go(KEEPER, permit, submit)
    permits.at("2026-06-03T09:00")
    permits.go(REVIEWER, quick, reviewed)
    permits.at("2026-06-08T09:00")  # a weekend lies between
    permits.go(REVIEWER, slow, reviewed)
    with as_actor(permits.kernel, "system", write=False) as ctx:
        from tenor_permits.records import Permit

        stays = permits.engine.figures.of(ctx, permits.engine.flows[Permit])
    review = stays["review"]
    assert (review.open, review.stays) == (0, 2)
    assert (review.middle, review.longest) == (Decimal("3.5"), Decimal("5.0"))
    assert stays["decision"].open == 2


def test_branches_are_reckoned_too(permits: Permits) -> None:
    from tenor_permits.records import Permit
    from tenor_permits.workflow import drafted

    permits.at("2026-06-01T09:00")
    permit = permits.file()
    permits.go(KEEPER, permit, submit)
    permits.go(REVIEWER, permit, prepare)
    permits.at("2026-06-02T09:00")
    permits.go("xu.min", permit, drafted)
    permits.go(DECIDER, permit, send_back, reason="once more")
    with as_actor(permits.kernel, "system", write=False) as ctx:
        stays = permits.engine.figures.of(ctx, permits.engine.flows[Permit])
    assert stays["drafting"].middle == Decimal("1.0")
