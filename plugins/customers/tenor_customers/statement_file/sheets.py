"""A file as sheets of rows of cells, read one row at a time."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import count, zip_longest
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from tenor_customers.domain.problems import Place, Problem, error, warning
from tenor_customers.statement_file.container import FileKind, Unusable, check_archive
from tenor_customers.statement_file.options import Limits


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and whether a formula put it there.

    Args:
        value: text, number, date, or None when empty.
        place: where it stands.
        formula: the formula's text, "" when the value was typed.
    """

    value: Any
    place: Place
    formula: str = ""

    @property
    def text(self) -> str:
        """The value as text, without surrounding space; "" when empty."""
        return "" if self.value is None else str(self.value).strip()

    @property
    def filled(self) -> bool:
        """Whether anything stands in it."""
        return bool(self.text or self.formula)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet's name and its rows, to be iterated once; ``problems`` is what to say about it beforehand."""

    name: str
    rows: Iterator[list[Cell]]
    problems: tuple[Problem, ...] = ()


def read_sheets(content: bytes, kind: FileKind, name: str, limits: Limits) -> Iterator[Sheet]:
    """The sheets of a file one after the other; take each one's rows before the next.

    Raises Unusable while iterating: what `check_archive` raises, ``workbook-damaged``, ``encoding-unknown``,
    ``csv-damaged``, ``too-many-rows``, ``too-many-columns``.
    """
    if kind is FileKind.CSV:
        yield Sheet("", _csv_rows(content, limits))
        return
    check_archive(content, name, limits)
    with _workbook(content, name) as (formulas, values):
        for title in formulas.sheetnames:
            yield _xlsx_sheet(title, formulas[title], values[title], limits)


# --- XLSX ------------------------------------------------------------------------------------------


@contextmanager
def _workbook(content: bytes, name: str) -> Iterator[tuple[Workbook, Workbook]]:
    """The workbook twice: with its formulas, and with the values that were last computed from them."""
    with ExitStack() as opened:
        with _damage_said(name):
            books = [
                load_workbook(
                    BytesIO(content), read_only=True, data_only=data_only, keep_links=False
                )
                for data_only in (False, True)
            ]
        for book in books:
            opened.callback(book.close)
        yield books[0], books[1]


@contextmanager
def _damage_said(name: str) -> Iterator[None]:
    """Whatever the parser stumbles over becomes ``workbook-damaged``."""
    try:
        yield
    except Unusable:
        raise
    except Exception as problem:  # noqa: BLE001  openpyxl lets through whatever a malformed part makes it raise
        reason = type(problem).__name__
        raise Unusable(error("workbook-damaged", name=name, reason=reason)) from None


def _xlsx_sheet(title: str, formulas: Any, values: Any, limits: Limits) -> Sheet:
    if not hasattr(formulas, "reset_dimensions"):  # a sheet that is a chart
        return Sheet(title, iter(()))
    if formulas.sheet_state != "visible":
        return Sheet(title, iter(()), (warning("sheet-hidden", Place(title)),))
    for sheet in (formulas, values):
        sheet.reset_dimensions()  # the file's own word on its size is not to be believed
    return Sheet(title, _xlsx_rows(title, formulas, values, limits))


def _xlsx_rows(title: str, formulas: Any, values: Any, limits: Limits) -> Iterator[list[Cell]]:
    pairs = zip_longest(formulas.iter_rows(), values.iter_rows(values_only=True), fillvalue=())
    for row in count(1):
        with _damage_said(title):
            cells, computed = next(pairs, (None, ()))
        if cells is None:
            return
        _check_extent(title, row, len(cells), limits)
        yield [
            _xlsx_cell(title, row, column, cell, value)
            for column, (cell, value) in enumerate(zip(cells, computed, strict=False), start=1)
        ]


def _xlsx_cell(title: str, row: int, column: int, cell: Any, value: Any) -> Cell:
    place = Place(title, row, get_column_letter(column))
    formula = str(cell.value) if getattr(cell, "data_type", "") == "f" else ""
    return Cell(value, place, formula)


# --- CSV -------------------------------------------------------------------------------------------


def _csv_rows(content: bytes, limits: Limits) -> Iterator[list[Cell]]:
    text = decode(content)
    delimiter = _delimiter(text)
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row, fields in enumerate(rows, start=1):
            _check_extent("", row, len(fields), limits)
            yield _csv_cells(row, fields)
    except csv.Error as problem:
        place = Place("", rows.line_num)
        raise Unusable(error("csv-damaged", place, reason=str(problem))) from None


def _csv_cells(row: int, fields: Sequence[str]) -> list[Cell]:
    return [
        Cell(field or None, Place("", row, get_column_letter(column)))
        for column, field in enumerate(fields, start=1)
    ]


def decode(content: bytes) -> str:
    """Text of a CSV: UTF-8, UTF-16 with its mark, else GB 18030, in which Excel in China writes.

    Raises Unusable ``encoding-unknown``.
    """
    encodings: tuple[str, ...] = ("utf-8-sig", "gb18030")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable(error("encoding-unknown", tried=encodings))


def _delimiter(text: str) -> str:
    """The separator that occurs most often in the first lines; a comma when none does."""
    head = "\n".join(text.splitlines()[:20])
    return max((",", "\t", ";"), key=head.count)


def _check_extent(title: str, row: int, columns: int, limits: Limits) -> None:
    if row > limits.rows:
        raise Unusable(error("too-many-rows", Place(title, row), limit=limits.rows))
    if columns > limits.columns:
        place = Place(title, row)
        raise Unusable(error("too-many-columns", place, found=columns, limit=limits.columns))
