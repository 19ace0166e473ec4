"""Files as people really send them: each is read right, or said to be wrong with the place."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date
from time import process_time

import pytest
from openpyxl import Workbook

from tenor.records.rules import Rule
from tenor.records.specs import FieldSpec
from tenor.records.written import Written, neutral
from tenor_sdk import Amount, Invalid, Rate
from tenor_sdk.sheets import Limits, UnreadableFile, open_sheets

from .conftest import Desk, as_csv, as_xlsx

HEAD = ("Credit code", "Name", "Registered capital", "Founded on")


def opened(content: bytes, name: str = "file.csv", **limits: int) -> list[list[object]]:
    """The rows of a file's first sheet."""
    with open_sheets(io.BytesIO(content), name, Limits(**limits)) as sheets:
        return list(sheets[0].rows())


def refused(content: bytes, name: str, **limits: int) -> str:
    """The key with which a file is refused."""
    with pytest.raises(UnreadableFile) as error:
        opened(content, name, **limits)
    return error.value.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_is_read_in_the_encoding_in_which_it_was_written(desk: Desk, encoding: str) -> None:
    content = as_csv(("信用代码", "名称"), ("甲1", "海岳商业银行（𬭎）"), encoding=encoding)
    done = desk.take("firm", content, mapping={"信用代码": "code", "名称": "name"})
    assert desk.rows("firm", "code", "name") == [("甲1", "海岳商业银行（𬭎）")]
    assert done.refused == 0


