"""Which stored files are still to be destroyed with a plugin, for whoever is interrupted at it: the rows that say so
are gone before the files are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def write(folder: Path, plugin: str, digests: Iterable[str]) -> None:
    """Keep it beside the exports, on the disk for sure."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _file(folder, plugin).open("w", encoding="ascii") as out:
        out.writelines(f"{each}\n" for each in sorted(digests))
        out.flush()
        os.fsync(out.fileno())


def read(folder: Path, plugin: str) -> list[str]:
    """The hashes of the files; none where nobody was interrupted."""
    file = _file(folder, plugin)
    return file.read_text("ascii").split() if file.is_file() else []


def forget(folder: Path, plugin: str) -> None:
    """They are destroyed."""
    _file(folder, plugin).unlink(missing_ok=True)


def _file(folder: Path, plugin: str) -> Path:
    return folder / f"{plugin}.purging"
