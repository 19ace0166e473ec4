"""Tiles of rows before a person: a number, a chart, a funnel, a heat map, a graph, a list; each leads to the rows of
which it is made. One that rests on what the person may not know is left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tenor.events.breakers import LeftOut
from tenor.events.events import FAILURES
from tenor.records import PageQuery
from tenor.records.totals import totals
from tenor.views import address
from tenor.views.columns import key_of
from tenor.views.dashboards import look_of
from tenor.web.addresses import with_query
from tenor.web.board import Board
from tenor.web.chart import Chart
from tenor.web.graph import graph_of, known
from tenor.web.looks import Sight
from tenor.web.pivot import Pivot
from tenor.web.reporting import in_its_place, put_on_record
from tenor.web.rows import column_head, rows_of
from tenor_sdk.dashboards import FirstRows
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import _
from tenor_sdk.looks import BoardView, ChartView, GraphView
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.dashboards import RowsTile

Values = dict[str, Any]
#: the hundredths of a bar
_WHOLE: Final = 100


class TileRows:
    """The list behind a tile, as a way to look at it wants it."""

    def __init__(self, web: Web, ctx: KernelContext, show: Show, tile: RowsTile) -> None:
        self.web, self.ctx, self.show = web, ctx, show
        self.view = web.kernel.views.dashboards.view(tile)
        self.query = PageQuery(filter=tile.filter)
        self.key = web.kernel.views.key_of(tile.rows)

    def href(
        self, *, below: str = "", filters: Mapping[str, Any] | None = None, **changes: str
    ) -> str:
        """Its address."""
        kept = {"view": self.key, "filter": self.query.filter, **(filters or {})}
        # the bare address is that of the filter with which somebody has the list open
        found = with_query(address(self.view.record) + below, {**kept, **changes})
        return found if "?" in found else f"{found}?all=1"


class Part:
    """One tile among others: whether it failed."""

    failed = False


@contextmanager
def apart(web: Web, ctx: KernelContext) -> Iterator[Part]:
    """One tile among others: if it fails it is put on record, and the others are there.

    What failed in the database is undone, so that the page can be read on. Of all tiles of a page that only read, the
    database is told of one savepoint.
    """
    part = Part()
    try:
        with web.kernel.db.savepoint(ctx.guarded):
            try:
                yield part
            except LeftOut:
                return
    except FAILURES as error:  # whatever a plugin's code raises costs its own tile alone
        put_on_record(web.kernel, error)
        part.failed = True


def numbers(web: Web, ctx: KernelContext, show: Show, tiles: Iterable[RowsTile]) -> list[Values]:
    """The tiles that are one figure."""
    found = []
    for tile in tiles:
        if look_of(tile) is None:
            with apart(web, ctx) as part:
                found += _number(web, ctx, show, tile)
            if part.failed:
                found.append(no_figure(ctx, show, show.say(tile.title, tile.plugin)))
    return found


def no_figure(ctx: KernelContext, show: Show, label: str) -> Values:
    """What stands where a figure failed."""
    return {"label": label, "failed": in_its_place(show.say, ctx.request_id)}


def panels(web: Web, ctx: KernelContext, show: Show, tiles: Iterable[RowsTile]) -> list[Values]:
    """The others, each a sheet."""
    found = []
    for tile in tiles:
        if look_of(tile) is not None:
            with apart(web, ctx) as part:
                found += _sheet(web, ctx, show, tile)
            if part.failed:
                title = show.say(tile.title, tile.plugin)
                failed = in_its_place(show.say, ctx.request_id)
                found.append({"kind": "failed", "title": title, "failed": failed})
    return found


def _number(web: Web, ctx: KernelContext, show: Show, tile: RowsTile) -> list[Values]:
    """One figure; none where the person may not know it."""
    if not ctx.may(tile.rows.record, "read"):
        return []
    rows = TileRows(web, ctx, show, tile)
    sums = [key_of(tile.sum)] if tile.sum is not None else []
    try:
        found = totals(ctx, rows.view, rows.query, [], sums)
    except Invalid:
        return []
    made: Values = {"label": show.say(tile.title, tile.plugin), "href": rows.href()}
    if not sums:
        return [made | {"text": show.number(sum(one.count for one in found))["text"]}]
    amounts = {one.currency: one.sums[0] for one in found}
    main = "CNY" if "CNY" in amounts or not amounts else min(amounts)
    text = show.amount_text(amounts.pop(main, _nothing()), main)
    others = [
        f"{code} {show.amount_text(amount, code)}" for code, amount in sorted(amounts.items())
    ]
    unit = show.unit if main == "CNY" else main
    return [made | {"text": text, "unit": unit, "note": show.say(_(", ")).join(others)}]


def _nothing() -> Any:
    from tenor_sdk.values import Amount

    return Amount(0)


def _sheet(web: Web, ctx: KernelContext, show: Show, tile: RowsTile) -> list[Values]:
    """One sheet, or several for a chart or heat map of several currencies."""
    if not ctx.may(tile.rows.record, "read"):
        return []
    rows = TileRows(web, ctx, show, tile)
    title = show.say(tile.title, tile.plugin)
    try:
        made = _looked(rows, tile)
    except Invalid:
        return []
    return [{**sheet, "title": title, "href": rows.href()} for sheet in made]


def _looked(rows: TileRows, tile: RowsTile) -> list[Values]:
    look = look_of(tile)
    if isinstance(look, FirstRows):
        return [_first_rows(rows, look)]
    assert look is not None  # a number has none
    sight = Sight(rows, look)
    if isinstance(look, GraphView):
        drawn = known(rows.ctx, rows.view, look)
        return (
            [{"kind": "graph", "graph": graph_of(sight, look).drawn(rows.query)}] if drawn else []
        )
    if isinstance(look, ChartView):
        return [{"kind": "chart", "chart": chart} for chart in Chart(sight, look).charts()]
    if isinstance(look, BoardView):
        return [{"kind": "funnel", "steps": _funnel(Board(sight, look).lanes())}]
    return [{"kind": "heat", "table": table} for table in Pivot(sight, look).tables()]


def _funnel(lanes: list[Values]) -> list[Values]:
    most = max((lane["count"] for lane in lanes), default=0)
    return [
        {
            "label": lane["title"],
            "count": lane["count"],
            "href": lane["href"] if lane["count"] else "",
            "used": lane["count"] * _WHOLE // most if most else 0,
            "sums": lane["sums"],
        }
        for lane in lanes
    ]


def _first_rows(rows: TileRows, look: FirstRows) -> Values:
    view = rows.view
    columns = look.columns or view.columns[:3]
    shown = ListView(
        view.record, columns, sort=look.sort or view.sort, where=view.where,
        descending=look.descending if look.sort is not None else view.descending,
    )  # fmt: skip
    query = replace(rows.query, size=look.most, count=False)
    page = rows.ctx.kernel.records.page(rows.ctx, shown, query)
    heads = [
        column_head(rows.show, column, page, identity=place == 0)
        for place, column in enumerate(page.columns)
    ]
    table = {"columns": heads, "rows": rows_of(rows.web, rows.ctx, rows.show, page)}
    return {"kind": "rows", "table": table, "more": bool(page.following)}
