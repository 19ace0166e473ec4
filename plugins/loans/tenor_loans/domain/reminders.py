"""The reminder plan: on which days before a due date a borrower is reminded of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tenor_loans.domain.schedule import Instalment
from tenor_sdk.values import Amount

#: Days before the due date; a usual default, an institution sets its own.
USUAL_DAYS_BEFORE = (7, 3, 1, 0)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one instalment, with its amount taken apart.

    Args:
        instalment: its number.
        on: the day of the reminder.
        due: the day of the payment.
        days_before: how many days lie between.
        principal: principal due.
        interest: interest due.
    """

    instalment: int
    on: date
    due: date
    days_before: int
    principal: Amount
    interest: Amount

    @property
    def total(self) -> Amount:
        return self.principal + self.interest


def reminder_plan(
    instalments: Sequence[Instalment],
    drawn_on: date,
    days_before: Sequence[int] = USUAL_DAYS_BEFORE,
) -> tuple[Reminder, ...]:
    """Every reminder of a schedule, by day. Those that would fall before the drawdown, or on it, are left out.

    Args:
        instalments: rows with something to pay; their due dates rolled to business days where that is agreed.
        drawn_on: the day of the drawdown.
        days_before: the days before the due date, in any order.
    """
    plan = (
        _reminder(row, days)
        for row in instalments
        if row.total
        for days in sorted(set(days_before))
    )
    return tuple(sorted((r for r in plan if r.on > drawn_on), key=lambda r: (r.on, r.instalment)))


def _reminder(row: Instalment, days: int) -> Reminder:
    on = row.due - timedelta(days=days)
    return Reminder(row.number, on, row.due, days, row.principal, row.interest)


def next_reminder(plan: Sequence[Reminder], after: date) -> Reminder | None:
    """The first reminder after a day, or ``None`` at the end of the plan."""
    return next((reminder for reminder in plan if reminder.on > after), None)
