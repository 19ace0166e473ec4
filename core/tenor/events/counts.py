"""What plugins count; see ``tenor_sdk.counts``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from tenor.db.state import state_of
from tenor.events.records import Tally
from tenor.events.rows import inserting, stamps, table_of
from tenor_sdk.errors import Forbidden

if TYPE_CHECKING:
    from tenor.context import KernelContext

_tally: Final = table_of(Tally)


def count_up(ctx: KernelContext, key: str, times: int) -> None:
    """Count something on the business day, by the plugin whose procedure this is.

    Raises:
        Forbidden: ``outside-a-procedure``.
    """
    procedure = state_of(ctx.session).procedure
    if procedure is None:
        raise Forbidden("outside-a-procedure")
    row = {"plugin": procedure.plugin, "key": key, "day": ctx.today, "number": times, **stamps(ctx)}
    write = inserting(ctx.kernel.db.dialect)(_tally).values(row)
    statement = write.on_conflict_do_update(
        index_elements=["plugin", "key", "day"],
        set_={"number": _tally.c.number + times, "changed_at": ctx.now},
    )
    ctx.kernel.db.execute(ctx.guarded, statement)


def counted(ctx: KernelContext, key: str, plugin: str, since: date | None) -> int:
    """How often a plugin has counted something, from a day on."""
    of = [_tally.c.plugin == plugin, _tally.c.key == key]
    if since is not None:
        of.append(_tally.c.day >= since)
    statement = select(func.coalesce(func.sum(_tally.c.number), 0)).where(*of)
    return int(ctx.kernel.db.execute(ctx.guarded, statement).scalar_one())
