"""Disposal at the demo bank: the options for 金澜纺织 side by side."""

from __future__ import annotations

from sqlalchemy import select

from tenor_loans.public import Loan
from tenor_npl_disposal.records import DisposalOption, WayOut
from tenor_npl_disposal.services import open_case
from tenor_sdk import Amount, Rate
from tenor_sdk.demo import Stage, demo


@demo()
def jinlan(stage: Stage) -> None:
    """唐岚 enters litigation, restructuring and transfer, as the committee will see them."""
    with stage.as_("tang.lan") as ctx:
        loan = ctx.session.scalars(select(Loan).where(Loan.borrower.like("金澜纺织%"))).first()
        if loan is None:
            return
        case = open_case(ctx, loan)
        case.rate = Rate.of("0.08")
        case.options = [
            _option(WayOut.LITIGATE, "32300000", months=24, cost="1900000"),
            _option(WayOut.RESTRUCTURE, "6300000", months=12, payments=5, cost="300000"),
            _option(WayOut.TRANSFER, "22500000", months=3, cost="400000"),
        ]


def _option(
    way: WayOut, amount: str, *, months: int, cost: str, payments: int = 1
) -> DisposalOption:
    return DisposalOption(
        way=way,
        amount=Amount.of(amount),
        months=months,
        payments=payments,
        cost=Amount.of(cost),
    )
