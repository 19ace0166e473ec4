"""Values that are computed from others: kept true through every door, set by nobody, telling nothing that is hidden."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from core.tests.waiting import wait_for_a_waiter
from tenor.cli.records import recomputed
from tenor.kernel import Kernel
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor, make_user

from .conftest import SELLER

pytestmark = pytest.mark.both_databases
Made = Callable[..., int]
Held = Callable[..., Sequence[Any]]


def test_what_is_computed_is_there_with_the_record(order: Made, held: Held) -> None:
    made = order(300, 200, discount=Amount(50))
    assert held(made, "total", "open", "heading", "item_count", "version") == (
        Amount(500), Amount(450), "O-2026-0001 an order", 2, 1,
    )  # fmt: skip


def test_it_follows_its_own_fields_in_the_same_change(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Order

    made = order(300)
    with as_actor(institution, SELLER) as ctx:
        found = ctx.session.get_one(Order, made)
        found.name = "renamed"
        ctx.session.flush()
        assert found.heading == "O-2026-0001 renamed"
    assert held(made, "heading", "version") == ("O-2026-0001 renamed", 2)


def test_it_follows_lines_that_come_change_and_go(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Item, Order

    made = order(300)
    with as_actor(institution, SELLER) as ctx:
        ctx.session.add(Item(parent_id=made, what="more", price=Amount(100), pieces=2))
    assert held(made, "total", "margin") == (Amount(500), Amount(500))
    with as_actor(institution, SELLER) as ctx:
        line = ctx.session.scalars(select(Item).where(Item.what == "more")).one()
        line.pieces = 3
        ctx.session.flush()
        assert ctx.session.get_one(Order, made).total == Amount(600)
    with as_actor(institution, SELLER) as ctx:
        ctx.session.delete(ctx.session.scalars(select(Item).where(Item.what == "more")).one())
    assert held(made, "total", "open", "item_count") == (Amount(300), Amount(300), 1)


def test_a_line_that_moves_is_counted_where_it_is(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Item

    one, other = order(300), order(100)
    with as_actor(institution, SELLER) as ctx:
        ctx.session.scalars(select(Item).where(Item.price == Amount(300))).one().parent_id = other
    assert held(one, "total") == (Amount(0),)
    assert held(other, "total") == (Amount(400),)


def test_it_follows_what_links_to_it_whoever_sees_that(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Order, Payment

    made = order(300)
    ctx: Any
    with (
        as_actor(institution, SELLER) as ctx,
        institution.access.procedure(ctx, "orders", "pay in secret"),
    ):
        ctx.session.add(Payment(order_id=made, amount=Amount(100), secret=True))
    with as_actor(institution, SELLER) as ctx:
        ctx.session.add(Payment(order_id=made, amount=Amount(50)))
        ctx.session.flush()
        assert [each.amount for each in ctx.session.get_one(Order, made).payments] == [Amount(50)]
    assert held(made, "open") == (Amount(150),)


def test_a_change_of_the_person_and_one_of_a_formula_do_not_clash(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Item, Order

    made = order(300)
    with as_actor(institution, SELLER) as ctx:
        found = ctx.session.get_one(Order, made)
        ctx.session.add(Item(parent_id=made, what="more", price=Amount(100)))
        ctx.session.flush()
        found.name = "renamed"
    assert held(made, "total", "heading") == (Amount(400), "O-2026-0001 renamed")


def test_it_is_undone_with_the_part_that_failed(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Item, Order

    made = order(300)
    ctx: Any
    with as_actor(institution, SELLER) as ctx:
        found = ctx.session.get_one(Order, made)
        with pytest.raises(ZeroDivisionError), ctx.savepoint(ctx):
            ctx.session.add(Item(parent_id=made, what="more", price=Amount(100)))
            ctx.session.flush()
            assert found.total == Amount(400)
            raise ZeroDivisionError
        assert found.total == Amount(300)
        found.name = "renamed"
    assert held(made, "total", "heading") == (Amount(300), "O-2026-0001 renamed")


def test_it_follows_what_is_loaded_and_set_in_bulk(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders import services

    one, other = order(300), order(100)
    with as_actor(institution, SELLER) as ctx:
        rows = [
            {"parent_id": one, "what": f"{n}", "pieces": 1, "price": Amount(1), "mark": ""}
            for n in range(5)
        ]
        services.load_items(ctx, rows)
    assert held(one, "total", "item_count") == (Amount(305), 6)
    with as_actor(institution, SELLER) as ctx:
        services.repeat_items(ctx, other)
    assert held(other, "total") == (Amount(200),)
    with as_actor(institution, SELLER) as ctx:
        services.price_all(ctx, Amount(10))
    assert (held(one, "total", "margin"), held(other, "total")) == (
        (Amount(60), Amount(60)), (Amount(20),),
    )  # fmt: skip
    with as_actor(institution, SELLER) as ctx:
        services.move_all(ctx, other)
    assert (held(one, "total"), held(other, "total")) == ((Amount(0),), (Amount(80),))
    with as_actor(institution, SELLER) as ctx:
        services.discount_all(ctx, Amount(5))
    assert held(other, "open") == (Amount(75),)


def test_rows_that_are_loaded_have_what_is_computed_of_them(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders import services

    unit = held(order(), "unit_id")[0]
    with as_actor(institution, SELLER) as ctx:
        row = {
            "name": "loaded", "unit_id": unit, "discount": Amount(7),
            "cost": Amount(0), "phone": "", "archived": False,
        }  # fmt: skip
        services.load_orders(ctx, [row])
    number = held(2, "number")[0]
    assert number
    assert held(2, "heading", "total", "open") == (f"{number} loaded", Amount(0), Amount(-7))


def test_nobody_sets_what_is_computed(institution: Kernel, order: Made, program: Any) -> None:
    from tenor_orders import services
    from tenor_orders.records import Order

    made = order(300)
    with as_actor(institution, SELLER) as ctx:
        found: Any = ctx.session.get_one(Order, made)
        for name in ("total", "loud"):
            with pytest.raises(TypeError, match=f"Order.{name} is computed"):
                setattr(found, name, Amount(1))
        kind: Any = Order
        with pytest.raises(TypeError, match=r"Order.total is computed"):
            kind(name="x", total=Amount(1))
        with pytest.raises(TypeError, match=r"Order.total is computed"):
            services.set_total(ctx)
        with pytest.raises(TypeError, match=r"Order.total is computed"):
            services.load_orders(ctx, [{"name": "x", "total": Amount(1)}])
    lin = program(SELLER)
    for name in ("total", "loud"):
        answer = lin("POST", "/orders/order", {"name": "x", name: "1"})
        assert (answer.status_code, answer.json["errors"][name]["key"]) == (422, "computed")
    answer = lin("PATCH", f"/orders/order/{made}", {"total": "1.00"}, If_Match='"1"')
    assert (answer.status_code, answer.json["errors"]["total"]["key"]) == (422, "computed")


def test_it_is_on_record_as_any_other_field(institution: Kernel, order: Made) -> None:
    from tenor_orders.records import Item, Order

    made = order(300)
    ctx: Any
    with as_actor(institution, SELLER) as ctx:
        ctx.session.add(Item(parent_id=made, what="more", price=Amount(100)))
    with as_actor(institution, SELLER) as ctx:
        found = ctx.session.get_one(Order, made)
        last = institution.audit.history(ctx, found)[0]
    assert (last.kind, last.actor_name, last.procedure) == ("update", "林晓雯", "orders.computed")
    assert last.changes["total"] == [300, 400]


def test_a_list_sorts_filters_and_searches_by_it(order: Made, program: Any) -> None:
    for price in (300, 100, 200):
        order(price, name=f"of {price}")
    lin = program(SELLER)

    def names(query: str) -> list[str]:
        return [each["name"] for each in lin("GET", f"/orders/order?{query}").json["items"]]

    assert names("sort=total") == ["of 100", "of 200", "of 300"]
    assert names("total__from=1.50&sort=-total") == ["of 300", "of 200"]
    assert names("q=O-2026-0002+of") == ["of 100"]


def test_it_costs_as_many_statements_for_many_as_for_few(
    institution: Kernel, order: Made, statements: list[str]
) -> None:
    from tenor_orders.records import Item

    def cost(hosts: int) -> int:
        made = [order(1) for _ in range(hosts)]
        statements.clear()
        with as_actor(institution, SELLER) as ctx:
            lines = ctx.session.scalars(select(Item).where(Item.parent_id.in_(made))).all()
            statements.clear()
            for line in lines:
                line.pieces = 4
            ctx.session.flush()
            # each line's own right and write is counted elsewhere
            return len([each for each in statements if each.startswith("UPDATE orders_order")])

    # their versions are counted up, as lines are parts of them, and their values written
    assert cost(2) == cost(20) == 2


def test_two_who_add_lines_at_once_are_both_counted(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Item

    made = order()

    def add() -> None:
        with as_actor(institution, SELLER) as ctx:
            ctx.session.add(Item(parent_id=made, what="more", price=Amount(1)))

    with ThreadPoolExecutor(1) as other, as_actor(institution, SELLER) as ctx:
        ctx.session.add(Item(parent_id=made, what="more", price=Amount(1)))
        ctx.session.flush()
        later = other.submit(add)
        wait_for_a_waiter(institution)
    later.result()
    assert held(made, "total", "item_count") == (Amount(2), 2)


def test_a_form_shows_it_and_does_not_take_it(order: Made, person: Any, held: Held) -> None:
    made = order(300)
    page = f"/orders/order/{made}/edit"
    lin = person(SELLER)
    fields = lin.form(page)
    assert "total" not in fields
    lin.send(page, {**fields, "name": "renamed", "total": "9"})
    assert held(made, "total", "heading") == (Amount(300), "O-2026-0001 renamed")


def test_a_new_formula_is_brought_to_all_that_is_kept(
    institution: Kernel, order: Made, held: Held
) -> None:
    from tenor_orders.records import Order

    made = [order(300), order(100)]
    with institution.db.raw() as connection:
        connection.execute(Order.__table__.update().values(total=Amount(7)))
    assert recomputed(institution, Order) == 2
    assert [held(each, "total")[0] for each in made] == [Amount(300), Amount(100)]
    assert recomputed(institution, Order) == 0


# -- what is hidden --------------------------------------------------------------------------------------------------


@pytest.fixture
def reader(institution: Kernel) -> str:
    """Somebody to whom cost, phone and marks aren't shown."""
    make_user(institution, "reader", roles=["orders.reader"])
    return "reader"


