"""A file as sheets of rows of cells, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from tenor_customers.domain.problems import Place, Problem, warning
from tenor_customers.statement_file.options import Limits
from tenor_sdk import sheets


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


def read_sheets(content: bytes, name: str, limits: Limits) -> Iterator[Sheet]:
    """The sheets of a file one after the other; take each one's rows before the next.

    Raises:
        UnreadableFile: while iterating, as ``tenor_sdk.sheets.open_sheets``.
    """
    with sheets.open_sheets(BytesIO(content), name, limits) as found:
        for sheet in found:
            if sheet.hidden:
                yield Sheet(sheet.name, iter(()), (warning("sheet-hidden", Place(sheet.name)),))
            else:
                yield Sheet(sheet.name, _rows(sheet))


def _rows(sheet: sheets.Sheet) -> Iterator[list[Cell]]:
    from openpyxl.utils import get_column_letter

    for row, values in enumerate(sheet.rows(), start=1):
        yield [
            _cell(Place(sheet.name, row, get_column_letter(column)), value)
            for column, value in enumerate(values, start=1)
        ]


def _cell(place: Place, value: Any) -> Cell:
    if isinstance(value, sheets.Formula):
        return Cell(value.value, place, value.text)
    return Cell(None if value == "" else value, place)
