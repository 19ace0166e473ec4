"""What others may hear of."""

from __future__ import annotations

from tenor_sdk import Event


class SiteChecked(Event):
    """Somebody was at a customer's works."""

    customer_id: int
    check_id: int
