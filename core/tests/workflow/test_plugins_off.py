"""A case in flight keeps the definition with which it began: while a plugin is off, what it would decide stays shut."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tenor_inspections.workflow import inspect
from tenor_petitions.records import Petition
from tenor_petitions.workflow import Assessment, approve, assess, decline, submit

from core.tests.workflow.acts import Acts
from tenor.testing import start, stop
from tenor.workflow.records import WorkflowDefinition
from tenor_sdk.errors import Blocked, Conflict
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("petitions", "inspections")


@contextmanager
def without_inspections(database: str, folder: Path) -> Iterator[Acts]:
    """The same institution, the plugin ``inspections`` being off."""
    kernel = start(database, ["petitions"], folder)
    try:
        yield Acts(kernel)
    finally:
        stop(kernel)


def inspected(acts: Acts) -> int:
    """A petition that has come as far as the stranger's stage."""
    petition = acts.file(subject="a bridge, inspected")
    acts.go("lin.xiaowen", petition, submit)
    acts.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
    return petition


def whats(found: Any) -> list[str]:
    return [str(blocker.what) for blocker in found]


def test_a_stranger_puts_a_stage_and_a_guard_into_the_way(acts: Acts) -> None:
    petition = inspected(acts)
    assert acts.state(petition) == "inspection"
    acts.go("zhou.qiming", petition, inspect)
    assert acts.go("gu.yan", petition, approve)


def test_the_strangers_guard_blocks_the_hosts_step(acts: Acts) -> None:
    petition = acts.at_approval(subject="a bridge")
    acts.go("zhou.qiming", petition, inspect)
    with pytest.raises(Blocked) as error:
        acts.go("gu.yan", petition, approve)
    assert whats(error.value.blockers) == ["An inspection"]


def test_a_step_into_the_stage_of_a_plugin_that_is_off_is_blocked(
    acts: Acts, database: str, tmp_path: Path
) -> None:
    petition = acts.file(subject="a bridge, inspected")
    acts.go("lin.xiaowen", petition, submit)
    with without_inspections(database, tmp_path) as off:
        with pytest.raises(Blocked) as error:
            off.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))
        assert whats(error.value.blockers) == ["Needs the plugin inspections, which is off"]
        assert (
            off.kernel.translator.text(error.value.blockers[0].what, "zh-CN")
            == "需要插件 inspections，该插件已停用"
        )
    assert acts.go("zhou.qiming", petition, assess, Assessment(opinion="sound"))


def test_a_guard_whose_plugin_is_off_blocks_and_never_lets_pass(
    acts: Acts, database: str, tmp_path: Path
) -> None:
    petition = inspected(acts)
    acts.go("zhou.qiming", petition, inspect)
    with without_inspections(database, tmp_path) as off:
        with pytest.raises(Blocked) as error:
            off.go("gu.yan", petition, approve)
        assert whats(error.value.blockers) == ["Needs the plugin inspections, which is off"]
        # what the plugin has no part in goes on
        assert off.go("gu.yan", petition, decline, reason="too dear")


def test_a_case_that_stands_in_a_stage_of_a_plugin_that_is_off_waits_with_words(
    acts: Acts, database: str, tmp_path: Path
) -> None:
    petition = inspected(acts)
    with without_inspections(database, tmp_path) as off:
        offered = off.do("zhou.qiming", petition, off.engine.available)
        assert [(one.name, one.allowed, one.how, whats(one.blockers)) for one in offered] == [
            ("inspect", False, None, ["Needs the plugin inspections, which is off"])
        ]
        bar = off.do("zhou.qiming", petition, off.engine.stage_bar)
        assert next(stage for stage in bar if stage.status == "current").name == "inspection"
        assert str(off.engine.state_title(Petition, "inspection")) == "Inspection"
        assert not off.do("zhou.qiming", petition, off.engine.frozen)
        assert not off.do("zhou.qiming", petition, off.engine.advance)
    assert acts.go("zhou.qiming", petition, inspect)


def test_new_cases_begin_without_the_plugin_that_is_off_and_stay_so(
    acts: Acts, database: str, tmp_path: Path
) -> None:
    with without_inspections(database, tmp_path) as off:
        petition = off.at_approval()
        assert off.state(petition) == "approval"
    assert acts.go("gu.yan", petition, approve)


def test_a_step_that_a_case_did_not_begin_with_is_not_its(
    acts: Acts, database: str, tmp_path: Path
) -> None:
    with without_inspections(database, tmp_path) as off:
        petition = off.at_approval()
    with pytest.raises(Conflict) as error:
        acts.go("zhou.qiming", petition, inspect)
    assert error.value.key == "not-in-this-version"


def test_a_definition_is_stored_once_for_each_content(
    acts: Acts, database: str, tmp_path: Path
) -> None:
    for _ in range(3):
        acts.file()
    with without_inspections(database, tmp_path) as off:
        off.file()
        off.file()
    acts.file()
    stored = acts.rows(WorkflowDefinition)
    assert len(stored) == len({row.hash for row in stored}) == 2
    guards = {each["name"]: each["guards"] for each in stored[0].content["transitions"]}
    assert guards["approve"] == ["inspections.was_inspected"]


def test_a_definition_of_an_act_that_was_undone_is_stored_by_the_next(acts: Acts) -> None:
    with pytest.raises(ZeroDivisionError), as_actor(acts.kernel, "lin.xiaowen") as ctx:
        ctx.session.add(Petition(subject="x", unit_id=ctx.actor.unit_id))
        ctx.session.flush()
        raise ZeroDivisionError
    assert acts.rows(WorkflowDefinition) == []
    petition = acts.file()
    assert acts.state(petition) == "draft"
    assert len(acts.rows(WorkflowDefinition)) == 1
