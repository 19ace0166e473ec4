"""A list as a pivot: rows by columns, counted or added up, each cell with the way to its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tenor.records.totals import Total, totals
from tenor.views.looks import axis_key
from tenor.web.axes import Along
from tenor.web.figures import Figures, labelled
from tenor.web.grid import Measure, Step, currencies, steps_of
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.web.looks import Sight
    from tenor_sdk.looks import PivotView

Values = dict[str, Any]
_ROWS: Final = 60
_COLUMNS: Final = 16
#: shades of a cell, the faintest first
_SHADES: Final = 5


class Pivot:
    """A pivot of one list for one person. ``look_by`` of its address holds both axes and what is added up."""

    def __init__(self, sight: Sight, look: PivotView) -> None:
        self.sight, self.look = sight, look
        known = {axis_key(axis): axis for axis in look.axes if sight.knows(axis)}
        asked = [*sight.asked("look_by").split(","), "", "", ""][:3]
        first = asked[0] if asked[0] in known else next(iter(known))
        others = [key for key in known if key != first]
        second = asked[1] if asked[1] in others else others[0]
        # what is asked for in words that mean nothing is the first sum, as where nothing is asked
        usual = sight.sums[0] if sight.sums else ""
        self.sum = asked[2] if asked[2] in sight.sums else "" if asked[2] == "count" else usual
        self.keys = (first, second)
        self.known = {
            key: Along(sight.ctx, sight.show, sight.view.record, axis)
            for key, axis in known.items()
        }

    def shown(self) -> Values:
        """The menus of axes and sums, and a table for each currency."""
        return {"kind": "pivot", "menus": self.menus(), "tables": self.tables()}

    def figures(self) -> Figures:
        """What a file of it holds."""
        tables = self.tables()
        several = len(tables) > 1
        first: Values = (
            tables[0] if tables else {"corner": "", "columns": [], "total": "", "currency": ""}
        )
        corner = labelled(first["corner"], "" if several else first["currency"])
        heads = [
            corner,
            *([self.sight.say(_("Currency"))] if several else []),
            *first["columns"],
            first["total"],
        ]
        rows = [
            [
                row["label"],
                *([table["currency"]] if several else []),
                *(cell["exact"] for cell in (*row["cells"], row["sum"])),
            ]
            for table in tables
            for row in table["rows"]
        ]
        fields = [*(self.known[key].axis.field for key in self.keys), self.sum]
        return Figures(self.sight.view.record, fields, heads, rows, texts=2 if several else 1)

    def tables(self) -> list[Values]:
        """A table for each currency; one where rows are counted."""
        sight, along = self.sight, [self.known[key] for key in self.keys]
        sums = [self.sum] if self.sum else []
        found = totals(sight.ctx, sight.view, sight.query, [each.axis for each in along], sums)
        if not found:
            return []
        down, across = (
            steps_of(along[n], found, n, most) for n, most in ((0, _ROWS), (1, _COLUMNS))
        )
        place = 0 if self.sum else None
        return [
            self._table(Measure(sight.show, place, currency), found, down, across)
            for currency in currencies(found, place)
        ]

    def _table(
        self, measure: Measure, found: list[Total], down: list[Step], across: list[Step]
    ) -> Values:
        cells = measure.table(found, down, across)
        figures = [[cells[n, m] for m in range(len(across))] for n in range(len(down))]
        most = max((figure for line in figures for figure in line), default=0)
        body = [
            [
                self._cell(measure, figures[n][m], (row, column), most)
                for m, column in enumerate(across)
            ]
            for n, row in enumerate(down)
        ]
        sums = [
            self._cell(measure, sum(line), (row,), 0)
            for line, row in zip(figures, down, strict=True)
        ]
        feet = [
            self._cell(measure, sum(line[m] for line in figures), (column,), 0)
            for m, column in enumerate(across)
        ]
        whole = self._cell(measure, sum(map(sum, figures)), (), 0)
        say, labels = self.sight.say, [self.known[key].label for key in self.keys]
        return {
            "caption": say(_("{rows} by {columns}", rows=labels[0], columns=labels[1])),
            "title": self._measured(self.sum),
            "unit": measure.unit,
            "currency": measure.currency,
            "corner": labels[0],
            "columns": [column.label for column in across],
            "rows": [
                {"label": row.label, "cells": cells, "sum": total}
                for row, cells, total in zip(down, body, sums, strict=True)
            ],
            "feet": feet,
            "whole": whole,
            "total": say(_("Total")),
        }

    def _cell(self, measure: Measure, figure: int, steps: tuple[Step, ...], most: int) -> Values:
        shade = 0
        if most > 0 and figure > 0:
            shade = 1 + min(_SHADES - 1, figure * _SHADES // most)
        href = self.sight.rows_href(*(step.test for step in steps)) if figure else ""
        return {
            "text": measure.text(figure) if figure else "",
            "exact": measure.exact(figure),
            "href": href,
            "shade": min(shade, _SHADES),
        }

    # -- menus ------------------------------------------------------------------------------------------------------

    def menus(self) -> list[Values]:
        """What stands down, what across, and what is added up."""
        first, second = self.keys
        down = [(key, (key, second if second != key else first)) for key in self.known]
        across = [(key, (first if first != key else second, key)) for key in self.known]
        measures = ["", *self.sight.sums]
        made = [
            self._axes_menu("rows", _("Rows: {axis}", axis=self.known[first].label), down, first),
            self._axes_menu("columns", _("Columns: {axis}", axis=self.known[second].label), across, second),
        ]  # fmt: skip
        if len(measures) > 1:
            options = [
                {"label": self._measured(each), "href": self._href(first, second, each), "current": each == self.sum}
                for each in measures
            ]  # fmt: skip
            label = self.sight.say(_("Value: {what}", what=self._measured(self.sum)))
            made.append({"id": "values", "label": label, "options": options})
        return made

    def _axes_menu(
        self, name: str, label: Any, ways: list[tuple[str, tuple[str, str]]], current: str
    ) -> Values:
        options = [
            {"label": self.known[key].label, "href": self._href(*keys, self.sum), "current": key == current}
            for key, keys in ways
        ]  # fmt: skip
        return {"id": name, "label": self.sight.say(label), "options": options}

    def _href(self, first: str, second: str, measure: str) -> str:
        return self.sight.href(look_by=",".join((first, second, measure or "count")))

    def _measured(self, key: str) -> str:
        """What a sum is called; the count where it is none."""
        return self.sight.labelled(key) if key else self.sight.say(_("Count"))
