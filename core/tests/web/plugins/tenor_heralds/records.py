from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Record, field


class News(Record):
    """Something that a herald told."""

    event: Mapped[str] = field(max_length=100, unique=True)
