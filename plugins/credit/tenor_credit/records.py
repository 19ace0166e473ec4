"""Ratings of customers, with everything by which they can be computed again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from tenor_customers.public import Customer
from tenor_sdk import Discussed, Extension, Record, field, link, linked, numbered
from tenor_sdk.records import state_field


class Rating(Record, Discussed):
    """A customer's grade by a model, on the figures that were on file: proposed, then confirmed for a year."""

    number: Mapped[str] = numbered("RT-{year}-{n:05d}")
    customer_id: Mapped[int] = link(Customer)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    state: Mapped[str] = state_field("proposed")
    model: Mapped[str] = field(max_length=100, readonly=True)
    model_hash: Mapped[str] = field(max_length=64, readonly=True, label="Hash of the model")
    statement_id: Mapped[int | None] = field(readonly=True, label="Statement")
    score: Mapped[int] = field(readonly=True)
    grade: Mapped[str] = field(max_length=8, readonly=True, widget="rating")
    sheet: Mapped[dict[str, Any]] = field(readonly=True, label="Working sheet")
    tree: Mapped[dict[str, Any]] = field(readonly=True, label="Decision tree")
    rated_by_id: Mapped[int] = field(readonly=True, label="Rated by")
    rated_on: Mapped[date] = field(readonly=True)
    valid_until: Mapped[date] = field(readonly=True, help="The last day on which it counts")


class CustomerRating(Extension[Customer]):
    """The confirmed rating in force, beside its customer."""

    grade: Mapped[str] = field(
        max_length=8, default="", readonly=True, widget="rating", label="Rating"
    )
    score: Mapped[int | None] = field(readonly=True)
    rating_id: Mapped[int | None] = field(readonly=True, label="Rating record")
    rated_valid_until: Mapped[date | None] = field(readonly=True, label="Rating valid until")
