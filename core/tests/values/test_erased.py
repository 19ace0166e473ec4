"""What was computed from an erased value is computed anew, and what the ledger holds of it goes too."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tenor.audit.records import Erasure, LegalHold
from tenor.kernel import Kernel
from tenor_sdk.errors import Invalid, Refused
from tenor_sdk.testing import as_actor
from tenor_test_support.erasing import approved, carried_out, let_two_erase, places_of, proposed
from tenor_test_support.ledger import seal

pytestmark = pytest.mark.both_databases


@pytest.fixture
def two(institution: Kernel) -> None:
    let_two_erase(institution, ["orders.reader"])


def marked(institution: Kernel, order: int, mark: str) -> int:
    """An item of an order with a mark; its id."""
    from tenor_orders.records import Item

    from tenor_sdk import Amount

    with as_actor(institution, "lin.xiaowen") as ctx:
        made = Item(parent_id=order, what="a thing", price=Amount(1), mark=mark)
        ctx.session.add(made)
        ctx.session.flush()
        return int(made.id)


def engraved(institution: Kernel, order: int, text: str) -> int:
    """An item of an order on which something is written; its id."""
    from tenor_orders.records import Item

    from tenor_sdk import Amount

    with as_actor(institution, "lin.xiaowen") as ctx:
        made = Item(parent_id=order, what="a ring", price=Amount(1), engraved=text)
        ctx.session.add(made)
        ctx.session.flush()
        return int(made.id)


def is_whole(institution: Kernel) -> bool:
    seal(institution)
    return institution.audit.verify().findings == ()


def test_the_record_itself_keeps_nothing_of_it(
    institution: Kernel, order: Any, held: Any, two: None
) -> None:
    one = order(5, name="欧阳锦瑟")
    approved(institution, "orders_order", one, "name")
    number, heading = held(one, "number", "heading")
    assert heading == f"{number} "
    carried_out(institution)
    assert not places_of(institution, "欧阳锦瑟")
    assert is_whole(institution)


def test_the_proposal_names_what_is_computed_from_it(
    institution: Kernel, order: Any, two: None
) -> None:
    erasure = proposed(institution, "orders_order", order(5), "name")
    with as_actor(institution, "song.qing", write=False) as ctx:
        assert ctx.session.get_one(Erasure, erasure).fields == "heading name"


def test_what_is_computed_is_not_erased_by_itself(
    institution: Kernel, order: Any, two: None
) -> None:
    with pytest.raises(Invalid):
        proposed(institution, "orders_order", order(5), "heading")


def test_what_others_computed_from_it_goes_too(
    institution: Kernel, order: Any, held: Any, two: None
) -> None:
    one = order()
    item = marked(institution, one, "6222021234567890")
    marked(institution, one, "6222029999999999")
    approved(institution, "orders_item", item, "mark")
    assert held(one, "marks") == (", 6222029999999999",)
    carried_out(institution)
    assert not places_of(institution, "6222021234567890")
    assert is_whole(institution)


def test_what_another_computed_from_it_before_it_moved_goes_too(
    institution: Kernel, order: Any, two: None
) -> None:
    from tenor_orders.records import Item

    before, after = order(), order()
    item = marked(institution, before, "6222021234567890")
    with as_actor(institution, "lin.xiaowen") as ctx:
        ctx.session.get_one(Item, item).parent_id = after
    approved(institution, "orders_item", item, "mark")
    carried_out(institution)
    assert not places_of(institution, "6222021234567890")
    assert is_whole(institution)
    with as_actor(institution, "song.qing", write=False) as ctx:
        found = ctx.session.execute(select(Erasure.record_id, Erasure.fields, Erasure.state))
        assert {(before, "marks", "approved"), (after, "marks", "approved")} < {*map(tuple, found)}


def test_a_hold_on_what_computed_from_it_keeps_it(
    institution: Kernel, order: Any, two: None
) -> None:
    one = order()
    item = marked(institution, one, "6222021234567890")
    with as_actor(institution, "system") as ctx, institution.db.system(ctx.session) as session:
        session.add(LegalHold(table_name="orders_order", record_id=one, reason="a dispute"))
    with pytest.raises(Refused) as refused:
        approved(institution, "orders_item", item, "mark")
    assert refused.value.key == "held-for-law"


def test_kept_answers_lose_it_and_what_is_computed_from_it(
    institution: Kernel, program: Any, two: None
) -> None:
    lin = program("lin.xiaowen")
    items = [{"what": "a thing", "price": "1.00", "mark": "ab"}]

    def asked() -> Any:
        body = {"name": "cd", "items": items}
        return lin("POST", "/orders/order", body, Idempotency_Key="one").json

    made = asked()
    approved(institution, "orders_order", made["id"], "name")
    approved(institution, "orders_item", made["items"][0]["id"], "mark")
    again = asked()
    assert (again["name"], again["heading"], again["items"][0]["mark"]) == (None, None, None)
    assert again["items"][0]["what"] == "a thing"


def test_what_no_two_records_share_is_erased_from_as_many_as_it_is_asked_for(
    institution: Kernel, order: Any, two: None
) -> None:
    """Nothing is like nothing else, so that it may stand in many."""
    one = order(5)
    items = [engraved(institution, one, text) for text in ("to Mu Yunshan", "to Lu Zhixing")]
    for each in items:
        approved(institution, "orders_item", each, "engraved")
    assert carried_out(institution) == 2
    assert not places_of(institution, "Mu Yunshan") | places_of(institution, "Lu Zhixing")
    assert is_whole(institution)


@pytest.mark.parametrize(("table", "name"), [("base_user", "login"), ("orders_order", "number")])
def test_what_a_record_is_known_by_stays(
    institution: Kernel, order: Any, two: None, table: str, name: str
) -> None:
    with pytest.raises(Invalid) as refused:
        proposed(institution, table, order(5) if table == "orders_order" else 1, name)
    assert refused.value.key == "cannot-be-erased"
