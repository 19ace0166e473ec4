"""Files of statements, right and wrong. No file is on the disk: each test writes the one that it is about."""

import zipfile
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tenor_customers.demo_files import (
    US_READING,
    us_statements_csv,
    zeyuan,
    zeyuan_workbook,
)
from tenor_customers.domain.problems import Problem
from tenor_customers.domain.ratios import ratio
from tenor_customers.domain.statements import Assurance, PeriodKind, Unit
from tenor_customers.statement_file import Limits, Reading, StatementFile, read_statements
from tenor_customers.statement_file.figures import read_number, read_period
from tenor_sdk.values import Amount

Rows = Sequence[Sequence[Any]]

HEADER = ["项目", "2024-12-31", "2025-12-31"]
LINES: list[list[Any]] = [
    ["资产总计", 900, 1000],
    ["负债合计", 500, 600],
    ["所有者权益合计", 400, 400],
    ["营业收入", 1100, 1200],
    ["净利润", 40, 45],
]
TABLE: list[list[Any]] = [["单位：万元"], HEADER, *LINES]
BY_PERIOD: list[list[Any]] = [
    ["单位：万元"],
    ["年度", "资产总计", "负债合计", "所有者权益合计", "营业收入", "净利润"],
    [2024, 900, 500, 400, 1100, 40],
    [2025, 1000, 600, 400, 1200, 45],
]


def xlsx(*sheets: Rows, hidden: bool = False) -> bytes:
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        assert sheet is not None
        for row in rows:
            sheet.append(list(row))
        if hidden and number:
            sheet.sheet_state = "hidden"
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def csv(rows: Rows, encoding: str = "utf-8") -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode(encoding)


def repacked(content: bytes, **changed: bytes | None) -> bytes:
    """The same archive with members replaced, added, or (None) left out; __ in a name stands for /, _x for .xml."""
    names = {name.replace("__", "/") + ".xml": data for name, data in changed.items()}
    packed = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            if member.filename not in names:
                new.writestr(member.filename, old.read(member))
        for name, data in names.items():
            if data is not None:
                new.writestr(name, data)
    return packed.getvalue()


def read(*sheets: Rows, reading: Reading | None = None) -> StatementFile:
    return read_statements(xlsx(*sheets), "a.xlsx", reading)


def keys(problems: Sequence[Problem]) -> list[str]:
    return [problem.key for problem in problems]


def period_problems(result: StatementFile, year: int = 2025) -> Sequence[Problem]:
    (period,) = (p for p in result.periods if p.period_end.year == year)
    return period.problems


def with_line(*rows: Sequence[Any]) -> list[list[Any]]:
    return [*TABLE, *(list(row) for row in rows)]


# --- the demonstration's files -----------------------------------------------------------------------------


def test_the_manufacturers_file_gives_three_audited_years_that_balance() -> None:
    result = read_statements(zeyuan_workbook(), "zeyuan_2023-2025.xlsx")
    assert result.ok
    assert [p.period_end.year for p in result.good] == [2023, 2024, 2025]
    latest = result.good[2].statement
    assert latest.assurance is Assurance.AUDITED
    assert latest.issued_on == date(2026, 4, 20)
    assert latest.unit is Unit.TEN_THOUSAND
    assert latest.lines["total_assets"] == Amount.of("864200000")
    assert all(not p.problems for p in result.periods)


def test_the_manufacturers_faulty_file_is_short_of_a_million_in_2025_only() -> None:
    result = read_statements(zeyuan_workbook(balanced=False), "zeyuan_2023-2025.xlsx")
    assert [p.ok for p in result.periods] == [True, True, False]
    (problem,) = period_problems(result)
    assert problem.key == "statement-unbalanced"
    assert problem.values["assets"] == Amount.of("864200000")
    assert problem.values["liabilities_and_equity"] == Amount.of("863200000")
    assert problem.values["difference"] == Amount.of("1000000")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("debt_to_assets", "0.6"),
        ("net_margin", "0.06"),
        ("sales_margin", "0.08"),
        ("inventory_days", "65"),
        ("payables_days", "25"),
        ("interest_cover", "6.2"),
    ],
)
def test_the_manufacturers_ratios_are_those_of_the_story(code: str, value: str) -> None:
    _, before, now = (p.statement for p in read_statements(zeyuan_workbook(), "z.xlsx").good)
    found = ratio(code, now, before).value
    assert found is not None
    assert float(found) == float(value)


