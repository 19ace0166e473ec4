"""What of a contract decides how arrears grow and receipts are taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tenor_loans.domain.allocation import ART_561, Direction, Order
from tenor_loans.domain.day_count import DayCount
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Rate

#: Arrears are cut wherever a receipt comes in, so their day count must not depend on cuts.
_ADDITIVE = (DayCount.ACT_360, DayCount.ACT_365F, DayCount.THIRTY_E_360)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms under which a loan is serviced.

    Args:
        rate: the contract rate.
        penalty_rate: the rate on overdue principal; zero for none.
        maturity: the last due date; from it on compound interest runs at the penalty rate.
        basis: the day count of arrears and of interest that isn't due yet: ACT/360, ACT/365F or 30E/360.
        compound: whether unpaid interest bears interest.
        order: what a receipt pays first.
        direction: oldest instalment first, or part by part.

    Raises:
        Invalid: ``basis-not-additive``.
    """

    rate: Rate
    penalty_rate: Rate
    maturity: date
    basis: DayCount = DayCount.ACT_360
    compound: bool = True
    order: Order = ART_561
    direction: Direction = Direction.VERTICAL

    def __post_init__(self) -> None:
        if self.basis not in _ADDITIVE:
            raise Invalid("basis-not-additive", basis=self.basis.value)
