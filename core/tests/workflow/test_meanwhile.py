"""What changes while somebody is at work: a role goes, a unit moves, a person moves; rights follow what is now."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update
from tenor_petitions.records import Petition
from tenor_petitions.workflow import submit

from core.tests.workflow.acts import refused
from core.tests.workflow.standing_in import give, user
from tenor.access.records import Unit, User, UserPosition, UserRole
from tenor.base.services import add_unit
from tenor.loader.stage import actor_of
from tenor.workflow.records import Task
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.workflow import transition

pytestmark = pytest.mark.both_databases


def unit(kernel: Any, code: str) -> int:
    with as_actor(kernel, "ding.ning", write=False) as ctx:
        return int(ctx.session.scalars(select(Unit.id).where(Unit.code == code)).one())


def move_unit(kernel: Any, code: str, above: int | None) -> None:
    """As an administrator's form does."""
    with as_actor(kernel, "ding.ning") as ctx:
        ctx.session.scalars(select(Unit).where(Unit.code == code)).one().parent_id = above


def sees(kernel: Any, login: str) -> set[int]:
    with as_actor(kernel, login, write=False) as ctx:
        return set(ctx.session.scalars(select(Petition.id)))


def submit_as(kernel: Any, login: str, petition: int) -> None:
    with as_actor(kernel, login) as ctx:
        transition(ctx, Petition(id=petition), submit)


# -- a role -----------------------------------------------------------------------------------------------------------


def test_a_role_that_is_taken_away_between_page_and_button_moves_nothing(acts: Any) -> None:
    kernel = acts.kernel
    make_user(
        kernel, "mei", positions=[("legal", "YZ")], roles=["petitions.petition-filer"], unit="YZ"
    )
    make_user(kernel, "mo", positions=[("relationship-manager", "YZ")], unit="YZ")
    petition = acts.file("mo")
    assert petition in sees(kernel, "mei")
    with as_actor(kernel, "ding.ning") as ctx:
        mine = UserRole.user_id == user(kernel, "mei")
        ctx.session.delete(ctx.session.scalars(select(UserRole).where(mine)).one())
    assert refused(NotFound, submit_as, kernel, "mei", petition).key == "not-found"
    assert acts.state(petition) == "draft"


def test_a_role_that_no_plugin_knows_any_more_brings_nothing_and_breaks_nothing(acts: Any) -> None:
    kernel = acts.kernel
    make_user(kernel, "mei", positions=[("relationship-manager", "YZ")], unit="YZ")
    with as_actor(kernel, "ding.ning") as ctx:
        ctx.session.add(UserRole(user_id=user(kernel, "mei"), role="petitions.gone"))
    petition = acts.file("mei")
    assert petition in sees(kernel, "mei")
    give(kernel, "mei", "shen.bai")
    assert petition in sees(kernel, "shen.bai")


# -- a unit -----------------------------------------------------------------------------------------------------------


def test_rights_follow_the_tree_as_it_is_now(acts: Any) -> None:
    """A manager of 云州 with all below it loses a sub-branch with the branch that it moves to."""
    kernel = acts.kernel
    with as_actor(kernel, "ding.ning") as ctx:
        below = add_unit(ctx, "YZ-SUB", "Sub-branch", above="YZ")
    make_user(kernel, "mei", positions=[("relationship-manager", "YZ-SUB")], unit="YZ-SUB")
    petition = acts.file("mei")
    assert petition in sees(kernel, "lin.xiaowen")
    move_unit(kernel, "YZ-SUB", unit(kernel, "LH"))
    assert petition not in sees(kernel, "lin.xiaowen")
    assert petition in sees(kernel, "shen.bai")
    assert refused(NotFound, submit_as, kernel, "lin.xiaowen", petition).key == "not-found"
    assert below in actor_of(kernel, "shen.bai").units_below


def test_who_stands_in_loses_what_the_giver_loses_by_the_move(acts: Any) -> None:
    kernel = acts.kernel
    with as_actor(kernel, "ding.ning") as ctx:
        add_unit(ctx, "YZ-SUB", "Sub-branch", above="YZ")
    make_user(kernel, "mei", positions=[("relationship-manager", "YZ-SUB")], unit="YZ-SUB")
    petition = acts.file("mei")
    give(kernel, "lin.xiaowen", "chen.li")
    assert petition in sees(kernel, "chen.li")
    move_unit(kernel, "YZ-SUB", unit(kernel, "LH"))
    assert petition not in sees(kernel, "chen.li")