def test_the_manufacturers_profit_less_dividends_ties_its_equity_from_year_to_year() -> None:
    equity = zeyuan().parts["balance"]["total_equity"]
    profit = zeyuan().parts["income"]["net_profit"]
    dividends = (1500, 2000)
    for year, dividend in enumerate(dividends, start=1):
        assert equity[year] == equity[year - 1] + profit[year] - dividend


def test_the_manufacturers_cash_flows_tie_its_cash() -> None:
    parts = zeyuan().parts
    flows = [
        parts["cash_flow"][f"{kind}_cash_flow"] for kind in ("operating", "investing", "financing")
    ]
    change = parts["cash_flow"]["net_cash_change"]
    assert [sum(flow) for flow in zip(*flows, strict=True)] == list(change)
    cash = parts["balance"]["cash"]
    assert [cash[1] - cash[0], cash[2] - cash[1]] == list(change[1:])


def test_a_demonstration_file_has_the_same_bytes_each_time() -> None:
    assert zeyuan_workbook() == zeyuan_workbook()


def test_real_statements_of_ten_companies_are_all_taken() -> None:
    result = read_statements(us_statements_csv(), "us_statements.csv", US_READING)
    assert result.ok
    assert len(result.good) == 130
    assert len({p.subject for p in result.good}) == 10
    first = result.good[0]
    assert first.subject == "C_1"
    assert first.statement.lines["total_assets"] == Amount.of("740998000", "USD")
    assert first.statement.lines["market_value"] == Amount.of("372751900", "USD")


def test_real_statements_without_equity_say_that_their_balance_cannot_be_checked() -> None:
    result = read_statements(us_statements_csv(), "us_statements.csv", US_READING)
    assert {key for p in result.good for key in keys(p.problems)} == {"balance-not-checkable"}


# --- what the file is ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "key"),
    [
        (b"", "a.xlsx", "file-empty"),
        (b"  \n", "a.csv", "file-empty"),
        (csv(TABLE), "a.xlsx", "file-is-not-what-it-says"),
        (xlsx(TABLE), "a.csv", "file-is-not-what-it-says"),
        (b"%PDF-1.7 statement", "a.xlsx", "file-is-not-what-it-says"),
        (b"MZ\x90\0program", "a.csv", "file-is-not-what-it-says"),
        (b"<html><table>", "a.csv", "file-is-not-what-it-says"),
        (b"\0\1\2\3binary", "a.csv", "file-is-not-what-it-says"),
        (b"%PDF-1.7 statement", "a.pdf", "file-kind-unknown"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old or with a password",
            "a.xlsx",
            "file-encrypted-or-old",
        ),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "archive-damaged"),
        (xlsx(TABLE)[:-200], "a.xlsx", "archive-damaged"),
        (repacked(xlsx(TABLE), xl__workbook=None), "a.xlsx", "file-is-not-what-it-says"),
        (
            repacked(xlsx(TABLE), xl__worksheets__sheet1=b"<worksheet><sheetData><row"),
            "a.xlsx",
            "workbook-damaged",
        ),
        (repacked(xlsx(TABLE), xl__worksheets__sheet1=b"no XML"), "a.xlsx", "archive-damaged"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(content: bytes, name: str, key: str) -> None:
    result = read_statements(content, name)
    assert keys(result.problems) == [key]
    assert not result.readable


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("letter.docx", "hello")
    assert keys(read_statements(packed.getvalue(), "a.xlsx").problems) == [
        "file-is-not-what-it-says"
    ]


def test_a_workbook_with_macros_is_refused_whatever_its_name() -> None:
    packed = BytesIO(xlsx(TABLE))
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    assert keys(read_statements(packed.getvalue(), "a.xlsx").problems) == ["file-has-macros"]


@pytest.mark.parametrize(
    "part",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>',
        b'<!DOCTYPE worksheet SYSTEM "http://127.0.0.1/x.dtd"><worksheet/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><worksheet/>'.encode("utf-16"),
        b'<?xml version="1.0" encoding="cp037"?><worksheet/>',
    ],
)
def test_a_workbook_with_a_document_type_is_refused_before_it_is_parsed(part: bytes) -> None:
    content = repacked(xlsx(TABLE), xl__worksheets__sheet1=part)
    (problem,) = read_statements(content, "a.xlsx").problems
    assert problem.key == "xml-not-allowed"
    assert problem.values["member"] == "xl/worksheets/sheet1.xml"


