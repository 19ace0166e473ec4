"""Files made of rows as these come, piece by piece: CSV, XLSX and JSON, in the memory of one chunk.

A cell that a spreadsheet would take for a formula is text in each of them.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, Protocol
from xml.sax.saxutils import escape

from tenor.exports.rows import LEFT_OUT
from tenor.records.specs import CUSTOM
from tenor.records.written import FORMULA, neutral

if TYPE_CHECKING:
    from tenor.exports.rows import Cells, Rows
    from tenor_sdk.records import Record

#: a piece of a file, and how many rows are in it
Piece = tuple[bytes, int]


class Head(Protocol):
    """A column of a file."""

    @property
    def label(self) -> str: ...

    @property
    def figures(self) -> bool:
        """Whether its texts are figures."""


class Tabular(Protocol):
    """What a file can be made of."""

    for_people: bool

    @property
    def record(self) -> type[Record]:
        """Of which record it tells."""

    @property
    def columns(self) -> Sequence[Head]: ...

    def chunks(self) -> Iterator[list[Cells]]:
        """The cells, some rows at a time, column by column."""


#: how texts begin that aren't written as they are: formulas, and what looks like one made harmless
_MARKED: Final = frozenset((*FORMULA, "'"))
_FIRST: Final = itemgetter(slice(1))
#: what would end a cell of a CSV
_ENDING: Final = (",", '"', "\n", "\r")
_TEXTS: Final = {str, type(None)}
_MARK: Final = "\ufeff"
#: of a sheet, its head among them; and characters of a cell: what is cut ends with an ellipsis
_MOST_ROWS: Final = 1_048_576
_LONGEST: Final = 32_000
#: of a figure, by which a spreadsheet stands
_DIGITS: Final = 15
#: what XML can't hold
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


# -- CSV -------------------------------------------------------------------------------------------------------------


def csv_of(rows: Tabular) -> Iterator[Piece]:
    """UTF-8, with the mark that spreadsheets need where it goes to a person."""
    head = csv_lines([[column.label] for column in rows.columns], [False] * len(rows.columns))
    before = _MARK + head if rows.for_people else head
    figures = [column.figures for column in rows.columns]
    for chunk in rows.chunks():
        yield (before + csv_lines(chunk, figures)).encode(), len(chunk[0])
        before = ""
    if before:
        yield before.encode(), 0


def csv_lines(chunk: Sequence[Cells], figures: Sequence[bool]) -> str:
    """Some rows as the lines that Python's own writer makes of them, a column at a time, which takes a third as long.

    Args:
        chunk: the cells of each column.
        figures: for each column whether its texts are figures, which no spreadsheet takes for a formula.
    """
    columns = [_quoted(_texts(values, one)) for values, one in zip(chunk, figures, strict=True)]
    if len(columns) == 1:  # an empty line would be no row
        columns = [[each or '""' for each in columns[0]]]
    return "\r\n".join([*map(",".join, zip(*columns, strict=True)), ""])


def _texts(values: Cells, figures: bool) -> Sequence[str]:
    """Cells as texts; what a spreadsheet would take for a formula with an apostrophe before it."""
    kinds = set(map(type, values))
    if not kinds <= _TEXTS:
        return [_text(each, figures) for each in values] if kinds != {int} else [*map(str, values)]
    texts = ["" if each is None else each for each in values] if kinds != {str} else values
    if figures or _MARKED.isdisjoint(map(_FIRST, texts)):
        return texts
    return [neutral(each) for each in texts]


def _text(value: Any, figures: bool) -> str:
    if isinstance(value, str):
        return value if figures else neutral(value)
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _quoted(texts: Sequence[str]) -> Sequence[str]:
    together = "".join(texts)
    if not any(each in together for each in _ENDING):
        return texts
    return [
        '"' + each.replace('"', '""') + '"' if any(one in each for one in _ENDING) else each
        for each in texts
    ]


# -- JSON ------------------------------------------------------------------------------------------------------------


def json_of(rows: Rows) -> Iterator[Piece]:
    """A list of objects, as the API gives them; the institution's own fields within ``custom``."""
    keys = rows.fields
    own = [key.removeprefix(CUSTOM) for key in keys if key.startswith(CUSTOM)]
    declared = len(keys) - len(own)
    before = "[\n"
    for chunk in rows.chunks():
        made = []
        for values in zip(*chunk, strict=True):
            told = _object(keys[:declared], values[:declared])
            custom = _object(own, values[declared:])
            if custom:
                told["custom"] = custom
            made.append(json.dumps(told, ensure_ascii=False, default=str))
        yield (before + ",\n".join(made)).encode(), len(made)
        before = ",\n"
    yield ("[]\n" if before == "[\n" else "\n]\n").encode(), 0


def _object(keys: Sequence[str], values: Cells) -> dict[str, Any]:
    return {key: one for key, one in zip(keys, values, strict=True) if one is not LEFT_OUT}


