"""The keys by which records are found."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import Mapped

from tenor_sdk.fields import field
from tenor_sdk.records import Record


class SearchKey(Record):
    """The keys of one record; its id says of which, see ``kinds``. Beside it stands the database's own index over
    them, ``tenor_search``."""

    __title__ = "Search keys"
    __plural__ = "Search keys"
    __journal__: ClassVar[bool] = True

    document: Mapped[str] = field(secret=True)


class SearchState(Record):
    """Whose records all have their keys, and by which fields; else they are looked through one by one."""

    __title__ = "State of search keys"
    __plural__ = "States of search keys"
    __journal__: ClassVar[bool] = True

    table_name: Mapped[str] = field(max_length=100, unique=True)
    fields: Mapped[str] = field()
