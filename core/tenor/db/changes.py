"""What a flush does to one record, on its way to the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.access.actors import ActorData


@dataclass
class Change:
    """One record's change, on its way to the ledger.

    Args:
        kind: ``create``, ``update`` or ``delete``.
        record: the object.
        old: values before, by attribute; for a create none.
        new: values after; filled in once the flush is done.
        behalf: in whose place it is made.
        told: what its entry says beside values of fields: what became of its lines, by the attribute that holds them.
    """

    kind: str
    record: Record
    old: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] = field(default_factory=dict)
    procedure: str = ""
    behalf: ActorData | None = None
    told: dict[str, Any] = field(default_factory=dict)
