"""Who is given a task of a branch: those who may do it there, by what they did and where they hold the position."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from core.tests.workflow.acts import refused
from core.tests.workflow.assays import KEEPER, OFFICER, Assays
from core.tests.workflow.standing_in import change_user, give
from tenor.access.records import Unit, UserPosition
from tenor.workflow.records import Task
from tenor_sdk.errors import Refused
from tenor_sdk.testing import as_actor, make_user, run_jobs

pytestmark = pytest.mark.both_databases

HE = "he.lei"


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    return ("assays",)


@pytest.fixture
def assays(institution: Any) -> Assays:
    return Assays(institution)


def task_of(assays: Assays, assay: int) -> Any:
    (found,) = (one for one in assays.rows(Task) if (one.record_id, one.stage) == (assay, "easy"))
    return found


def begun(assays: Assays, login: str) -> Any:
    """The task before whoever eases what somebody made."""
    from tenor_assays.workflow import start

    return task_of(assays, assays.file(start, login=login))


def test_a_task_isnt_given_to_who_is_away_where_only_its_maker_stands_in(assays: Assays) -> None:
    make_user(assays.kernel, "jack", positions=[("relationship-manager", "YZ")], unit="YZ")
    change_user(assays.kernel, HE, on_leave_until=date(2026, 12, 31))
    task = begun(assays, "jack")
    assert task.assignee_id == assays.user(OFFICER)
    give(assays.kernel, HE, "jack", "risk-officer", until=date(2026, 6, 30))
    with as_actor(assays.kernel, KEEPER) as ctx:
        hand_over, taker = assays.engine.hand_over, assays.user(HE)
        assert (
            refused(Refused, hand_over, ctx, task.id, taker, reason="x").key == "cannot-take-task"
        )


def test_the_task_of_who_holds_the_position_in_another_unit_by_now_goes_on(assays: Assays) -> None:
    make_user(assays.kernel, "mei", positions=[("risk-officer", "YZ")], unit="YZ")
    task = begun(assays, "lin.xiaowen")
    mei, units = assays.user("mei"), {row.code: row.id for row in assays.rows(Unit)}
    assert (task.assignee_id, task.unit_id) == (mei, units["YZ"])
    elsewhere = next(units[code] for code in units if code not in ("YZ", "HQ"))
    held = UserPosition.__table__
    with assays.kernel.db.raw() as connection:
        moved = update(held).where(held.c.user_id == mei)
        connection.execute(moved.values(unit_id=elsewhere))
    for minute in (10, 20, 30):
        assays.at(f"2026-06-01T10:{minute}")
        run_jobs(assays.kernel)
    now = task_of(assays, task.record_id)
    assert now.assignee_id not in (None, mei)
    told = [one for one in assays.ledger("task-passed-on") if one.record_id == task.record_id]
    assert len(told) == 1  # and stays with whoever it went to
