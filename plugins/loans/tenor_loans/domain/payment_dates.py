"""When instalments are paid: due dates rolled to business days, as far as calendars are published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tenor_loans.domain.calendar import Calendar, Rolling, rolled
from tenor_loans.domain.schedule import Instalment
from tenor_sdk.errors import Refused


@dataclass(frozen=True, slots=True)
class PaymentDate:
    """A due date and the day on which it is paid.

    Args:
        due: the agreed date.
        on: the day it rolls to.
        confirmed: false as long as there is no calendar for that year; then ``on`` is the agreed date, for now.
    """

    due: date
    on: date
    confirmed: bool


def payment_date(due: date, rolling: Rolling, calendar: Calendar) -> PaymentDate:
    """When an instalment due on ``due`` is to be paid, as far as the published calendars can say.

    Schedules run years beyond the last published table, so a far date is shown as not confirmed and settled once
    its table is in. Only the payment's day moves: the interest period keeps the agreed date.
    """
    if rolling is Rolling.UNADJUSTED:
        return PaymentDate(due, due, confirmed=True)
    try:
        return PaymentDate(due, rolled(due, rolling, calendar), confirmed=True)
    except Refused as refusal:
        if refusal.key != "no-calendar":
            raise
        return PaymentDate(due, due, confirmed=False)


def with_payment_dates(
    instalments: Sequence[Instalment], rolling: Rolling, calendar: Calendar
) -> tuple[Instalment, ...]:
    """The same instalments, due on their payment dates. Interest and its periods stay as agreed."""
    return tuple(
        replace(row, due=payment_date(row.due, rolling, calendar).on) for row in instalments
    )