# -- XLSX ------------------------------------------------------------------------------------------------------------


class _Pipe(io.RawIOBase):
    """Takes what an archive writes, until it is handed on."""

    def __init__(self) -> None:
        self._kept: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._kept.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since."""
        kept, self._kept = b"".join(self._kept), []
        return kept


def xlsx_of(rows: Tabular) -> Iterator[Piece]:
    """A workbook; where a sheet is full, the next one goes on."""
    pipe, sheets, chunks = _Pipe(), 0, _Split(rows.chunks())
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        while not sheets or chunks.more:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write(_SHEET_BEGINS)
                sheet.write(_sheet_rows([[column.label] for column in rows.columns], (), 1))
                reached = 1
                for chunk in chunks.up_to(_MOST_ROWS - 1):
                    figures = [place for place, each in enumerate(rows.columns) if each.figures]
                    sheet.write(_sheet_rows(chunk, figures, reached + 1))
                    reached += len(chunk[0])
                    yield pipe.taken(), len(chunk[0])
                sheet.write(_SHEET_ENDS)
        for name, content in _around(rows.record.slug()[:25], sheets):
            archive.writestr(name, content)
    yield pipe.taken(), 0


class _Split:
    """Chunks, cut where a sheet is full."""

    def __init__(self, chunks: Iterator[list[Cells]]) -> None:
        self._chunks, self._next = chunks, next(chunks, None)

    @property
    def more(self) -> bool:
        """Whether there are rows left."""
        return self._next is not None

    def up_to(self, room: int) -> Iterator[list[Cells]]:
        """Those that fit."""
        while self._next is not None and room:
            here = [values[:room] for values in self._next]
            rest = [values[room:] for values in self._next]
            room -= len(here[0])
            self._next = rest if rest[0] else next(self._chunks, None)
            yield here


def _sheet_rows(chunk: Sequence[Cells], figures: Sequence[int], first: int) -> bytes:
    numbers = [str(number) for number in range(first, first + len(chunk[0]))]
    cells = [
        _sheet_cells(_letters(place), numbers, values, figures=place in figures)
        for place, values in enumerate(chunk)
    ]
    made = "".join(
        f'<row r="{number}">{"".join(row)}</row>'
        for number, row in zip(numbers, zip(*cells, strict=True), strict=True)
    )
    return made.encode()


def _sheet_cells(
    letters: str, numbers: Sequence[str], values: Cells, *, figures: bool
) -> list[str]:
    return [
        ""
        if value is None or value == ""
        else f'<c r="{letters}{number}"><v>{value}</v></c>'
        if (figures or type(value) in (int, Decimal)) and _is_figure(value)
        else f'<c r="{letters}{number}" t="inlineStr"><is><t xml:space="preserve">{_xml(value)}</t></is></c>'
        for number, value in zip(numbers, values, strict=True)
    ]


def _is_figure(value: Any) -> bool:
    """Whether it is one after all: a mask stands in a column of figures too, and of more digits than a spreadsheet
    computes with the last would be lost as soon as somebody saves it."""
    if type(value) is not str and not isinstance(value, (int, Decimal)):
        return False
    text = str(value)
    return text[-1:].isdigit() and (len(text) <= _DIGITS or sum(map(str.isdigit, text)) <= _DIGITS)


def _xml(value: Any) -> str:
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    if text[:1] == "'":  # reading takes it away where it could have been put there
        text = neutral(text)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    if not text.isprintable():
        text = _ILLEGAL.sub("", text)
    return escape(text) if "&" in text or "<" in text or ">" in text else text


def _letters(place: int) -> str:
    """``A`` for the first column, ``AA`` for the 27th."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_NS: Final = "http://schemas.openxmlformats.org"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = f"{_NS}/spreadsheetml/2006/main"
_RELATIONS: Final = f"{_NS}/officeDocument/2006/relationships"
_PACKAGE: Final = f"{_NS}/package/2006"
_KINDS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS_KIND: Final = (
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    '+xml"/>'
)
_SHEET_BEGINS: Final = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
_SHEET_ENDS: Final = b"</sheetData></worksheet>"


def _around(title: str, sheets: int) -> Iterator[tuple[str, str]]:
    """The parts beside the sheets."""
    numbers = range(1, sheets + 1)
    named = "".join(
        f'<sheet name="{escape(title if n == 1 else f"{title} {n}")}" sheetId="{n}" r:id="rId{n}"/>'
        for n in numbers
    )
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
    )
    parts = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{parts}</Relationships>',
    )
    book = f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
    yield (
        "_rels/.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{book}</Relationships>',
    )
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KINDS}.worksheet+xml"/>'
        for n in numbers
    )
    kinds = (
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KINDS}.sheet.main+xml"/>{overrides}'
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">{_RELATIONS_KIND}{kinds}</Types>',
    )
