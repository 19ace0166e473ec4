"""Units that two people move at the same moment: who comes second sees what the first did."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.tests.waiting import wait_for_a_waiter
from tenor.access.records import Unit
from tenor.kernel import Kernel
from tenor_sdk.errors import Invalid
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases
Act = Callable[[Kernel, str, str], None]
Ways = dict[str, str]


@pytest.fixture
def bank(institution: Kernel) -> Kernel:
    """Three units that stand side by side."""
    with as_actor(institution, "ding.ning") as ctx:
        ctx.session.add_all(Unit(code=code, name=code) for code in ("NORTH", "SOUTH", "WEST"))
    return institution


def nothing() -> None:
    """What happens meanwhile where nothing is meant to."""


def move(kernel: Kernel, code: str, above: str, meanwhile: Callable[[], None] = nothing) -> None:
    """Put a unit below another."""
    with as_actor(kernel, "ding.ning") as ctx:
        moved = ctx.session.scalars(select(Unit).where(Unit.code == code)).one()
        moved.parent_id = ctx.session.scalars(select(Unit.id).where(Unit.code == above)).one()
        ctx.session.flush()
        meanwhile()


def found(kernel: Kernel, code: str, above: str) -> None:
    """Make a unit below another."""
    with as_actor(kernel, "ding.ning") as ctx:
        parent = ctx.session.scalars(select(Unit.id).where(Unit.code == above)).one()
        ctx.session.add(Unit(code=code, name=code, parent_id=parent))


def at_once(kernel: Kernel, first: tuple[str, str], act: Act, *second: str) -> BaseException | None:
    """Do an act while a unit is moved and that isn't kept yet; what it was refused with."""
    with ThreadPoolExecutor(1) as pool:
        running: list[Future[None]] = []

        def meanwhile() -> None:
            running.append(pool.submit(act, kernel, *second))
            wait_for_a_waiter(kernel)

        move(kernel, *first, meanwhile)
        return running[0].exception(timeout=10)


def ways(kernel: Kernel) -> tuple[Ways, Ways]:
    """The way down to each unit in codes: as it is kept, and as what stands above each says."""
    with as_actor(kernel, "ding.ning", write=False) as ctx:
        units = {each.id: each for each in ctx.session.scalars(select(Unit))}
    kept, true = {}, {}
    for each in units.values():
        kept[each.code] = "/".join(units[int(one)].code for one in each.path.strip("/").split("/"))
        steps, above = [each.code], each.parent_id
        while above is not None:
            assert units[above].code not in steps, f"a circle above {each.code}"
            steps.append(units[above].code)
            above = units[above].parent_id
        true[each.code] = "/".join(reversed(steps))
    return kept, true


def test_of_two_units_that_are_put_below_one_another_one_is(bank: Kernel) -> None:
    error = at_once(bank, ("NORTH", "SOUTH"), move, "SOUTH", "NORTH")
    assert isinstance(error, Invalid)
    assert error.fields["parent_id"].key == "no-unit-above"
    kept, true = ways(bank)
    assert kept == true
    assert kept["NORTH"] == "SOUTH/NORTH"


@pytest.mark.parametrize(
    ("act", "code", "above", "way"),
    [
        (move, "SOUTH", "WEST", {"NORTH": "WEST/SOUTH/NORTH"}),
        (move, "WEST", "NORTH", {"WEST": "SOUTH/NORTH/WEST"}),
        (found, "POST", "NORTH", {"POST": "SOUTH/NORTH/POST"}),
    ],
    ids=["what stands above it is moved", "one is put below it", "one is made below it"],
)
def test_the_way_to_a_unit_is_true_whatever_is_moved_meanwhile(
    bank: Kernel, act: Act, code: str, above: str, way: Ways
) -> None:
    assert at_once(bank, ("NORTH", "SOUTH"), act, code, above) is None
    kept, true = ways(bank)
    assert kept == true
    assert kept.items() >= way.items()
