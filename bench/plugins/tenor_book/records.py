"""A customer with twelve facts, in the peers' words; and what is decided of one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from tenor_sdk import Amount, Owned, Record, field, link, linked
from tenor_sdk.records import state_field


class Customer(Record, Owned):
    """Somebody to whom the bank lends."""

    __table_args__ = (Index("book_customer_page", "unit_id", "name", "id"),)

    code: Mapped[str] = field(max_length=40, unique=True)
    name: Mapped[str] = field(max_length=120, search=True)
    email: Mapped[str | None] = field(max_length=120)
    phone: Mapped[str | None] = field(max_length=40)
    street: Mapped[str | None] = field(max_length=120)
    city: Mapped[str | None] = field(max_length=80)
    birth_date: Mapped[date | None] = field()
    opened_at: Mapped[datetime | None] = field()
    income: Mapped[Amount | None] = field(minimum=Amount(0))
    score: Mapped[int | None] = field(minimum=0, maximum=1000)
    grade: Mapped[str | None] = field(max_length=1)
    active: Mapped[bool] = field(default=True)


class Dossier(Record, Owned):
    """What is put before somebody to decide on a customer."""

    customer_id: Mapped[int] = link(Customer)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    state: Mapped[str] = state_field("open")
