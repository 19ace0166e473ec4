"""A file is what its bytes are."""

import zipfile
from hashlib import sha256
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_documents.checks import DEFAULT_LIMIT, CheckedFile, FileKind, check_file, kind_of_content
from tenor_sdk.errors import Invalid

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 40 + b"\xff\xd9"


def packed(*parts: str) -> bytes:
    """A zip file with empty parts of these names."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in parts:
            archive.writestr(part, b"<x/>")
    return buffer.getvalue()


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
DOCX = packed("[Content_Types].xml", "word/document.xml")

HONEST = {
    "营业执照.pdf": (PDF, FileKind.PDF),
    "公章.PNG": (PNG, FileKind.PNG),
    "现场.jpg": (JPEG, FileKind.JPEG),
    "现场.jpeg": (JPEG, FileKind.JPEG),
    "报表.xlsx": (XLSX, FileKind.XLSX),
    "申请书.docx": (DOCX, FileKind.DOCX),
}


def _key(name: str, content: bytes, limit: int = DEFAULT_LIMIT) -> str:
    with pytest.raises(Invalid) as refusal:
        check_file(name, content, limit=limit)
    return refusal.value.key


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken_with_its_hash(name: str) -> None:
    content, kind = HONEST[name]
    assert check_file(name, content) == CheckedFile(
        name, kind, len(content), sha256(content).hexdigest()
    )


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("营业执照.pdf", b"MZ\x90\x00 a program", ""),
        ("营业执照.pdf", PNG, "PNG"),
        ("报表.xlsx", DOCX, "DOCX"),
        ("报表.xlsx", packed("anything.txt"), ""),
        ("报表.xlsx", b"PK\x03\x04 cut off", ""),
        ("公章.png", b"<svg onload=alert(1)>", ""),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    name: str, content: bytes, found: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        check_file(name, content)
    assert refusal.value.key == "file-is-not-what-its-name-says"
    assert refusal.value.values["found"] == found


@pytest.mark.parametrize("name", ["run.exe", "合同.pdf.exe", "page.html", "none", "macro.xlsm"])
def test_kinds_that_nobody_asked_for_are_refused(name: str) -> None:
    assert _key(name, PDF) == "file-kind-not-taken"


def test_a_kind_can_be_left_out_where_it_is_not_wanted() -> None:
    with pytest.raises(Invalid) as refusal:
        check_file("现场.jpg", JPEG, kinds=frozenset({FileKind.PDF}))
    assert refusal.value.key == "file-kind-not-taken"


@pytest.mark.parametrize(
    "name", ["", "..", " ", "a/b.pdf", "..\\b.pdf", "a\0.pdf", "fdp\u202e.pdf", "a" * 200 + ".pdf"]
)
def test_names_that_mislead_are_refused(name: str) -> None:
    assert _key(name, PDF) == "file-name-not-taken"


def test_an_empty_file_is_refused() -> None:
    assert _key("a.pdf", b"") == "file-empty"


def test_a_file_above_the_limit_is_refused_and_one_at_the_limit_taken() -> None:
    assert check_file("a.pdf", PDF, limit=len(PDF)).size == len(PDF)
    assert _key("a.pdf", PDF, limit=len(PDF) - 1) == "file-too-large"


@pytest.mark.parametrize(("name", "content"), [("a.pdf", PDF), ("a.png", PNG), ("a.jpg", JPEG)])
def test_a_file_that_was_cut_off_is_refused(name: str, content: bytes) -> None:
    assert _key(name, content[:20]) == "file-broken"


def test_an_office_file_with_a_program_is_refused() -> None:
    assert (
        _key("a.xlsx", packed("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"))
        == "file-has-macros"
    )


def test_an_archive_that_would_flood_the_memory_is_not_recognised() -> None:
    many = packed("[Content_Types].xml", "xl/workbook.xml", *(f"p{n}" for n in range(5_001)))
    assert kind_of_content(many) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_an_accident(content: bytes) -> None:
    assert kind_of_content(b"PK\x03\x04" + content) in (None, FileKind.XLSX, FileKind.DOCX)
