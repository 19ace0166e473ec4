"""A list as a chart: how many rows there are of each value, or what they sum up to. The page holds the table behind it,
and script draws that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tenor.records.totals import totals
from tenor.views.columns import key_of
from tenor.web.axes import Along
from tenor.web.figures import Figures, labelled
from tenor.web.grid import Measure, currencies, steps_of
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.web.looks import Sight
    from tenor_sdk.looks import ChartView

Values = dict[str, Any]
#: values of an axis; of a time axis more are read easily
_BARS: Final = 24
_TIMES: Final = 120


class Chart:
    """A chart of one list for one person."""

    def __init__(self, sight: Sight, look: ChartView) -> None:
        self.sight, self.look = sight, look
        self.along = Along(sight.ctx, sight.show, sight.view.record, look.by)
        self.sum = key_of(look.sum) if look.sum is not None else ""

    def shown(self) -> Values:
        """A chart for each currency."""
        return {"kind": "chart", "charts": self.charts()}

    def figures(self) -> Figures:
        """What a file of it holds."""
        charts = self.charts()
        several = len(charts) > 1
        heads = [self.along.label, *([self.sight.say(_("Currency"))] if several else [])]
        label = charts[0]["what"] if charts else ""
        heads.append(label if several or not charts else labelled(label, charts[0]["currency"]))
        rows = [
            [row["label"], *([chart["currency"]] if several else []), row["exact"]]
            for chart in charts
            for row in chart["rows"]
        ]
        fields = [self.along.axis.field, self.sum]
        return Figures(self.sight.view.record, fields, heads, rows, texts=len(heads) - 1)

    def charts(self) -> list[Values]:
        """Each with its table."""
        sight = self.sight
        sums = [self.sum] if self.sum else []
        found = totals(sight.ctx, sight.view, sight.query, [self.along.axis], sums)
        if not found:
            return []
        steps = steps_of(self.along, found, 0, _TIMES if self.along.axis.step else _BARS)
        place = 0 if self.sum else None
        what = sight.labelled(self.sum) if self.sum else sight.say(_("Count"))
        charts = []
        for currency in currencies(found, place):
            measure = Measure(sight.show, place, currency)
            figures = list(measure.table(found, steps).values())
            rows = [
                {
                    "label": step.label,
                    "text": measure.text(figure),
                    "plotted": measure.plotted(figure),
                    "exact": measure.exact(figure),
                    "href": sight.rows_href(step.test) if figure else "",
                }
                for step, figure in zip(steps, figures, strict=True)
            ]
            whole = sum(figures)
            charts.append({
                "kind": self.look.kind,
                "title": sight.show.say(_("{what} by {axis}", what=what, axis=sight.show.within(self.along.label))),
                "what": what,
                "axis": self.along.label,
                "unit": measure.unit,
                "currency": currency,
                "rows": rows,
                "total": {"text": measure.text(whole), "exact": measure.exact(whole), "href": sight.rows_href()},
            })  # fmt: skip
        return charts
