"""The column that this plugin adds to errands."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_errands.public import Errand
from tenor_sdk import Extension, field


class ErrandVisits(Extension[Errand]):
    """How often somebody set out for an errand."""

    __title__ = "Visits"
    __plural__ = "Visits"

    visits: Mapped[int] = field(default=0, minimum=0, label="Visits")
