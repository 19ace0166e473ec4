"""Loans of the demo bank that existed before: of each way of repayment, one repaid, two past due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from tenor_customers.public import Customer
from tenor_loans.domain.day_count import DayCount
from tenor_loans.domain.periods import regular_periods
from tenor_loans.domain.schedule import Instalment, Method, Schedule, schedule
from tenor_loans.services import take_over_loan
from tenor_sdk import Amount, Context, Rate, job
from tenor_sdk.demo import Stage, demo


@dataclass(frozen=True, kw_only=True)
class Existing:
    """A loan that is paid back as agreed, up to a day.

    Args:
        every: months between two instalments.
        paid_to: the last due date that was paid.
    """

    customer: str
    amount: str
    rate: str
    method: Method
    drawn_on: date
    first_due: date
    count: int
    every: int = 1
    paid_to: date = date(2026, 6, 30)


LOANS: Final = (
    Existing(
        customer="泽远精密制造股份有限公司", amount="60000000", rate="0.0435", method=Method.BULLET,
        drawn_on=date(2025, 12, 15), first_due=date(2026, 1, 15), count=12,
    ),
    Existing(
        customer="盛川重工有限公司", amount="30000000", rate="0.0420", method=Method.LEVEL_PAYMENT,
        drawn_on=date(2025, 3, 20), first_due=date(2025, 4, 20), count=36,
    ),
    Existing(
        customer="临海泰合商贸有限公司", amount="10000000", rate="0.0465", method=Method.LEVEL_PRINCIPAL,
        drawn_on=date(2025, 8, 31), first_due=date(2025, 9, 30), count=24,
    ),
    Existing(
        customer="临海海风一期发电有限公司", amount="450000000", rate="0.0390",
        method=Method.LEVEL_PAYMENT, drawn_on=date(2024, 3, 21), first_due=date(2024, 6, 21),
        count=60, every=3,
    ),
    Existing(
        customer="美港航材（临海）有限公司", amount="8000000", rate="0.0525",
        method=Method.LEVEL_PRINCIPAL, drawn_on=date(2025, 10, 8), first_due=date(2025, 11, 8),
        count=24,
    ),
    Existing(
        customer="云州恒达汽车零部件股份有限公司", amount="5000000", rate="0.0435",
        method=Method.LEVEL_PAYMENT, drawn_on=date(2025, 6, 16), first_due=date(2025, 7, 16),
        count=12,
    ),
    Existing(
        customer="云州明泽食品有限公司", amount="3600000", rate="0.0480", method=Method.LEVEL_PRINCIPAL,
        drawn_on=date(2025, 12, 26), first_due=date(2026, 1, 26), count=36, paid_to=date(2026, 5, 26),
    ),
)  # fmt: skip

#: 金澜纺织: 5,000,000 of 50,000,000 due on 2026-03-20 and not paid then; interest is paid to that day
_DRAWN, _DUE, _LATER = date(2025, 3, 20), date(2026, 3, 20), date(2027, 3, 20)
_INTEREST: Final = Amount.of("2433333.33")
JINLAN: Final = Schedule(
    (
        Instalment(1, _DRAWN, _DUE, Amount.of(50_000_000), Amount.of(5_000_000), _INTEREST),
        Instalment(
            2, _DUE, _LATER, Amount.of(45_000_000), Amount.of(45_000_000), Amount.of(2_190_000)
        ),
    )
)
JINLAN_PAID: Final = ((_DUE, _INTEREST), (date(2026, 4, 18), Amount.of("2030000")))


@demo()
def loans(stage: Stage) -> None:
    """The loans that the bank had before, taken over by the plugin's own service."""
    with stage.as_("ding.ning") as ctx:
        ctx.enqueue(take_over_existing, key="demo")
    stage.run_jobs()


@job(actor="service")
def take_over_existing(ctx: Context) -> None:
    """Take over the demo bank's loans."""
    for existing in LOANS:
        _take_over(ctx, existing)
    take_over_loan(
        ctx,
        _customer(ctx, "金澜纺织有限公司"),
        JINLAN,
        rate=Rate.of("0.048"),
        penalty_rate=Rate.of("0.072"),
        compound=False,
        method=Method.BULLET,
        day_count=DayCount.ACT_360,
        drawn_on=_DRAWN,
        repayments=JINLAN_PAID,
    )


def _take_over(ctx: Context, existing: Existing) -> None:
    rate = Rate.of(existing.rate)
    periods = regular_periods(
        existing.drawn_on, existing.first_due, existing.count, every=existing.every
    )
    customer = _customer(ctx, existing.customer)
    principal = Amount.of(existing.amount, customer.currency)
    planned = schedule(existing.method, principal, rate, periods)
    take_over_loan(
        ctx,
        customer,
        planned,
        rate=rate,
        method=existing.method,
        drawn_on=existing.drawn_on,
        repayments=_paid(planned, min(existing.paid_to, ctx.today)),
    )


def _paid(planned: Schedule, until: date) -> Sequence[tuple[date, Amount]]:
    """Every instalment on its due date."""
    return [(row.due, row.total) for row in planned.instalments if row.due <= until]


def _customer(ctx: Context, name: str) -> Customer:
    return ctx.session.scalars(select(Customer).where(Customer.name == name)).one()