def test_what_is_computed_of_something_hidden_is_hidden(
    order: Made, reader: str, program: Any
) -> None:
    made = order(300, cost=Amount(100), phone="13800001234")
    shown = program(reader)("GET", f"/orders/order/{made}").json
    assert shown["total"] == "3.00"
    assert shown["loud"] == "AN ORDER"
    hidden = {"cost", "margin", "earns", "calls", "marks"}
    assert hidden.isdisjoint(shown)
    seen = program(SELLER)("GET", f"/orders/order/{made}").json
    assert (seen["margin"], seen["earns"]) == ("2.00", True)
    # the seller sees no phone either, but masked
    assert {"calls", "marks"}.isdisjoint(seen)


def test_no_list_search_export_or_history_tells_it(
    institution: Kernel, order: Made, reader: str, person: Any, program: Any
) -> None:
    from tenor_orders.records import Order

    made = order(123456, cost=Amount(3), phone="13800001234")
    answer = program(reader)("GET", "/orders/order?sort=margin")
    assert (answer.status_code, answer.json["key"]) == (422, "unknown-sort")
    assert program(reader)("GET", "/orders/order?margin__from=1").status_code == 422
    page = person(reader)
    for path in ("/orders/order", f"/orders/order/{made}", "/orders/order/export?format=csv"):
        told = page.get(path)
        assert "1,234.56" in told or "1234.56" in told
        for secret in ("1,234.53", "1234.53", "13800001234", "138****1234"):
            assert secret not in told
    ctx: Any
    with as_actor(institution, reader) as ctx:
        created = institution.audit.history(ctx, ctx.session.get_one(Order, made))[-1]
    assert "margin" not in created.changes
    assert created.changes["total"] == [None, 123456]
