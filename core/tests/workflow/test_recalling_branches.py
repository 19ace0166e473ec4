"""Steps around branches are taken back: what was brought in them stays, and only what people did counts."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.workflow.acts import refused
from core.tests.workflow.assays import CHAIR, JING, MOVER, OFFICER, SUN, WU, Assays
from tenor.workflow.records import Task
from tenor_sdk.approvals import Ballot
from tenor_sdk.errors import Conflict
from tenor_sdk.testing import make_user

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("assays",)


@pytest.fixture
def assays(institution: Any) -> Assays:
    return Assays(institution)


def test_what_went_by_itself_in_a_branch_stops_nobody(assays: Assays) -> None:
    from tenor_assays.workflow import start

    assay = assays.file(start)
    assert assays.branches()["bounce"] == "checking"  # by itself, with the step into it
    assays.recall(MOVER, assay, start)
    assert assays.state(assay) == "draft"


def test_what_somebody_did_in_a_branch_does(assays: Assays) -> None:
    from tenor_assays.workflow import ease, start

    assay = assays.file(start)
    assays.go(OFFICER, assay, ease)
    assert refused(Conflict, assays.recall, MOVER, assay, start).key == "not-to-recall"


def test_votes_of_an_earlier_round_of_a_branch_stop_nobody(assays: Assays) -> None:
    from tenor_assays.workflow import again, agree, ease, keep, start, step_on

    assay = assays.file(start)
    for who in (CHAIR, JING, SUN, WU):
        assays.says(who, assay, agree, Ballot.FOR)
    assays.go(OFFICER, assay, step_on)
    for step in (ease, keep):
        assays.go(OFFICER, assay, step)
    assays.go("gu.yan", assay, step_on)
    assert assays.state(assay) == "ready"
    assays.go(OFFICER, assay, again, reason="the scales were off")
    assays.go(MOVER, assay, start)
    assert assays.branches()["council"] == "voting"
    assays.recall(MOVER, assay, start)
    assert assays.state(assay) == "draft"


def test_a_join_that_is_taken_back_keeps_what_its_branches_brought(assays: Assays) -> None:
    from tenor_assays.workflow import join_light, lone_on, start_light

    assay = assays.file(start_light)
    assays.go(OFFICER, assay, lone_on)
    assays.go(MOVER, assay, join_light)
    assays.recall(MOVER, assay, join_light)
    assert (assays.state(assay), assays.branches()["solo"]) == ("light", "loned")
    assays.go(MOVER, assay, join_light)
    assert assays.state(assay) == "ready"


def test_the_last_step_of_a_branch_is_taken_back_with_the_join_that_went_by_itself(
    assays: Assays,
) -> None:
    from tenor_assays.workflow import duo_on, start_duo

    assay = assays.file(start_duo)
    assays.go(OFFICER, assay, duo_on)
    assert assays.state(assay) == "ready"
    assert assays.recallable(OFFICER, assay) == ["duo-on"]
    assays.recall(OFFICER, assay, duo_on)
    assert (assays.state(assay), assays.branches()["pair"]) == ("light-too", "duo")
    open_tasks = [one.stage for one in assays.rows(Task) if one.state == "open"]
    assert open_tasks == ["duo"]
    assays.go(OFFICER, assay, duo_on)
    assert assays.state(assay) == "ready"


def test_once_somebody_acted_after_the_join_it_is_too_late(assays: Assays) -> None:
    from tenor_assays.workflow import duo_on, settle_plain, start_duo

    assay = assays.file(start_duo)
    assays.go(OFFICER, assay, duo_on)
    assays.says(WU, assay, settle_plain, Ballot.FOR)
    assert assays.recallable(OFFICER, assay) == []
    assert refused(Conflict, assays.recall, OFFICER, assay, duo_on).key == "not-to-recall"


def test_nobody_else_takes_a_branchs_last_step_back(assays: Assays) -> None:
    from tenor_assays.workflow import duo_on, start_duo

    make_user(assays.kernel, "mei", positions=[("risk-officer", "HQ")], unit="HQ")
    assay = assays.file(start_duo)
    assays.go(OFFICER, assay, duo_on)
    assert assays.recallable("mei", assay) == []
    assert refused(Conflict, assays.recall, "mei", assay, duo_on).key == "not-to-recall"


def test_what_goes_straight_back_does_so_after_a_step_was_taken_back(assays: Assays) -> None:
    from tenor_assays.workflow import ask_back, present, shelve, start_light

    assay = assays.file(present)
    assays.go(OFFICER, assay, ask_back, reason="more")
    for step, state in ((start_light, "ready"), (shelve, "gone"), (start_light, "ready")):
        assays.go(MOVER, assay, step)
        assert assays.state(assay) == state
        assays.recall(MOVER, assay, step)
        assert assays.state(assay) == "draft"
    assays.go(MOVER, assay, start_light)
    assert assays.state(assay) == "ready"
