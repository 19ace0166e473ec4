"""What a file is, by its content: its name is only what somebody says about it."""

import zipfile
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from unicodedata import category

from tenor_sdk.errors import Invalid

#: The largest file that is taken where nothing else is said: 20 MiB.
DEFAULT_LIMIT: Final = 20 * 1024 * 1024

_LONGEST_NAME: Final = 200
_MOST_PARTS: Final = 5_000
_LARGEST_UNPACKED: Final = 500 * 1024 * 1024


class FileKind(Enum):
    """The kinds of file that a case takes: the media type, and the endings that name it."""

    PDF = "application/pdf", ".pdf"
    PNG = "image/png", ".png"
    JPEG = "image/jpeg", ".jpg", ".jpeg"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"

    def __init__(self, media_type: str, *endings: str) -> None:
        self.media_type = media_type
        self.endings = endings


@dataclass(frozen=True)
class CheckedFile:
    """A file that passed.

    Args:
        name: the last part of its name, as it may be shown.
        kind: by content.
        size: bytes.
        sha256: of the exact bytes, hexadecimal.
    """

    name: str
    kind: FileKind
    size: int
    sha256: str


def check_file(
    name: str,
    content: bytes,
    *,
    limit: int = DEFAULT_LIMIT,
    kinds: frozenset[FileKind] = frozenset(FileKind),
) -> CheckedFile:
    """Look into a file before it is kept.

    Args:
        name: as the sender gave it.
        content: the bytes.
        limit: the most bytes that are taken.
        kinds: what is taken here.

    Raises:
        Invalid: ``file-name-not-taken`` (empty, too long, with folders or invisible characters); ``file-empty``;
            ``file-too-large`` (``size``, ``limit``); ``file-kind-not-taken`` (``name``); ``file-broken`` (begins as
            its kind, and isn't whole); ``file-is-not-what-its-name-says`` (``name``, ``says``, ``found``);
            ``file-has-macros``.
    """
    _require_plain_name(name)
    if not content:
        raise Invalid("file-empty", name=name)
    if len(content) > limit:
        raise Invalid("file-too-large", name=name, size=len(content), limit=limit)
    named = kind_of_name(name)
    if named is None or named not in kinds:
        raise Invalid("file-kind-not-taken", name=name)
    found = kind_of_content(content)
    if found is None or found is not named:
        raise Invalid(
            "file-is-not-what-its-name-says",
            name=name,
            says=named.name,
            found=found.name if found else "",
        )
    _require_whole(name, found, content)
    return CheckedFile(name, found, len(content), sha256(content).hexdigest())


def kind_of_name(name: str) -> FileKind | None:
    """The kind that a name claims by its ending."""
    ending = PurePosixPath(name).suffix.lower()
    return next((kind for kind in FileKind if ending in kind.endings), None)


def kind_of_content(content: bytes) -> FileKind | None:
    """The kind that the first bytes prove; for office files, what is packed in them."""
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_parts(_parts(content))
    return None


def _kind_of_parts(parts: frozenset[str]) -> FileKind | None:
    if "[Content_Types].xml" not in parts:
        return None
    if "xl/workbook.xml" in parts:
        return FileKind.XLSX
    return FileKind.DOCX if "word/document.xml" in parts else None


def _parts(content: bytes) -> frozenset[str]:
    """The names of what is packed in a zip file; none where it can't be opened or would unpack to a flood."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return frozenset()
    if len(members) > _MOST_PARTS or sum(part.file_size for part in members) > _LARGEST_UNPACKED:
        return frozenset()
    return frozenset(part.filename for part in members)


def _require_whole(name: str, kind: FileKind, content: bytes) -> None:
    """Refuse a file that was cut off on its way, and an office file that brings a program."""
    tail = content[-2048:]
    whole = {
        FileKind.PDF: b"%%EOF" in tail,
        FileKind.PNG: b"IEND\xaeB`\x82" in tail,
        FileKind.JPEG: b"\xff\xd9" in tail,
    }
    if not whole.get(kind, True):
        raise Invalid("file-broken", name=name)
    if any(part.endswith("vbaProject.bin") for part in _packed(kind, content)):
        raise Invalid("file-has-macros", name=name)


def _packed(kind: FileKind, content: bytes) -> frozenset[str]:
    return _parts(content) if kind in {FileKind.XLSX, FileKind.DOCX} else frozenset()


def _require_plain_name(name: str) -> None:
    hidden = any(category(character) in ("Cc", "Cf", "Cs", "Co") for character in name)
    if not name.strip(". ") or len(name) > _LONGEST_NAME or hidden or {"/", "\\"} & set(name):
        raise Invalid("file-name-not-taken")
