"""What people say on a record's timeline."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from tenor_sdk.fields import field
from tenor_sdk.records import AppendOnly, Record


class Comment(Record, AppendOnly):
    """A remark on a record's timeline; read by whoever may read that record."""

    table_name: Mapped[str] = field(max_length=100, index=True)
    record_id: Mapped[int] = field(index=True)
    text: Mapped[str] = field(widget="long-text")
