"""A row of a journal as an export tells it: the salted hash of each of its values, and those that may be shown."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table

from tenor.audit.hashing import field_hashes, field_salt, new_salt
from tenor.audit.journals import said_by
from tenor.audit.records import SealMember
from tenor_sdk.records import info_of

_members: Any = SealMember.__table__
#: of a row's membership what its proof takes
MEMBERSHIP: Final = (
    _members.c.seal_id.label("of_seal"),
    _members.c.place.label("of_place"),
    _members.c.salt.label("of_salt"),
)


def secrets(journal: Table) -> frozenset[str]:
    """The columns that nobody is shown: an entry wouldn't hold their values either."""
    return frozenset(column.name for column in journal.c if info_of(column).secret)


def told_of_row(journal: Table, row: Any, hidden: frozenset[str]) -> dict[str, Any]:
    """What the file says of a row.

    Args:
        row: with ``MEMBERSHIP``.
        hidden: the columns whose values are left out.
    """
    # of a row that isn't sealed nothing is proved yet: any salt will do
    salt = row.of_salt or new_salt()
    said = said_by({column.name: row._mapping[column.name] for column in journal.c})
    hashes = field_hashes(salt, said)
    return {
        "table": journal.name,
        "id": row.id,
        "hashes": hashes,
        "values": {
            name: [field_salt(salt, name), pair]
            for name, pair in said.items()
            if name not in hidden
        },
        "withheld": sorted(hidden & hashes.keys()),
    }
