"""What a file is, told from its bytes and never from its name; and whether an archive is safe to open.

An XLSX is a ZIP of XML. Before a parser sees it: its declared sizes are bounded (``zipfile`` never unpacks more than
is declared), nothing in it is encrypted, it is a workbook without macros, and no part has a document type
declaration, without which XML has no entities to expand.
"""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum
from html import unescape
from pathlib import PurePath
from typing import BinaryIO, Final
from xml.parsers import expat

from tenor_sdk.errors import Refused

_MIB: Final = 1024 * 1024


class FileKind(Enum):
    """The two kinds of file that can hold rows."""

    XLSX = "xlsx"
    CSV = "csv"


class UnreadableFile(Refused):
    """The file can't be read at all, or not as far as its end; the key says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a file from outside: beyond any of them it is refused.

    Args:
        file_bytes: of the file itself.
        unpacked_bytes: of all that an XLSX declares to hold.
        words_bytes: of the texts that an XLSX keeps apart from its sheets, and that are held in memory.
        words: how many these are.
        areas: of merged cells in a sheet.
        members: parts of an XLSX.
        ratio: by how much a part above one MiB may be compressed.
        rows: of a sheet.
        columns: of a row.
        line: characters of a line of a CSV.
    """

    file_bytes: int = 500 * _MIB
    unpacked_bytes: int = 2048 * _MIB
    words_bytes: int = 128 * _MIB
    words: int = 2_000_000
    areas: int = 100_000
    members: int = 1_000
    ratio: int = 200
    rows: int = 2_000_000
    columns: int = 1_000
    line: int = 4 * _MIB


_WORKBOOK: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_PACKINGS: Final = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
_WORDS: Final = b"sharedStrings+xml"
_DECLARED: Final = re.compile(rb"<(?:\w+:)?Override\b[^<>]*>")
_PART: Final = re.compile(rb"""\bPartName\s*=\s*["']/?([^"']*)["']""")
_WORD: Final = re.compile(rb"<(?:\w+:)?si[\s>/]")
#: the longest of these that two blocks may share
_SEAM: Final = 100
_PARTS: Final = ("[Content_Types].xml", "xl/workbook.xml")
_ENCODINGS: Final = frozenset(("", "UTF-8", "US-ASCII", "ASCII"))
#: with what a text begins that is in another, and in which nobody would find formulas or merged cells
_OTHER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"{\\rtf", "rtf"),
)
_MARKUP: Final = (b"<!doctype html", b"<html", b"<?xml", b"<table")


def file_kind(file: BinaryIO, name: str, limits: Limits) -> FileKind:
    """Which kind a file is; its name must not claim another.

    Raises:
        UnreadableFile: ``file-empty``, ``file-too-large`` (limit, in MiB), ``file-encrypted-or-old`` (an .xls, or one
            with a password), ``file-is-not-what-it-says`` (name, found), ``file-kind-unknown`` (name, found).
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(4096)
    if not head.strip():
        raise UnreadableFile("file-empty", name=name)
    if size > limits.file_bytes:
        raise UnreadableFile("file-too-large", name=name, limit=limits.file_bytes // _MIB)
    found = _signature(head)
    if found == "ole":
        raise UnreadableFile("file-encrypted-or-old", name=name)
    claimed = PurePath(name).suffix.lower()
    if found not in ("zip", "text"):
        key = "file-is-not-what-it-says" if claimed in (".xlsx", ".csv") else "file-kind-unknown"
        raise UnreadableFile(key, name=name, found=found)
    if claimed not in {"zip": (".xlsx",), "text": (".csv", ".txt", ".tsv")}[found]:
        raise UnreadableFile("file-is-not-what-it-says", name=name, found=found)
    return FileKind.XLSX if found == "zip" else FileKind.CSV


def _signature(head: bytes) -> str:
    """A word for what the first bytes are."""
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    for magic, found in _SIGNATURES:
        if head.startswith(magic):
            return found
    if head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        return "markup"
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "binary" if b"\0" in head and not is_utf16 else "text"


def check_archive(file: BinaryIO, name: str, limits: Limits) -> None:
    """See to it that a file is a workbook and safe to open.

    Raises:
        UnreadableFile: ``archive-damaged``, ``archive-too-many-members``, ``archive-too-large`` (limit, in MiB),
            ``archive-too-dense`` (member, ratio), ``file-encrypted-or-old``, ``file-is-not-what-it-says``,
            ``file-has-macros``, ``xml-not-allowed`` (member), ``too-many-texts`` (limit).
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check_sizes(members, name, limits)
            _check_workbook(archive, name)
            declared = _declared(archive)
            for member in members:
                kind = declared.get(member.filename)
                if kind is not None or member.filename.endswith((".xml", ".rels", ".vml")):
                    _check_xml(archive, member)
                if kind is not None and _WORDS in kind:
                    _check_words(archive, member, name, limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        KeyError,
    ):
        raise UnreadableFile("archive-damaged", name=name) from None


