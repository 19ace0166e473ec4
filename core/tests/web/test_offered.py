"""A position, a role and what is delegated are chosen from what there is; nobody types a key."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from tenor.access.records import Delegation, UserPosition
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.testing import as_actor, make_user


def offered(page: str, name: str) -> dict[str, str]:
    """What a form offers for an input: labels by key."""
    chosen = re.search(rf'<select[^>]* name="{name}".*?</select>', page, re.DOTALL)
    if chosen is not None:
        return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]*)', chosen[0]))
    boxes = rf'name="{name}" value="([^"]+)"[^>]*><span>([^<]*)'
    return dict(re.findall(boxes, page))


def test_a_position_is_one_of_those_that_roles_name_or_people_hold(person: Any) -> None:
    found = offered(person("ding.ning").get("/base/user-position/new"), "position")
    assert found["approver"] == "审批人"
    assert found["committee-member"] == "审贷委员"  # no role names it
    assert not {"everybody", "service:base"} & found.keys()


def test_a_role_is_one_of_those_of_the_plugins_that_are_on(person: Any) -> None:
    found = offered(person("ding.ning").get("/base/user-role/new"), "role")
    assert found["base.administrator"] == "管理员（base.administrator）"


def test_a_role_that_is_no_longer_there_stays_until_another_is_chosen(
    person: Any, institution: Kernel
) -> None:
    make_user(institution, "xin.ren", roles=["gone.keeper"])
    ding = person("ding.ning")
    given = re.search(r"/base/user-role/\d+", ding.get("/base/user-role"))
    assert given is not None
    assert ding.form(f"{given[0]}/edit")["role"] == "gone.keeper"


def test_one_delegates_of_what_one_holds_oneself(person: Any, institution: Kernel) -> None:
    positions = [(one, "HQ") for one in ("approver", "legal", "risk-officer")]
    make_user(institution, "duo.zhi", positions=positions)
    duo, act = person("duo.zhi"), "/base/delegation/actions/delegate"
    assert offered(duo.get(act), "positions").keys() == {"approver", "legal", "risk-officer"}
    with as_actor(institution, "duo.zhi", write=False) as ctx:
        until = ctx.today.isoformat()
    form = duo.form(act) | {"taker": "1", "until": until, "reason": "leave"}
    page = duo.send(act, {**form, "until": "", "positions": ["approver", "legal"]}, 422).text
    assert len(re.findall(r'name="positions" value="[a-z-]+" checked', page)) == 2
    duo.send(act, {**form, "positions": ["approver", "legal"]})
    assert "审批人、法务" in duo.get("/base/delegation")
    with as_actor(institution, "duo.zhi", write=False) as ctx:
        assert ctx.session.scalars(select(Delegation.positions)).one() == "approver legal"


def test_an_administrator_delegates_any_position_of_somebody_else(person: Any) -> None:
    found = offered(person("ding.ning").get("/base/delegation/actions/delegate-for"), "positions")
    assert {"approver", "legal", "committee-member"} <= found.keys()


def test_a_programme_still_gives_a_position_that_nobody_has_yet(institution: Kernel) -> None:
    ctx: Any
    lin = actor_of(institution, "lin.xiaowen")
    with as_actor(institution, "ding.ning") as ctx:
        given = {"user_id": lin.id, "position": "archivist", "unit_id": ctx.actor.unit_id}
        institution.records.create(ctx, UserPosition, given)


def test_the_states_of_a_task_rule_are_those_of_its_workflow_by_their_titles(person: Any) -> None:
    zhou = person("zhou.qiming")
    act = "/base/task-rule-version/actions/draft"
    form = zhou.form(act) | {"workflow": "base.task-rule-version", "effective_from": "2026-12-01"}
    page = zhou.get(zhou.send(act, form).headers["Location"].rstrip("/") + "/edit")
    found = offered(page, "entries-0-stage")
    assert found == {"draft": "草稿", "proposed": "已提交"}
