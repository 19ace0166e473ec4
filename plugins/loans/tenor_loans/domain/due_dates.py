"""Due dates: stepping through months from an anchor day, clipped to the length of each month."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from tenor_sdk.errors import Invalid


def month_end(day: date) -> date:
    """The last day of the month of ``day``."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int, *, anchor_day: int | None = None, eom: bool = False) -> date:
    """The date ``months`` after ``day``, on the anchor day or on the last day of a shorter month.

    Always step from the first date, never from a clipped one: 31 January, 28 February, **31** March.

    Args:
        day: where to step from.
        months: how many, also negative.
        anchor_day: the agreed day of the month, 1 to 31; by default that of ``day``.
        eom: if ``day`` is the last of its month, stay on the last day of every month.
    """
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    if eom and day == month_end(day):
        return month_end(first)
    return first.replace(day=min(anchor_day or day.day, month_end(first).day))


def due_dates(
    first_due: date, count: int, *, every: int = 1, anchor_day: int | None = None, eom: bool = False
) -> tuple[date, ...]:
    """The due dates of ``count`` instalments, ``every`` so many months, the first one included.

    Args:
        first_due: the first due date.
        count: how many, at least one.
        every: months between two: 1 monthly, 3 quarterly, 6, 12.
        anchor_day: the agreed day where ``first_due`` falls in a month that is too short for it (31 in February).
        eom: due on the last day of every month, if the first is.

    Raises:
        Invalid: ``no-instalments``; ``first-due-off-anchor`` where the first date isn't the anchor day, clipped.
    """
    if count < 1 or every < 1:
        raise Invalid("no-instalments", count=count, every=every)
    if add_months(first_due, 0, anchor_day=anchor_day) != first_due:
        raise Invalid("first-due-off-anchor", first_due=first_due, anchor_day=anchor_day)
    return tuple(
        add_months(first_due, k * every, anchor_day=anchor_day, eom=eom) for k in range(count)
    )


def whole_months(start: date, end: date) -> int:
    """How many whole months fit between ``start`` and ``end``."""
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1
