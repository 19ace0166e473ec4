"""A company, as it is called and numbered."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk import Owned, Record, field


class Company(Record, Owned):
    """Somebody to whom the bank may lend."""

    name: Mapped[str] = field(max_length=120, search=True)
    code: Mapped[str] = field(max_length=40, search=True)
