"""What a plugin's panels compute, tables and facts, as the templates draw them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from tenor_sdk.i18n import Text
from tenor_sdk.values import Amount, Money, Rate
from tenor_sdk.views import Cell, Column, Facts, Table, Template

if TYPE_CHECKING:
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.views import Content

Values = dict[str, Any]
_AT_THE_END: Final = ("money", "percent", "number", "date")
_SHORT: Final = 8
_SHAPES: Final = {"": "half", "strong": "full", "quiet": "hollow", "adverse": "refused"}


class Contents:
    """Draws the contents of panels for one page.

    Args:
        web: for templates of plugins.
        show: for the values.
        plugin: whose panel it is.
    """

    def __init__(self, web: Web, show: Show, plugin: str) -> None:
        self.web = web
        self.show = show
        self.plugin = plugin

    def panels(self, title: str, content: Content | Sequence[Content]) -> list[Values]:
        """The sheets of a panel: the first under its title, further ones under their captions."""
        parts = list(content) if isinstance(content, (list, tuple)) else [content]
        drawn = [self._panel(part) for part in parts if part is not None]
        for place, panel in enumerate(drawn):
            caption = panel.pop("caption", "")
            panel["title"] = title if place == 0 else caption
            if place == 0 and caption:
                panel["sub"] = caption
            panel["label"] = caption or title
        return drawn

    def _panel(self, part: Any) -> Values:
        if isinstance(part, Table):
            return {"kind": "table", "table": self.table(part), "caption": self._said(part.caption)}
        if isinstance(part, Facts):
            return {**self._facts(part), "caption": self._said(part.caption)}
        if isinstance(part, Template):
            return {"kind": "html", "html": self.template(part.name, part.values)}
        raise TypeError(f"a panel's content is a Table, Facts or Template, not {part!r}")

    def _said(self, text: Any) -> str:
        return self.show.say(text, self.plugin) if text is not None else ""

    def template(self, name: str, values: Any) -> Markup:
        """A template of the plugin's own."""
        made = self.web.jinja.get_template(f"@{self.plugin}/{name}")
        return Markup(made.render({**values, "show": self.show}))  # noqa: S704 -- every value in it was escaped

    # -- tables -----------------------------------------------------------------------------------------------------

    def table(self, table: Table) -> Values:
        """A computed table."""
        columns = [self._column(column, place) for place, column in enumerate(table.columns)]
        rows = [self._row(table, row) for row in table.rows]
        for place, column in enumerate(columns):
            column["nowrap"] = all(_is_short(row["cells"][place]) for row in rows)
        drawn: Values = {
            "columns": columns,
            "rows": rows,
            "empty": {"title": self._said(table.empty)} if table.empty is not None else {},
            "caption": self._said(table.caption),
        }
        if table.totals:
            drawn["total"] = self._cells(table, table.totals, "")
        return drawn

    def _column(self, column: Column, place: int) -> Values:
        unit = column.unit
        if column.kind == "money" and unit in ("", "CNY"):
            unit = self.show.unit
        return {
            "label": self._said(column.title),
            "unit": self.show.say(unit, self.plugin) if unit else "",
            "align": "end" if column.kind in _AT_THE_END else "start",
            "identity": place == 0 and column.kind not in _AT_THE_END,
        }

    def _row(self, table: Table, row: Sequence[object]) -> Values:
        overdue = any(isinstance(cell, Cell) and cell.tone == "adverse" for cell in row[:1])
        first = row[0] if row else None
        href = first.href if isinstance(first, Cell) else ""
        return {"cells": self._cells(table, row, None), "overdue": overdue, "href": href}

    def _cells(self, table: Table, row: Sequence[object], nothing: Any) -> list[Any]:
        pairs = zip(table.columns, row, strict=False)
        cells = [self.cell(cell, column.kind, column.unit) for column, cell in pairs]
        return [nothing if cell is None else cell for cell in cells]

    # -- facts ------------------------------------------------------------------------------------------------------

    def _facts(self, facts: Facts) -> Values:
        figures = all(kind in ("money", "percent", "number") for _label, _value, kind in facts.rows)
        if facts.total is None and not figures:
            rows = [
                {"label": self._said(label), "value": self.cell(value, kind, lone=True)}
                for label, value, kind in facts.rows
            ]
            return {"kind": "fields", "columns": 1, "fields": rows}
        rows = [self._sum(*row, total=False) for row in facts.rows]
        if facts.total is not None:
            rows.append(self._sum(*facts.total, total=True))
        return {"kind": "sums", "rows": rows}

    def _sum(self, label: Any, value: object, kind: str, *, total: bool) -> Values:
        shown = self.cell(value, kind, lone=True)
        return {"label": self._said(label), "value": shown, "total": total}

    # -- cells ------------------------------------------------------------------------------------------------------

    def cell(self, given: object, kind: str, unit: str = "", *, lone: bool = False) -> Any:
        """A cell: a value of its column's kind, with what a ``Cell`` says beside it."""
        cell = given if isinstance(given, Cell) else Cell(given)
        shown: Values | None
        if cell.value is None or cell.value == "":
            blank = (
                cell.value == "" or cell.note is not None
            )  # unlike None, which says that it isn't known
            shown = {"kind": "blank"} if blank else None
        else:
            shown = self._value(cell, kind, unit, lone)
        if shown is None:
            return None
        if cell.note is not None:
            shown["sub"] = self._said(cell.note)
        return {**shown, **_tone(cell.tone)}

    def _value(self, cell: Cell, kind: str, unit: str, lone: bool) -> Values:
        value: Any = cell.value
        currency = unit if len(unit) == 3 and unit.isupper() else "CNY"
        if kind == "state":
            return {"kind": "state", "shape": _SHAPES[cell.tone], "text": self._text(value)}
        if kind == "rating":
            from tenor.web.show import rating

            return rating(str(value))
        if kind == "points":
            return _points(value)
        if cell.href:
            shown = self.show.plain(value, currency) or {}
            return {"kind": "link", "text": str(shown.get("text", "")), "href": cell.href}
        if isinstance(value, (Amount, Money)):
            return self.show.plain(value, currency, lone=lone) or {}
        if kind == "percent" and not isinstance(value, Rate):
            return {"kind": "percent", "text": str(value)}
        if kind == "number" and not isinstance(value, (int, Text)):
            return {"kind": "number", "text": str(value)}
        return self.show.plain(value, currency, lone=lone) or {"text": ""}

    def _text(self, value: Any) -> str:
        return self.show.say(value, self.plugin)


def _is_short(cell: Any) -> bool:
    """Whether a cell holds a name or a word that shouldn't be broken over lines."""
    text = cell.get("text", "") if isinstance(cell, dict) and not cell.get("sub") else cell
    return text is None or (isinstance(text, str) and len(text) <= _SHORT)


def _tone(tone: str) -> Values:
    return {"strong": True} if tone == "strong" else {tone: True} if tone else {}


def _points(pair: Any) -> Values:
    reached, possible = pair
    used = round(float(Fraction(reached) / Fraction(possible) * 100), 1) if possible else 0  # noqa: RUF100 -- a width
    return {"kind": "ruler", "used": used, "text": f"{reached} / {possible}"}
