"""Errands, without anybody who extends them."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tenor_errands.events import ErrandStarted
from tenor_errands.public import Errand, add_errand, effort_of
from tenor_errands.workflow import drop, finish, start
from tenor_sdk import Blocked, Invalid
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases
RUNNER = "lin.xiaowen"


def added(institution: Institution, subject: str = "去工商局") -> int:
    with as_actor(institution, RUNNER) as ctx:
        return add_errand(ctx, subject).id


def move(institution: Institution, errand_id: int, how: Any, reason: str = "") -> str:
    with as_actor(institution, RUNNER) as ctx:
        errand = ctx.session.get_one(Errand, errand_id)
        transition(ctx, errand, how, reason=reason)
        return errand.state


def test_errands_are_numbered_by_year(institution: Institution) -> None:
    ids = [added(institution), added(institution)]
    with as_actor(institution, RUNNER, write=False) as ctx:
        numbers = [ctx.session.get_one(Errand, each).number for each in ids]
    assert numbers == ["ERR-2026-0001", "ERR-2026-0002"]


def test_an_errand_goes_from_to_do_to_done(institution: Institution) -> None:
    errand_id = added(institution)
    assert move(institution, errand_id, start) == "under-way"
    assert move(institution, errand_id, finish) == "done"


def test_a_due_date_in_the_past_is_refused(institution: Institution) -> None:
    with pytest.raises(Invalid) as refused, as_actor(institution, RUNNER) as ctx:
        add_errand(ctx, "too late", date(2026, 6, 29))
    assert refused.value.key == "due-in-the-past"


def test_at_most_three_errands_are_under_way(institution: Institution) -> None:
    for _number in range(3):
        move(institution, added(institution), start)
    with pytest.raises(Blocked) as blocked:
        move(institution, added(institution), start)
    assert [blocker.what.values for blocker in blocked.value.blockers] == [{"most": 3}]


def test_dropping_takes_a_reason(institution: Institution) -> None:
    errand_id = added(institution)
    with pytest.raises(Invalid):
        move(institution, errand_id, drop)
    assert move(institution, errand_id, drop, "nobody needs it any more") == "dropped"


def test_an_errand_of_another_branch_is_not_there(institution: Institution) -> None:
    errand_id = added(institution)
    with as_actor(institution, "shen.bai", write=False) as ctx:
        assert ctx.session.get(Errand, errand_id) is None


def test_without_anybody_taking_part_the_effort_is_the_errands_own(
    institution: Institution,
) -> None:
    errand_id = added(institution)
    with as_actor(institution, RUNNER, write=False) as ctx:
        assert effort_of(ctx, ctx.session.get_one(Errand, errand_id)) == [("errand", 60)]


def test_starting_tells_the_others_in_the_outbox(institution: Any) -> None:
    from tenor.events.records import OutboxEvent

    errand_id = added(institution)
    move(institution, errand_id, start)
    table = OutboxEvent.__table__.c
    with institution.db.raw(write=False) as connection:
        rows = connection.execute(select(table.name, table.payload)).all()
    assert (ErrandStarted.event_name, {"errand_id": errand_id}) in [tuple(row) for row in rows]
