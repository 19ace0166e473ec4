"""What is erased of a record isn't left in rows that were refused, whichever file they stood in."""

from __future__ import annotations

from typing import Any

import pytest

from tenor_test_support.erasing import decided_unseen, let_two_erase, places_of

from .conftest import Desk, as_csv

pytestmark = pytest.mark.both_databases
HEAD = ("code", "name", "capital", "phone")
CODE = "91350200MA0000001X"


@pytest.fixture
def two(institution: Any) -> None:
    let_two_erase(institution)


def refused(desk: Desk, entry: Any) -> dict[int, tuple[list[Any], str]]:
    with desk.kernel.db.raw(write=False) as connection:
        found = desk.kernel.imports.journal.refused(connection, entry.id)
        return {row.row: (row.cells, row.reasons) for row in found}


def firm(desk: Desk, name: str = "欧阳锦瑟商行", phone: str = "13912345678") -> int:
    """One that was taken in; its id."""
    entry = desk.take("firm", as_csv(HEAD, (CODE, name, "5000", phone)))
    assert entry.made == 1
    return int(desk.rows("firm", "id")[-1][0])


def test_refused_rows_lose_what_they_say_of_it(desk: Desk, institution: Any, two: None) -> None:
    one = firm(desk)
    entry = desk.take(
        "firm", as_csv(HEAD, ("B", "欧阳锦瑟商行", "x", "13912345678"), ("C", "海岳", "x", ""))
    )
    decided_unseen(institution, "stock_firm", one, "name", "phone")
    assert not places_of(institution, "欧阳锦瑟商行", "13912345678") & {
        "base_refused_row.cells", "base_refused_row.reasons",
    }  # fmt: skip
    cells = [cells for cells, _reasons in refused(desk, entry).values()]
    assert cells == [["B", None, "x", None], ["C", "海岳", "x", ""]]


def test_a_number_goes_where_its_column_says_it(desk: Desk, institution: Any, two: None) -> None:
    one = firm(desk)
    rows = [("B", "海岳", "5,000.00", "1" * 30), ("C", "海岳", "6000", "1" * 30)]
    entry = desk.take("firm", as_csv(HEAD, *rows))
    decided_unseen(institution, "stock_firm", one, "capital")
    cells = [cells[2] for cells, _reasons in refused(desk, entry).values()]
    assert cells == [None, "6000"]


def test_a_row_that_is_of_the_record_goes_whatever_it_says(
    desk: Desk, institution: Any, two: None
) -> None:
    one = firm(desk)
    rows = [(CODE, "海岳", "x", "13800000000"), ("C", "海岳", "x", "13700000000")]
    entry = desk.take("firm", as_csv(HEAD, *rows), matched_by=["code"])
    decided_unseen(institution, "stock_firm", one, "phone")
    cells = [cells[3] for cells, _reasons in refused(desk, entry).values()]
    assert cells == [None, "13700000000"]


def test_a_reason_that_names_it_says_it_no_more(desk: Desk, institution: Any, two: None) -> None:
    one = firm(desk, name="Ouyang Trading")
    entry = desk.take("firm", as_csv(HEAD, ("B", "海岳", "Ouyang Trading", "")))
    decided_unseen(institution, "stock_firm", one, "name")
    ((cells, reasons),) = refused(desk, entry).values()
    assert cells[2] is None
    assert "Ouyang" not in reasons
