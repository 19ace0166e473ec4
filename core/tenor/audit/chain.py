"""The chain of seals: each against the one before, and what is left of those that aren't there any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from tenor.audit.hashing import FIRST_FORM, FORM
from tenor.audit.reading import ODD, rows
from tenor.audit.records import Seal, SealMember
from tenor.audit.seals import said_by_seal
from tenor.audit.verdict import Finding

_seals: Any = Seal.__table__
_members: Any = SealMember.__table__
_NUMBERS: Final = ("id", "count", "horizon", "form")


class Chain:
    """What is known of the seals.

    Args:
        kept: digests of seals by number, as they were copied off the machine.
    """

    def __init__(self, connection: Connection, kept: Mapping[int, str]) -> None:
        self.connection = connection
        self.findings: list[Finding] = []
        #: the rows of those that can be read, in order
        self.seals: list[Any] = []
        #: of the last of them
        self.horizon = 0
        self._read()
        self._follow()
        self._compare(kept)
        self._of_no_seal()

    def _read(self) -> None:
        statement = select(_seals).order_by(_seals.c.id)
        bare = select(_seals.c.id).order_by(_seals.c.id)
        for row, there in rows(self.connection, statement, bare):
            if there and all(type(row._mapping[name]) is int for name in _NUMBERS) and row.id > 0:
                self.seals.append(row)
            else:
                self.findings.append(Finding("seal-edited", seal_id=row.id))

    def _follow(self) -> None:
        previous, expected, form = "", 1, FIRST_FORM
        for row in self.seals:
            missing = range(expected, row.id)
            self.findings += [Finding("seal-missing", seal_id=number) for number in missing]
            if (
                row.previous != previous
                or not _holds(row, previous)
                or not form <= row.form <= FORM
            ):
                self.findings.append(Finding("seal-edited", seal_id=row.id))
            previous, expected, form = row.digest, row.id + 1, max(form, row.form)
            self.horizon = row.horizon

    def _compare(self, kept: Mapping[int, str]) -> None:
        """Seals that were there: their members are left, or their digests were kept elsewhere."""
        seals = {row.id: row.digest for row in self.seals}
        last = max(seals, default=0)
        left = select(_members.c.seal_id).where(_members.c.seal_id > last).distinct()
        gone = set(self.connection.execute(left).scalars()) | {each for each in kept if each > last}
        self.findings += [
            Finding("seal-missing", seal_id=number)
            for number in sorted(gone, key=lambda each: (str(type(each)), each))
        ]
        self.findings += [
            Finding("seal-edited", seal_id=number)
            for number, digest in sorted(kept.items())
            if number in seals and seals[number] != digest
        ]

    def _of_no_seal(self) -> None:
        """Memberships of a seal that never was: they are numbered from 1. Of a later one its number is told already."""
        wanted = (_members.c.entry_id, _members.c.seal_id, _members.c.table_name)
        odd = [_members.c.seal_id < 1]
        if self.connection.dialect.name == "sqlite":  # which keeps any value in any column
            odd.append(func.typeof(_members.c.seal_id) != "integer")
        statement = select(*wanted).where(or_(*odd)).order_by(_members.c.id)
        for entry_id, seal_id, table in self.connection.execute(statement):
            self.findings.append(Finding("seal-missing", entry_id, seal_id, table))


def _holds(row: Any, previous: str) -> bool:
    """Whether a seal's digest is that of what it says."""
    try:
        return bool(said_by_seal(row, previous).digest() == row.digest)
    except ODD:
        return False
