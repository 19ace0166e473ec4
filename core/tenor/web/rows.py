"""The rows of a list: heads of columns, and cells in words, with what is masked for this person masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from tenor.access.records import Unit, User
from tenor.records.values import currency_of, masked
from tenor.views import address
from tenor.views.merge import has_page
from tenor.web.heads import NAMES, column_label
from tenor.web.show import AT_THE_END
from tenor_sdk.values import Amount, Rate
from tenor_sdk.views import Path

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import Page, PageColumn
    from tenor.web.show import Names, Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
#: what has names of a few characters: a column of these isn't worth a second line
_SHORT: Final = (Unit, User)


def column_head(show: Show, column: PageColumn, page: Page, *, identity: bool = False) -> Values:
    """Label, unit and side of a column."""
    spec = column.spec
    sample = next((row[column.key] for row in page.rows if row[column.key] is not None), None)
    figure = spec.kind == "computed" and isinstance(sample, (Amount, Rate, int))
    # what a row is known by begins it, be it a day
    at_end = not identity and (figure or (spec.kind in AT_THE_END and spec.target is None))
    head: Values = {
        "label": column_label(show, column),
        "align": "end" if at_end else "start",
        "identity": identity,
        "nowrap": (
            spec.kind in ("date", "time", "state")
            or spec.target in _SHORT
            or bool(spec.choices or spec.info.number)
        ),
        "explains": spec.kind == "long-text",
        "name": spec.target not in (None, *_SHORT)
        or (isinstance(column.attribute, Path) and spec.key in NAMES),
    }
    if spec.kind == "amount" or isinstance(sample, Amount):
        head["unit"] = show.unit
    return head


def rows_of(
    web: Web, ctx: KernelContext, show: Show, page: Page, *, choose: bool = False
) -> list[Values]:
    """The rows of a page of any list.

    Args:
        choose: whether each can be ticked, to do something with several.
    """
    names = {**page.names, **show.names(_files_in(page))}
    cells, titles = Cells(ctx, show, names), show.names_of(page.records)
    return [
        {
            "href": address(type(record), record.id) if has_page(type(record)) else "",
            "label": name,
            **({"choose": record.id} if choose else {}),
            "cells": [
                cells.cell(column, values[column.key], record, name if place == 0 else "")
                for place, column in enumerate(page.columns)
            ],
        }
        for record, name, values in zip(page.records, titles, page.rows, strict=True)
    ]


def _files_in(page: Page) -> list[Any]:
    from tenor.files.records import File

    columns = [column for column in page.columns if column.spec.kind == "file"]
    return [
        (File, row[column.key])
        for column in columns
        for row in page.rows
        if row[column.key] is not None
    ]


class Cells:
    """Draws the cells of a list, masking what is masked for this person."""

    def __init__(self, ctx: KernelContext, show: Show, names: Names) -> None:
        self.ctx, self.show, self.names = ctx, show, names
        self._effects: dict[type[Record], Mapping[str, str]] = {}
        self._of: Record | None = None
        self._code = ""

    def cell(self, column: PageColumn, value: Any, record: Record, title: str = "") -> Any:
        """One cell.

        Args:
            title: what the record is called, in the first column: without a link of its own, as the row's is around it.
        """
        spec = column.spec
        if self.effects(column.record).get(spec.key) == "mask":
            return {"text": masked(value, spec.info.mask)} if value not in (None, "") else None
        if spec.kind == "computed":
            value = getattr(record, spec.key, None)
        shown = self.show.field(
            spec, value, of=column.record, currency=self._currency(record), names=self.names
        )
        if isinstance(column.attribute, Path) and spec.key in NAMES and shown is not None:
            shown = {"kind": "link", "text": shown["text"], "href": _leads_to(column, record)}
        if title and shown is None:
            return {"text": title}
        if title and shown is not None and shown.get("kind") in ("link", "file", "hidden", "long"):
            return {"text": shown.get("text") or title}
        if shown is not None and shown.get("kind") == "long":
            return {"text": shown["text"], "clip": True, "title": shown["text"]}
        return shown

    def _currency(self, record: Record) -> str:
        """The currency of a record's amounts; its cells are drawn one after the other."""
        if self._of is not record:
            self._of, self._code = record, currency_of(record)
        return self._code

    def effects(self, kind: type[Record]) -> Mapping[str, str]:
        """What becomes of the fields of a kind of record for this person."""
        if kind not in self._effects:
            self._effects[kind] = self.ctx.kernel.access.field_effects(self.ctx, kind, None)
        return self._effects[kind]


def _leads_to(column: PageColumn, record: Record) -> str:
    """The page of the record whose name stands in a column reached through one link."""
    steps = column.attribute.steps
    key = next(iter(steps[0].property.local_columns))
    identity = getattr(record, type(record).__mapper__.get_property_by_column(key).key)
    if len(steps) != 2 or identity is None or not has_page(column.record):
        return ""
    return address(column.record, identity)
