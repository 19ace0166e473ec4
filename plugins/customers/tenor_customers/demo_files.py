"""Files and codes for the demonstration, the tests and the documentation: the same bytes each time."""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenor_customers.domain.identifiers import organisation_check_character, uscc_with_check
from tenor_customers.domain.lines import known_lines
from tenor_customers.domain.statements import Unit
from tenor_customers.statement_file import Reading

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

DEMO_REGION = "990000"
"""A region that GB/T 2260 does not have: whoever sees it in a code knows that the company is made up."""

SHEETS = MappingProxyType({"balance": "资产负债表", "income": "利润表", "cash_flow": "现金流量表"})
UNBALANCED_EQUITY = Decimal(34468)
"""The equity of 2025 in the faulty file, in 万元: 100 less than the other figures need."""

US_READING = Reading(
    unit=Unit.MILLION,
    currency="USD",
    required=("total_assets", "total_liabilities", "revenue", "net_profit"),
)
"""How `us_statements_csv` is to be read: it says neither its unit nor its currency, and it has no equity."""

_MOMENT = (2026, 4, 20, 9, 0, 0)


def demo_uscc(serial: int) -> str:
    """A valid unified social credit code of a company that can't exist, for `serial` 0 to 999,999."""
    body = f"TN{serial:06d}"
    return uscc_with_check(f"91{DEMO_REGION}{body}{organisation_check_character(body)}")


def us_statements_csv() -> bytes:
    """Statements by year of ten listed companies, as a CSV (source and licence: ``demo_data/README.md``)."""
    return (files("tenor_customers") / "demo_data" / "us_statements.csv").read_bytes()


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """Statements of a made-up company: figures in 万元 by part and line, one for each of ``ends``."""

    company: str
    ends: tuple[str, ...]
    issued: tuple[str, ...]
    parts: Mapping[str, Mapping[str, tuple[Decimal, ...]]]


@cache
def zeyuan() -> DemoCompany:
    """The manufacturer of the demonstration, 2023 to 2025."""
    text = (files("tenor_customers") / "demo_data" / "zeyuan.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    parts = {
        part: {code: tuple(map(Decimal, row)) for code, row in data[part].items()}
        for part in SHEETS
    }
    return DemoCompany(data["company"], tuple(data["ends"]), tuple(data["issued"]), parts)


def zeyuan_workbook(*, balanced: bool = True) -> bytes:
    """``zeyuan_2023-2025.xlsx``: three sheets, 万元, a merged title, one column a year, as an accountant sends it.

    Args:
        balanced: False gives the faulty file of the story, in which 2025 shows assets of 86,420 against liabilities
            and equity of 86,320.
    """
    from openpyxl import Workbook

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for part, title in SHEETS.items():
        _fill(book.create_sheet(title), title, part, balanced=balanced)
    return _same_bytes(book)


def _fill(sheet: Worksheet, title: str, part: str, *, balanced: bool) -> None:
    from openpyxl.styles import Alignment, Font

    company = zeyuan()
    sheet.append([f"{company.company} {title}"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(company.ends) + 1)
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True), Alignment(horizontal="center")
    sheet.append([f"编制单位：{company.company}  单位：万元  币种：人民币"])
    sheet.append(["项目", *map(date.fromisoformat, company.ends)])
    sheet.append(["审计情况", *("经审计" for _ in company.ends)])
    sheet.append(["签发日期", *map(date.fromisoformat, company.issued)])
    for code, figures in company.parts[part].items():
        sheet.append([known_lines()[code].zh, *_figures(code, figures, balanced=balanced)])
    sheet.column_dimensions["A"].width = 34
    for column in "BCD":
        sheet.column_dimensions[column].width = 14


def _figures(code: str, figures: tuple[Decimal, ...], *, balanced: bool) -> list[Decimal]:
    too_little = zeyuan().parts["balance"]["total_equity"][-1] - UNBALANCED_EQUITY
    if balanced or code not in ("total_equity", "liabilities_and_equity"):
        return list(figures)
    return [*figures[:-1], figures[-1] - too_little]


def _same_bytes(book: Workbook) -> bytes:
    """The workbook's file without the moments at which it was written."""
    raw, fixed = BytesIO(), BytesIO()
    book.save(raw)
    with (
        zipfile.ZipFile(raw) as written,
        zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as kept,
    ):
        for member in written.infolist():
            content = written.read(member)
            if member.filename == "docProps/core.xml":
                content = re.sub(
                    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2026-04-20T09:00:00Z", content
                )
            kept.writestr(zipfile.ZipInfo(member.filename, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return fixed.getvalue()
