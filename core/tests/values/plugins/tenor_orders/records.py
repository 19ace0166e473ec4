from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import (
    Amount,
    Archivable,
    Line,
    Owned,
    Record,
    field,
    lines,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import Dated, computed, linked_from, stored
from tenor_sdk.values import total


class Order(Record, Owned, Archivable):
    """What a customer ordered."""

    number: Mapped[str] = numbered("O-{year}-{n:04d}", gapless=True)
    name: Mapped[str] = field(max_length=80, search=True)
    discount: Mapped[Amount] = field(default=Amount(0))
    cost: Mapped[Amount] = field(default=Amount(0))
    phone: Mapped[str] = field(max_length=20, default="", mask="phone")
    items: Mapped[list[Item]] = lines()
    payments: Mapped[list[Payment]] = linked_from("Payment.order_id")

    @stored("items.sum")
    def total(self) -> Amount:
        """The sum of its items."""
        return total(item.sum for item in self.items)

    @stored("total", "discount", "payments.amount", label="Still open")
    def open(self) -> Amount:
        """What is left to pay."""
        return self.total - self.discount - total(each.amount for each in self.payments)

    @stored("name", "number", search=True, max_length=100)
    def heading(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}"

    @stored("total", "cost")
    def margin(self) -> Amount:
        """What it earns."""
        return self.total - self.cost

    @stored("items.mark", max_length=200)
    def marks(self) -> str:
        """The marks of its items."""
        return ", ".join(item.mark for item in self.items)

    @stored("items")
    def item_count(self) -> int:
        """How many items it has."""
        return len(self.items)

    @computed("phone")
    def calls(self) -> str:
        """Whom to call."""
        return f"call {self.phone}"

    @computed("margin")
    def earns(self) -> bool:
        """Whether it earns anything."""
        return bool(self.margin)

    @computed("name")
    def loud(self) -> str:
        """Its name, loudly."""
        return self.name.upper()


class Item(Line[Order]):
    """A position of an order."""

    what: Mapped[str] = field(max_length=40)
    pieces: Mapped[int] = field(default=1, minimum=1)
    price: Mapped[Amount] = field()
    mark: Mapped[str] = field(max_length=20, default="", mask="account")
    engraved: Mapped[str | None] = field(max_length=20, unique=True)

    @stored("pieces", "price")
    def sum(self) -> Amount:
        """Pieces times price."""
        return self.price * self.pieces


class Payment(Record):
    """That something was paid on an order."""

    order_id: Mapped[int] = link(Order)
    order: Mapped[Order] = linked(Order, order_id)
    amount: Mapped[Amount] = field()
    secret: Mapped[bool] = field(default=False)


class Quote(Dated[Order]):
    """What the maker asked for an order, as far as was known."""

    price: Mapped[Amount] = field()
