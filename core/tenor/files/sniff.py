"""What kind of file it is, by its first bytes: its name is the sender's, and proves nothing."""

from __future__ import annotations

from typing import Final

_MAGIC: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE: Final = (
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
)


def media_type(content: bytes) -> str:
    """The media type of ``content``; ``application/octet-stream`` where it is none that is known."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content.startswith(b"PK\x03\x04"):
        return next((kind for part, kind in _OFFICE if part in content), "application/zip")
    return "text/plain" if _is_text(content[:4096]) else "application/octet-stream"


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and b"\0" not in head  # cut within a character
    return b"\0" not in head
