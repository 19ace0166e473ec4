"""The evidence chain: what happened to an envelope, each entry sealed with all that came before.

``h_n = SHA-256(h_{n-1} ‖ canonical JSON of entry n)``, hashes in hexadecimal, before the first entry 64 zeros. Whoever
holds the last hash can prove that no entry was changed, left out or put in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from tenor_documents.public import Data, canonical_json

#: What stands in the place of a hash before the first entry.
GENESIS: Final = "0" * 64


@dataclass(frozen=True)
class EvidenceEntry:
    """One thing that happened.

    Args:
        entry: ``t`` when (UTC, ISO 8601), ``e`` what, and what belongs to it; plain values.
        hash: of this entry and of all before it.
    """

    entry: Mapping[str, Data]
    hash: str


def sealed(previous: str, entry: Mapping[str, Data]) -> str:
    """The hash of ``entry`` after ``previous``."""
    return sha256((previous + canonical_json(entry)).encode()).hexdigest()


def chained(
    entries: Iterable[Mapping[str, Data]], previous: str = GENESIS
) -> tuple[EvidenceEntry, ...]:
    """``entries`` with their hashes, continuing a chain whose last hash is ``previous``."""
    chain: list[EvidenceEntry] = []
    for entry in entries:
        previous = sealed(previous, entry)
        chain.append(EvidenceEntry(entry, previous))
    return tuple(chain)


def first_break(chain: Sequence[EvidenceEntry]) -> int | None:
    """The position of the first entry whose hash doesn't follow, from 0; None where the chain holds."""
    expected = chained(link.entry for link in chain)
    for position, (link, honest) in enumerate(zip(chain, expected, strict=True)):
        if link.hash != honest.hash:
            return position
    return None


def evidence_time(at: datetime) -> str:
    """A time as evidence carries it: ``"2026-01-05T01:00:00Z"``.

    Raises:
        ValueError: ``at`` has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError("evidence needs a time with its zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
