"""Where the bytes lie: a folder, each file under its hash. Other stores come as drivers."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path


class FolderStore:
    """A folder of files named by their SHA-256; written once, whole or not at all.

    Args:
        folder: made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, content: bytes) -> str:
        """Keep bytes; returns their hash. The same bytes again change nothing."""
        digest = sha256(content).hexdigest()
        path = self.path(digest)
        if path.exists() and path.stat().st_size == len(content):
            os.utime(
                path
            )  # so that whoever forgets what nobody names sees that somebody is about to
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes with this hash.

        Raises:
            FileNotFoundError: they aren't there.
        """
        return self.path(digest).read_bytes()

    def forget(self, digest: str, before: datetime) -> None:
        """Remove the bytes with this hash, unless somebody put them here since an instant: their row may not be
        written yet."""
        path = self.path(digest)
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before.timestamp():
                path.unlink()

    def path(self, digest: str) -> Path:
        """Where the bytes with this hash lie, or would."""
        return self.folder / digest[:2] / digest
