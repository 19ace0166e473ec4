from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Amount, Discussed, Owned, Record, field, numbered
from tenor_sdk.records import state_field


class Petition(Record, Owned, Discussed):
    """Somebody asks for something."""

    number: Mapped[str] = numbered("PET-{year}-{n:04d}")
    subject: Mapped[str] = field(max_length=200, search=True)
    amount: Mapped[Amount] = field(default=Amount(0))
    papers: Mapped[int] = field(default=0)
    opinion: Mapped[str] = field(default="")
    state: Mapped[str] = state_field("draft")
