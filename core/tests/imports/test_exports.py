"""Records go out as a stream: all that the filter shows, as much of each as the rules let be seen, on record."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from openpyxl import load_workbook

from tenor.exports import Export, export_of
from tenor.exports.files import _sheet_cells, csv_lines
from tenor.exports.plain import _computed
from tenor.exports.rows import Chunk
from tenor.kernel import Kernel
from tenor.records.paging import PageQuery
from tenor_sdk import Amount, Forbidden, NotFound
from tenor_sdk.access import FieldRule
from tenor_sdk.testing import as_actor, make_user
from tenor_sdk.workflow import transition

from .conftest import LIN, Desk, as_csv

pytestmark = pytest.mark.both_databases

HEAD = ("Credit code", "Name", "Registered capital")


@pytest.fixture
def firms(desk: Desk) -> Desk:
    """Seven firms of Lin's, some with names that a spreadsheet would compute."""
    names = ("=1+1", "''=1+1", "@SUM(A1)", "-3", "plain", "& <b>", "泽远")
    rows = ((f"C{n}", name, f"{n}.50") for n, name in enumerate(names))
    desk.take("firm", as_csv(HEAD, *rows))
    return desk


@contextmanager
def exporting(desk: Desk, kind: str, form: str, who: str = LIN, **asked: Any) -> Iterator[Export]:
    """An export that is under way."""
    ctx: Any
    with as_actor(desk.kernel, who, write=False) as ctx:
        yield export_of(ctx, desk.kind(kind), form, **asked)


def out(desk: Desk, kind: str, form: str, **asked: Any) -> bytes:
    """The whole of an export."""
    with exporting(desk, kind, form, **asked) as export:
        return b"".join(export.content())


def noted(kernel: Kernel, kind: str) -> list[dict[str, Any]]:
    """What the ledger tells of exports, the newest first."""
    ctx: Any
    with as_actor(kernel, "song.qing", write=False) as ctx:
        found = kernel.audit.search(ctx, kind=kind)
        return [{name: new for name, (_old, new) in one.changes.items()} for one in found]


