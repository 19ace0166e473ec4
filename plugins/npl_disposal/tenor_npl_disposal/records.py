"""Bad loans on their way out: the options that were compared, and what was decided."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped

from tenor_loans.public import Loan
from tenor_sdk import (
    Amount,
    Discussed,
    Line,
    Owned,
    Rate,
    Record,
    field,
    lines,
    link,
    linked,
    numbered,
)
from tenor_sdk.records import state_field


class WayOut(StrEnum):
    """What can be done with a bad loan."""

    RESTRUCTURE = "restructure"
    TRANSFER = "transfer"
    LITIGATE = "litigate"
    WRITE_OFF = "write-off"
    DEBT_FOR_ASSET = "debt-for-asset"


class NplCase(Record, Owned, Discussed):
    """The disposal of a non-performing loan."""

    __title__ = "NPL case"
    __plural__ = "NPL cases"

    number: Mapped[str] = numbered("NPL-{year}-{n:04d}")
    loan_id: Mapped[int] = link(Loan, readonly=True)
    loan: Mapped[Loan] = linked(Loan, loan_id)
    borrower: Mapped[str] = field(max_length=200, search=True, readonly=True)
    state: Mapped[str] = state_field("open")
    currency: Mapped[str] = field(max_length=3, default="CNY", readonly=True)
    base_date: Mapped[date] = field(readonly=True, help="The day on which the claim was struck")
    claim: Mapped[Amount] = field(readonly=True)
    provision: Mapped[Amount] = field(default=Amount(0), minimum=Amount(0))
    rate: Mapped[Rate] = field(
        label="Discount rate", default=Rate.of("0.08"), minimum=Rate(0), maximum=Rate.of("1")
    )
    options: Mapped[list[DisposalOption]] = lines()
    chosen: Mapped[WayOut | None] = field(readonly=True)
    frozen: Mapped[dict[str, Any] | None] = field(readonly=True, label="Frozen assumptions")
    frozen_hash: Mapped[str] = field(max_length=64, default="", readonly=True, label="Their hash")

    def display(self) -> str:
        """Its number."""
        return str(self.number)


class DisposalOption(Line[NplCase]):
    """One way out, with what it is expected to bring."""

    way: Mapped[WayOut] = field()
    amount: Mapped[Amount] = field(label="Expected amount", minimum=Amount(0))
    payments: Mapped[int] = field(
        default=1, minimum=1, maximum=40, help="Yearly payments of that amount"
    )
    months: Mapped[int] = field(label="Months to the first payment", minimum=0, maximum=240)
    probability: Mapped[Rate] = field(default=Rate.of("1"), minimum=Rate(0), maximum=Rate.of("1"))
    cost: Mapped[Amount] = field(default=Amount(0), minimum=Amount(0))

    @property
    def currency(self) -> str:
        """That of its case."""
        return self.parent.currency
