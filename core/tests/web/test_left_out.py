"""Where a part of a plugin keeps failing, pages go on without it; what decides is asked all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import BigInteger, func, literal, select

from tenor.api.contents import Contents
from tenor.testing import as_actor as as_kernel
from tenor_errands.records import Errand
from tenor_errands.services import add_errand
from tenor_sdk import Text
from tenor_sdk.declare import Origin
from tenor_sdk.testing import as_actor
from tenor_sdk.views import Action, Column, Panel, Table, Tile

if TYPE_CHECKING:
    from core.tests.web.conftest import Browser
    from tenor.kernel import Kernel

pytestmark = pytest.mark.both_databases
PLACE = Origin("tenor_errands.views", "views.py", 1)


class Broken:
    """Raises, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, *_given: Any) -> Any:
        self.asked += 1
        raise ValueError("out of order")


@pytest.fixture
def broken(institution: Kernel) -> Broken:
    institution.events.breakers.most = 2
    return Broken()


@pytest.fixture
def errand(institution: Kernel) -> int:
    with as_actor(institution, "lin.xiaowen") as ctx:
        return int(add_errand(ctx, "Fetch the seal").id)


@pytest.fixture
def waved(institution: Kernel, broken: Broken) -> Action:
    """An action of which nobody can tell whether it is offered."""

    def wave(_ctx: Any, _errand: Any, _inputs: Any) -> Text:
        return Text("waved")

    action = Action(
        name="wave", title="Wave", on=Errand, do=wave, shown=broken, needs=None, origin=PLACE
    )
    institution.views.actions.setdefault(Errand, []).append(action)
    return action


def test_a_tile_that_keeps_failing_is_not_asked_and_the_page_goes_on(
    institution: Kernel, person: Browser, broken: Broken, faults: list[BaseException]
) -> None:
    institution.views.tiles.append(Tile(title="Steps", value=broken, origin=PLACE))
    for _ in range(5):
        person("lin.xiaowen").get("/")
    assert (broken.asked, len(faults)) == (2, 2)
    faults.clear()


def test_an_action_of_which_it_cant_be_told_is_not_offered_and_the_page_goes_on(
    person: Browser, broken: Broken, errand: int, waved: Action
) -> None:
    for _ in range(4):
        shown = person("lin.xiaowen").get(f"/errands/errand/{errand}")
        assert "actions/wave" not in shown
    assert broken.asked == 2


def test_whether_it_may_be_carried_out_is_asked_each_time(
    institution: Kernel, person: Browser, broken: Broken, errand: int, waved: Action
) -> None:
    for _ in range(3):
        person("lin.xiaowen").get(f"/errands/errand/{errand}")
    for _ in range(3):
        with as_kernel(institution, "lin.xiaowen") as ctx, pytest.raises(ValueError, match="order"):
            institution.views.carry_out(ctx, waved, ctx.session.get_one(Errand, errand), None)
    assert broken.asked == 2 + 3


def asks_in_vain(ctx: Any, _errand: Errand) -> Any:
    """A statement that neither database can work out."""
    beyond = func.abs(literal(-(2**31), BigInteger) * literal(2**32, BigInteger)) == 0
    return ctx.session.scalar(select(Errand.id).where(beyond))


def asks_well(ctx: Any, _errand: Errand) -> Table:
    found = ctx.session.scalar(select(Errand.subject))
    return Table((Column(Text("Errand")),), [(found,)])


@pytest.fixture
def asked_in_vain(
    request: pytest.FixtureRequest, institution: Kernel, waved: Action, monkeypatch: pytest.MonkeyPatch
) -> str:  # fmt: skip
    """A part of an errand's page whose statement fails."""
    form, part = institution.views.forms[Errand], str(request.param)
    panels = [
        Panel(title=content.__name__, content=content, origin=PLACE)
        for content in (asks_in_vain, asks_well)
    ]
    if part == "heading":
        form = replace(form, heading=asks_in_vain)
    elif part == "panel":
        form = replace(form, tabs=[replace(form.tabs[0], content=[*panels, *form.tabs[0].content])])
    monkeypatch.setitem(institution.views.forms, Errand, form)
    offer = replace(waved, shown=asks_in_vain if part == "offer" else None)
    monkeypatch.setitem(institution.views.actions, Errand, [offer])
    return part


@pytest.mark.parametrize("asked_in_vain", ["heading", "panel", "offer"], indirect=True)
def test_a_page_is_read_on_where_the_statement_of_a_part_fails(
    person: Browser, errand: int, asked_in_vain: str, faults: list[BaseException]
) -> None:
    shown = person("lin.xiaowen").get(f"/errands/errand/{errand}")
    assert "Fetch the seal" in shown
    assert ("actions/wave" in shown) == (asked_in_vain != "offer")
    assert len(faults) == (1 if asked_in_vain == "panel" else 0)
    faults.clear()


@pytest.mark.parametrize("asked_in_vain", ["panel"], indirect=True)
def test_the_api_is_read_on_where_the_statement_of_a_panel_fails(
    institution: Kernel, errand: int, asked_in_vain: str, faults: list[BaseException]
) -> None:
    with as_kernel(institution, "lin.xiaowen") as ctx:
        panels = Contents(ctx, "en").panels(ctx.session.get_one(Errand, errand))
    failed = {each["title"]: bool(each.get("failed")) for each in panels}
    assert (failed["asks_in_vain"], failed["asks_well"]) == (True, False)
    faults.clear()
