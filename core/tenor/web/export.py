"""Taking a list out as a file: what the filter shows, with exact figures; put on record."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from flask import Response, make_response
from sqlalchemy import and_, true

from tenor.records import PageColumn, PageQuery
from tenor.records.specs import value_of
from tenor.records.values import currency_of, masked
from tenor_sdk.errors import Forbidden, NotFound
from tenor_sdk.values import Amount, Rate
from tenor_sdk.views import ListView

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.records import FieldSpec, Page
    from tenor.web.show import Show
    from tenor.web.web import Web

MOST: Final = 50_000
_CHUNK: Final = 500
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(web: Web, ctx: KernelContext, view: ListView, query: PageQuery, kind: str) -> Response:
    """The rows of a list as CSV or XLSX.

    Raises:
        NotFound: another format.
        Forbidden: ``not-permitted``: the person may not take these records out.
    """
    if kind not in ("csv", "xlsx"):
        raise NotFound("not-found")
    if not ctx.may(view.record, "export"):
        raise Forbidden("not-permitted", what=view.record.called())
    sheet = Sheet(web, ctx, view, query)
    content, count = sheet.csv() if kind == "csv" else sheet.xlsx()
    filters = {name: list(values) for name, values in query.filters.items()}
    web.kernel.audit.note(
        ctx, "export", of=view.record.__tablename__, format=kind, rows=count,
        fields=sheet.fields, filters=filters, filter=query.filter, search=query.search,
    )  # fmt: skip
    made = make_response(content)
    made.mimetype = "text/csv" if kind == "csv" else _XLSX
    name = f"{view.record.slug()}-{ctx.today.isoformat()}.{kind}"
    made.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return made


class Sheet:
    """The rows of a list, one after the other, as cells of a file."""

    def __init__(self, web: Web, ctx: KernelContext, view: ListView, query: PageQuery) -> None:
        self.web, self.ctx, self.query = web, ctx, replace(query, cursor="", size=_CHUNK)
        self.show: Show = web.show(ctx)
        self.view = _exportable(ctx, view)
        self.effects: dict[Any, Any] = {}
        #: what the institution added stands behind the list's columns
        self.own = web.kernel.records.custom.shown(ctx, view.record)
        #: the names of what stands in the columns, once the heads are made
        self.fields: list[str] = []

    def csv(self) -> tuple[bytes, int]:
        """UTF-8 with a mark that spreadsheets need, and how many rows it holds."""
        out = io.StringIO()
        writer = csv.writer(out)
        count = -1
        for row in self.rows():
            writer.writerow([_safe(cell) for cell in row])
            count += 1
        return b"\xef\xbb\xbf" + out.getvalue().encode(), max(count, 0)

    def xlsx(self) -> tuple[bytes, int]:
        """A workbook, and how many rows it holds."""
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell

        book = Workbook(write_only=True)
        sheet = book.create_sheet(self.view.record.slug()[:31])
        count = -1
        for row in self.rows():
            cells = []
            for value in row:
                cell = WriteOnlyCell(sheet, value=_legal(value))
                if isinstance(value, str):
                    cell.data_type = "s"  # never a formula, whatever it begins with
                cells.append(cell)
            sheet.append(cells)
            count += 1
        out = io.BytesIO()
        book.save(out)
        return out.getvalue(), max(count, 0)

    def rows(self) -> Iterator[list[Any]]:
        """The heads, then each row."""
        query, given, first = self.query, 0, True
        while True:
            page = self.web.kernel.records.page(self.ctx, self.view, query)
            if first:
                heads = [column.spec for column in page.columns]
                self.fields = [
                    *(column.key for column in page.columns),
                    *(spec.key for spec in self.own),
                ]
                yield [self.show.label(spec) for spec in (*heads, *self.own)]
                first = False
            yield from self._of(page)
            given += len(page.rows)
            if not page.following or given >= MOST:
                return
            query = replace(query, cursor=page.following)

    def _of(self, page: Page) -> Iterator[list[Any]]:
        for record, values in zip(page.records, page.rows, strict=True):
            currency = currency_of(record)
            yield [
                self._cell(page, column, values[column.key], currency, record)
                for column in page.columns
            ] + [
                self._value(page, spec, value_of(record, spec), currency, type(record))
                for spec in self.own
            ]

    def _cell(self, page: Page, column: PageColumn, value: Any, currency: str, record: Any) -> Any:
        spec = column.spec
        if self._effects(column.record).get(spec.key) == "mask":
            return masked(value, spec.info.mask)
        if spec.kind == "computed":
            value = getattr(record, spec.key, None)
        return self._value(page, spec, value, currency, column.record)

    def _value(self, page: Page, spec: FieldSpec, value: Any, currency: str, of: Any) -> Any:
        if isinstance(value, Amount):
            return Decimal(value.text(currency))
        if isinstance(value, Rate):
            return f"{value.percent_text()}%"
        if isinstance(value, int) and spec.target is None and not isinstance(value, bool):
            return value
        shown = self.show.field(spec, value, of=of, names=page.names)
        return "" if shown is None else str(shown.get("text", ""))

    def _effects(self, kind: Any) -> Any:
        if kind not in self.effects:
            self.effects[kind] = self.web.kernel.access.field_effects(self.ctx, kind, None)
        return self.effects[kind]


def _exportable(ctx: KernelContext, view: ListView) -> ListView:
    """The list narrowed to what the person may take out, which may be less than they may read."""
    allowed = ctx.kernel.access.rights(ctx.actor).criteria(view.record, "export")

    def where(actor: Any, today: Any) -> Any:
        own = view.where(actor, today) if view.where is not None else true()
        return own if allowed is None else and_(own, allowed)

    return ListView(
        view.record, view.columns, filters=view.filters, sort=view.sort, descending=view.descending, where=where,
    )  # fmt: skip


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _legal(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "".join(one for one in value if one >= " " or one in "\t\n")[:32_000]
