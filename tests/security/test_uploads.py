"""Workbooks that are weapons, handed in where statements are imported: refused in words, at once, and nothing kept."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.people import file_of
from tests.journeys.steps import CUSTOMER, Cast, at
from tests.security.workbooks import ENTITY, LAUGHS, bomb, formulas, repacked

if TYPE_CHECKING:
    from tests.journeys.people import Person

SHEET = "xl/worksheets/sheet1.xml"
STATEMENTS = "/customers/financial-statement"


def values(table: Any) -> list[list[Any]]:
    """The rows of a computed table."""
    return [[cell["value"] for cell in row] for row in table["rows"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(bomb(), "解压", id="a bomb"),
        pytest.param(repacked({SHEET: ENTITY}), "不允许的内容", id="an external entity"),
        pytest.param(repacked({SHEET: LAUGHS}), "不允许的内容", id="entities of entities"),
        pytest.param(repacked(more={"xl/vbaProject.bin": b"macro"}), "宏", id="macros"),
        pytest.param(repacked(more={f"x{n}": b"" for n in range(3000)}), "部件", id="many parts"),
    ],
)
def test_a_workbook_that_is_a_weapon_is_refused_in_words_and_at_once(
    cast: Cast, lin: Person, content: bytes, words: str
) -> None:
    customer = cast.customer()
    path = f"{at(CUSTOMER, customer)}/actions/import-statements"
    began = time.monotonic()
    answer = lin.refused("POST", path, {"file": file_of("a.xlsx", content), "audited": True})
    assert time.monotonic() - began < 20
    assert answer.status == 422
    assert words in answer.json["detail"]
    assert "root:" not in answer.text
    assert lin.get(STATEMENTS, parent_id=customer["id"])["count"] == 0


def test_a_file_that_climbs_out_of_its_archive_writes_nothing(cast: Cast, lin: Person) -> None:
    customer = cast.customer()
    path = f"{at(CUSTOMER, customer)}/actions/import-statements"
    content = repacked(more={"../../../climbed.txt": b"x", "/climbed.txt": b"x"})
    lin.ask("POST", path, {"file": file_of("../../a.xlsx", content), "audited": True})
    home = cast.bank.folder
    assert not [one for folder in (home, home.parent) for one in folder.rglob("climbed*")]


def test_a_formula_is_never_computed_and_its_period_stays_out(cast: Cast, lin: Person) -> None:
    path = f"{at(CUSTOMER, cast.customer())}/actions/import-statements"
    given = {"file": file_of("a.xlsx", formulas()), "audited": True}
    (periods,) = lin.post(f"{path}/preview", given)["items"]
    left_out = [row for row in values(periods) if row[1] == "不导入"]
    assert len(left_out) == 1
    assert "公式" in left_out[0][4]
    assert lin.post(path, given)["told"] == "已录入 2 期，0 期无变化，1 期未导入"