def test_an_archive_that_declares_too_much_is_refused_without_unpacking() -> None:
    content = repacked(xlsx(TABLE), bomb=b"0" * 3_000_000)
    limits = Limits(unpacked_bytes=2_000_000)
    result = read_statements(content, "a.xlsx", Reading(limits=limits))
    assert keys(result.problems) == ["archive-too-large"]


def test_an_archive_that_is_packed_too_densely_is_refused() -> None:
    content = repacked(xlsx(TABLE), bomb=b"0" * 3_000_000)
    assert keys(read_statements(content, "a.xlsx").problems) == ["archive-too-dense"]


def test_an_archive_of_too_many_parts_is_refused() -> None:
    result = read_statements(xlsx(TABLE), "a.xlsx", Reading(limits=Limits(members=3)))
    assert keys(result.problems) == ["archive-too-many-members"]


def test_a_file_above_the_limit_is_refused() -> None:
    result = read_statements(csv(TABLE), "a.csv", Reading(limits=Limits(file_bytes=10)))
    assert keys(result.problems) == ["file-too-large"]


def test_a_file_exactly_at_its_limits_is_taken() -> None:
    content = csv(TABLE)
    assert read_statements(content, "a.csv", Reading(limits=Limits(file_bytes=len(content)))).ok
    book = xlsx(TABLE)
    with zipfile.ZipFile(BytesIO(book)) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
        members = len(archive.infolist())
    limits = Limits(unpacked_bytes=unpacked, members=members, rows=len(TABLE), columns=3)
    assert read_statements(book, "a.xlsx", Reading(limits=limits)).ok


def test_a_small_part_may_be_packed_as_densely_as_it_likes() -> None:
    content = repacked(xlsx(TABLE), notes=b"<a>" + b"0" * 900_000 + b"</a>")
    assert read_statements(content, "a.xlsx").ok


@pytest.mark.parametrize(
    ("content", "name"),
    [(xlsx(with_line(["x"], ["y"])), "a.xlsx"), (csv(with_line(["x"], ["y"])), "a.csv")],
)
def test_too_many_rows_are_refused(content: bytes, name: str) -> None:
    result = read_statements(content, name, Reading(limits=Limits(rows=8)))
    assert keys(result.problems) == ["too-many-rows"]


def test_a_cell_far_out_is_too_many_columns_and_costs_nothing() -> None:
    book = load_workbook(BytesIO(xlsx(TABLE)))
    book.worksheets[0]["XFD3"] = 1
    assert keys(read_statements(saved(book), "a.xlsx").problems) == ["too-many-columns"]


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is() -> None:
    content = xlsx(TABLE)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    lying = sheet.replace(b'<dimension ref="A1:C7"', b'<dimension ref="A1:A1"')
    assert lying != sheet
    assert read_statements(repacked(content, xl__worksheets__sheet1=lying), "a.xlsx").ok


@given(content=st.binary(max_size=300))
def test_any_bytes_at_all_get_an_answer(content: bytes) -> None:
    for name in ("a.xlsx", "a.csv", "a"):
        assert isinstance(read_statements(content, name), StatementFile)
        assert isinstance(read_statements(b"PK\x03\x04" + content, name), StatementFile)


