"""Records put into an institution, of the unit of whom a test says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tenor.loader.stage import actor_of
from tenor_sdk.records import Owned, Record
from tenor_sdk.testing import as_actor

if TYPE_CHECKING:
    from tenor.kernel import Kernel


def put_down(kernel: Kernel, records: Sequence[Record], *, by: str, of: str) -> Sequence[int]:
    """Write records in one transaction; their ids.

    Args:
        by: the login of whoever writes them.
        of: the login of whoever looks after them.
    """
    owner = actor_of(kernel, of)
    with as_actor(kernel, by) as ctx:
        for record in records:
            if isinstance(record, Owned):
                record.unit_id, record.owner_id = owner.unit_id or 0, owner.id
        ctx.session.add_all(records)
        ctx.session.flush()
        return [int(record.id) for record in records]
