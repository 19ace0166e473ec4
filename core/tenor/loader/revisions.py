"""The revisions in a plugin's folder of migrations, read without running any of them: their numbers are literals."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tenor.loader.failures import (
    Failure,
    PluginFault,
    newer_tables,
    pending_migration,
    unreadable_migrations,
)

if TYPE_CHECKING:
    from tenor.loader.manifest import Manifest

_SAID: Final = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*([^#\n]+)", re.MULTILINE)


class RevisionError(ValueError):
    """Revisions that can't be put in a line, with the file."""


@dataclass(frozen=True)
class Revision:
    """One step of a plugin's tables.

    Args:
        number: its name among the plugin's.
        down: the number of the one before it; None: it is the first.
        file: in which it stands.
    """

    number: str
    down: str | None
    file: Path

    @property
    def sentence(self) -> str:
        """What it does, in its author's words: the first paragraph of its docstring."""
        said = ast.get_docstring(ast.parse(self.file.read_text("utf-8"), str(self.file))) or ""
        return " ".join(said.partition("\n\n")[0].split())


@dataclass(frozen=True)
class Step:
    """One plugin's part of a plan.

    Args:
        plugin: whose tables change.
        revisions: what runs, in order: number and sentence of each.
    """

    plugin: str
    revisions: tuple[tuple[str, str], ...]


def revisions_of(folder: Path) -> tuple[Revision, ...]:
    """The revisions in a folder, the first one first; none where there is no folder.

    Raises:
        RevisionError: they don't follow one another.
    """
    changed = tuple(sorted((path, path.stat().st_mtime_ns) for path in folder.glob("*.py")))
    return _in_line(changed)


@lru_cache(maxsize=128)
def _in_line(files: tuple[tuple[Path, int], ...]) -> tuple[Revision, ...]:
    read = [_read(path) for path, _changed in files if path.name != "__init__.py"]
    after: dict[str | None, Revision] = {}
    for revision in read:
        other = after.setdefault(revision.down, revision)
        if other is not revision:
            raise RevisionError(f"{other.file.name} and {revision.file.name} follow the same one")
    found: list[Revision] = []
    while len(found) < len(read):
        following = after.get(found[-1].number if found else None)
        if following is None:
            known = {each.file for each in found}
            lost = next(each for each in read if each.file not in known)
            raise RevisionError(f"{lost.file.name} follows {lost.down}, which doesn't lead to it")
        found.append(following)
    return tuple(found)


def _read(path: Path) -> Revision:
    said: dict[str, Any] = {}
    for match in _SAID.finditer(path.read_text("utf-8")):
        try:
            said[match[1]] = ast.literal_eval(match[2].strip())
        except (ValueError, SyntaxError):
            raise RevisionError(f"{path.name}: {match[1]} must be a literal") from None
    number, down = said.get("revision"), said.get("down_revision")
    if not isinstance(number, str) or not isinstance(down, str | None):
        raise RevisionError(f"{path.name}: revision and down_revision must be texts")
    return Revision(number, down, path)


def behind(manifest: Manifest, current: str | None) -> tuple[Revision, ...]:
    """What a plugin's tables lack of the installed version.

    Args:
        current: the revision at which they are; None: they aren't there.

    Raises:
        PluginFault: its revisions can't be read, or the tables are of a newer version.
    """
    try:
        found = revisions_of(manifest.migrations)
    except (RevisionError, OSError, UnicodeDecodeError) as error:
        raise PluginFault(unreadable_migrations(manifest.name, str(error))) from error
    numbers = [each.number for each in found]
    if current is None:
        return found
    if current in numbers:
        return found[numbers.index(current) + 1 :]
    if manifest.migrations.is_dir():
        raise PluginFault(newer_tables(manifest.name, current, manifest.distribution))
    return ()


def fault_of(manifest: Manifest, current: str | None) -> Failure | None:
    """Why a plugin's tables aren't those of the installed version; None: they are."""
    try:
        return pending_migration(manifest.name) if behind(manifest, current) else None
    except PluginFault as fault:
        return fault.failure


def waiting(manifests: Sequence[Manifest], current: Mapping[str, str]) -> list[Step]:
    """What would run to bring the tables of these plugins up to the installed versions, in their order.

    Args:
        current: the revision at which each plugin's tables are.

    Raises:
        PluginFault: as ``behind``.
    """
    steps = []
    for manifest in manifests:
        found = behind(manifest, current.get(manifest.name))
        if found:
            steps.append(Step(manifest.name, tuple((each.number, each.sentence) for each in found)))
    return steps
