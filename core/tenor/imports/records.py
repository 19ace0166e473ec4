"""The journal of imports: which file, by whom, how its columns were read, how far it came, and what it refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_sdk.fields import field, file_field
from tenor_sdk.records import AppendOnly, Json, Record

PROPOSED: Final = "proposed"
CHECKING: Final = "checking"
CHECKED: Final = "checked"
RUNNING: Final = "running"
DONE: Final = "done"
STOPPED: Final = "stopped"


class Import(Record):
    """A file of records that somebody takes in; a journal, moved by the kernel alone."""

    __journal__: ClassVar[bool] = True

    record: Mapped[str] = field(max_length=120, index=True, readonly=True)
    file_name: Mapped[str] = field(max_length=255, label="File", readonly=True)
    file_id: Mapped[int | None] = file_field(label="Stored file")
    size: Mapped[int] = field(help="Bytes", readonly=True)
    sha256: Mapped[str] = field(max_length=64, index=True, readonly=True)
    sheet: Mapped[str] = field(max_length=100, default="", readonly=True)
    header_row: Mapped[int] = field(readonly=True)
    header: Mapped[list[str]] = field(readonly=True)
    header_hash: Mapped[str] = field(max_length=64, index=True, readonly=True)
    mapping: Mapped[Json] = field(help="For each column the field to which it goes", readonly=True)
    matched_by: Mapped[str] = field(max_length=300, default="", readonly=True)
    state: Mapped[str] = field(max_length=20, default=PROPOSED, readonly=True)
    reached: Mapped[int] = field(default=0, label="Row reached", readonly=True)
    rows: Mapped[int] = field(default=0, readonly=True)
    made: Mapped[int] = field(default=0, label="New", readonly=True)
    changed: Mapped[int] = field(default=0, readonly=True)
    unchanged: Mapped[int] = field(default=0, readonly=True)
    refused: Mapped[int] = field(default=0, readonly=True)
    warnings: Mapped[list[str]] = field(readonly=True)
    problem: Mapped[str] = field(default="", readonly=True)
    finished_at: Mapped[datetime | None] = field(readonly=True)

    def display(self) -> str:
        """Its file's name."""
        return str(self.file_name)


class RefusedRow(Record, AppendOnly):
    """A row of a file that couldn't be taken in, as it stood, with the reasons."""

    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("import_id", "row"),)

    import_id: Mapped[int] = field()
    row: Mapped[int] = field(help="Its number in the file")
    # secret to lists and the API: whoever imported the file gets them back as a file
    cells: Mapped[list[Any]] = field(secret=True)
    reasons: Mapped[str] = field(secret=True)
