"""What a notice says to whoever can't read any more what it is about: of which kind it is, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from tenor.events.rows import table_of
from tenor.events.wire import from_json
from tenor.notify.offered import titled
from tenor_sdk.i18n import Text

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: a record by its table and id
Place = tuple[str, int | None]


def withheld(ctx: KernelContext, rows: Sequence[Row[Any]], names: Mapping[Place, str]) -> set[int]:
    """The ids of notices whose matter is withheld: what they are about is there, and their reader can't read it.

    Args:
        names: of what the reader can read.
    """
    kinds, unread = ctx.kernel.notify.wishes, dict[str, set[int]]()
    kept = [row for row in rows if not kinds.kind_of(row.kind).beyond_rights]
    for row in kept:
        if row.about_id is not None and (row.about_table, row.about_id) not in names:
            unread.setdefault(row.about_table, set()).add(row.about_id)
    there = {(table, each) for table, ids in unread.items() for each in _there(ctx, table, ids)}
    return {row.id for row in kept if (row.about_table, row.about_id) in there}


def title_of(ctx: KernelContext, row: Row[Any], hidden: set[int]) -> Text:
    """The title of a notice; that of its kind where it is withheld and says more than which thing happened."""
    title: Text = from_json(row.title)
    if row.id in hidden and _tells(title):
        kind = ctx.kernel.notify.wishes.kind_of(row.kind)
        return titled(kind.title, kind.plugin)
    return title


def body_of(row: Row[Any], hidden: set[int]) -> Text | None:
    """What a notice says further; nothing where it is withheld."""
    said: Text | None = from_json(row.body) if row.body and row.id not in hidden else None
    return said


def _there(ctx: KernelContext, table: str, ids: set[int]) -> Sequence[int]:
    """Those that exist, whoever may read them."""
    kind = ctx.kernel.records.by_table.get(table)
    if kind is None:
        return ()
    record = table_of(kind)
    return list(
        ctx.kernel.db.execute(
            ctx.guarded, select(record.c.id).where(record.c.id.in_(ids))
        ).scalars()
    )


def _tells(text: Text) -> bool:
    """Whether a text has values of its matter in it; a text within it that has none is of the house's own words."""
    return any(not isinstance(one, Text) or _tells(one) for one in text.values.values())
