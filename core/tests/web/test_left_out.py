"""Where a part of a plugin keeps failing, pages go on without it; what decides is asked all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tenor.testing import as_actor as as_kernel
from tenor_errands.records import Errand
from tenor_errands.services import add_errand
from tenor_sdk import Text
from tenor_sdk.declare import Origin
from tenor_sdk.testing import as_actor
from tenor_sdk.views import Action, Tile

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
