"""Tiles that are made of the rows of lists, and the pages on which they stand: checked at start, found by address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tenor.records.filters import parse
from tenor.views.columns import key_of
from tenor.views.errors import ViewError
from tenor.views.looks import check_look, check_sum
from tenor_sdk.dashboards import Dashboard, FirstRows, GraphTile, RowsTile
from tenor_sdk.errors import Invalid, NotFound

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor_sdk.looks import BoardView, ChartView, GraphView, PivotView
    from tenor_sdk.views import ListView


def look_of(tile: RowsTile) -> BoardView | ChartView | GraphView | PivotView | FirstRows | None:
    """In which way a tile looks at its rows; None: by a number."""
    return tile.graph if isinstance(tile, GraphTile) else tile.look


class Dashboards:
    """All pages of tiles, and the tiles of *My work*.

    Args:
        merged: gives a declared list with what other plugins add to it.

    Raises:
        ViewError: a tile or page that doesn't hold, with file and line.
    """

    def __init__(self, declarations: Declarations, merged: Callable[[ListView], ListView]) -> None:
        self._merged = merged
        self.tiles = sorted(declarations.of(RowsTile), key=lambda tile: tile.order)
        self.pages: dict[tuple[str, str], Dashboard] = {}
        for tile in self.tiles:
            self._check(tile)
        for page in declarations.of(Dashboard):
            if (page.plugin, page.name) in self.pages:
                raise ViewError(page.origin, f"there is another dashboard {page.name!r}")
            for tile in page.tiles:
                self._check(tile)
            self.pages[page.plugin, page.name] = page

    def _check(self, tile: RowsTile) -> None:
        try:
            parse(tile.filter)
        except Invalid as error:
            raise ViewError(tile.origin, f"{tile.filter!r} is no filter: {error}") from None
        view = self.view(tile)
        look = look_of(tile)
        if isinstance(look, FirstRows):
            known = {key_of(column) for column in view.columns}
            lacking = [key_of(one) for one in look.columns if key_of(one) not in known]
            if lacking:
                raise ViewError(tile.origin, f"{lacking[0]} is no column of the list")
        elif look is not None:
            check_look(view.record, view.columns, look)
        if tile.sum is not None:
            check_sum(view.record, tile.sum, tile.origin)

    def view(self, tile: RowsTile) -> ListView:
        """The list of which a tile is made."""
        return self._merged(tile.rows)

    def every(self) -> Sequence[RowsTile]:
        """All tiles, wherever they stand."""
        on_pages = [tile for page in self.pages.values() for tile in page.tiles]
        return list(dict.fromkeys([*self.tiles, *on_pages]))

    def open_to(self, ctx: KernelContext, page: Dashboard) -> bool:
        """Whether a person has the page: one tile at least."""
        if page.needs is not None and not ctx.may(page.needs):
            return False
        return any(ctx.may(tile.rows.record, "read") for tile in page.tiles)

    def find(self, ctx: KernelContext, plugin: str, name: str) -> Dashboard:
        """A page by its address.

        Raises:
            NotFound: ``not-found``: there is none, or not for this person.
        """
        page = self.pages.get((plugin, name))
        if page is None or not self.open_to(ctx, page):
            raise NotFound("not-found")
        return page

    def at(self, href: str) -> Dashboard | None:
        """The page at an address."""
        return next((page for page in self.pages.values() if page.href == href), None)
