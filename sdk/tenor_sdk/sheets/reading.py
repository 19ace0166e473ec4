"""A file as sheets of rows, read one row at a time."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, zip_longest
from typing import Any, BinaryIO, Final, NamedTuple

from tenor_sdk.sheets.container import FileKind, Limits, UnreadableFile, check_archive, file_kind
from tenor_sdk.sheets.packed import unpacked

#: what a spreadsheet shows where a formula couldn't be computed
ERRORS: Final = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA")
)
_BLOCK: Final = 1024 * 1024
_MERGED: Final = re.compile(
    rb"""<(?:\w+:)?mergeCell\s[^>]*?ref\s*=\s*["']\s*([A-Z]+)(\d+):([A-Z]+)(\d+)\s*["']"""
)
_MARK: Final = "\ufeff"
_QUOTED: Final = re.compile(r'"[^"]*"')
#: what a number format says as it stands
_LITERAL: Final = re.compile(r'"[^"]*"|\\.')
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
#: the longest of these that two blocks may share
_SEAM: Final = 200
# a cell that is too long is for its row's rules to refuse; beside it Python's own limit would end the whole file
csv.field_size_limit(Limits().line)
#: a text is in an encoding where so many more of its characters fit it than don't
_PLAINLY: Final = 10


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that a formula filled.

    Args:
        text: the formula.
        value: what it came to when the file was saved; None where it was never computed.
    """

    text: str
    value: Any = None


class Percentage(float):  # float: a cell of a spreadsheet is one
    """A number in a cell that shows it as a percentage: 0.0435 where somebody reads 4.35%."""


class Area(NamedTuple):
    """Cells that were merged into one, by rows and columns counted from 1: all but the first are empty."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file; the only one of a CSV, which has no name.

    Args:
        name: as the file gives it.
        rows: called, begins to read anew: each row a list of cells. Of a CSV they are texts.
        hidden: whether whoever opens the file doesn't see it.
        merged: areas of merged cells.
    """

    name: str
    rows: Callable[[], Iterator[list[Any]]]
    hidden: bool = False
    merged: Sequence[Area] = field(default=())


@contextmanager
def open_sheets(file: BinaryIO, name: str, limits: Limits | None = None) -> Iterator[list[Sheet]]:
    """The sheets of a file, CSV or XLSX, without those that are charts.

    Args:
        file: from its first byte, and with ``seek``; it stays open.
        name: what whoever sent it calls it; its end mustn't say another kind than it is. A CSV may be packed by gzip,
            once.

    Raises:
        UnreadableFile: as ``file_kind``, ``check_archive`` and ``unpacked``; ``encoding-unknown``,
            ``encoding-damaged`` (line), ``workbook-damaged``, ``too-many-merged`` (limit); while rows are read
            ``csv-damaged`` (row, reason), ``line-too-long`` (row, limit), ``too-many-rows``, ``too-many-columns``.
    """
    limits = limits or Limits()
    if not name.lower().endswith(".gz"):
        yield _sheets(file, name, limits)
        return
    with unpacked(file, name, limits) as plain:
        yield _sheets(plain, name[:-3], limits)  # packed twice is no kind of file


def _sheets(file: BinaryIO, name: str, limits: Limits) -> list[Sheet]:
    if file_kind(file, name, limits) is FileKind.CSV:
        encoding = encoding_of(file)
        return [Sheet("", lambda: _csv_rows(file, encoding, limits))]
    check_archive(file, name, limits)
    book = _Workbook(file, name, limits)
    return [
        book.sheet(title)
        for title in book.computed.sheetnames
        if hasattr(book.computed[title], "reset_dimensions")  # else a chart
    ]


# -- CSV -------------------------------------------------------------------------------------------------------------


def encoding_of(file: BinaryIO) -> str:
    """How a text is encoded: UTF-16 or UTF-8 by its mark, else UTF-8, else GB 18030, in which Excel in China writes.

    Raises:
        UnreadableFile: ``encoding-unknown``; ``encoding-damaged`` (line): it is UTF-8 but for a few bytes, and would be
            taken for something else because of them.
    """
    file.seek(0)
    head = file.read(2)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        tried: tuple[str, ...] = ("utf-16",)
    else:
        tried = ("utf-8-sig", "gb18030")
    for encoding in tried:
        if _decodes(file, encoding):
            return encoding
        if encoding == tried[0] and (line := _damaged_in(file, encoding)):
            raise UnreadableFile("encoding-damaged", line=line)
    raise UnreadableFile("encoding-unknown", tried=", ".join(tried))


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _damaged_in(file: BinaryIO, encoding: str) -> int:
    """The first line that doesn't decode, of a text that plainly is in this encoding but for a few bytes; else 0."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    whole = wrong = lines = first = 0
    file.seek(0)
    while True:
        block = file.read(_BLOCK)
        text = decoder.decode(block, final=not block)
        if not first and "\ufffd" in text:
            first = lines + text.count("\n", 0, text.index("\ufffd")) + 1
        lines += text.count("\n")
        wrong += text.count("\ufffd")
        whole += len(text) - len(text.encode("ascii", "ignore"))
        if not block:
            return first if whole - wrong > _PLAINLY * wrong else 0


