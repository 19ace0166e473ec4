"""Ratings of customers and limits proposed for them, with everything by which they can be computed again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Mapped

from tenor_customers.public import Customer, FinancialStatement
from tenor_sdk import (
    Amount,
    AppendOnly,
    Discussed,
    Extension,
    Rate,
    Record,
    field,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import person, state_field


class Rating(Record, Discussed):
    """A customer's grade by a model, on the figures that were on file: proposed, then confirmed for a year."""

    number: Mapped[str] = numbered("RT-{year}-{n:05d}")
    customer_id: Mapped[int] = link(Customer, readonly=True)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    state: Mapped[str] = state_field("proposed")
    model: Mapped[str] = field(max_length=100, readonly=True)
    model_hash: Mapped[str] = field(max_length=64, readonly=True, label="Hash of the model")
    statement_id: Mapped[int] = link(FinancialStatement, label="Statement", readonly=True)
    score: Mapped[int] = field(readonly=True)
    grade: Mapped[str] = field(max_length=8, readonly=True, widget="rating")
    sheet: Mapped[dict[str, Any]] = field(readonly=True, label="Working sheet")
    tree: Mapped[dict[str, Any]] = field(readonly=True, label="Decision tree")
    rated_by_id: Mapped[int] = person(label="Rated by")
    rated_on: Mapped[date] = field(readonly=True)
    valid_until: Mapped[date] = field(readonly=True, help="The last day on which it counts")


class CustomerRating(Extension[Customer]):
    """The confirmed rating in force, beside its customer."""

    grade: Mapped[str] = field(
        max_length=8, default="", readonly=True, widget="rating", label="Rating"
    )
    score: Mapped[int | None] = field(readonly=True)
    rating_id: Mapped[int | None] = link(Rating, label="Rating in force", readonly=True)
    rated_valid_until: Mapped[date | None] = field(readonly=True, label="Rating valid until")


class LimitProposal(Record, AppendOnly):
    """How much working capital a customer needs by the formula, and the limit that follows; a working sheet, kept."""

    __currency__ = "currency"

    number: Mapped[str] = numbered("LM-{year}-{n:05d}")
    customer_id: Mapped[int] = link(Customer)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    statement_id: Mapped[int] = link(FinancialStatement, label="Statement")
    currency: Mapped[str] = field(max_length=3)
    growth: Mapped[Rate] = field(label="Expected growth of revenue")
    own_funds: Mapped[Amount] = field()
    existing_loans: Mapped[Amount] = field(label="Present working-capital loans")
    other_channels: Mapped[Amount] = field(label="From other channels")
    asked: Mapped[Amount | None] = field(label="Asked for")
    needed: Mapped[Amount] = field(label="Working capital needed")
    proposed: Mapped[Amount] = field(label="Proposed limit")
    sheet: Mapped[dict[str, Any]] = field(label="Working sheet")
    made_by_id: Mapped[int] = person(label="Made by")
    made_on: Mapped[date] = field()
