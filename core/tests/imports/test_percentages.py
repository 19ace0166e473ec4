"""A rate means what somebody reads in the sheet, whatever its heading says of the column."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from tenor_sdk import Rate

from .conftest import Desk

pytestmark = pytest.mark.both_databases


def sheet(heading: str, *cells: tuple[object, str]) -> bytes:
    """One column; of each cell what it holds and its number format."""
    book = Workbook()
    book.active.append([heading, "Leverage"])
    for row, (value, shown_as) in enumerate(cells, start=2):
        book.active.append([value, row])
        book.active.cell(row, 1).number_format = shown_as
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("heading", "value", "shown_as", "meant"),
    [
        ("Profitability(%)", 0.0435, "0.00%", "0.0435"),  # shown as 4.35%
        ("Profitability(%)", 4.35, "0.00", "0.0435"),
        ("Profitability(%)", 4.35, '0.00"%"', "0.0435"),  # the sign is only written behind it
        ("Profitability(%)", 4.35, "0.00\\%", "0.0435"),
        ("Profitability(%)", "4.35%", "@", "0.0435"),
        ("Profitability(%)", 1, "0%", "1"),
        ("Profitability(%)", "=0.87/20", "0.00%", None),
        ("Profitability", 0.0435, "0.00%", "0.0435"),
        ("Profitability", 0.0435, "General", "0.0435"),
    ],
)
def test_a_cell_means_what_it_shows(
    desk: Desk, heading: str, value: object, shown_as: str, meant: str | None
) -> None:
    done = desk.take("ratio", sheet(heading, (value, shown_as)), name="ratios.xlsx")
    rows = desk.rows("ratio", "profitability")
    # what a formula came to isn't in a file that no spreadsheet has opened
    assert rows == ([(Rate.of(meant),)] if meant is not None else [])
    assert done.refused == (meant is None)


def test_both_may_stand_in_one_column(desk: Desk) -> None:
    content = sheet("Profitability(%)", (0.0435, "0.00%"), (5.1, "General"))
    desk.take("ratio", content, name="ratios.xlsx")
    assert desk.rows("ratio", "profitability") == [(Rate.of("0.0435"),), (Rate.of("0.051"),)]
