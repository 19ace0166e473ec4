"""The rows of an import that were refused, as a file with the reasons beside them, to be mended and imported again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from tenor.records.written import PLAIN, neutral, unambiguous
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor.imports.journal import Entry


def write_refused(ctx: KernelContext, entry: Entry, out: BinaryIO) -> int:
    """Write them as the file that was handed in was, CSV or XLSX; how many there are.

    Args:
        out: where they go, from its first byte.
    """
    rows = _rows(ctx, entry)
    return _xlsx(rows, out) if is_workbook(entry) else _csv(rows, out)


def is_workbook(entry: Entry) -> bool:
    """Whether the file was an XLSX, and so are its refused rows."""
    return entry.file_name.lower().endswith(".xlsx")


def refused_name(entry: Entry) -> str:
    """What the file of refused rows is called."""
    stem, _dot, _end = entry.file_name.rpartition(".")
    return f"{stem or entry.file_name}.refused.{'xlsx' if is_workbook(entry) else 'csv'}"


def _rows(ctx: KernelContext, entry: Entry) -> Iterator[list[Any]]:
    """The columns as they were, then the reasons in a column whose name goes to no field."""
    kernel, width = ctx.kernel, len(entry.header)
    reason = kernel.translator.text(_("Why it was refused"), ctx.actor.language)
    number = kernel.translator.text(_("Row in the file"), ctx.actor.language)
    again = reason in entry.header  # the file is itself one of refused rows
    yield list(entry.header) if again else [*entry.header, reason, number]
    connection = kernel.db.connection_of(ctx.session)
    with kernel.db.marked(connection):
        for row, cells, reasons in kernel.imports.journal.refused(connection, entry.id):
            kept = [*cells[:width], *[None] * (width - len(cells))]
            for place, order in entry.orders.items():
                if place < width:  # alone, the rows wouldn't tell it any more
                    kept[place] = unambiguous(kept[place], order, ctx.today.year)
            if again:
                kept[entry.header.index(reason)] = reasons
                yield kept
            else:
                yield [*kept, reasons, row, *cells[width:]]


def _csv(rows: Iterator[Sequence[Any]], out: BinaryIO) -> int:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer, count = csv.writer(text), -1
    for row in rows:
        writer.writerow([_safe(cell) for cell in row])
        count += 1
    text.detach()
    return max(count, 0)


def _safe(cell: Any) -> Any:
    return neutral(cell) if isinstance(cell, str) and not PLAIN.fullmatch(cell) else cell


def _xlsx(rows: Iterator[Sequence[Any]], out: BinaryIO) -> int:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book, count = Workbook(write_only=True), -1
    sheet = book.create_sheet("1")
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=cell) for cell in row]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula, whatever it begins with
        sheet.append(cells)
        count += 1
    book.save(out)
    return max(count, 0)
