"""Numbers without a gap: of many who write at once each gets the next, and what is undone gives its number back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core.tests.waiting import wait_for_a_waiter
from tenor.kernel import Kernel
from tenor_sdk.errors import Refused
from tenor_sdk.testing import as_actor

from .conftest import SELLER

pytestmark = pytest.mark.both_databases
Write = Callable[..., str]


class Undone(Exception):
    """What a test throws to undo its transaction."""


@pytest.fixture
def write(institution: Kernel) -> Write:
    """Write an order; its number."""

    def one(*, on: date | None = None, undone: bool = False) -> str:
        from tenor_orders.records import Order

        ctx: Any
        with as_actor(institution, SELLER, on=on) as ctx:
            made = Order(name="an order", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
            ctx.session.add(made)
            ctx.session.flush()
            if undone:
                raise Undone
            return made.number

    return one


def numbers(institution: Kernel) -> list[str]:
    from tenor_orders.records import Order

    with as_actor(institution, SELLER, write=False) as ctx:
        return sorted(ctx.session.scalars(select(Order.number)))


def test_many_who_write_at_once_leave_no_gap_and_no_number_twice(
    institution: Kernel, write: Write
) -> None:
    with ThreadPoolExecutor(6) as crowd:
        tried = [crowd.submit(write, undone=turn % 3 == 0) for turn in range(24)]
        failures = [each.exception() for each in tried]
    assert [type(failure) for failure in failures if failure] == [Undone] * 8
    assert numbers(institution) == [f"O-2026-{n:04d}" for n in range(1, 17)]


def test_a_number_that_is_given_back_goes_to_whoever_waited_for_it(
    institution: Kernel, write: Write
) -> None:
    from tenor_orders.records import Order

    ctx: Any
    with ThreadPoolExecutor(1) as other:
        with pytest.raises(Undone), as_actor(institution, SELLER) as ctx:
            made = Order(name="an order", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
            ctx.session.add(made)
            ctx.session.flush()
            assert made.number == "O-2026-0001"
            later = other.submit(write)
            wait_for_a_waiter(institution)
            raise Undone
        assert later.result() == "O-2026-0001"


def test_a_part_that_is_undone_gives_its_number_back(institution: Kernel, write: Write) -> None:
    from tenor_orders.records import Order

    ctx: Any
    with as_actor(institution, SELLER) as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        with pytest.raises(Undone), ctx.savepoint(ctx):
            ctx.session.add(Order(name="undone", **whose))
            ctx.session.flush()
            raise Undone
    assert write() == "O-2026-0001"


def test_each_year_counts_by_itself(institution: Kernel, write: Write) -> None:
    days = (date(2026, 12, 31), date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    told = [write(on=day) for day in days]
    assert told == ["O-2026-0001", "O-2027-0001", "O-2026-0002", "O-2027-0002"]


def test_rows_written_together_get_the_next_numbers_in_their_order(
    institution: Kernel, write: Write
) -> None:
    from tenor_orders.services import load_orders

    write()
    ctx: Any
    with as_actor(institution, SELLER) as ctx:
        whose = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        load_orders(ctx, [{"name": name, **whose} for name in "abc"])
    assert numbers(institution) == [f"O-2026-{n:04d}" for n in (1, 2, 3, 4)]
    assert write() == "O-2026-0005"


def test_a_record_whose_number_may_not_be_missing_is_not_deleted(
    institution: Kernel, write: Write
) -> None:
    from tenor_orders.records import Order

    number = write()
    ctx: Any
    with pytest.raises(Refused) as told, as_actor(institution, SELLER) as ctx:
        ctx.session.delete(ctx.session.scalars(select(Order)).one())
    assert (told.value.key, told.value.values["number"]) == ("number-stays", number)
    assert numbers(institution) == [number]
