"""The keys of the rows that a file had so far, in a database of its own that spills to the disk: a million take no more
memory than a thousand."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Any, Self


class Seen:
    """Which row of a file first had a key."""

    def __init__(self) -> None:
        # an empty name: a file that the database removes itself
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.close()

    def first(self, key: tuple[Any, ...], row: int) -> int | None:
        """The row that had this key before; None where none did, and from now on this one does."""
        text = "\x1f".join(f"{type(part).__name__}:{part}" for part in key)
        made = self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (text, row))
        if made.rowcount:
            return None
        found = self._rows.execute("SELECT row FROM seen WHERE key = ?", (text,)).fetchone()
        # a chunk that is tried again finds its own rows
        return None if found[0] == row else int(found[0])
