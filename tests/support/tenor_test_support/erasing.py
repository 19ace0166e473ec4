"""Erasing as two people decide it and the owner of the ledger carries it out; and where a value still stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, select, table, text

from tenor.audit.records import Erasure
from tenor.base.erasing import approve, propose
from tenor_sdk.testing import as_actor, make_user

if TYPE_CHECKING:
    from tenor.kernel import Kernel

MAKER, CHECKER = "eraser", "second-eraser"


def let_two_erase(kernel: Kernel, roles: Sequence[str] = ()) -> None:
    """Somebody who may propose, and somebody who may decide.

    Args:
        roles: of both, by which they see the records.
    """
    for login, position in ((MAKER, "legal"), (CHECKER, "compliance")):
        make_user(kernel, login, positions=[(position, "HQ")], roles=roles)


def proposed(kernel: Kernel, table: str, identity: int, *fields: str) -> int:
    """A proposal of one of the two; its number."""
    with as_actor(kernel, MAKER) as ctx:
        return propose(ctx, table, identity, fields, reason="she asked for it", basis="PIPL 47")


def approved(kernel: Kernel, table: str, identity: int, *fields: str) -> None:
    """What one of the two proposes and the other decides."""
    erasure = proposed(kernel, table, identity, *fields)
    with as_actor(kernel, CHECKER) as ctx:
        approve(ctx, ctx.session.get_one(Erasure, erasure))


def decided_unseen(kernel: Kernel, table: str, identity: int, *fields: str) -> None:
    """As ``approved``, of a record that neither of the two may see: that it was proposed stands there already."""
    told = {"reason": "she asked for it", "basis": "PIPL 47", "fields": " ".join(sorted(fields))}
    with as_actor(kernel, MAKER, write=False) as ctx:
        maker = ctx.actor.id
    given: Any
    with as_actor(kernel, "system") as given, kernel.db.system(given.session) as session:
        made = Erasure(table_name=table, record_id=identity, proposed_by_id=maker, **told)
        session.add(made)
        session.flush()
        erasure = made.id
    with as_actor(kernel, CHECKER) as ctx:
        approve(ctx, ctx.session.get_one(Erasure, erasure))


def carried_out(kernel: Kernel) -> int:
    """What the owner of the ledger does afterwards; how many values."""
    with as_actor(kernel, "system", write=False) as ctx, kernel.db.raw() as connection:
        given: Any = ctx
        return kernel.audit.erase(given, connection)


def places_of(kernel: Kernel, *values: str) -> set[str]:
    """The columns of the whole database in which one of these texts stands, ``table.column``."""
    sought = {*values, *(json.dumps(value)[1:-1] for value in values)}
    return {place for place, cell in _cells(kernel) if any(each in cell for each in sought)}


def _cells(kernel: Kernel) -> Iterator[tuple[str, str]]:
    with kernel.db.raw(write=False) as connection:
        for name in inspect(connection).get_table_names():
            every = select(text("*")).select_from(table(name))
            for row in connection.execute(every).mappings():
                yield from ((f"{name}.{column}", str(cell)) for column, cell in row.items())
