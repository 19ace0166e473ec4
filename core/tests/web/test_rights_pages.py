"""What each position may do, on a page; and the units as the tree that they form."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from tenor.access.records import Unit, User, UserPosition
from tenor.kernel import Kernel
from tenor.web.pages.units import _walked
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases

ROLES = "/roles"
UNITS = "/units"


def test_positions_stand_with_the_roles_that_they_bring_and_how_many_hold_them(person: Any) -> None:
    shown = person("ding.ning").get(ROLES)
    row = shown.partition(f'data-href="{ROLES}/relationship-manager"')[2].partition("</tr>")[0]
    assert "客户经理" in row
    assert re.search(r'<span class="t-num">[1-9]', row)


def test_a_position_says_how_far_each_of_its_rights_reaches(person: Any) -> None:
    shown = person("ding.ning").get(f"{ROLES}/relationship-manager")
    row = shown.partition(f'data-href="{ROLES}/of/errands/errand"')[2].partition("</tr>")[0]
    assert "可修改" in shown
    assert "本机构" in row


def test_a_kind_of_record_says_which_positions_may_do_what_with_it(person: Any) -> None:
    shown = person("ding.ning").get(f"{ROLES}/of/errands/errand")
    assert f'data-href="{ROLES}/relationship-manager"' in shown
    assert f'data-href="{ROLES}/auditor"' not in shown


@pytest.mark.parametrize("path", [f"{ROLES}/nobody", f"{ROLES}/of/errands/nothing"])
def test_what_there_isnt_is_said_so(person: Any, path: str) -> None:
    person("ding.ning").get(path, 404)


@pytest.mark.parametrize("path", [ROLES, f"{ROLES}/administrator"])
def test_whoever_may_not_see_rights_is_refused(person: Any, path: str) -> None:
    person("lin.xiaowen").get(path, 403)


def test_units_stand_below_those_that_they_belong_to(person: Any, institution: Kernel) -> None:
    ctx: Any
    with as_actor(institution, "ding.ning", write=True) as ctx:
        top = Unit(code="T1", name="<b>Top</b>")
        ctx.session.add(top)
        ctx.session.flush()
        ctx.session.add(Unit(code="T2", name="Middle", parent_id=top.id))
        ctx.session.flush()
    shown = person("ding.ning").get(UNITS)
    tree = shown.partition('<ul class="t-tree">')[2]
    assert "&lt;b&gt;Top&lt;/b&gt;" in tree
    assert tree.count("<ul") == tree.count("</ul>") - 1 or tree.count("<details") == tree.count(
        "</details>"
    )
    below = tree.partition("T1")[2]
    assert below.index("<ul>") < below.index("Middle")


def test_a_unit_above_is_chosen_by_its_name(person: Any, institution: Kernel) -> None:
    ctx: Any
    with as_actor(institution, "ding.ning", write=False) as ctx:
        first = ctx.session.query(Unit).order_by(Unit.id).first()
        name, identity = first.name, first.id
    form = person("ding.ning").get("/base/unit/new")
    picker = form.partition('name="parent_id"')[2].partition("</select>")[0]
    assert f'value="{identity}"' in picker
    assert name in picker


def test_neither_a_unit_nor_what_is_below_it_is_offered_above_it(
    person: Any, institution: Kernel
) -> None:
    from tenor.access.records import Unit

    ids, above = dict[str, int](), None
    ctx: Any
    with as_actor(institution, "ding.ning") as ctx:
        for code in ("walk-a", "walk-b", "walk-c"):
            unit = Unit(code=code, name=f"Walk {code[-1]}", parent_id=above)
            ctx.session.add(unit)
            ctx.session.flush()
            ids[code], above = unit.id, unit.id
        other = Unit(code="walk-d", name="Walk d")
        ctx.session.add(other)
        ctx.session.flush()
        ids["walk-d"] = other.id
    ding, edit = person("ding.ning"), f"/base/unit/{ids['walk-b']}/edit"
    page = ding.get(edit)
    picker = page.partition('id="f-parent_id"')[2].partition("</select>")[0]
    offered = {int(each) for each in re.findall(r'<option value="(\d+)"', picker)}
    assert {ids["walk-a"], ids["walk-d"]} <= offered
    assert not {ids["walk-b"], ids["walk-c"]} & offered
    suggest = unescape(re.findall(r'data-suggest="([^"]*)"', picker)[0])
    for joined in ("&q=Walk", "&q="):
        values = {int(one["value"]) for one in ding.client.get(f"{suggest}{joined}").json}
        assert {ids["walk-a"], ids["walk-d"]} <= values
        assert not {ids["walk-b"], ids["walk-c"]} & values
    refused = ding.send(edit, {**ding.form(edit), "parent_id": str(ids["walk-c"])}, 422).text
    assert "不能是本机构自身或其下级" in refused
    assert 'href="#f-parent_id"' in refused


def test_levels_end_after_the_last_that_lies_in_them() -> None:
    class Node:
        def __init__(self, identity: int) -> None:
            self.id = identity

    one, two, three, four = (Node(n) for n in range(1, 5))
    below: Any = {None: [one, four], 1: [two], 2: [three]}
    assert [(node.id, ends) for node, ends in _walked(below)] == [(1, 0), (2, 0), (3, 2), (4, 0)]


def _ruled(institution: Kernel, monkeypatch: pytest.MonkeyPatch, *fields: Any) -> None:
    """Have a rule hide fields from everybody."""
    made = [FieldRule(fields=(each,), effect="hide") for each in fields]
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, *made])
    institution.access._field_effects.clear()


def test_the_tree_says_nothing_of_what_is_hidden(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = person("lin.xiaowen").get(UNITS).partition('<ul class="t-tree">')[2]
    assert ">HQ<" in shown
    assert "<ul>" in shown
    assert re.search(r">\d+ 人<", shown)
    _ruled(institution, monkeypatch, Unit.code, Unit.parent_id, User.unit_id)
    shown = person("lin.xiaowen").get(UNITS).partition('<ul class="t-tree">')[2]
    assert "海岳商业银行" in shown
    assert ">HQ<" not in shown
    assert "<ul>" not in shown
    assert not re.search(r">\d+ 人<", shown)


def test_who_was_archived_is_counted_nowhere(person: Any, institution: Kernel) -> None:
    ding = person("ding.ning")

    def counted() -> tuple[int, int]:
        tree = ding.get(UNITS).partition('<ul class="t-tree">')[2]
        row = ding.get(ROLES).partition(f'data-href="{ROLES}/relationship-manager"')[2]
        held = re.search(r'<span class="t-num">(\d+)', row.partition("</tr>")[0])
        assert held is not None
        return sum(map(int, re.findall(r">(\d+) 人<", tree))), int(held[1])

    people, held = counted()
    ctx: Any
    with as_actor(institution, "ding.ning") as ctx:
        one = ctx.session.scalars(select(User).where(User.login == "lin.xiaowen")).one()
        institution.records.archive(ctx, one, away=True)
    assert counted() == (people - 1, held - 1)


def test_who_holds_a_position_is_not_counted_where_that_is_hidden(
    person: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ruled(institution, monkeypatch, UserPosition.position)
    shown = person("ding.ning").get(ROLES)
    row = shown.partition(f'data-href="{ROLES}/relationship-manager"')[2].partition("</tr>")[0]
    assert "客户经理" in row
    assert "t-num" not in row


def test_a_page_says_nothing_of_records_that_may_not_be_seen_to_point_at_it(
    person: Any, box: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_vault.records import Opening

    box()
    with as_actor(institution, "lin.xiaowen") as ctx:
        unit = f"/base/unit/{ctx.actor.unit_id}"
    ding, lin = person("ding.ning"), person("lin.xiaowen")
    assert "lin.xiaowen" in ding.get(unit)
    assert "/vault/opening?box_id=1" in lin.get("/vault/box/1/buttons")
    _ruled(institution, monkeypatch, User.unit_id, Opening.box_id)
    assert "lin.xiaowen" not in ding.get(unit).partition('id="t-main"')[2]
    assert "/vault/opening" not in lin.get("/vault/box/1/buttons")
    assert "/vault/opening?box_id=1" not in lin.get("/vault/box/1")
