"""Files: bytes with a name, a kind by content and a hash; kept once, read by whoever may read what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.records import Record


@dataclass(frozen=True)
class Upload:
    """A file that a person hands in, as it came: nothing in it is trusted, its name least of all.

    Args:
        name: the last part of the name that the sender gave.
        content: the bytes.
    """

    name: str
    content: bytes


@dataclass(frozen=True)
class StoredFile:
    """What is known of a stored file.

    Args:
        id: for ``file_field`` and ``read_file``.
        name: as it is offered for download.
        media_type: by content, not by name.
        size: bytes.
        sha256: of the exact bytes, hexadecimal.
    """

    id: int
    name: str
    media_type: str
    size: int
    sha256: str


def store_file(
    ctx: Context, name: str, content: bytes, *, about: Record | None = None
) -> StoredFile:
    """Keep a file.

    Args:
        name: without folders.
        content: the bytes; equal bytes are kept once.
        about: the record whose readers may read it; None: the person who stored it, until a record links to it.

    Raises:
        Invalid: ``file-too-large``, ``file-empty``.
    """
    return port_of(ctx).store_file(ctx, name, content, about)


def read_file(ctx: Context, file_id: int, *, as_it_lies: bool = False) -> tuple[StoredFile, bytes]:
    """A stored file that the person may read.

    Args:
        as_it_lies: the bytes as they are now, changed or not, for what judges them itself. Never show them otherwise.

    Raises:
        NotFound: there is none for this person.
        Conflict: ``file-changed``: the stored bytes no longer have the hash with which they were kept;
            ``file-missing``: they are gone.
    """
    return port_of(ctx).read_file(ctx, file_id, as_it_lies=as_it_lies)