def _csv_rows(file: BinaryIO, encoding: str, limits: Limits) -> Iterator[list[Any]]:
    file.seek(0)
    text, row = io.TextIOWrapper(file, encoding=encoding, newline=""), 0
    try:
        delimiter = _delimiter([text.readline(limits.line) for _line in range(20)])
        text.seek(0)
        if text.read(1) != _MARK:  # of GB 18030, which has no name of its own with one
            text.seek(0)
        lines = _lines(text, limits)
        for row, cells in enumerate(csv.reader(lines, delimiter=delimiter, strict=True), start=1):
            _check_extent(row, len(cells), limits)
            yield cells
    except csv.Error as problem:
        raise UnreadableFile("csv-damaged", row=row + 1, reason=str(problem)) from None
    finally:
        with suppress(ValueError):  # whoever didn't read to the end has closed the file meanwhile
            text.detach()


def _lines(text: io.TextIOWrapper, limits: Limits) -> Iterator[str]:
    """The lines of a text, of which none is longer than memory should hold."""
    for row in count(1):
        line = text.readline(limits.line + 1)
        if len(line) > limits.line:
            raise UnreadableFile("line-too-long", row=row, limit=limits.line)
        if not line:
            return
        yield line


def _delimiter(lines: Sequence[str]) -> str:
    """The separator by which most of the first lines have as many cells as one another, outside of quotes, and of these
    the one that occurs most often; a comma when none does."""
    head = [line for line in _QUOTED.sub("", "".join(lines)).splitlines() if line.strip()]

    def fits(mark: str) -> tuple[int, int]:
        found = Counter(line.count(mark) for line in head)
        del found[0]
        return max(found.values(), default=0), sum(n * often for n, often in found.items())

    return max((",", "\t", ";"), key=fits)


def _check_extent(row: int, columns: int, limits: Limits) -> None:
    if row > limits.rows:
        raise UnreadableFile("too-many-rows", row=row, limit=limits.rows)
    if columns > limits.columns:
        raise UnreadableFile("too-many-columns", row=row, found=columns, limit=limits.columns)


# -- XLSX ------------------------------------------------------------------------------------------------------------


@contextmanager
def _damage_said(name: str) -> Iterator[None]:
    """Whatever the parser stumbles over becomes ``workbook-damaged``."""
    try:
        yield
    except UnreadableFile:
        raise
    except Exception as problem:  # noqa: BLE001  openpyxl lets through whatever a malformed part makes it raise
        reason = type(problem).__name__
        raise UnreadableFile("workbook-damaged", name=name, reason=reason) from None


