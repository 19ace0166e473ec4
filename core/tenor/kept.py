"""What was made of the files of what is installed, so that the next start needn't make it again: compiled templates,
read catalogues. A folder beside the institution's data that may go at any time.

Each piece is signed with the secret key: who can write into that folder, but doesn't know the key, gets nothing run.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from hmac import compare_digest, digest
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from tenor.settings import KernelSettings

_FOLDER: Final = "made"
_SIGNATURE: Final = sha256().digest_size


class Kept:
    """Pieces by their names, each of which says all that it was made of and by.

    Args:
        folder: in which they lie; it is made with the first, where the one around it is there.
        key: with which they are signed.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._key = key.encode()

    @classmethod
    def of(cls, settings: KernelSettings) -> Self:
        """Those of an institution."""
        return cls(settings.data_dir / _FOLDER, settings.key)

    def get(self, name: str) -> bytes | None:
        """A piece; None where there is none, or what lies there isn't ours."""
        try:
            found = self._path(name).read_bytes()
        except OSError:
            return None
        signature, content = found[:_SIGNATURE], found[_SIGNATURE:]
        return content if compare_digest(signature, self._signed(name, content)) else None

    def put(self, name: str, content: bytes) -> None:
        """Keep a piece, whole or not at all; where nothing can be written, it is made anew each time."""
        path = self._path(name)
        beside = path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            beside.write_bytes(self._signed(name, content) + content)
            beside.replace(path)

    def _path(self, name: str) -> Path:
        return self._folder / sha256(name.encode()).hexdigest()[:40]

    def _signed(self, name: str, content: bytes) -> bytes:
        return digest(self._key, f"{name}\0".encode() + content, "sha256")