def test_all_below_a_unit_goes_along_with_it(acts: Any) -> None:
    kernel = acts.kernel
    with as_actor(kernel, "ding.ning") as ctx:
        middle = add_unit(ctx, "MID", "Middle", above="YZ")
        leaf = add_unit(ctx, "LEAF", "Leaf", above="MID")
    move_unit(kernel, "MID", unit(kernel, "LH"))
    with as_actor(kernel, "ding.ning", write=False) as ctx:
        top = ctx.session.scalars(select(Unit.path).where(Unit.code == "LH")).one()
        assert ctx.session.get_one(Unit, leaf).path == f"{top}{middle}/{leaf}/"
    move_unit(kernel, "MID", None)
    with as_actor(kernel, "ding.ning", write=False) as ctx:
        assert ctx.session.get_one(Unit, leaf).path == f"/{middle}/{leaf}/"


def test_a_unit_that_a_form_makes_has_its_place_in_the_tree(acts: Any) -> None:
    kernel = acts.kernel
    with as_actor(kernel, "ding.ning") as ctx:
        ctx.session.add(Unit(code="NEW", name="New", parent_id=unit(kernel, "YZ")))
    assert unit(kernel, "NEW") in actor_of(kernel, "lin.xiaowen").units_below


@pytest.mark.parametrize("above", ["itself", "one below it", 99999, 0, -1, 1 << 63, 1 << 70])
def test_nothing_stands_above_a_unit_that_is_not_there_or_is_below_it(
    acts: Any, above: Any
) -> None:
    kernel = acts.kernel
    with as_actor(kernel, "ding.ning") as ctx:
        named = {
            "itself": add_unit(ctx, "MID", "Middle", above="YZ"),
            "one below it": add_unit(ctx, "LEAF", "Leaf", above="MID"),
        }
    error = refused(Invalid, move_unit, kernel, "MID", named.get(above, above))
    assert error.fields["parent_id"].key == "no-unit-above"


def test_a_form_that_was_open_when_the_record_went_to_a_unit_below_is_a_conflict(acts: Any) -> None:
    kernel = acts.kernel
    with as_actor(kernel, "ding.ning") as ctx:
        add_unit(ctx, "YZ-SUB", "Sub-branch", above="YZ")
    petition = acts.file()
    with as_actor(kernel, "lin.xiaowen", write=False) as ctx:
        shown = ctx.session.get_one(Petition, petition).version
    reorganised(acts, petition, "YZ-SUB", "lin.xiaowen")

    def save() -> None:
        with as_actor(kernel, "lin.xiaowen") as ctx:
            found = ctx.session.get_one(Petition, petition)
            kernel.records.update(ctx, found, {"subject": "a dam"}, version=shown)

    assert refused(Conflict, save).key == "changed-since"


def test_a_form_whose_record_left_the_persons_unit_finds_nothing(acts: Any) -> None:
    kernel = acts.kernel
    petition = acts.file()
    reorganised(acts, petition, "LH", "shen.bai")
    with as_actor(kernel, "lin.xiaowen") as ctx:
        found = refused(NotFound, kernel.records.get, ctx, Petition, petition)
    assert found.key == "not-found"
    assert refused(NotFound, submit_as, kernel, "lin.xiaowen", petition).key == "not-found"


def reorganised(acts: Any, petition: int, code: str, owner: str) -> None:
    """A record given to a unit and a person, as a reorganisation does."""
    kernel = acts.kernel
    given = {
        Petition.unit_id: unit(kernel, code),
        Petition.owner_id: user(kernel, owner),
        Petition.subject: "a bridge, taken over",
        Petition.version: Petition.version + 1,
    }
    with kernel.db.raw() as connection:
        connection.execute(update(Petition).where(Petition.id == petition).values(given))


# -- a person ---------------------------------------------------------------------------------------------------------


def test_who_moves_to_another_unit_leaves_their_open_tasks_out_of_reach(acts: Any) -> None:
    kernel = acts.kernel
    petition = acts.file()
    with as_actor(kernel, "ding.ning") as ctx:
        lin = user(kernel, "lin.xiaowen")
        there = unit(kernel, "LH")
        held = ctx.session.scalars(select(UserPosition).where(UserPosition.user_id == lin)).one()
        held.unit_id = ctx.session.get_one(User, lin).unit_id = there
    assert petition not in sees(kernel, "lin.xiaowen")
    assert refused(NotFound, submit_as, kernel, "lin.xiaowen", petition).key == "not-found"
    (task,) = acts.rows(Task)
    assert (task.assignee_id, task.state) == (user(kernel, "lin.xiaowen"), "open")


def test_who_loses_the_position_in_which_they_had_a_task_may_not_do_it(acts: Any) -> None:
    kernel = acts.kernel
    petition = acts.at_approval()
    from tenor_petitions.workflow import approve

    with as_actor(kernel, "ding.ning") as ctx:
        mine = UserPosition.user_id == user(kernel, "gu.yan")
        ctx.session.delete(ctx.session.scalars(select(UserPosition).where(mine)).one())
    with pytest.raises((NotFound, Forbidden)), as_actor(kernel, "gu.yan") as ctx:
        transition(ctx, Petition(id=petition), approve)
    assert acts.state(petition) == "approval"