@given(place=st.integers(0, 5_000), byte=st.integers(0, 255))
def test_a_workbook_with_any_byte_changed_gets_an_answer(place: int, byte: int) -> None:
    content = bytearray(SMALL)
    content[place % len(content)] = byte
    assert isinstance(read_statements(bytes(content), "a.xlsx"), StatementFile)


SMALL = xlsx(TABLE)


# --- the table -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [TABLE, BY_PERIOD])
def test_both_layouts_give_the_same_periods(rows: Rows) -> None:
    result = read(rows)
    assert result.ok
    assert [(p.period_end, p.kind) for p in result.good] == [
        (date(2024, 12, 31), PeriodKind.ANNUAL),
        (date(2025, 12, 31), PeriodKind.ANNUAL),
    ]
    assert result.good[1].statement.lines["revenue"] == Amount.of("12000000")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_csv_in_any_usual_encoding_is_read(encoding: str) -> None:
    result = read_statements(csv(TABLE, encoding), "a.csv")
    assert result.ok
    assert len(result.good) == 2


def test_a_csv_in_no_known_encoding_is_refused() -> None:
    assert keys(read_statements(b"\x81\xff\xff", "a.csv").problems) == ["encoding-unknown"]


def test_a_csv_with_an_open_quote_is_refused() -> None:
    assert keys(read_statements('项目,"2025\n资产总计,1'.encode(), "a.csv").problems) == [
        "csv-damaged"
    ]


def test_a_csv_of_semicolons_is_read() -> None:
    content = csv(TABLE).replace(b",", b";")
    assert len(read_statements(content, "a.csv").good) == 2


def test_a_merged_title_and_a_header_over_two_merged_rows_are_read() -> None:
    top: list[list[Any]] = [
        ["某公司资产负债表"],
        ["编制单位：某公司 单位：万元"],
        ["项目", "期末余额"],
        [None, *HEADER[1:]],
    ]
    book = Workbook()
    sheet = book.worksheets[0]
    for row in top + LINES:
        sheet.append(row)
    for merged in ("A1:C1", "A3:A4", "B3:C3"):
        sheet.merge_cells(merged)
    result = read_statements(saved(book), "a.xlsx")
    assert result.ok
    assert len(result.good) == 2


def test_lines_on_several_sheets_make_one_statement() -> None:
    result = read(
        TABLE[:5], [["单位：千元"], HEADER, ["营业收入", 11_000, 12_000], ["净利润", 400, 450]]
    )
    assert result.ok
    assert result.good[1].statement.lines["revenue"] == Amount.of("12000000")


def test_a_sheet_without_a_table_is_passed_over() -> None:
    assert read([["封面"]], TABLE).ok


def test_the_names_may_stand_in_a_column_without_a_heading() -> None:
    assert read([TABLE[0], [None, *HEADER[1:]], *LINES]).ok


def test_the_names_may_stand_beside_a_column_of_numbers() -> None:
    rows = [[number, *row] for number, row in enumerate([HEADER, *LINES])]
    result = read([TABLE[0], ["序号", *HEADER], *rows[1:]])
    assert result.ok
    assert result.problems == ()


def test_empty_and_short_rows_are_passed_over() -> None:
    assert read([*TABLE[:4], [], ["流动资产："], [None], *TABLE[4:]]).ok
    assert read([*BY_PERIOD[:3], [], BY_PERIOD[3]]).ok


@pytest.mark.parametrize(("above", "found"), [(28, True), (30, False)])
def test_a_header_is_looked_for_in_the_first_thirty_rows(above: int, found: bool) -> None:
    rows = [*([["说明"]] * above), *TABLE]
    assert read(rows).ok is found


def test_a_hidden_sheet_is_not_read_and_is_named() -> None:
    result = read_statements(xlsx(TABLE, TABLE, hidden=True), "a.xlsx")
    assert keys(result.problems) == ["sheet-hidden"]
    assert result.ok


def test_a_file_without_a_table_says_so() -> None:
    assert keys(read([["封面"], ["说明"]]).problems) == ["header-not-found"]


