"""What customers tell the others."""

from __future__ import annotations

from datetime import date

from tenor_sdk import Event


class StatementRecorded(Event):
    """A statement of a customer is on file; a correction tells it again."""

    customer_id: int
    statement_id: int
    period_end: date
