"""Contracts, and the templates from which they are made."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_customers.public import Customer
from tenor_origination.public import Application, Repayment
from tenor_sdk import (
    Amount,
    AppendOnly,
    Discussed,
    Owned,
    Rate,
    Record,
    field,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import file_field, state_field


class SignedHow(StrEnum):
    """How a contract came to be signed."""

    ELECTRONICALLY = "electronically"
    ON_PAPER = "on-paper"


class ContractTemplate(Record, AppendOnly):
    """The source of a kind of contract; a change is a further version, and what was made of the old one stays."""

    __table_args__ = (UniqueConstraint("name", "edition"),)

    name: Mapped[str] = field(max_length=60, readonly=True)
    edition: Mapped[int] = field(label="Edition", readonly=True)
    source: Mapped[str] = field(readonly=True, widget="long-text")
    sha256: Mapped[str] = field(
        max_length=64, readonly=True, label="SHA-256", help="Of the source, hexadecimal"
    )
    published_on: Mapped[date] = field(readonly=True)

    def display(self) -> str:
        """Its name and edition."""
        return f"{self.name} {self.edition}"


class Contract(Record, Owned, Discussed):
    """A contract of an approved application, with the terms from which it was generated.

    It belongs to the unit and the owner of its application, and is never deleted: what was generated in vain is void.
    """

    number: Mapped[str] = numbered("CT-{year}-{n:06d}")
    application_id: Mapped[int] = link(Application, readonly=True)
    application: Mapped[Application] = linked(Application, application_id)
    customer_id: Mapped[int] = link(Customer, readonly=True)
    customer: Mapped[Customer] = linked(Customer, customer_id)
    borrower: Mapped[str] = field(max_length=200, readonly=True, search=True)
    template_id: Mapped[int] = link(ContractTemplate, readonly=True, label="Template")
    template: Mapped[ContractTemplate] = linked(ContractTemplate, template_id)
    state: Mapped[str] = state_field("draft")
    currency: Mapped[str] = field(max_length=3, readonly=True)
    amount: Mapped[Amount] = field(readonly=True)
    months: Mapped[int] = field(readonly=True, label="Term in months")
    rate: Mapped[Rate] = field(readonly=True, label="Annual rate")
    repayment: Mapped[Repayment] = field(readonly=True)
    drawn_on: Mapped[date] = field(readonly=True, label="Term begins")
    due_on: Mapped[date] = field(readonly=True, label="Term ends")
    terms: Mapped[dict[str, Any]] = field(
        readonly=True, help="What was approved, and who the borrower was, when it was generated"
    )
    terms_hash: Mapped[str] = field(max_length=64, readonly=True, label="Hash of the terms")
    data_hash: Mapped[str] = field(
        max_length=64, readonly=True, default="", label="Hash of the texts set"
    )
    places: Mapped[list[Any]] = field(readonly=True, default=list, label="Places for signatures")
    file_id: Mapped[int | None] = file_field(label="Contract")
    sha256: Mapped[str] = field(
        max_length=64, readonly=True, default="", label="SHA-256 of the contract"
    )
    signed_file_id: Mapped[int | None] = file_field(label="Signed contract")
    signed_sha256: Mapped[str] = field(
        max_length=64, readonly=True, default="", label="SHA-256 of the signed contract"
    )
    signed_how: Mapped[SignedHow | None] = field(readonly=True, label="Signed")
    signed_on: Mapped[date | None] = field(readonly=True)

    def display(self) -> str:
        """Its number."""
        return str(self.number)