def test_a_table_of_closing_and_opening_balances_says_that_its_periods_are_missing() -> None:
    result = read([["单位：万元"], ["项目", "期末余额", "期初余额"], *LINES])
    (problem,) = result.problems
    assert problem.key == "period-columns-missing"
    assert problem.place
    assert problem.place.row == 2


def test_a_second_table_below_may_order_its_periods_otherwise() -> None:
    below: list[list[Any]] = [
        ["项目", "2025年度", "2024年度"],
        ["营业收入", 1200, 1100],
        ["净利润", 45, 40],
    ]
    result = read([*TABLE[:5], *below])
    assert result.ok
    assert result.problems == ()
    revenue = [p.statement.lines["revenue"] for p in result.good]
    assert revenue == [Amount.of("11000000"), Amount.of("12000000")]


def test_a_text_that_begins_like_a_program_is_still_a_text() -> None:
    assert read_statements("MZ机电公司\n".encode() + csv(TABLE), "a.csv").ok


def test_a_column_without_a_heading_is_rejected_and_the_others_stand() -> None:
    rows = [TABLE[0], [*HEADER, None], ["资产总计", 900, 1000, 77], *LINES[1:]]
    result = read(rows)
    (problem,) = result.rejected
    assert (problem.key, problem.place and problem.place.column) == ("column-without-header", "D")
    assert len(result.good) == 2
    assert not result.ok


def test_a_heading_that_is_no_period_is_rejected_with_its_place() -> None:
    result = read([TABLE[0], ["项目", "2024-12-31", "2025-13-31"], *LINES])
    (problem,) = result.rejected
    assert problem.key == "period-unreadable"
    assert problem.values["found"] == "2025-13-31"
    assert problem.place
    assert (problem.place.row, problem.place.column) == (2, "C")


def test_a_repeated_period_is_refused_with_both_columns() -> None:
    result = read([TABLE[0], ["项目", "2025-12-31", "2025年度"], *LINES])
    (problem,) = period_problems(result)
    assert (problem.key, problem.values["columns"]) == ("period-repeated", ("B", "C"))
    assert result.good == ()


def test_a_repeated_row_of_a_period_is_refused_with_both_rows() -> None:
    result = read([*BY_PERIOD, [2025, 1, 1, 0, 1, 1]])
    (problem,) = period_problems(result)
    assert (problem.key, problem.values["rows"]) == ("period-repeated", (4, 5))
    assert [p.period_end.year for p in result.good] == [2024]


def test_a_repeated_column_makes_the_file_unreadable() -> None:
    rows = [BY_PERIOD[0], [*BY_PERIOD[1], "资产合计"], [2024, 900, 500, 400, 1100, 40, 901]]
    result = read(rows)
    (problem,) = result.problems
    assert (problem.key, problem.values["columns"]) == ("column-repeated", ("B", "G"))
    assert result.good == ()


def test_a_missing_column_is_said_once_for_the_file() -> None:
    rows = [BY_PERIOD[0], *(row[:3] + row[4:] for row in BY_PERIOD[1:])]
    result = read(rows)
    (problem,) = (p for p in result.problems if p.blocks)
    assert (problem.key, problem.values["column"]) == ("column-missing", "total_equity")
    assert not result.readable


def test_a_table_without_its_periods_column_says_which_is_missing() -> None:
    result = read([row[1:] if len(row) > 1 else row for row in BY_PERIOD])
    (problem,) = result.problems
    assert (problem.key, problem.values["column"]) == ("column-missing", "period_end")


def test_a_row_without_a_readable_period_is_rejected_and_the_others_stand() -> None:
    result = read([*BY_PERIOD, ["20x6", 1, 1, 0, 1, 1]])
    assert keys(result.rejected) == ["period-unreadable"]
    assert len(result.good) == 2


def test_a_missing_line_is_said_of_each_period() -> None:
    result = read([row for row in TABLE if row[0] != "净利润"])
    for period in result.periods:
        (problem,) = period.problems
        assert (problem.key, problem.values["line"]) == ("line-missing", "net_profit")


