"""Other ways to look at a list: which there are for a person, which the address asks for, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from flask import request

from tenor.records.conditions import Conditions, Joins
from tenor.records.filters import both, parse, written
from tenor.records.totals import allowed, summable
from tenor.views.columns import key_of
from tenor.views.looks import looks_of, sums_of
from tenor.web.board import Board
from tenor.web.chart import Chart
from tenor.web.graph import graph_of, known
from tenor.web.month import Month
from tenor.web.pivot import Pivot
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text, _
from tenor_sdk.looks import BoardView, CalendarView, ChartView, GraphView, Look, Per, PivotView

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import PageQuery
    from tenor.records.filters import Tree
    from tenor.web.figures import Figures
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.views import ListView

Values = dict[str, Any]
_TITLES: Final = {
    BoardView: _("Board"),
    CalendarView: _("Calendar"),
    ChartView: _("Chart"),
    GraphView: _("Graph"),
    PivotView: _("Pivot"),
}


class Looked(Protocol):
    """The list that is looked at."""

    web: Web
    ctx: KernelContext
    show: Show
    view: ListView

    @property
    def query(self) -> PageQuery: ...

    def href(self, *, below: str = "", filters: Any = None, **changes: str) -> str:
        """Its address with something changed."""


class Looks:
    """The ways to look at one list, for one person."""

    def __init__(self, listed: Looked) -> None:
        self.listed = listed
        self.every = {
            name: look for name, look in looks_of(listed.view).items() if self._known(look)
        }
        asked = request.args.get("look", "")
        self.name = asked if asked in self.every else ""

    def _known(self, look: Look) -> bool:
        """Whether the person may know enough to have a list looked at like this."""
        ctx, view = self.listed.ctx, self.listed.view
        if isinstance(look, GraphView):
            return known(ctx, view, look)
        if isinstance(look, PivotView):
            axes = [key_of(axis.of if isinstance(axis, Per) else axis) for axis in look.axes]
            return sum(allowed(ctx, view, axis) for axis in axes) > 1
        if isinstance(look, ChartView) and not all(
            summable(ctx, view, key_of(each)) for each in sums_of(look)
        ):
            return False
        return allowed(ctx, view, key_of(_needed(look)))

    def switch(self) -> list[Values]:
        """The list, and the other ways to look at it; nothing where there is no other."""
        if not self.every:
            return []
        show, href = self.listed.show, self.listed.href
        made = [{"label": show.say(_("List")), "href": href(look=""), "current": not self.name}]
        for name, look in self.every.items():
            title = (
                show.say(look.title, look.plugin) if look.title else show.say(_TITLES[type(look)])
            )
            made.append({"label": title, "href": href(look=name), "current": name == self.name})
        return made

    def shown(self) -> Values | None:
        """What is asked for; None where it is the list."""
        if not self.name:
            return None
        try:
            return self._made(self.every[self.name])
        except Invalid as error:
            if error.key != "too-many-groups":
                raise
            said = self.listed.ctx.kernel.translator.error(error, self.listed.show.language)
            return {"kind": "empty", "empty": {"title": said}}

    def figures(self) -> Figures | None:
        """The figures behind a chart, a graph or a pivot; None of anything else.

        Raises:
            Invalid: ``too-many-groups``.
        """
        look = self.every.get(self.name)
        if isinstance(look, ChartView):
            return Chart(Sight(self.listed, look), look).figures()
        if isinstance(look, GraphView):
            return graph_of(Sight(self.listed, look), look).figures(self.listed.query)
        return (
            Pivot(Sight(self.listed, look), look).figures() if isinstance(look, PivotView) else None
        )

    def _files(self) -> list[Values]:
        """The way to take the figures out."""
        if not self.listed.ctx.may(self.listed.view.record, "export"):
            return []
        return [
            {
                "label": name.upper(),
                "href": self.listed.href(below="/figures", format=name),
                "download": True,
            }
            for name in ("xlsx", "csv")
        ]

    def _made(self, look: Look) -> Values:
        made = self._look(look)
        return (
            made | {"files": self._files()} if made["kind"] in ("chart", "graph", "pivot") else made
        )

    def _look(self, look: Look) -> Values:
        sight = Sight(self.listed, look)
        if isinstance(look, BoardView):
            return Board(sight, look).shown()
        if isinstance(look, CalendarView):
            return Month(sight, look).shown()
        if isinstance(look, GraphView):
            return {"kind": "graph", "graph": graph_of(sight, look).drawn(sight.query)}
        if isinstance(look, ChartView):
            return Chart(sight, look).shown()
        return Pivot(sight, look).shown()


class Sight:
    """What every way to look at a list works with.

    Args:
        listed: the list.
        look: as it is declared.
    """

    def __init__(self, listed: Looked, look: Look) -> None:
        self.web, self.ctx, self.show = listed.web, listed.ctx, listed.show
        self.view, self.query, self._listed = listed.view, listed.query, listed
        #: keys of the amounts that the person may have added up
        self.sums = [
            key_of(each) for each in sums_of(look) if summable(self.ctx, self.view, key_of(each))
        ]

    def rows_href(self, *tests: Tree) -> str:
        """The list of the rows for which something holds beside what the list is narrowed by."""
        narrowed = written(both(parse(self.query.filter), *tests))
        return self._listed.href(look="", look_by="", cursor="", filter=narrowed)

    def href(self, **changes: str) -> str:
        """The same way to look at it, with something changed."""
        return self._listed.href(**changes)

    def knows(self, axis: Any) -> bool:
        """Whether the person may know an axis."""
        field = key_of(axis.of if isinstance(axis, Per) else axis)
        return allowed(self.ctx, self.view, field)

    def labelled(self, key: str) -> str:
        """What a field is called."""
        conditions = Conditions(self.ctx, self.view.record, Joins(self.view.record))
        return self.show.label(conditions.place(key).spec)

    def amounts(self, totals: list[Any], place: int = 0) -> list[Values]:
        """One of the sums of some groups, for each currency."""
        found: dict[str, Any] = {}
        for one in totals:
            if one.sums and (one.sums[place].minor or one.count):
                found[one.currency] = one.sums[place] + found.get(
                    one.currency, type(one.sums[place])(0)
                )
        return [
            self.show.amount(amount, currency, lone=True)
            for currency, amount in sorted(found.items())
        ]

    @staticmethod
    def asked(name: str) -> str:
        """What the address says of how it is looked at."""
        return request.args.get(name, "")

    def say(self, text: Text) -> str:
        """Words in the person's language."""
        return self.show.say(text)


def _needed(look: BoardView | CalendarView | ChartView) -> Any:
    """The field along which rows stand, without which there is nothing to look at."""
    if isinstance(look, CalendarView):
        return look.on
    return look.by.of if isinstance(look.by, Per) else look.by
