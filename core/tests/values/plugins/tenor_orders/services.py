from collections.abc import Mapping, Sequence

from sqlalchemy import literal, select

from tenor_orders.records import Item, Order, Quote
from tenor_sdk import Amount, Context, service
from tenor_sdk.bulk import insert_from, load, update_where


@service()
def load_items(ctx: Context, rows: Sequence[Mapping[str, object]]) -> None:
    """Many items at once."""
    load(ctx, Item, rows)


@service()
def load_orders(ctx: Context, rows: Sequence[Mapping[str, object]]) -> None:
    """Many orders at once."""
    load(ctx, Order, rows)


@service()
def load_quotes(ctx: Context, rows: Sequence[Mapping[str, object]]) -> None:
    """Many quotes at once."""
    load(ctx, Quote, rows)


@service()
def repeat_items(ctx: Context, order_id: int) -> None:
    """Each item of an order once more."""
    columns = (Item.parent_id, Item.what, Item.pieces, Item.price, Item.mark)
    insert_from(ctx, Item, columns, select(*columns).where(Item.parent_id == order_id))


@service()
def price_all(ctx: Context, price: Amount) -> None:
    """One price for everything."""
    update_where(ctx, Item, Item.id > 0, {"price": price})


@service()
def move_all(ctx: Context, order_id: int) -> None:
    """All items into one order."""
    update_where(ctx, Item, Item.id > 0, {"parent_id": order_id})


@service()
def discount_all(ctx: Context, discount: Amount) -> None:
    """One discount for all."""
    update_where(ctx, Order, literal(1) == 1, {"discount": discount})


@service()
def set_total(ctx: Context) -> None:
    """What nobody may."""
    update_where(ctx, Order, Order.id > 0, {"total": Amount(1)})
