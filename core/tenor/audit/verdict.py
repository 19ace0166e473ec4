"""What verifying says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Finding:
    """Something that isn't as it was sealed.

    Args:
        key: of an entry ``edited``, ``removed``, ``inserted``, ``moved``, ``value-edited``, ``value-removed`` (though
            nobody decided to erase it); of a seal ``edited`` and ``removed`` (of what it covers; which entry it was
            can't be told any more), ``seal-edited``, ``seal-missing`` (with an entry: its membership names a seal that
            never was); ``unfounded`` (an entry that says that values were erased or entries taken out, and isn't whole
            itself, or nobody decided that); of a journal ``table-missing``;
            of a seal's time stamp ``stamp-missing``, ``stamp-edited`` and the keys of ``tenor.audit.trust.BadToken``.
        entry_id, seal_id: where.
        table: the journal whose row it is; empty for an entry of the ledger.
    """

    key: str
    entry_id: int | None = None
    seal_id: int | None = None
    table: str = ""

    def __str__(self) -> str:
        places = ((self.table or "entry", self.entry_id), ("seal", self.seal_id))
        said = " ".join(f"{what} {number}" for what, number in places if number is not None)
        said = said or self.table
        return f"{said}: {self.key}"


@dataclass(frozen=True)
class Stamps:
    """What the time stamps prove.

    Args:
        standing: the seals that have one of their own that holds, by number, each with the time in it.
        waiting: how many seals come after the last of those.
        unread: how many couldn't be checked, as no trusted certificates are set.
        asked: whether trusted certificates are set.
    """

    standing: tuple[tuple[int, datetime], ...] = ()
    waiting: int = 0
    unread: int = 0
    asked: bool = False

    def existed(self) -> Iterator[tuple[int, datetime]]:
        """For each seal that is covered its number and by when it surely existed: a later one holds the digests of all
        before, so that the earliest time from it on counts."""
        earliest: list[tuple[int, datetime]] = []
        for number, at in reversed(self.standing):
            earliest.append((number, min(at, earliest[-1][1]) if earliest else at))
        first = 1
        for number, at in reversed(earliest):
            yield from ((seal, at) for seal in range(first, number + 1))
            first = number + 1


@dataclass(frozen=True)
class Verdict:
    """What verifying found.

    Args:
        entries: how many sealed entries and rows of journals were checked.
        seals: how many seals.
        unsealed: how many entries no seal covers yet.
        findings: none where all is whole.
        erased: how many values were lawfully erased; their hashes stand.
        retired: how many entries were lawfully taken out into an archive; their leaves stand.
        stamps: what the time stamps of the seals prove.
        unread: how many sealed rows are of journals whose plugin isn't enabled, and couldn't be checked.
        unnumbered: how many leaves are of seals of the first form, which don't prove the numbers of entries.
    """

    entries: int
    seals: int
    unsealed: int
    findings: tuple[Finding, ...]
    erased: int = 0
    retired: int = 0
    unread: int = 0
    stamps: Stamps = Stamps()
    unnumbered: int = 0
