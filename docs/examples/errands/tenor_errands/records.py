"""The errands."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from tenor_sdk import Discussed, Owned, Record, field, numbered
from tenor_sdk.records import state_field


class Errand(Record, Owned, Discussed):
    """Something that somebody fetches, brings or sees to."""

    number: Mapped[str] = numbered("ERR-{year}-{n:04d}")
    subject: Mapped[str] = field(max_length=200, search=True)
    due_on: Mapped[date | None] = field(label="Due on")
    state: Mapped[str] = state_field("to-do")