def test_rows_of_many_chunks_come_once_each_in_their_order(
    firms: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.exports.rows.CHUNK", 2)
    assert [row["code"] for row in json.loads(out(firms, "firm", "json"))] == [
        f"C{n}" for n in range(7)
    ]


def test_a_filter_narrows_it(firms: Desk) -> None:
    told = json.loads(out(firms, "firm", "json", query=PageQuery(filter="capital >= 5")))
    assert [(row["code"], row["capital"]) for row in told] == [("C5", "5.50"), ("C6", "6.50")]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_goes_out_comes_in_again_unchanged(firms: Desk, form: str) -> None:
    mapping = {"id": "id", "unit_id": "", "owner_id": ""}
    said = out(firms, "firm", form)
    again = firms.take("firm", said, name=f"file.{form}", mapping=mapping, matched_by=["id"])
    assert (firms.refused(again), again.unchanged) == ({}, 7)


def test_no_cell_of_it_is_a_formula(firms: Desk) -> None:
    lines = out(firms, "firm", "csv").decode().splitlines()
    place = lines[0].split(",").index("name")
    assert [line.split(",")[place] for line in lines[1:5]] == [
        "'=1+1",
        "''=1+1",
        "'@SUM(A1)",
        "'-3",
    ]
    sheet: Any = load_workbook(io.BytesIO(out(firms, "firm", "xlsx"))).active
    heads = [cell.value for cell in sheet[1]]
    names, capitals = (
        [row[heads.index(name)] for row in sheet.iter_rows(min_row=2)]
        for name in ("name", "capital")
    )
    assert [cell.value for cell in names] == [
        "=1+1", "''=1+1", "@SUM(A1)", "-3", "plain", "& <b>", "泽远",
    ]  # fmt: skip
    assert {cell.data_type for cell in names} == {"s"}
    assert [cell.value for cell in capitals] == [n + 0.5 for n in range(7)]


def test_a_full_sheet_is_followed_by_another(firms: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenor.exports.files._MOST_ROWS", 4)
    book = load_workbook(io.BytesIO(out(firms, "firm", "xlsx")))
    rows = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    assert [len(each) for each in rows] == [4, 4, 2]
    assert {each[0] for each in rows} == {"unit_id"}


def test_a_text_that_no_cell_holds_is_cut_where_everybody_sees_it(
    firms: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.exports.files._LONGEST", 4)
    sheet: Any = load_workbook(io.BytesIO(out(firms, "firm", "xlsx"))).active
    assert "pla…" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_nothing_to_take_out_is_a_file_with_heads(desk: Desk) -> None:
    assert out(desk, "firm", "csv").decode().startswith("unit_id,owner_id,number,code,name,")
    assert json.loads(out(desk, "firm", "json")) == []
    sheet: Any = load_workbook(io.BytesIO(out(desk, "firm", "xlsx"))).active
    assert sheet.max_row == 1


def test_a_masked_field_stays_masked_and_a_hidden_one_is_no_column(desk: Desk) -> None:
    firm: Any = desk.kind("firm")
    rule = FieldRule(fields=(firm.phone,), effect="mask")
    desk.kernel.access.field_rules.append(rule)
    desk.kernel.access._field_effects.clear()
    desk.take("firm", as_csv((*HEAD[:2], "Phone"), ("A1", "Haiyue", "13912345678")))
    told = json.loads(out(desk, "firm", "json"))[0]
    assert (told["phone"], "secret_note" in told) == ("139****5678", False)


def test_what_a_rule_hides_in_one_state_is_empty_in_the_rows_that_are_in_it(desk: Desk) -> None:
    from tenor_stock import end

    visit: Any = desk.kind("visit")
    desk.take("visit", as_csv(("Subject",), ("one",), ("two",)))
    with as_actor(desk.kernel, LIN, write=True) as ctx:
        transition(ctx, ctx.session.get_one(visit, 1), end)
    rule = FieldRule(fields=(visit.subject,), effect="hide", in_states=("over",))
    desk.kernel.access.field_rules.append(rule)
    desk.kernel.access._field_effects.clear()
    told = json.loads(out(desk, "visit", "json"))
    assert [row.get("subject", "left out") for row in told] == ["left out", "two"]
    head, first_row, _second = out(desk, "visit", "csv").decode().splitlines()
    assert first_row.split(",")[head.split(",").index("subject")] == ""


def test_it_is_on_record_before_its_first_row_leaves(firms: Desk) -> None:
    with exporting(firms, "firm", "csv") as export:
        assert [(each["of"], each["rows"]) for each in noted(firms.kernel, "export")] == [
            ("stock_firm", 7)
        ]
        assert len(b"".join(export.content()).splitlines()) == 8
    assert noted(firms.kernel, "export-ended") == []


def test_one_that_is_broken_off_says_how_far_it_came(
    firms: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.exports.rows.CHUNK", 2)
    with exporting(firms, "firm", "csv") as export:
        content = export.content()
        next(content)
        content.close()
    assert [each["rows"] for each in noted(firms.kernel, "export-ended")] == [2]


def test_whoever_may_not_take_records_out_gets_none(firms: Desk, institution: Kernel) -> None:
    make_user(institution, "stranger")
    with pytest.raises(Forbidden), exporting(firms, "firm", "csv", "stranger"):
        pass
    with pytest.raises(NotFound), exporting(firms, "firm", "exe"):
        pass
    assert noted(institution, "export") == []


def test_amounts_are_exact_in_the_currency_of_their_record(desk: Desk) -> None:
    loan: Any = desk.kind("loan")
    desk.take(
        "loan",
        as_csv(
            (
                "number",
                "borrower",
                "approved_on",
                "term",
                "staff",
                "disbursed",
                "outcome",
                "charged_off",
            ),
            ("0000000001", "Bo", "2026-01-05", "12", "3", "1,000,000,000.07", "P I F", "-0.05"),
        ),
    )
    told = json.loads(out(desk, "loan", "json"))[0]
    assert (told["disbursed"], told["charged_off"]) == ("1000000000.07", "-0.05")
    assert desk.rows("loan", "charged_off") == [(Amount(-5),)]
    assert loan.__currency__ == "USD"


@pytest.mark.parametrize(
    ("value", "is_figure"),
    [
        ("9999999999999.99", True), ("-9999999999999.99", True), ("12345678901234567.89", False), (10**15, False),
        ("••••", False),
    ],
)  # fmt: skip
def test_a_figure_with_more_digits_than_a_spreadsheet_keeps_is_a_text(
    value: object, *, is_figure: bool
) -> None:
    """Whoever saves the workbook would round it, and it would come in again as another amount."""
    (cell,) = _sheet_cells("A", ["1"], [value], figures=True)
    assert ("inlineStr" not in cell) is is_figure


def test_a_negative_figure_that_is_computed_is_one() -> None:
    made = _computed([Amount(-1000), "=1"], Chunk((), "CNY", {}))
    assert csv_lines([made], [False]) == "-10.00\r\n'=1\r\n"
