"""``tenor list``: the records that a person may see, narrowed and sorted, as their list shows them or the API does."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tenor.cli.export import record_of
from tenor.cli.place import Place
from tenor.cli.words import Commands, as_of, as_person, command
from tenor.records.paging import PageQuery
from tenor_sdk.errors import NotFound
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenor.context import KernelContext
    from tenor.records import Page
    from tenor.web.show import Show
    from tenor_sdk.records import Record

#: rows that one statement reads
_CHUNK: Final = 500


def add(commands: Commands) -> None:
    parser = command(commands, "list", _list, "show records, as a person who may see them")
    parser.add_argument("record", help="plugin.record, such as notes.note")
    parser.add_argument("--filter", default="", help="such as 'state = draft and amount >= 2000万'")
    parser.add_argument(
        "--sort", default="", metavar="FIELD", help="a column's field; descending: --sort=-FIELD"
    )
    parser.add_argument("--limit", type=_rows, default=50, metavar="N", help="rows (by default 50)")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table")
    as_of(parser)
    as_person(parser, default=None)


def _rows(word: str) -> int:
    """How many rows: at least one."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError("a whole number, at least 1")
    return int(word)


def _list(place: Place, options: argparse.Namespace) -> int:
    with place.acting(options.actor, write=False) as ctx:
        record = record_of(ctx.kernel.declarations, options.record)
        query = PageQuery(
            filters=options.as_of, filter=options.filter, sort=options.sort, count=False
        )
        if options.format == "table":
            _show(place, ctx, record, query, options.limit)
        else:
            for each in dumped(ctx, record, query, options.limit):
                print(json.dumps(each, ensure_ascii=False, default=str), flush=True)
    return 0


def pages(ctx: KernelContext, record: type[Record], query: PageQuery, limit: int) -> Iterator[Page]:
    """The pages of a record's list, by the API's rules, until there are so many rows.

    Raises:
        NotFound: ``not-found``: the person may not see these records.
        Invalid: a filter or sort that isn't understood, or speaks of what the person may not know.
    """
    if not ctx.may(record, "read"):
        raise NotFound("not-found")
    view = ctx.kernel.views.list_view(record)
    while True:
        page = ctx.kernel.records.page(ctx, view, replace(query, size=min(limit, _CHUNK)))
        yield page
        limit -= len(page.records)
        if not page.following or not limit:
            return
        query = replace(query, cursor=page.following)
        ctx.session.expunge_all()


def dumped(
    ctx: KernelContext, record: type[Record], query: PageQuery, limit: int
) -> Iterator[Mapping[str, Any]]:
    """The records, each as the API gives it, hidden and masked fields as there."""
    for page in pages(ctx, record, replace(query, shown=False), limit):
        yield from ctx.kernel.records.showing.several(ctx, page.records)


def _show(
    place: Place, ctx: KernelContext, record: type[Record], query: PageQuery, limit: int
) -> None:
    """Print the columns of the list in the browser, with a word on what is left."""
    from tenor.web.heads import column_label
    from tenor.web.rows import Cells
    from tenor.web.show import Show

    show = Show(ctx, place.language)
    heads: list[str] = []
    rows: list[list[str]] = []
    more = False
    for page in pages(ctx, record, query, limit):
        cells = Cells(ctx, show, page.names)
        heads = [column_label(show, column) for column in page.columns]
        for each, values in zip(page.records, page.rows, strict=True):
            rows.append(
                [
                    _plain(show, cells.cell(column, values[column.key], each))
                    for column in page.columns
                ]
            )
        more = bool(page.following)
    place.table(heads, rows)
    if more:
        place.say(_("There are more; only the first {n} are shown.", n=limit))


def _plain(show: Show, cell: Any) -> str:
    """A cell on one line of a terminal, which gets no sign that it would obey."""
    if not isinstance(cell, dict):
        return ""
    text = str(cell.get("text", ""))
    if cell.get("kind") == "tags":
        text = ", ".join(tag["text"] for tag in cell["tags"])
    if cell.get("kind") == "hidden":
        text = show.say(_("not visible to you"))
    words = " ".join((text, cell.get("currency", ""))).split()
    return "".join(letter for letter in " ".join(words) if letter.isprintable())
