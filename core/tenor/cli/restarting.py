"""``tenor dev``: serves like ``tenor serve``, in a process that is replaced whenever the source of a plugin changes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tenor.cli.supervisor import Child, Supervisor
from tenor.loader.manifest import find
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.cli.place import Place

_SOURCES: Final = (".py", ".html", ".po", ".toml", ".css")
_NOT_OURS: Final = ("__pycache__", "node_modules", "static")


def stamps(folders: Iterable[Path]) -> Mapping[str, int]:
    """When each source file below these folders was written last."""
    found: dict[str, int] = {}
    for folder in folders:
        for path in _files(str(folder)):
            found[path] = Path(path).stat().st_mtime_ns
    return found


def _files(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NOT_OURS:
                    yield from _files(entry.path)
            elif entry.name.endswith(_SOURCES):
                yield entry.path


class Restarting(Supervisor):
    """A supervisor that looks at the source as well. A start that fails leaves the old process in its place."""

    def __init__(self, place: Place, options: list[str]) -> None:
        super().__init__(place.settings, "serve", [*options, "--toolbar"], place.say)
        self._seen = self._now()

    def _now(self) -> Mapping[str, int]:
        installed, _unreadable = find()
        try:
            return stamps(manifest.folder for manifest in installed.values())
        except FileNotFoundError:  # an editor moves a file into its place: look again in a moment
            return self._seen

    def _followed(self, child: Child) -> Child | None:
        if child.process.poll() is None and child.ready.is_set():
            now = self._now()
            if now != self._seen:
                changed = {name for name, _at in set(now.items()) ^ set(self._seen.items())}
                self._seen = now
                self.tell(_("{file} changed.", file=Path(min(changed)).name))
                return self._replaced(child)
        return super()._followed(child)