def test_a_repeated_line_is_refused_with_the_place_of_the_first() -> None:
    result = read(with_line(["资产合计", None, 1]))
    (problem,) = period_problems(result)
    assert (problem.key, problem.values["first"]) == ("line-repeated", "C3")
    assert [p.period_end.year for p in result.good] == [2024]


def test_figures_without_a_line_name_are_rejected() -> None:
    assert keys(read(with_line([None, 1, 2])).rejected) == ["line-name-missing"]


def test_an_unknown_line_with_figures_is_named_and_does_not_block() -> None:
    result = read(with_line(["商誉减值", 1, 2]))
    (problem,) = result.problems
    assert (problem.key, problem.values["found"]) == ("line-unknown", "商誉减值")
    assert result.ok


def test_an_unknown_column_is_named_and_does_not_block() -> None:
    rows = [[*row, "x"] for row in BY_PERIOD[1:]]
    result = read([BY_PERIOD[0], *rows])
    assert keys(result.problems) == ["column-unknown"]
    assert result.ok


def test_statements_of_two_companies_in_one_table_are_kept_apart() -> None:
    rows = [BY_PERIOD[0]]
    rows += [[name, *row] for row, name in zip(BY_PERIOD[1:], ["公司", "甲", "乙"], strict=True)]
    rows.append(["乙", 2024, 90, 50, 40, 110, 4])
    result = read(rows)
    assert result.ok
    assert [(p.subject, p.period_end.year) for p in result.good] == [
        ("乙", 2024),
        ("乙", 2025),
        ("甲", 2024),
    ]


# --- figures ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("约一千", "number-unreadable"),
        ("1,00,0", "number-unreadable"),
        ("1.2E+5", "number-unreadable"),
        (True, "number-unreadable"),
        (date(2025, 1, 1), "number-unreadable"),
        ("#DIV/0!", "number-unreadable"),
        ("1.2345678", "number-too-precise"),
        (0.0000001, "number-too-precise"),
        (10**18, "number-too-large"),
    ],
)
def test_a_figure_that_is_none_is_refused_with_its_place(value: object, key: str) -> None:
    result = read(with_line(["存货", 1, value]))
    (problem,) = period_problems(result)
    assert (problem.key, problem.values["line"]) == (key, "inventory")
    assert problem.place
    assert (problem.place.row, problem.place.column) == (8, "C")
    assert [p.period_end.year for p in result.good] == [2024]


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("86,420.50", 86_420_500_000),
        ("（1,200）", -1_200_000_000),
        ("\u22121200", -1_200_000_000),
        ("１２００", 1_200_000_000),
        (0.1 + 0.2, 300_000),
        (1234.5600000000001, 1_234_560_000),
        (-3, -3_000_000),
        ("0", 0),
    ],
)
def test_a_figure_is_read_exactly(value: object, fen: int) -> None:
    result = read(with_line(["存货", 1, value]))
    assert result.good[1].statement.lines["inventory"] == Amount(fen)


@pytest.mark.parametrize("value", [None, "", "-", "—", "——", "/"])
def test_a_dash_says_that_there_is_no_figure_and_not_that_it_is_zero(value: object) -> None:
    result = read(with_line(["存货", 1, value]))
    assert "inventory" not in result.good[1].statement.lines


@given(minor=st.integers(-(10**15) + 1, 10**15 - 1))
def test_an_amount_survives_the_way_through_a_spreadsheets_float(minor: int) -> None:
    number = read_number(minor / 100)
    assert number is not None
    assert number * 100 == minor


@pytest.mark.parametrize(("decimals", "taken"), [("1234.56", True), ("1234.567", False)])
def test_an_amount_of_three_decimals_in_yuan_is_refused(decimals: str, taken: bool) -> None:
    rows = [["单位：元"], HEADER, *LINES, ["存货", 1, decimals]]
    assert (keys(period_problems(read(rows))) == []) is taken


