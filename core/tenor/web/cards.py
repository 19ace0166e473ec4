"""Rows as cards: of a board's column, of a calendar's day. The first few of each group, by two statements for all."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from tenor.records import PageQuery
from tenor.records.totals import firsts
from tenor.views import address
from tenor.views.columns import key_of
from tenor.views.merge import has_page
from tenor.web.axes import raw
from tenor.web.heads import column_label
from tenor.web.rows import Cells
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenor.web.looks import Sight

Values = dict[str, Any]


def cards(
    sight: Sight, query: PageQuery, by: Any, shows: Sequence[Any], most: int
) -> dict[str, list[Values]]:
    """The first rows of each value of a field, by the value as an address holds it; empty text: of none. Those of an
    instant stand on its day, in their order, each with its time.

    Args:
        by: the field.
        shows: columns that stand on a card.
    """
    field = key_of(by)
    ids = firsts(sight.ctx, sight.view, query, field, most)
    if not ids:
        return {}
    view = _with(sight.view, [*shows, by])
    asked = PageQuery(
        sort=query.sort, only=ids, size=len(ids), count=False, archived=query.archived
    )
    page = sight.ctx.kernel.records.page(sight.ctx, view, asked)
    drawn, titles = Cells(sight.ctx, sight.show, page.names), sight.show.names_of(page.records)
    wanted = {key_of(column) for column in shows}
    columns = [column for column in page.columns if column.key in wanted]
    found: dict[str, list[Values]] = {}
    for record, title, values in zip(page.records, titles, page.rows, strict=True):
        facts = [
            {
                "label": column_label(sight.show, column),
                "value": drawn.cell(column, values[column.key], record),
            }
            for column in columns
        ]
        value = values[field]
        at = sight.show.local(value) if isinstance(value, datetime) else None
        value = at.date() if at is not None else value
        found.setdefault("" if value is None else raw(value), []).append({
            "id": record.id,
            "label": title,
            "href": address(type(record), record.id) if has_page(type(record)) else "",
            "at": f"{at:%H:%M}" if at is not None else "",
            "facts": [fact for fact in facts if fact["value"] is not None],
        })  # fmt: skip
    for several in found.values():
        several.sort(key=itemgetter("at"))
    return found


def _with(view: ListView, more: Sequence[Any]) -> ListView:
    """The list with columns that it may not have."""
    known = {key_of(column) for column in view.columns}
    added = {key_of(column): column for column in more if key_of(column) not in known}
    return ListView(
        view.record, (*view.columns, *added.values()), sort=view.sort, descending=view.descending
    )