def _check_sizes(members: list[zipfile.ZipInfo], name: str, limits: Limits) -> None:
    if len(members) > limits.members:
        raise UnreadableFile("archive-too-many-members", found=len(members), limit=limits.members)
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        raise UnreadableFile("archive-too-large", name=name, limit=limits.unpacked_bytes // _MIB)
    for member in members:
        if member.flag_bits & 0x1:
            raise UnreadableFile("file-encrypted-or-old", name=name)
        if member.compress_type not in _PACKINGS:
            raise UnreadableFile("archive-damaged", name=name)
        ratio = member.file_size // max(member.compress_size, 1)
        if ratio > limits.ratio and member.file_size > _MIB:
            raise UnreadableFile("archive-too-dense", member=member.filename, ratio=ratio)


def _check_workbook(archive: zipfile.ZipFile, name: str) -> None:
    present = set(archive.namelist())
    if len(present) != len(archive.namelist()):
        raise UnreadableFile("archive-damaged", name=name)
    if any(part not in present for part in _PARTS):
        raise UnreadableFile("file-is-not-what-it-says", name=name, found="zip")
    if any(part.lower().endswith("vbaproject.bin") for part in present):
        raise UnreadableFile("file-has-macros", name=name)
    if _WORKBOOK not in archive.read(_PARTS[0]):
        raise UnreadableFile("file-is-not-what-it-says", name=name, found="zip")


def _declared(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """For the parts that a workbook says what they are, wherever they lie, what it says."""
    declared = {}
    for found in _DECLARED.finditer(archive.read(_PARTS[0])):
        if part := _PART.search(found[0]):
            declared[unescape(part[1].decode())] = found[0]
    return declared


def _check_words(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, limits: Limits
) -> None:
    """That the texts of a workbook, which are held in memory, aren't too many."""
    if member.file_size > limits.words_bytes:
        raise UnreadableFile("archive-too-large", name=name, limit=limits.words_bytes // _MIB)
    found, seam = 0, b""
    with archive.open(member) as part:
        while block := part.read(_MIB):
            text = seam + block
            end = len(text) - _SEAM if len(block) == _MIB else len(text)
            found += sum(1 for each in _WORD.finditer(text) if each.start() < end)
            if found > limits.words:
                raise UnreadableFile("too-many-texts", limit=limits.words)
            seam = text[max(end, 0) :]


class _RootReached(Exception):
    """The first element began: what may be declared before it has been seen."""


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """That a part declares no document type and no unusual encoding before its root element."""
    refused = UnreadableFile("xml-not-allowed", member=member.filename)
    parser = expat.ParserCreate()

    def on_declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        if (encoding or "").upper() not in _ENCODINGS:
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
            if part.read(2) in _OTHER_MARKS:
                raise refused
            part.seek(0)
            parser.ParseFile(part)
    except _RootReached:
        return
    except expat.ExpatError:
        raise UnreadableFile("archive-damaged", name=member.filename) from None