def test_a_formula_is_taken_at_the_value_that_was_shown_and_is_said() -> None:
    content = xlsx(with_line(["存货", 1, "=C3-1"]))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    shown = sheet.replace(b"<f>C3-1</f><v />", b"<f>C3-1</f><v>999</v>").replace(
        b"<f>C3-1</f><v></v>", b"<f>C3-1</f><v>999</v>"
    )
    assert shown != sheet
    result = read_statements(repacked(content, xl__worksheets__sheet1=shown), "a.xlsx")
    assert result.ok
    assert result.good[1].statement.lines["inventory"] == Amount.of("9990000")
    (problem,) = period_problems(result)
    assert (problem.key, problem.values["formula"]) == ("formula-cells", "=C3-1")


def test_a_formula_that_was_never_computed_is_refused() -> None:
    result = read(with_line(["存货", 1, "=cmd|'/c calc'!A1"]))
    assert "formula-without-value" in keys(period_problems(result))
    assert [p.period_end.year for p in result.good] == [2024]


# --- unit, currency, dates ---------------------------------------------------------------------------------


def test_a_file_that_does_not_say_its_unit_is_unreadable() -> None:
    assert keys(read(TABLE[1:]).problems) == ["unit-missing"]


def test_the_unit_may_be_given_from_outside() -> None:
    result = read(TABLE[1:], reading=Reading(unit=Unit.ONE))
    assert result.good[1].statement.lines["total_assets"] == Amount.of("1000")


def test_a_file_that_contradicts_the_given_unit_is_unreadable() -> None:
    assert keys(read(TABLE, reading=Reading(unit=Unit.ONE)).problems) == ["unit-differs"]


@pytest.mark.parametrize(
    "said",
    [["单位：万元"], ["单位:人民币万元"], ["（金额单位：万元）"], ["单位", "万元"], ["Unit: CNY 10,000"],
     ["编制单位：某公司 单位：万元 币种：人民币"]],
)  # fmt: skip
def test_the_unit_is_found_however_it_is_said(said: list[str]) -> None:
    result = read([said, *TABLE[1:]])
    assert result.ok
    assert result.good[1].statement.unit is Unit.TEN_THOUSAND


def test_an_unknown_unit_is_an_error() -> None:
    assert "unit-unknown" in keys(read([["单位：担"], *TABLE[1:]]).problems)


def test_the_currency_is_taken_from_the_file() -> None:
    result = read([["单位：万元 币种：美元"], *TABLE[1:]])
    assert {p.statement.currency for p in result.good} == {"USD"}


@pytest.mark.parametrize("said", ["贝壳", "RMBX"])
def test_an_unknown_currency_is_an_error(said: str) -> None:
    assert keys(read([[f"单位：万元 币种：{said}"], *TABLE[1:]]).problems) == ["currency-unknown"]


def test_two_sheets_of_one_period_in_two_currencies_do_not_add_up() -> None:
    result = read(TABLE[:5], [["单位：万元 币种：USD"], HEADER, *LINES[3:]])
    assert "currency-differs" in keys(period_problems(result))


def test_a_period_that_has_not_ended_is_refused() -> None:
    result = read(TABLE, reading=Reading(on=date(2025, 6, 30)))
    assert keys(period_problems(result)) == ["period-in-future"]
    assert [p.period_end.year for p in result.good] == [2024]


def test_a_period_may_end_and_be_issued_on_the_business_date() -> None:
    rows = with_line(["签发日期", "2024-12-31", "2025-12-31"])
    assert read(rows, reading=Reading(on=date(2025, 12, 31))).ok


@pytest.mark.parametrize(
    ("issued", "key"),
    [
        ("2025-06-30", "issued-before-period-end"),
        ("2026-07-01", "issued-in-future"),
        ("下周", "issued-unreadable"),
    ],
)
def test_an_impossible_day_of_issue_is_refused(issued: str, key: str) -> None:
    rows = with_line(["签发日期", "2025-04-22", issued])
    assert keys(period_problems(read(rows, reading=Reading(on=date(2026, 6, 30))))) == [key]


