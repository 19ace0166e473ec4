"""``tenor records``: what is kept of records and can be computed anew."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from tenor.cli.export import record_of
from tenor.cli.place import Place
from tenor.cli.words import Commands, command, group
from tenor.db.state import state_of
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.kernel import Kernel
    from tenor_sdk.records import Record

#: one transaction for so many, so that others can write between them
_CHUNK: Final = 200


def add(commands: Commands) -> None:
    records = group(commands, "records", "what is kept of records")
    parser = command(
        records, "recompute", _recompute, "compute the stored fields of a record anew, where its formula has changed"
    )  # fmt: skip
    parser.add_argument("record", help="plugin.record, such as notes.note")


def _recompute(place: Place, options: argparse.Namespace) -> int:
    with place.kernel() as kernel:
        record = record_of(kernel.declarations, options.record)
        if record not in kernel.db.formulas.kinds():
            raise NotFound("nothing-computed", what=record.called())
        place.say(_("{n} changed.", n=recomputed(kernel, record)))
    return 0


def recomputed(kernel: Kernel, record: type[Record]) -> int:
    """Compute the stored fields of all records of a kind anew, on record as the kernel's own work; how many changed,
    with those that depend on them."""
    last, changed = 0, 0
    while True:
        with kernel.context(kernel.access.system_actor(), write=True) as ctx:
            ids = select(record.__table__.c.id).where(record.__table__.c.id > last)
            ids = ids.order_by(record.__table__.c.id).limit(_CHUNK)
            chunk = list(kernel.db.execute(ctx.guarded, ids).scalars())
            state_of(ctx.guarded).stale[record] = set(chunk)
            changed += kernel.db.formulas.renew(ctx.guarded)
        if len(chunk) < _CHUNK:
            return changed
        last = chunk[-1]
