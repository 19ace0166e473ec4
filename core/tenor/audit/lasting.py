"""Entries that stay though what they were written with is undone: whoever looked beyond their rows has looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.audit.inserting import insert_entries
from tenor.audit.records import LedgerEntry

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.db import Database

_table: Final[Any] = LedgerEntry.__table__


class Lasting:
    """The lasting entries of one context.

    They are written at once, with the act that they are about, and again where that was undone.

    Attributes:
        undone: whether anything was undone meanwhile, a savepoint or all.
    """

    def __init__(self) -> None:
        self.undone = False
        self._rows: list[dict[str, Any]] = []

    def add(self, row: dict[str, Any]) -> None:
        """Remember an entry that was written."""
        self._rows.append(row)

    def keep(self, db: Database) -> None:
        """Write those that are gone, once the transaction is over."""
        if not self.undone or not self._rows:
            return
        with db.raw() as connection:
            insert_entries(connection, self._gone(connection))

    def _gone(self, connection: Connection) -> list[dict[str, Any]]:
        wanted = [row["digest"] for row in self._rows]
        request = self._rows[0]["request_id"]
        there = select(_table.c.digest).where(
            _table.c.request_id == request, _table.c.digest.in_(wanted)
        )
        found = set(connection.scalars(there))
        return [row for row in self._rows if row["digest"] not in found]
