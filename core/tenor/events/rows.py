"""Writing rows of the kernel's journals without a session's unit of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, inspect
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.records import Record


def table_of(record: type[Record]) -> Table:
    """The table of a record."""
    return cast("Table", inspect(record).local_table)


def stamps(ctx: KernelContext) -> dict[str, object]:
    """What every record has, for a row that is written without a session."""
    who = ctx.actor.id or None
    return {
        "version": 1,
        "created_at": ctx.now,
        "created_by_id": who,
        "changed_at": ctx.now,
        "changed_by_id": who,
    }


def inserting(dialect: str) -> Any:
    """The ``insert`` of a database that knows ``ON CONFLICT``; both do, under the same name."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert
