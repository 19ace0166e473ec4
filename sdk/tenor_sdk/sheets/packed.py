"""A text that was packed by gzip, unpacked as far as its limits let it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Final, cast

from tenor_sdk.sheets.container import Limits, UnreadableFile

_MIB: Final = 1024 * 1024


@contextmanager
def unpacked(file: BinaryIO, name: str, limits: Limits) -> Iterator[BinaryIO]:
    """The text, on disk for as long as it is read.

    Raises:
        UnreadableFile: ``archive-damaged``; ``archive-too-large`` (limit, in MiB): more came out of it than a file may
            have.
    """
    with TemporaryFile() as plain:
        file.seek(0)
        try:
            with gzip.GzipFile(fileobj=file) as packed:
                while block := packed.read(_MIB):
                    plain.write(block)
                    if plain.tell() > limits.file_bytes:
                        limit = limits.file_bytes // _MIB
                        raise UnreadableFile("archive-too-large", name=name, limit=limit)
        except (OSError, EOFError, zlib.error):
            raise UnreadableFile("archive-damaged", name=name) from None
        yield cast("BinaryIO", plain)
