"""Customers and their financial statements."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from tenor_customers.domain.identifiers import normal_code
from tenor_customers.domain.lines import known_lines
from tenor_customers.domain.statements import Assurance, PeriodKind
from tenor_customers.rules import (
    check_credit_code,
    check_identity_number,
    check_industry,
    check_region,
)
from tenor_sdk import Amount, AppendOnly, Archivable, Discussed, Line, Owned, Record, field, lines
from tenor_sdk.records import Customizable, Dated, file_field


class Customer(Record, Owned, Archivable, Discussed, Customizable):
    """A company, or another body, to which the institution lends or may lend."""

    # all by which their list is searched and sorted: a page of it is found here, in the order in which it is shown,
    # whether somebody sees all, those of their units, or their own
    __table_args__ = (
        Index(None, "name", "id", "credit_code", "archived"),
        Index(None, "owner_id", "name", "id", "credit_code", "archived"),
        Index(None, "unit_id", "name", "credit_code", "archived", "id"),
    )

    name: Mapped[str] = field(max_length=200, search=True)
    credit_code: Mapped[str] = field(
        label="Unified social credit code",
        max_length=40,  # as typed, with spaces or hyphens; the rule says which length is wrong
        unique=True,
        search=True,
        check=check_credit_code,
        normal=normal_code,
        help="18 characters; the last one checks the others (GB 32100-2015)",
    )
    industry: Mapped[str] = field(
        max_length=8,
        default="",
        check=check_industry,
        normal=normal_code,
        help="GB/T 4754-2017, such as C34",
    )
    region: Mapped[str] = field(
        max_length=6,
        default="",
        check=check_region,
        normal=normal_code,
        help="GB/T 2260, six digits",
    )
    currency: Mapped[str] = field(
        max_length=3,
        default="CNY",
        pattern="[A-Z]{3}",
        widget="currency",
        help="Of the registered capital and of its statements",
    )
    registered_capital: Mapped[Amount | None] = field(minimum=Amount(0))
    established_on: Mapped[date | None] = field(label="Established")
    address: Mapped[str] = field(max_length=300, default="")
    business_scope: Mapped[str] = field(default="", widget="long-text")
    representative: Mapped[str] = field(label="Legal representative", max_length=100, default="")
    representative_number: Mapped[str] = field(
        label="Identity number of the legal representative",
        max_length=40,
        default="",
        mask="identity-number",
        check=check_identity_number,
        normal=normal_code,
    )
    representative_phone: Mapped[str] = field(
        label="Phone of the legal representative", max_length=30, default="", mask="phone"
    )


class FinancialStatement(Dated[Customer], Discussed):
    """The figures of a customer for one period, as a source gave them out and as we came to know them.

    ``valid_from`` is the period's last day. Written once; a correction is a further statement that supersedes this.
    """

    valid_from: Mapped[date] = field(label="Period end")
    kind: Mapped[PeriodKind] = field()
    currency: Mapped[str] = field(max_length=3, default="CNY")
    assurance: Mapped[Assurance] = field(default=Assurance.MANAGEMENT)
    file_id: Mapped[int | None] = file_field(label="Source file")
    items: Mapped[list[StatementLine]] = lines()

    def display(self) -> str:
        """Its last day."""
        return self.valid_from.isoformat()


class StatementLine(Line[FinancialStatement], AppendOnly):
    """An amount of a statement; what wasn't stated is absent, not zero."""

    code: Mapped[str] = field(
        label="Line",
        max_length=60,
        choices=tuple((line.code, line.en) for line in known_lines().values()),
    )
    amount: Mapped[Amount] = field()
