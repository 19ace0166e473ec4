"""What is known of each stored file."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy.orm import Mapped

from tenor_sdk.fields import field
from tenor_sdk.records import AppendOnly, Record


class File(Record, AppendOnly):
    """A file that was kept: its bytes lie in the store under their hash.

    Read by whoever may read the record that it belongs to, or one that links to it; until then by whoever stored it.
    """

    __append_only__: ClassVar[bool] = True

    name: Mapped[str] = field(max_length=255, label="File name")
    media_type: Mapped[str] = field(max_length=100)
    size: Mapped[int] = field(help="Bytes")
    sha256: Mapped[str] = field(max_length=64, index=True)
    about_table: Mapped[str] = field(max_length=100, default="")
    about_id: Mapped[int | None] = field()
