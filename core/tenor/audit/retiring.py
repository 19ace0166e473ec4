"""Taking entries out that are older than the institution must keep them: into an archive that proves itself, while
the leaves and seals stay. Nothing that is under a legal hold, nothing that isn't sealed, and no word on erasing
or retiring."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, not_, or_, select

from tenor.audit import exporting
from tenor.audit.checking_export import Broken, check, checked
from tenor.audit.holds import Kinds, entries_held
from tenor.audit.journals import of_a_seal
from tenor.audit.notes import KINDS, RETIRED, pieces, ranges_of, read_notes
from tenor.audit.records import LedgerEntry, SealMember
from tenor.audit.seals import roots
from tenor.audit.unlocking import check_owner, unlocked
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    #: writes an entry of the kernel's own: kind, reason, changes
    Note = Callable[..., None]

_entries: Any = LedgerEntry.__table__
_members: Any = SealMember.__table__
_BLOCK: Final = 5000


@dataclass(frozen=True)
class Retention:
    """How many years entries are kept.

    Args:
        years: where nothing else is said.
        of_table: by the table of the record.
    """

    years: int
    of_table: Mapping[str, int]

    @classmethod
    def of(cls, years: int, others: str) -> Retention:
        """From the settings: ``customers_customer=10 loans_loan=30``.

        Raises:
            ValueError: what isn't written so.
        """
        pairs = (word.partition("=") for word in others.split())
        return cls(years, {table: int(said) for table, _equals, said in pairs})


def retire(
    connection: Connection,
    now: datetime,
    today: date,
    retention: Retention,
    archive: Path,
    kinds: Kinds,
    note: Note,
) -> int:
    """Take out what may go, on the owner's connection; how many entries. Where nothing may go, no archive is made.

    Args:
        kinds: the records by their tables.

    Raises:
        Refused: ``not-the-owner``.
        FileExistsError: no archive is written over.
        ValueError: the archive can't be proved; nothing is taken out.
    """
    check_owner(connection, _entries.name)
    where = [*_may_go(now, today, retention), not_(entries_held(connection, kinds))]
    statement = select(_entries.c.id).where(*where).order_by(_entries.c.id)
    told_of = connection.execute(statement, execution_options={"yield_per": _BLOCK})
    ranges = ranges_of(told_of.scalars())
    if not ranges:
        return 0
    count = sum(last - first + 1 for first, last in ranges)
    digest = _write(connection, now, where, archive)
    with archive.open("rb") as file:
        held = check(file, dict(roots(connection)))["entries"]
    if held != count:
        raise ValueError(f"{archive} doesn't hold all that is to be taken out")
    told = {"entries": ranges, "archive": digest, "file": archive.name, "count": count}
    # noted first: SQLite gives the number of a last row that is gone to the next
    note(connection, RETIRED, changes=told)
    with unlocked(connection, _entries.name):
        for first, last in ranges:
            connection.execute(delete(_entries).where(_entries.c.id.between(first, last)))
    return count


def proved(connection: Connection, archive: Path) -> set[int]:
    """The entries that an archive proves, against the seals that stand: of those that the ledger says were taken out,
    and that are gone.

    Raises:
        Refused: ``archive-not-whole``.
    """
    standing, ids = dict(roots(connection)), set[int]()
    try:
        with archive.open("rb") as file:
            for value in checked(file, {}, defaultdict(int)):
                if "entry" in value and value["seal"]:
                    ids.add(value["entry"]["id"])
                elif "seal" in value and "entry" not in value:
                    _standing(value["seal"], standing)
    except (Broken, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Refused("archive-not-whole", name=archive.name, problem=str(error)) from error
    retired = read_notes(connection).retired
    ids = {each for each in ids if each in retired}
    for some in pieces(sorted(ids)):
        here = select(_entries.c.id).where(_entries.c.id.in_(some))
        ids.difference_update(connection.execute(here).scalars())
    return ids


def _standing(seal: Any, standing: Mapping[int, str]) -> None:
    """Raises ``Broken`` where a seal of an archive isn't the one that stands."""
    if standing.get(seal[0]) != seal[-1]:
        raise Broken(f"seal {seal[0]}")


def _may_go(now: datetime, today: date, retention: Retention) -> list[ColumnElement[bool]]:
    """Sealed, and older than entries of their kind are kept."""
    sealed = select(_members.c.entry_id).where(_members.c.table_name == "", of_a_seal())
    ages = [
        and_(_entries.c.table_name == table, _entries.c.at < _years_ago(now, today, years))
        for table, years in retention.of_table.items()
    ]
    rest = and_(
        _entries.c.table_name.not_in(list(retention.of_table)),
        _entries.c.at < _years_ago(now, today, retention.years),
    )
    return [_entries.c.id.in_(sealed), _entries.c.kind.not_in(KINDS), or_(*ages, rest)]


def _years_ago(now: datetime, today: date, years: int) -> datetime:
    day = today.replace(year=today.year - years, day=min(today.day, 28))
    return datetime.combine(day, now.timetz())


def _write(
    connection: Connection, now: datetime, where: list[ColumnElement[bool]], archive: Path
) -> str:
    """The archive, on the disk for sure before anything is taken out; its digest."""
    whole = sha256()
    with archive.open("xb") as file:
        for line in exporting.lines(connection, now, where, {}):
            whole.update(line.encode())
            file.write(line.encode())
        file.flush()
        os.fsync(file.fileno())
    return whole.hexdigest()
