"""A stranger extends the errands: a column, a stage, a guard, a part of a computation, a reaction."""

from typing import Any

import pytest
from sqlalchemy import select

from tenor_errands.public import Errand, add_errand, effort_of, finish
from tenor_errands.workflow import start
from tenor_sdk import Blocked
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import transition
from tenor_visits.records import ErrandVisits
from tenor_visits.workflow import confirm

pytestmark = pytest.mark.both_databases
RUNNER = "lin.xiaowen"


@pytest.fixture
def errand_id(institution: Institution) -> int:
    with as_actor(institution, RUNNER) as ctx:
        return add_errand(ctx, "去工商局").id


def move(institution: Institution, errand_id: int, how: Any) -> str:
    with as_actor(institution, RUNNER) as ctx:
        errand = ctx.session.get_one(Errand, errand_id)
        transition(ctx, errand, how)
        return errand.state


def visits(institution: Institution, errand_id: int) -> int:
    with as_actor(institution, RUNNER, write=False) as ctx:
        counted = ctx.session.get(ErrandVisits, errand_id)
        return counted.visits if counted else 0


def test_setting_out_counts_a_visit(institution: Institution, errand_id: int) -> None:
    assert visits(institution, errand_id) == 0
    assert move(institution, errand_id, start) == "under-way"
    assert visits(institution, errand_id) == 1


def test_the_count_is_part_of_the_effort(institution: Institution, errand_id: int) -> None:
    move(institution, errand_id, start)
    with as_actor(institution, RUNNER, write=False) as ctx:
        errand = ctx.session.get_one(Errand, errand_id)
        assert effort_of(ctx, errand) == [("errand", 60), ("visits", 30)]


def test_finishing_leads_to_the_check_that_the_stranger_put_there(
    institution: Institution, errand_id: int
) -> None:
    move(institution, errand_id, start)
    assert move(institution, errand_id, finish) == "checking"
    assert move(institution, errand_id, confirm) == "done"


def test_the_strangers_guard_stands_in_the_way_of_the_hosts_transition(
    institution: Institution, errand_id: int
) -> None:
    move(institution, errand_id, start)
    with as_actor(institution, RUNNER) as ctx:
        ctx.session.get_one(ErrandVisits, errand_id).visits = 0
    with pytest.raises(Blocked) as blocked:
        move(institution, errand_id, finish)
    (blocker,) = blocked.value.blockers
    assert blocker.what.message == "Nobody has set out for this errand"


def test_the_strangers_column_is_in_the_hosts_list(institution: Any, errand_id: int) -> None:
    from tenor.records import PageQuery

    move(institution, errand_id, start)
    with as_actor(institution, RUNNER, write=False) as ctx:
        page = institution.records.page(ctx, institution.views.list_view(Errand), PageQuery())
    assert [column.key for column in page.columns][1:3] == ["subject", "visits"]
    assert [row["visits"] for row in page.rows] == [1]


def test_the_strangers_count_stands_in_the_hosts_title_block(institution: Any) -> None:
    assert institution.views.form(Errand).facts[0] is ErrandVisits.visits


def test_the_strangers_counts_are_seen_by_whoever_sees_the_errand(
    institution: Institution, errand_id: int
) -> None:
    move(institution, errand_id, start)
    with as_actor(institution, "shen.bai", write=False) as ctx:
        assert ctx.session.scalars(select(Errand)).all() == []
        assert ctx.session.scalars(select(ErrandVisits)).all() == []
