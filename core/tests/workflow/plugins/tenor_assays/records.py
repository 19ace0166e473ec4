from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Discussed, Owned, Record, field
from tenor_sdk.records import state_field


class Assay(Record, Owned, Discussed):
    """What a sample is worth."""

    subject: Mapped[str] = field(max_length=200)
    note: Mapped[str] = field(max_length=200, default="")
    state: Mapped[str] = state_field("draft")
