"""The file of an import: its sheet, the row that names its columns, and the rows below."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from tenor.records.written import harmless
from tenor_sdk.sheets import Formula, UnreadableFile

if TYPE_CHECKING:
    from tenor_sdk.sheets import Area, Sheet

_FIRST: Final = 20
#: cells of a column that are shown of it, and characters of each
_SAMPLES: Final = 3
_LONG: Final = 40
_BLOCK: Final = 1024 * 1024

#: a row's number in its file, and its cells
Row = tuple[int, list[Any]]


@dataclass(frozen=True)
class Head:
    """Which row names the columns.

    Args:
        row: its number.
        names: of the columns; empty where a column has none.
    """

    row: int
    names: tuple[str, ...]

    @property
    def hash(self) -> str:
        """By which a file with the same columns is known again."""
        return sha256("\x1f".join(self.names).encode()).hexdigest()


def sheet_named(sheets: Sequence[Sheet], name: str) -> Sheet:
    """The sheet of this name; without one the first that isn't hidden.

    Raises:
        UnreadableFile: ``no-such-sheet``.
    """
    fitting = [each for each in sheets if (each.name == name if name else not each.hidden)]
    if not fitting:
        raise UnreadableFile("no-such-sheet", name=name)
    return fitting[0]


def passed_over(sheets: Sequence[Sheet], chosen: Sheet) -> list[str]:
    """The names of the other sheets in which something stands near the top, but for those that are hidden."""
    return [each.name for each in sheets if each is not chosen and not each.hidden and _holds(each)]


def _holds(sheet: Sheet) -> bool:
    try:
        rows = list(islice(sheet.rows(), _FIRST))
    except UnreadableFile:  # which isn't this import's to say
        return True
    return any(cell not in (None, "") for cells in rows for cell in cells)


def head_of(sheet: Sheet, known: Callable[[Sequence[str]], int]) -> Head:
    """The row that names the columns: of the first twenty the one with the most names that mean something, which
    needn't be the first, as tables have titles above them.

    Args:
        known: how many names of a row mean something.

    Raises:
        UnreadableFile: ``no-header``: there is none.
    """
    rows = [
        (number, [text_of(cell) for cell in cells])
        for number, cells in enumerate(islice(sheet.rows(), _FIRST), start=1)
    ]
    filled = [(number, names) for number, names in rows if any(names)]
    if not filled:
        raise UnreadableFile("no-header")
    number, names = max(filled, key=lambda row: (known(row[1]), -row[0]))
    if not known(names):
        number, names = next((row for row in filled if sum(map(bool, row[1])) > 1), filled[0])
    while names and not names[-1]:
        names.pop()
    return Head(number, tuple(names))


def text_of(cell: Any) -> str:
    """What stands in a cell, as text."""
    if isinstance(cell, Formula):
        cell = cell.value
    return "" if cell is None else harmless(str(cell).strip())


@dataclass(frozen=True)
class Table:
    """What lies below a head.

    Args:
        sheet: whose rows.
        head: that names their columns.
        strict: whether a row must have as many cells as the head: of a CSV.
        columns: the places of those that are read, from 0.
    """

    sheet: Sheet
    head: Head
    strict: bool
    columns: Collection[int] = ()

    def merged(self, numbers: Sequence[int]) -> dict[int, str]:
        """Of some rows, by their numbers in order, those in which merged cells lie over columns that are read, each
        with the area."""
        found: dict[int, str] = {}
        for area in self._merged:
            inside = slice(bisect_left(numbers, area.top), bisect_right(numbers, area.bottom))
            for number in numbers[inside]:
                found.setdefault(number, _named(area))
        return found

    @cached_property
    def _merged(self) -> list[Area]:
        columns = sorted(self.columns)
        return [
            area
            for area in self.sheet.merged
            if bisect_left(columns, area.left - 1) < bisect_right(columns, area.right - 1)
        ]

    def rows(self, after: int = 0) -> Iterator[Row]:
        """The rows in which anything stands, from the one after a row's number on."""
        begin = max(after, self.head.row)
        for number, cells in enumerate(self.sheet.rows(), start=1):
            if number > begin and any(cell not in (None, "") for cell in cells):
                yield number, cells

    def before(self, until: int) -> Iterator[Row]:
        """The rows up to a row's number, which an import that goes on has taken in already."""
        for number, cells in enumerate(self.sheet.rows(), start=1):
            if number > until:
                return
            if number > self.head.row and any(cell not in (None, "") for cell in cells):
                yield number, cells


def first_cells(table: Table) -> dict[int, list[str]]:
    """For columns, by their places, the first few different texts that stand in them near the top, each cut short."""
    found: dict[int, list[str]] = {}
    for _number, cells in islice(table.rows(), _FIRST):
        for place, cell in enumerate(cells):
            text, told = " ".join(text_of(cell).split()), found.setdefault(place, [])
            short = text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
            if short and short not in told and len(told) < _SAMPLES:
                told.append(short)
    return found


def _named(area: Area) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(area.left)}{area.top}:{get_column_letter(area.right)}{area.bottom}"


def hash_of(file: BinaryIO) -> tuple[str, int]:
    """The SHA-256 of a file, and its size."""
    digest, size = sha256(), 0
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size
