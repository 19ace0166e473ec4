"""The ledger of a case has what became of all its parts: one by one, many at once, and the facts about it."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.audit import Asked
from tenor.kernel import Kernel
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor

from .conftest import SELLER
from .test_dated import FIRST

pytestmark = pytest.mark.both_databases


@pytest.fixture
def told(institution: Kernel) -> Any:
    """The kinds of entries, by the tables that they are about, that the ledger has of the case of an order."""

    def read(order_id: int, table: str) -> list[str]:
        asked = Asked(table="orders_order", record_id=order_id, whole_case=True)
        ctx: Any
        with as_actor(institution, SELLER, write=False) as ctx:
            audit = institution.audit
            found = audit._read(ctx, *audit.where(asked), limit=100)
        return [entry.kind for entry in reversed(found) if entry.table_name == table]

    return read


def test_lines_that_are_written_many_at_once_are_of_it(
    institution: Kernel, order: Any, told: Any
) -> None:
    from tenor_orders import services

    mine, other = order(100), order(100)
    row = {"what": "many", "price": Amount(1)}
    ctx: Any
    with as_actor(institution, SELLER) as ctx:
        services.load_items(ctx, [{**row, "parent_id": mine}, {**row, "parent_id": mine}])
        services.load_items(ctx, [{**row, "parent_id": other}])
        services.price_all(ctx, Amount(5))
    summed = ["update"] * 3  # what the prices of the three came to
    assert told(mine, "orders_item") == ["create", "bulk-create", "bulk-update", *summed]


def test_facts_about_it_are_of_it(institution: Kernel, order: Any, told: Any) -> None:
    from tenor_orders import services
    from tenor_orders.records import Quote

    mine, other = order(), order()
    row = {"valid_from": FIRST, "price": Amount(1)}
    ctx: Any
    with as_actor(institution, SELLER) as ctx:
        ctx.session.add_all([Quote(parent_id=each, **row) for each in (mine, other)])
        ctx.session.flush()
        services.load_quotes(ctx, [{**row, "parent_id": mine}])
        services.load_quotes(ctx, [{**row, "parent_id": other}])
    assert told(mine, "orders_quote") == ["create", "bulk-create"]


def test_a_line_that_was_moved_is_of_both_up_to_the_move(
    institution: Kernel, order: Any, told: Any
) -> None:
    from tenor_orders.records import Item, Order

    mine, other = order(100), order()
    ctx: Any
    with as_actor(institution, SELLER) as ctx:
        (item,) = ctx.session.get_one(Order, mine).items
        item.parent_id = other
        ctx.session.flush()
        moved = item.id
    with as_actor(institution, SELLER) as ctx:
        ctx.session.get_one(Item, moved).what = "another thing"
    assert told(mine, "orders_item") == ["create", "update"]
    assert told(other, "orders_item") == ["create", "update", "update"]
