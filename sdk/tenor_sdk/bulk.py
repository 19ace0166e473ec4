"""Set-based writing: the only doors to it. The target is the plugin's own record; sources are guarded.

Each chunk leaves one entry in the ledger: which rows, and of a change what stood in each before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from sqlalchemy import Select

    from tenor_sdk.context import Context
    from tenor_sdk.records import Record


def load(ctx: Context, target: type[Record], rows: Sequence[Mapping[str, object]]) -> int:
    """Insert rows of values by attribute name, within a procedure of the plugin that owns ``target``.

    Returns:
        How many were written.
    """
    return port_of(ctx).load(ctx, target, rows)


def insert_from(
    ctx: Context, target: type[Record], columns: Sequence[Any], source: Select[Any]
) -> int:
    """Insert what a guarded statement yields, column by column; returns how many.

    Rows are read and written in chunks, however many there are, unless they come from ``target`` itself.
    """
    return port_of(ctx).insert_from(ctx, target, columns, source)


def update_where(
    ctx: Context, target: type[Record], where: Any, values: Mapping[str, object]
) -> int:
    """Set ``values`` in all rows for which ``where`` holds and that the person may read; returns how many."""
    return port_of(ctx).update_where(ctx, target, where, values)
