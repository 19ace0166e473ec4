"""Counts (计数): how often something came to nothing, by the day, where a row for each time would say no more.

A count is no record: nobody has rights on it, and the ledger tells nothing of it. What must be proved is written down.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context


def count_up(ctx: Context, key: str, times: int = 1) -> None:
    """Count something on the business day, in a procedure of the plugin; undone with its transaction.

    Others that count the same wait until this transaction is over: count at its end, and many at once.

    Args:
        key: the plugin's own word for it: ``"automation.rule-7"``.
        times: 1 or more.

    Raises:
        Forbidden: outside a procedure.
    """
    port_of(ctx).count_up(ctx, key, times)


def counted(ctx: Context, key: str, plugin: str, *, since: date | None = None) -> int:
    """How often a plugin has counted something.

    Args:
        since: from this day on; None: ever.
    """
    return port_of(ctx).counted(ctx, key, plugin, since)
