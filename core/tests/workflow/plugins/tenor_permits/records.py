from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Discussed, Owned, Record, field
from tenor_sdk.records import state_field


class Permit(Record, Owned, Discussed):
    """Leave to build something."""

    subject: Mapped[str] = field(max_length=200, search=True)
    note: Mapped[str] = field(default="")
    state: Mapped[str] = state_field("draft")
