"""What a plugin's panels and previews compute, for programs: exact values beside words in the person's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tenor.api.reporting import Asker, put_on_record
from tenor.events.breakers import LeftOut
from tenor.events.events import FAILURES
from tenor.records.values import to_json
from tenor_sdk.i18n import Text
from tenor_sdk.values import Amount
from tenor_sdk.views import Cell, Column, Facts, Panel, Table

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.records import Record
    from tenor_sdk.views import Content

Said = Callable[[Any], str]


@dataclass(frozen=True)
class Contents:
    """Panels of a record as they are for one person.

    Args:
        language: of the words.
    """

    ctx: KernelContext
    language: str

    def panels(self, record: Record) -> list[dict[str, Any]]:
        """The panels of a record's page that this person is shown, in their order."""
        form = self.ctx.kernel.views.form(type(record))
        return [
            self._panel(panel, record, self._words(tab.plugin)(tab.title))
            for tab in form.tabs
            for panel in tab.content
            if isinstance(panel, Panel) and (panel.needs is None or self.ctx.may(panel.needs))
        ]

    def _panel(self, panel: Panel, record: Record, tab: str) -> dict[str, Any]:
        """One panel; what a plugin's code raises costs its own panel, and is put on record."""
        said = self._words(panel.plugin)
        shown: dict[str, Any] = {"title": said(panel.title), "tab": tab, "parts": []}
        try:
            with self.ctx.kernel.db.savepoint(self.ctx.guarded):
                content = self.ctx.kernel.views.content(self.ctx, panel, record)
                shown["parts"] = self.parts(content, panel.plugin)
        except LeftOut:
            shown["failed"] = True
        except FAILURES as error:  # as on the page: the other panels are there
            asker = Asker(self.ctx.request_id, self.language, self.ctx.actor)
            put_on_record(self.ctx.kernel, error, asker)
            shown["failed"] = True
        return shown

    def parts(self, content: Content | Sequence[Content], plugin: str) -> list[dict[str, Any]]:
        """Tables and facts; what a plugin draws by a template of its own is for the eye alone."""
        parts = list(content) if isinstance(content, (list, tuple)) else [content]
        said = self._words(plugin)
        return [
            _table(part, said) if isinstance(part, Table) else _facts(part, said)
            for part in parts
            if isinstance(part, (Table, Facts))
        ]

    def _words(self, plugin: str) -> Said:
        def said(text: Any) -> str:
            return self.ctx.kernel.translator.text(text, self.language, plugin) if text else ""

        return said


def _table(table: Table, said: Said) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": said(table.caption),
        "columns": [
            {"title": said(one.title), "kind": one.kind, "unit": said(one.unit)}
            for one in table.columns
        ],
        "rows": [_row(table.columns, row, said) for row in table.rows],
        "totals": _row(table.columns, table.totals, said) if table.totals else None,
        "empty": said(table.empty),
    }


def _row(columns: Sequence[Column], row: Sequence[object], said: Said) -> list[dict[str, Any]]:
    return [_cell(cell, one.unit, said) for one, cell in zip(columns, row, strict=False)]


def _facts(facts: Facts, said: Said) -> dict[str, Any]:
    rows = [*facts.rows, *([facts.total] if facts.total is not None else [])]
    return {
        "kind": "facts",
        "caption": said(facts.caption),
        "rows": [
            {"label": said(label), "kind": kind, **_cell(value, "", said)}
            for label, value, kind in rows
        ],
    }


def _cell(given: object, unit: str, said: Said) -> dict[str, Any]:
    """A value, and beside it what a ``Cell`` says: a note, where it leads, how it stands for the lender."""
    cell = given if isinstance(given, Cell) else Cell(given)
    shown = {"value": _value(cell.value, unit, said)}
    beside = {"note": said(cell.note), "href": cell.href, "tone": cell.tone}
    return {**shown, **{name: text for name, text in beside.items() if text}}


def _value(value: Any, unit: str, said: Said) -> Any:
    if isinstance(value, Text):
        return said(value)
    if isinstance(value, Amount):
        return value.text(unit if len(unit) == 3 and unit.isupper() else "CNY")
    if isinstance(value, (list, tuple)):
        return [_value(one, unit, said) for one in value]
    return str(value) if isinstance(value, Fraction) else to_json(value)