def test_an_unclear_word_on_the_audit_is_refused() -> None:
    assert keys(period_problems(read(with_line(["审计情况", "经审计", "大概"])))) == [
        "assurance-unknown"
    ]


def test_a_table_by_period_may_say_audit_and_issue_in_columns() -> None:
    rows = [
        BY_PERIOD[0],
        [*BY_PERIOD[1], "审计情况", "签发日期"],
        [*BY_PERIOD[3], "经审计", date(2026, 4, 20)],
    ]
    (period,) = read(rows).good
    assert period.statement.assurance is Assurance.AUDITED
    assert period.statement.issued_on == date(2026, 4, 20)


def test_a_period_in_another_scale_than_the_year_before_is_suspicious() -> None:
    rows = [
        row if row in (TABLE[0], HEADER) else [row[0], row[1], row[2] * 10_000] for row in TABLE
    ]
    result = read(rows)
    assert keys(period_problems(result)) == ["scale-suspicious"]
    assert result.ok


@pytest.mark.parametrize(
    ("heading", "end", "kind"),
    [
        (2025, date(2025, 12, 31), PeriodKind.ANNUAL),
        ("2025", date(2025, 12, 31), PeriodKind.ANNUAL),
        ("2025年度", date(2025, 12, 31), PeriodKind.ANNUAL),
        ("FY2025", date(2025, 12, 31), PeriodKind.ANNUAL),
        ("2025.12.31", date(2025, 12, 31), PeriodKind.ANNUAL),
        ("2025年12月31日", date(2025, 12, 31), PeriodKind.ANNUAL),
        ("2026Q1", date(2026, 3, 31), PeriodKind.QUARTER),
        ("2026年第一季度", date(2026, 3, 31), PeriodKind.QUARTER),
        ("2026年1-6月", date(2026, 6, 30), PeriodKind.QUARTER),
        ("2026年半年度", date(2026, 6, 30), PeriodKind.QUARTER),
        ("2026/9/30", date(2026, 9, 30), PeriodKind.QUARTER),
        ("2024-03", date(2024, 3, 31), PeriodKind.QUARTER),
    ],
)
def test_a_period_is_known_however_it_is_written(
    heading: object, end: date, kind: PeriodKind
) -> None:
    found = read_period(heading)
    assert found is not None
    assert (found.end, found.kind) == (end, kind)


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "期末余额",
        "2025-12-30",
        "2025-02-30",
        "2025-05-31",
        "2025年13月",
        "20255",
        1000,
        True,
        None,
        2025.5,
    ],
)
def test_what_names_no_period_is_none(heading: object) -> None:
    assert read_period(heading) is None


@pytest.mark.parametrize(
    ("month", "words"),
    [
        (3, ["一季度", "第一季度", "1季度", "Q1", "1-3月"]),
        (6, ["半年度", "半年", "上半年", "二季度", "第二季度", "H1", "Q2", "1-6月"]),
        (9, ["三季度", "第三季度", "前三季度", "Q3", "1-9月"]),
        (12, ["年度", "度", "报", "全年", "末", "年末", "", "1-12月", "Q4"]),
    ],
)
def test_every_word_for_a_part_of_the_year_names_its_last_month(
    month: int, words: list[str]
) -> None:
    for word in words:
        found = read_period(f"2025{word}" if word.startswith("年") else f"2025年{word}")
        assert found is not None, word
        assert found.end.month == month, word


def test_a_year_that_ends_in_june_is_annual_when_it_is_said() -> None:
    found = read_period("2025-06-30", PeriodKind.ANNUAL)
    assert found is not None
    assert found.kind is PeriodKind.ANNUAL


# --- many problems -------------------------------------------------------------------------------------------


def test_of_too_many_problems_the_errors_are_kept_and_the_cut_is_said() -> None:
    unknown = [[f"某某{n}", 1, 1] for n in range(20)]
    rows = [*TABLE, *unknown, ["单位：担"]]
    result = read(rows, reading=Reading(limits=Limits(problems=5)))
    assert result.truncated
    assert keys(result.problems) == ["unit-unknown", *["line-unknown"] * 4]
    assert not result.readable
