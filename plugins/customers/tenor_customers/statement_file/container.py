"""What a file is, told from its bytes and never from its name; and whether an archive is safe to open.

An XLSX is a ZIP of XML. Before a parser sees it: its declared sizes are bounded (``zipfile`` never unpacks more than
is declared), nothing in it is encrypted, it is a workbook without macros, and no part has a document type
declaration, without which XML has no entities to expand.
"""

import zipfile
import zlib
from enum import Enum
from io import BytesIO
from pathlib import PurePath
from xml.parsers import expat

from tenor_customers.domain.problems import Problem, error
from tenor_customers.statement_file.options import Limits


class FileKind(Enum):
    """The two kinds of file that can hold statements."""

    XLSX = "xlsx"
    CSV = "csv"


class Unusable(Exception):
    """The file can't be read at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.key)
        self.problem = problem


WORKBOOK = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
PARTS = ("[Content_Types].xml", "xl/workbook.xml")
ENCODINGS = {"", "UTF-8", "UTF-16", "US-ASCII", "ASCII"}
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "rtf"),
)
MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def file_kind(content: bytes, name: str, limits: Limits) -> FileKind:
    """Which kind `content` is; `name` must not claim another.

    Raises Unusable: ``file-empty``, ``file-too-large`` (size, limit), ``file-encrypted-or-old`` (an .xls, or one with
    a password), ``file-is-not-what-it-says`` (name, found), ``file-kind-unknown`` (name, found).
    """
    if not content.strip():
        raise Unusable(error("file-empty"))
    if len(content) > limits.file_bytes:
        raise Unusable(error("file-too-large", size=len(content), limit=limits.file_bytes))
    found = _signature(content)
    if found == "ole":
        raise Unusable(error("file-encrypted-or-old", name=name))
    claimed = PurePath(name).suffix.lower()
    if found not in ("zip", "text"):
        key = "file-is-not-what-it-says" if claimed in (".xlsx", ".csv") else "file-kind-unknown"
        raise Unusable(error(key, name=name, found=found))
    if claimed not in {"zip": (".xlsx",), "text": (".csv", ".txt", ".tsv")}[found]:
        raise Unusable(error("file-is-not-what-it-says", name=name, found=found))
    return FileKind.XLSX if found == "zip" else FileKind.CSV


def _signature(content: bytes) -> str:
    """A word for what the first bytes are."""
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    for magic, found in SIGNATURES:
        if content.startswith(magic):
            return found
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(MARKUP):
        return "markup"
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "binary" if b"\0" in content[:4096] and not is_utf16 else "text"


def check_archive(content: bytes, name: str, limits: Limits) -> None:
    """That `content` is a workbook and safe to open.

    Raises Unusable: ``archive-damaged``, ``archive-too-many-members``, ``archive-too-large`` (size, limit),
    ``archive-too-dense`` (member, ratio), ``file-encrypted-or-old``, ``file-is-not-what-it-says``,
    ``file-has-macros``, ``xml-not-allowed`` (member).
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            _check_sizes(members, name, limits)
            _check_workbook(archive, name)
            for member in members:
                if member.filename.endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, member)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError):
        raise Unusable(error("archive-damaged", name=name)) from None


def _check_sizes(members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if len(members) > limits.members:
        problem = error("archive-too-many-members", found=len(members), limit=limits.members)
        raise Unusable(problem)
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        raise Unusable(error("archive-too-large", size=unpacked, limit=limits.unpacked_bytes))
    for member in members:
        if member.flag_bits & 0x1:
            raise Unusable(error("file-encrypted-or-old", name=name))
        if member.compress_type not in PACKINGS:
            raise Unusable(error("archive-damaged", name=name))
        ratio = member.file_size // max(member.compress_size, 1)
        if ratio > limits.ratio and member.file_size > 1024 * 1024:
            raise Unusable(error("archive-too-dense", member=member.filename, ratio=ratio))


def _check_workbook(archive: zipfile.ZipFile, name: str) -> None:
    present = set(archive.namelist())
    if len(present) != len(archive.namelist()):
        raise Unusable(error("archive-damaged", name=name))
    if any(part not in present for part in PARTS):
        raise Unusable(error("file-is-not-what-it-says", name=name, found="zip"))
    if any(part.lower().endswith("vbaproject.bin") for part in present):
        raise Unusable(error("file-has-macros", name=name))
    if WORKBOOK not in archive.read(PARTS[0]):
        raise Unusable(error("file-is-not-what-it-says", name=name, found="zip"))


class _RootReached(Exception):
    """The first element began: what may be declared before it has been seen."""


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """That a part declares no document type and no unusual encoding before its root element."""
    refused = Unusable(error("xml-not-allowed", member=member.filename))
    parser = expat.ParserCreate()

    def on_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "").upper() not in ENCODINGS:
            raise refused

    def on_doctype(*_: object) -> None:
        raise refused

    def on_root(*_: object) -> None:
        raise _RootReached

    parser.XmlDeclHandler = on_declaration
    parser.StartDoctypeDeclHandler = on_doctype
    parser.StartElementHandler = on_root
    try:
        with archive.open(member) as part:
            parser.ParseFile(part)
    except _RootReached:
        return
    except expat.ExpatError:
        raise Unusable(error("archive-damaged", name=member.filename)) from None
