from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Amount, Discussed, Owned, Record, field
from tenor_sdk.records import state_field


class Bid(Record, Owned, Discussed):
    """Somebody wants money."""

    borrower: Mapped[str] = field(max_length=100)
    currency: Mapped[str] = field(max_length=3, default="CNY")
    amount: Mapped[Amount] = field()
    months: Mapped[int] = field(default=12)
    grade: Mapped[str] = field(max_length=10, default="A")
    kind: Mapped[str] = field(max_length=20, default="plain")
    state: Mapped[str] = state_field("draft")
