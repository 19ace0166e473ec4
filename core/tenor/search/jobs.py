"""Keys for what has none yet: after a plugin was enabled or upgraded, or a field was added to be searched."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, cast

from tenor.db.state import state_of
from tenor.search.keeping import Place, stood
from tenor_sdk.jobs import Every, job

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context


@job(schedule=Every(minutes=5))
def complete_search(ctx: Context) -> None:
    """See to it that every record has its keys: of each kind that may lack some, all are keyed anew, once a day at most
    for the same reason."""
    kernel_ctx = cast("KernelContext", ctx)
    for kind in kernel_ctx.kernel.search.keeping.behind(kernel_ctx):
        table = kind.record.__tablename__
        before = stood(state_of(kernel_ctx.session).connection, kind.record)
        about = f"{before} {kernel_ctx.kernel.search.keeping.now(kernel_ctx, kind)} {ctx.today}"
        key = f"{table} {hashlib.sha256(about.encode()).hexdigest()[:12]}"
        ctx.enqueue(key_records, key=key, table=table, after=0, began="")


@job()
def key_records(ctx: Context, table: str, after: int, began: str) -> None:
    """Key some hundred records anew, and leave the others to the next."""
    kernel_ctx = cast("KernelContext", ctx)
    keeping = kernel_ctx.kernel.search.keeping
    kind = next((one for one in keeping.kinds.values() if one.record.__tablename__ == table), None)
    place = keeping.step(kernel_ctx, kind, Place(after, began)) if kind is not None else None
    if place is not None:
        ctx.enqueue(key_records, table=table, after=place.after, began=place.began)