class _Workbook:
    """A workbook with the values that were last computed, and a second time, where there are any, with its formulas."""

    def __init__(self, file: BinaryIO, name: str, limits: Limits) -> None:
        self.file, self.name, self.limits = file, name, limits
        self.computed = self._opened(data_only=True)

    def _opened(self, *, data_only: bool) -> Any:
        from openpyxl import load_workbook

        with _damage_said(self.name):  # the file is the caller's, and stays open
            return load_workbook(self.file, read_only=True, data_only=data_only, keep_links=False)

    @cached_property
    def _formulas(self) -> Any:
        return self._opened(data_only=False)

    def sheet(self, title: str) -> Sheet:
        """One sheet."""
        values = _unbounded(self.computed[title])
        with _damage_said(title):
            part = values._worksheet_path  # noqa: SLF001 -- which part of the archive it is, nothing else says
            has_formulas, merged = _looked_through(self.file, part, self.limits)
        formulas = _unbounded(self._formulas[title]) if has_formulas else None
        return Sheet(
            title,
            lambda: _xlsx_rows(title, formulas, values, self.limits),
            values.sheet_state != "visible",
            merged,
        )


def _unbounded(sheet: Any) -> Any:
    sheet.reset_dimensions()  # the file's own word on its size is not to be believed
    return sheet


def _looked_through(file: BinaryIO, part: str, limits: Limits) -> tuple[bool, list[Area]]:
    """Whether a sheet has formulas, and its merged areas, which stand behind its rows."""
    from openpyxl.utils import column_index_from_string

    has_formulas, seam = False, b""
    areas: dict[Area, None] = {}
    with zipfile.ZipFile(file) as archive, archive.open(part) as sheet:
        while block := sheet.read(_BLOCK):
            text = seam + block
            has_formulas = has_formulas or _FORMULA.search(text) is not None
            for found in _MERGED.finditer(text):
                left, right = (column_index_from_string(found[i].decode()) for i in (1, 3))
                areas[Area(int(found[2]), left, int(found[4]), right)] = None
            if len(areas) > limits.areas:
                raise UnreadableFile("too-many-merged", limit=limits.areas)
            seam = text[-_SEAM:]
    return has_formulas, list(areas)


def _xlsx_rows(title: str, formulas: Any, computed: Any, limits: Limits) -> Iterator[list[Any]]:
    with _damage_said(title):
        percentages = _shown_as_percentages(computed)
    values = (
        map(_told, computed.iter_rows()) if percentages else computed.iter_rows(values_only=True)
    )
    rows = _plain_rows(values) if formulas is None else _formula_rows(formulas, values)
    row = 0
    while True:
        with _damage_said(title):
            cells = next(rows, None)
        if cells is None:
            return
        row += 1
        _check_extent(row, len(cells), limits)
        yield cells


def _shown_as_percentages(sheet: Any) -> bool:
    """Whether any cell of its workbook may be: then cells are looked at one by one, at a cost."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    book = sheet.parent
    used = {style.numFmtId for style in book._cell_styles}  # noqa: SLF001 -- nothing else says which formats there are
    own = dict(enumerate(book._number_formats, start=BUILTIN_FORMATS_MAX_SIZE))  # noqa: SLF001 -- likewise
    return any("%" in own.get(each, BUILTIN_FORMATS.get(each, "")) for each in used)


def _told(row: Sequence[Any]) -> tuple[Any, ...]:
    """The values of cells, percentages as such."""
    return tuple(Percentage(cell.value) if _is_percentage(cell) else cell.value for cell in row)


def _is_percentage(cell: Any) -> bool:
    value = cell.value
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return "%" in _LITERAL.sub("", cell.number_format)


def _plain_rows(values: Iterator[tuple[Any, ...]]) -> Iterator[list[Any]]:
    for row in values:
        yield list(row)


def _formula_rows(formulas: Any, values: Iterator[tuple[Any, ...]]) -> Iterator[list[Any]]:
    for cells, row in zip_longest(formulas.iter_rows(), values, fillvalue=()):
        yield [
            Formula(str(cell.value), value) if getattr(cell, "data_type", "") == "f" else value
            for cell, value in zip(cells, row, strict=False)
        ]
