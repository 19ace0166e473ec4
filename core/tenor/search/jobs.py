"""Keys for what has none yet: after a plugin was enabled or upgraded, or a field was added to be searched."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

from tenor.db.state import state_of
from tenor.search.behind import read, stood
from tenor.search.keeping import Place
from tenor_sdk.jobs import Every, job

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from tenor.context import KernelContext
    from tenor.search.kinds import Kind
    from tenor_sdk.context import Context
    from tenor_sdk.records import Record


@job(schedule=Every(minutes=5))
def complete_search(ctx: Context) -> None:
    """See to it that every record has its keys: of each kind that may lack some, all are keyed anew, once a day at most
    for the same reason."""
    kernel_ctx = cast("KernelContext", ctx)
    for kind in kernel_ctx.kernel.search.keeping.behind(kernel_ctx):
        _complete(kernel_ctx, kind)


def catch_up(ctx: KernelContext, record: type[Record]) -> None:
    """Have the records keyed that came by the thousand, without waiting for the next round."""
    for kind in ctx.kernel.search.keeping.behind(ctx):
        if kind.record is record:
            _complete(ctx, kind)


def _complete(ctx: KernelContext, kind: Kind) -> None:
    """From where keys are lacking on: that of an import's rows alone, or from the first."""
    before, now = stood(_connection(ctx), kind.record), ctx.kernel.search.keeping.now(ctx, kind)
    there, table = read(before), kind.record.__tablename__
    after = there.after if there.fields == now and there.after is not None else 0
    key = f"{table} {hashlib.sha256(f'{before} {now} {ctx.today}'.encode()).hexdigest()[:12]}"
    ctx.enqueue(key_records, key=key, table=table, after=after, began="")


def _connection(ctx: KernelContext) -> Connection:
    return state_of(ctx.session).connection


@job()
def key_records(ctx: Context, table: str, after: int, began: str) -> None:
    """Key some hundred records anew, and leave the others to the next."""
    kernel_ctx = cast("KernelContext", ctx)
    keeping = kernel_ctx.kernel.search.keeping
    kind = next((one for one in keeping.kinds.values() if one.record.__tablename__ == table), None)
    place = keeping.step(kernel_ctx, kind, Place(after, began)) if kind is not None else None
    if place is not None:
        ctx.enqueue(key_records, table=table, after=place.after, began=place.began)
