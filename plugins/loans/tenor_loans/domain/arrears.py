"""Days past due (逾期天数): counted from the oldest due date with something unpaid."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from tenor_loans.domain.allocation import Component, Due

#: Arrears are principal or interest unpaid; penalty interest and fees alone don't make a loan overdue.
ARREARS = frozenset({Component.PRINCIPAL, Component.INTEREST})


def overdue_since(
    dues: Iterable[Due], as_of: date, counted: Collection[Component] = ARREARS
) -> date | None:
    """The oldest due date before ``as_of`` with something unpaid, or ``None``.

    Args:
        dues: what is owed, each with the day on which it was to be paid (rolled to a business day where agreed).
        as_of: the day that asks.
        counted: the parts that make a loan overdue.
    """
    unpaid = (due.on for due in dues if any(due.open(part) for part in counted))
    return min((day for day in unpaid if day < as_of), default=None)


def days_past_due(
    dues: Iterable[Due], as_of: date, counted: Collection[Component] = ARREARS
) -> int:
    """How many days ``as_of`` lies after the oldest unpaid due date: 0 on the due date, 1 on the day after it."""
    since = overdue_since(dues, as_of, counted)
    return (as_of - since).days if since else 0
