"""Where the embedded driver keeps keys, certificates, files and evidence: bytes under a name, written once.

Nothing that was kept is ever overwritten, so two workers can't undo each other, and a half-done step leaves nothing.
"""

import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Final, Protocol

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


class Store(Protocol):
    """Bytes under names such as ``envelopes/env-1f/000001.json``."""

    def get(self, name: str) -> bytes | None:
        """What stands under ``name``, or None."""
        ...

    def put_new(self, name: str, content: bytes) -> bool:
        """Keep ``content`` durably under ``name``, wholly or not at all.

        Returns:
            False where something already stands there; that stays.
        """
        ...


class MemoryStore:
    """A store that lasts as long as its process: for tests."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}
        self._lock = Lock()

    def get(self, name: str) -> bytes | None:
        return self._kept.get(name)

    def put_new(self, name: str, content: bytes) -> bool:
        with self._lock:
            if name in self._kept:
                return False
            self._kept[name] = content
            return True


class FolderStore:
    """A store in a folder that only its owner can enter.

    Args:
        folder: made where it doesn't exist yet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def get(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def put_new(self, name: str, content: bytes) -> bool:
        target = self._path(name)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=target.parent, prefix=".new-") as draft:
            draft.write(content)
            draft.flush()
            os.fsync(draft.fileno())
            try:
                os.link(draft.name, target)  # fails where the target exists: one writer wins
            except FileExistsError:
                return False
        _sync_folder(target.parent)
        return True

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a store: {name!r}")
        return self._folder / name


def _sync_folder(folder: Path) -> None:
    """Make a new name in ``folder`` survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