@pytest.mark.parametrize(
    ("content", "name", "limits", "key"),
    [
        (b"a,b\n" * 1000, "large.csv", {"file_bytes": 1000}, "file-too-large"),
        (b"", "empty.csv", {}, "file-empty"),
        (b"a,b\n1,2\n3,4\n", "long.csv", {"rows": 2}, "too-many-rows"),
        (b"a,b,c\n", "wide.csv", {"columns": 2}, "too-many-columns"),
        (b'a,b\n1,"2\n3,4\n', "open-quote.csv", {}, "csv-damaged"),
        (b"a,b\n\x81\x00\xff", "binary.csv", {}, "file-is-not-what-it-says"),
        (b"a,b\n1,\xff\xff\n", "no-encoding.csv", {}, "encoding-unknown"),
        (("甲" * 30).encode() + b"\xe7,b\n", "damaged.csv", {}, "encoding-damaged"),
        (b"a,b\n" + b"c" * 100 + b",d\n", "one-line.csv", {"line": 50}, "line-too-long"),
        (as_xlsx(("a", "b"), merge="A2:B3"), "merged.xlsx", {"areas": 0}, "too-many-merged"),
        (gzip.compress(b"a,b\n" * 1000, mtime=0), "packed.csv.gz", {"file_bytes": 1000}, "archive-too-large"),
        (gzip.compress(b"a,b\n", mtime=0)[:-9], "cut.csv.gz", {}, "archive-damaged"),
        (b"a,b\n", "plain.csv.gz", {}, "archive-damaged"),
        (gzip.compress(gzip.compress(b"a,b\n", mtime=0), mtime=0), "twice.csv.gz.gz", {}, "file-kind-unknown"),
        (b"\xd0\xcf\x11\xe0 and so on", "old.xls", {}, "file-encrypted-or-old"),
        (b"<html><table>", "page.xlsx", {}, "file-is-not-what-it-says"),
        (b"a,b\n", "text.xlsx", {}, "file-is-not-what-it-says"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    content: bytes, name: str, limits: dict[str, int], key: str
) -> None:
    assert refused(content, name, **limits) == key


def test_a_text_that_was_packed_is_read() -> None:
    assert opened(gzip.compress(b"a,b\n1,2\n"), "packed.csv.gz") == [["a", "b"], ["1", "2"]]


def test_where_a_text_is_damaged_is_told() -> None:
    text = "信用代码,名称\n甲1,海岳商业银行\n".encode()
    with pytest.raises(UnreadableFile) as error:
        opened(text + b"A2,\xe5\n")
    assert (error.value.key, error.value.values["line"]) == ("encoding-damaged", 3)


def test_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO(as_xlsx(("a", "b")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/bomb.xml", b"<a>" + b"0" * 50_000_000)
    assert refused(out.getvalue(), "bomb.xlsx") == "archive-too-dense"
    assert refused(out.getvalue(), "bomb.xlsx", unpacked_bytes=10**7) == "archive-too-large"


def with_texts(name: str) -> bytes:
    """A workbook that keeps its texts apart from its sheet, under some name."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx((1, 2)))) as plain, zipfile.ZipFile(out, "w") as made:
        for part in plain.namelist():
            end = b"</Types>"
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
            said = f'<Override PartName="/{name}" ContentType="'.encode() + kind + b'"/>' + end
            made.writestr(part, plain.read(part).replace(end, said))
        made.writestr(name, "<sst>" + "<si><t>a</t></si>" * 4 + "</sst>")
    return out.getvalue()


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/worksheets/others.txt"])
def test_a_workbook_with_more_texts_than_memory_should_hold_is_refused(name: str) -> None:
    assert refused(with_texts(name), "texts.xlsx", words=3) == "too-many-texts"
    assert refused(with_texts(name), "texts.xlsx", words_bytes=50) == "archive-too-large"


def test_what_a_workbook_says_of_its_parts_is_looked_through_once() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_xlsx((1, 2)))) as plain, zipfile.ZipFile(out, "w") as made:
        for part in plain.namelist():
            said = b"<Override " * 50_000 if part == "[Content_Types].xml" else b""
            made.writestr(part, plain.read(part) + said)
    begun = process_time()
    assert refused(out.getvalue(), "parts.xlsx") == "workbook-damaged"
    assert process_time() - begun < 2


def test_a_workbook_that_declares_entities_is_not_parsed() -> None:
    out = io.BytesIO(as_xlsx(("a", "b")))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/more.xml", '<!DOCTYPE a [<!ENTITY b "bomb">]><a>&b;</a>')
    assert refused(out.getvalue(), "entities.xlsx") == "xml-not-allowed"


def test_a_formula_counts_by_what_it_came_to_and_one_never_computed_is_told(desk: Desk) -> None:
    book = Workbook()
    book.active.append(["Credit code", "Name", "Registered capital"])
    book.active.append(["A1", "One", "=1+1"])
    book.active.append(["A2", "Two", 5])
    out = io.BytesIO()
    book.save(out)
    done = desk.take("firm", out.getvalue(), name="f.xlsx")
    assert (done.made, list(desk.refused(done))) == (1, [2])
    computed = _with_value(out.getvalue(), "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    again = desk.take("firm", computed, name="f.xlsx", matched_by=["code"])
    assert (again.made, again.refused) == (1, 0)
    assert ("A1", Amount(200)) in desk.rows("firm", "code", "capital")


def _with_value(content: bytes, before: str, after: str) -> bytes:
    """A workbook as a spreadsheet leaves it, which computes what it saves."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for member in given.namelist():
            text = given.read(member)
            made.writestr(
                member, text.replace(before.encode(), after.encode()).replace(b"<v />", b"<v>2</v>")
            )
    return out.getvalue()


def test_rows_with_merged_cells_are_told_and_titles_above_the_head_are_not(desk: Desk) -> None:
    rows = [
        ("客户台账", None, None),
        HEAD[:3],
        ("A1", "One", 5),
        ("A2", "Two", 6),
        (None, "Three", 7),
    ]
    titled = desk.take("firm", as_xlsx(*rows[:4], merge="A1:C1"), name="titled.xlsx", dry=True)
    assert (titled.header_row, titled.made, titled.refused) == (2, 2, 0)
    merged = desk.take("firm", as_xlsx(*rows, merge="A4:A5"), name="merged.xlsx")
    assert (merged.made, list(desk.refused(merged))) == (1, [4, 5])
    assert "A4:A5" in desk.refused(merged)[5]


def remade(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose first sheet was written by another program."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(out, "w") as made:
        for name in given.namelist():
            text = given.read(name)
            made.writestr(name, change(text) if name == "xl/worksheets/sheet1.xml" else text)
    return out.getvalue()


def test_merged_cells_are_told_whichever_quotes_their_file_has(desk: Desk) -> None:
    content = as_xlsx(HEAD[:3], ("A1", "One", 5), ("A2", "Two", 6), merge="C2:C3")
    single = remade(content, lambda text: text.replace(b'ref="C2:C3"', b"ref = 'C2:C3'"))
    assert list(desk.refused(desk.take("firm", single, name="m.xlsx"))) == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_sheet_in_which_formulas_and_merged_cells_would_not_be_seen_is_refused(
    encoding: str,
) -> None:
    def change(text: bytes) -> bytes:
        said = '<?xml version="1.0" encoding="UTF-16"?>' + text.decode().partition("?>")[2]
        return (said if "worksheet" in said else text.decode()).encode(encoding)

    assert refused(remade(as_xlsx((1, "=1+1")), change), "other.xlsx") == "xml-not-allowed"


def test_that_other_sheets_are_not_taken_in_is_told(desk: Desk) -> None:
    book = Workbook()
    for name in ("June", "July", "notes", "drafts"):
        sheet = book.create_sheet(name)
        if name != "notes":
            sheet.append(["Credit code", "Name"])
            sheet.append([name, "One"])
    del book["Sheet"]
    book["drafts"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    done = desk.take("firm", out.getvalue(), name="f.xlsx")
    assert (done.made, [*done.warnings]) == (1, ["仅导入工作表“June”，以下工作表未导入：July"])


@pytest.mark.parametrize("text", ["a;b;c;d", "a\tb\tc"])
def test_the_separator_is_that_of_all_rows_though_others_stand_in_texts(
    desk: Desk, text: str
) -> None:
    desk.take("firm", as_csv(HEAD[:2], ("A1", text), ("A2", f"{text};e"), ("A3", "Three")))
    assert desk.rows("firm", "code") == [("A1",), ("A2",), ("A3",)]


def test_a_cell_that_no_field_holds_is_refused_alone(desk: Desk) -> None:
    done = desk.take(
        "firm", as_csv(HEAD[:2], ("A1", "One"), ("A2", "x" * 200_000), ("A3", "Three"))
    )
    assert (done.made, list(desk.refused(done))) == (2, [3])


def test_the_mark_of_gb18030_is_no_part_of_a_name(desk: Desk) -> None:
    content = as_csv(("\ufeff信用代码", "名称"), ("A1", "One"), encoding="gb18030")
    assert desk.take("firm", content, mapping={"信用代码": "code", "名称": "name"}).made == 1


def test_a_column_that_stands_twice_is_refused_before_anything_is_taken(desk: Desk) -> None:
    content = as_csv(("Credit code", "Name", "Name"), ("A1", "One", "Eins"))
    with pytest.raises(UnreadableFile) as error:
        desk.take("firm", content)
    assert error.value.key == "column-twice"


def test_two_columns_do_not_go_to_one_field(desk: Desk) -> None:
    content = as_csv(("Credit code", "Name", "Also"), ("A1", "One", "Eins"))
    with pytest.raises(UnreadableFile) as error:
        desk.take("firm", content, mapping={"Also": "name", "Name": "name"})
    assert error.value.key == "goal-twice"


def test_a_row_with_a_cell_too_many_or_too_few_is_told(desk: Desk) -> None:
    content = b"Credit code,Name\nA1,One\nA2,Two,extra\nA3\nA4,Four\n"
    done = desk.take("firm", content)
    assert (done.made, list(desk.refused(done))) == (2, [3, 4])


def test_a_new_record_needs_a_column_for_what_must_be_given(desk: Desk) -> None:
    with pytest.raises(Invalid) as error:
        desk.take("firm", as_csv(("Name",), ("One",)))
    assert (error.value.key, error.value.values["names"]) == ("goals-missing", "code")


# -- amounts that are off by thousands -------------------------------------------------------------------------------


def test_yuan_given_as_ten_thousands_are_warned_of_by_what_usually_stands_there(desk: Desk) -> None:
    usual = [(f"A{n}", "Firm", f"{20_000_000 + n}") for n in range(10)]
    desk.take("firm", as_csv(HEAD[:3], *usual))
    off = [(f"B{n}", "Firm", f"{2000 + n}") for n in range(10)]
    dry = desk.take("firm", as_csv(HEAD[:3], *off), dry=True)
    assert [warning[:18] for warning in dry.warnings] == ["Registered capital"]
    said = desk.take("firm", as_csv((*HEAD[:2], "Registered capital（万元）"), *off), dry=True)
    assert list(said.warnings) == []


def test_a_record_whose_amount_would_change_thousandfold_is_warned_of(desk: Desk) -> None:
    desk.take("firm", as_csv(HEAD[:3], ("A1", "One", "20000000"), ("A2", "Two", "100")))
    changed = as_csv(HEAD[:3], ("A1", "One", "2000"), ("A2", "Two", "100"))
    dry = desk.take("firm", changed, dry=True, matched_by=["code"])
    assert len(dry.warnings) == 1


def test_columns_that_go_nowhere_are_named(desk: Desk) -> None:
    dry = desk.take(
        "firm", as_csv(("Credit code", "Name", "Weather"), ("A1", "One", "fair")), dry=True
    )
    assert "Weather" in dry.warnings[0]


# -- values ----------------------------------------------------------------------------------------------------------


def read(kind: str, given: object, *, currency: str = "CNY", **written: object) -> object:
    """What a cell is read as."""
    how = Written(kind, **written)  # type: ignore[arg-type]  # by name
    return Rule(FieldSpec("it", "base", "It", kind), "file", currency, written=how).value(given)  # type: ignore[arg-type]  # a kind


@pytest.mark.parametrize(
    "given", ["2024-02-29", "2024/2/29", "2024.2.29", "20240229", "2024年2月29日", "29-Feb-24", "2024-02-29 00:00:00",
     "February 29, 2024", "２０２４－０２－２９"]
)  # fmt: skip
def test_a_day_is_read_in_each_of_its_styles(given: str) -> None:
    assert read("date", given, year=2026) == date(2024, 2, 29)


@pytest.mark.parametrize("given", ["2024-03-1²", "Mayor 1 2024", "1 Marzipan 2024", "2024-13-01"])
def test_what_only_looks_like_a_day_is_refused(given: str) -> None:
    with pytest.raises(Invalid):
        read("date", given, year=2026)


def test_whether_the_day_or_the_month_stands_first_is_told_by_the_whole_column(desk: Desk) -> None:
    rows = [("A1", "One", "1", "3/4/2024"), ("A2", "Two", "1", "25/12/2024")]
    desk.take("firm", as_csv(HEAD, *rows))
    assert desk.rows("firm", "founded_on") == [(date(2024, 4, 3),), (date(2024, 12, 25),)]
    neither = desk.take("firm", as_csv(HEAD, ("A3", "Three", "1", "3/4/2024")))
    assert list(desk.refused(neither)) == [2]


@pytest.mark.parametrize("given", ["24/01/05", "24-3-17", "17.11.30", "05/05/24"])
def test_a_year_of_two_digits_may_stand_first_so_that_nobody_can_tell(
    desk: Desk, given: str
) -> None:
    """24/01/05 is the 5th of January in China, the 24th in London."""
    unclear = desk.take("firm", as_csv(HEAD, ("A1", "One", "1", given)))
    assert list(desk.refused(unclear)) == [2]


def test_a_year_of_two_digits_stands_last_where_it_is_no_day(desk: Desk) -> None:
    rows = [
        ("A1", "One", "1", "17/3/97"),
        ("A2", "Two", "1", "24/01/05"),
        ("A3", "3", "1", "5/5/24"),
    ]
    desk.take("firm", as_csv(HEAD, *rows))
    days = [(date(1997, 3, 17),), (date(2005, 1, 24),), (date(2024, 5, 5),)]
    assert desk.rows("firm", "founded_on") == days


def test_two_digits_of_a_year_lie_at_most_twenty_years_ahead() -> None:
    assert read("date", "28-Feb-97", year=2026) == date(1997, 2, 28)
    assert read("date", "28-Feb-46", year=2026) == date(2046, 2, 28)
    assert read("date", "28-Feb-47", year=2026) == date(1947, 2, 28)


@pytest.mark.parametrize(
    ("given", "minor"),
    [
        ("1,234.50", 123450), ("￥1,234.5", 123450), ("$1,234.00 ", 123400), ("１２３４", 123400), ("(500)", -50000),
        ("−500", -50000), ("1234元", 123400), (1234.5, 123450), (0.1 + 0.2, 30), (7, 700), ("-0.05", -5),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(given: object, minor: int) -> None:
    assert read("amount", given) == Amount(minor)


@pytest.mark.parametrize(
    "given",
    [
        "1.234,50", "12 34", "1,23.4", "much", "0.005", True, "1e3", "--5", "(-5)", "1234¹", "10²", "1234①", "⒈5", "⑽",
        "½", "٣",
    ],
)  # fmt: skip
def test_an_amount_that_could_mean_another_is_refused(given: object) -> None:
    with pytest.raises(Invalid):
        read("amount", given)


def test_a_unit_multiplies_exactly() -> None:
    assert read("amount", "8,642.05", power=4) == Amount(8642050000)
    assert read("amount", "0.000001", power=4) == Amount(1)
    with pytest.raises(Invalid):
        read("amount", "0.0000001", power=4)


def test_a_rate_is_a_fraction_or_says_that_it_is_a_percentage() -> None:
    assert read("rate", "4.35%") == read("rate", "0.0435") == read("rate", "4.35", percent=True)
    assert read("rate", 0.0435) == Rate.of("0.0435")


@pytest.mark.parametrize("given", [110101199003071000, 1.10101199003071e17, -(10**15)])
def test_a_number_that_a_spreadsheet_cut_is_no_text(given: float) -> None:
    """It keeps 15 digits of the number of an identity card, which has 18."""
    with pytest.raises(Invalid, match="digits-lost"):
        read("text", given)


def test_a_number_that_is_text_keeps_its_digits() -> None:
    assert read("text", 47401.0) == "47401"
    assert read("text", -(10**14)) == "-100000000000000"
    assert read("text", 110101199003071234) == "110101199003071234"
    assert read("text", "007") == "007"


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@a", "'=1", "''=1", "plain", "'quoted'", "＝1"]
)
def test_what_an_export_made_harmless_comes_back_as_it_was(text: str) -> None:
    assert read("text", neutral(text)) == text


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("text", ["one", "", " two ", "a\nb", "'=1", None, 5, "x" * 100]),
        ("amount", ["1", "1.5", "", None, "much", "1,000", 2.5, "9" * 30, "1.005"]),
        ("date", ["2024-01-01", "", "2024-01-01", "never"]),
        ("integer", ["1", "1.0", "1.5", "", None, 3.0]),
        ("boolean", ["是", "N", "", None, "perhaps"]),
    ],
)  # fmt: skip
def test_a_column_reads_as_its_values_do_one_by_one(kind: str, cells: list[object]) -> None:
    spec = FieldSpec("it", "base", "It", kind, max_length=40 if kind == "text" else None)  # type: ignore[arg-type]  # a kind
    rule = Rule(spec, "file")
    column = rule.column(cells)
    assert [_read(rule, cell) for cell in cells] == [
        column.faults[place].key if place in column.faults else value
        for place, value in enumerate(column.values)
    ]


def _read(rule: Rule, cell: object) -> object:
    """What one value is read as, or the key with which it is refused."""
    try:
        return rule.value(cell)
    except Invalid as error:
        return error.key
