"""Dashboards: pages of tiles, each the rows of a list looked at in one way, with the way to these rows. What a tile
says is what its list says to the same person: there is no second figure to keep in step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenor_sdk.declare import Declaration, caller

if TYPE_CHECKING:
    from tenor_sdk.access import Permission
    from tenor_sdk.looks import BoardView, ChartView, GraphView, PivotView
    from tenor_sdk.views import ListView


@dataclass(frozen=True, eq=False, init=False)
class FirstRows:
    """The first rows of a list as a small table: ``FirstRows(Loan.number, Loan.maturity, sort=Loan.maturity)``.

    Args:
        columns: columns of the list.
        sort: one of them; by default the list's own order.
        descending: the other way round.
        most: rows.
    """

    columns: tuple[Any, ...]
    sort: Any
    descending: bool
    most: int

    def __init__(
        self, *columns: Any, sort: Any = None, descending: bool = False, most: int = 8
    ) -> None:
        values = {"columns": columns, "sort": sort, "descending": descending, "most": most}
        for name, value in values.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, kw_only=True, eq=False)
class RowsTile(Declaration):
    """A tile that is made of the rows of a list, of the reader's own: ``RowsTile(title="Past due", rows=loan_list,
    filter="days_past_due > 0")``. Named in a module of its plugin it stands on *My work*, within a ``Dashboard`` there.

    Args:
        title: what it counts or shows.
        rows: the list; whoever may not read its records has no such tile.
        filter: what narrows it, in the language of filters.
        sum: an amount that is added up, for each currency; None: the rows are counted.
        look: None: a number. A ``ChartView`` is a chart, over time as a ``line`` a trend; a ``BoardView`` a funnel of
            its states or choices; a ``PivotView`` of two axes a heat map; ``FirstRows`` a list.
        order: among the tiles.
    """

    title: str
    rows: ListView
    filter: str = ""
    sum: Any = None
    look: BoardView | ChartView | PivotView | FirstRows | None = None
    order: int = 50


@dataclass(frozen=True, kw_only=True, eq=False)
class GraphTile(RowsTile):
    """A tile that draws who is linked to whom: ``GraphTile(title="Guarantors", rows=stake_list, graph=owners)``.

    Args:
        graph: which fields of the rows are the ends of the links.
    """

    graph: GraphView


@dataclass(frozen=True, eq=False, init=False)
class Dashboard(Declaration):
    """A page of tiles, at ``/dashboards/<plugin>/<name>``: ``Menu("Portfolio", portfolio.href)``.

    Args:
        name: within its plugin; part of the address.
        title: what the page is called.
        tiles: in their order; numbers stand together on top.
        needs: a permission without which the page isn't there.
    """

    name: str
    title: str
    tiles: tuple[RowsTile, ...]
    needs: Permission | None

    def __init__(
        self, name: str, title: str, tiles: Sequence[RowsTile], *, needs: Permission | None = None
    ) -> None:
        values = {
            "origin": caller(),
            "name": name,
            "title": title,
            "tiles": tuple(tiles),
            "needs": needs,
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)

    @property
    def href(self) -> str:
        """Where it is; a ``Menu`` that leads there is shown to those who have it."""
        return f"/dashboards/{self.plugin}/{self.name}"
