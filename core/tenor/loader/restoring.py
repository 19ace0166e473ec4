"""A backup put back into an empty place, all or nothing: the database comes last, and with it the institution.

Whoever is killed on the way leaves no institution, and begins again; nothing that stands is ever overwritten.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from tenor.files.store import FolderStore
from tenor.loader.backup import ABOUT, DATABASE, FILES, KEY, About, about_of, digests, hash_of
from tenor.loader.copies import is_empty, kind_of, put
from tenor.loader.founding import prepare_folders
from tenor.loader.manifest import find
from tenor.loader.migrations import script_of
from tenor.loader.state import connected
from tenor_sdk.errors import Conflict, NotFound, Refused

if TYPE_CHECKING:
    from tenor.loader.manifest import Manifest
    from tenor.settings import KernelSettings

_FILE: Final = re.compile(rf"{FILES}/([0-9a-f]{{2}})/(\1[0-9a-f]{{62}})")
_STAGING: Final = "restoring"
#: what a backup says of itself has some hundred bytes for each plugin
_LONGEST: Final = 1_000_000
_PIECE: Final = 1 << 20


def restore(settings: KernelSettings, source: Path) -> tuple[About, tuple[str, ...]]:
    """Put a backup into this place; what it says of itself, and the hashes of files that it names and hasn't got.

    The tables are as they were, of whatever version; no plugin is imported.

    Raises:
        NotFound: ``no-such-file``.
        Conflict: ``institution-exists``: something is in the database; ``other-key``: there is a secret key here,
            not the one of the backup.
        Refused: ``not-a-backup``, ``newer-backup``; ``backup-not-whole``: something in it was changed or cut off;
            ``other-database``: SQLite's copy for PostgreSQL, or the other way; ``plugin-missing``, ``plugin-older``:
            what is installed here couldn't run it; ``key-missing``: in neither place; ``database-not-copied``.
        BootError: the database can't be reached.
    """
    if not source.is_file():
        raise NotFound("no-such-file", name=str(source))
    if not is_empty(settings.owner):
        raise Conflict("institution-exists")
    staging = settings.data_dir / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    try:
        about = _unpack(settings, source, staging)
        _keep_key(settings, staging)
        _keep_files(settings, staging)
        put(staging / DATABASE, settings.owner)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    with connected(settings.database) as connection:
        named = digests(connection)
    store = FolderStore(settings.files_folder)
    return about, tuple(each for each in named if not store.path(each).is_file())


def _unpack(settings: KernelSettings, source: Path, staging: Path) -> About:
    """Everything that is in it, beside where it belongs, each piece looked at."""
    with _opened(source) as members:
        name, content = next(members, ("", None))
        if name != ABOUT or content is None:
            raise Refused("not-a-backup")
        about = about_of(content.read(_LONGEST))
        _can_run(settings, about)
        staging.mkdir(parents=True, mode=0o700)
        for name, content in members:
            _unpack_one(staging, name, content)
    database = staging / DATABASE
    if not database.is_file() or hash_of(database) != about.database:
        raise Refused("backup-not-whole", name=DATABASE)
    return about


@contextmanager
def _opened(source: Path) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """The files in an archive, one after the other; a member that is no file is refused."""

    def members(archive: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            if content is None:
                raise Refused("backup-not-whole", name=member.name[:100])
            yield member.name, content

    try:
        with gzip.open(source) as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
            yield members(archive)
            while packed.read(_PIECE):  # to its end, where a sum over all of it stands
                pass
    except (tarfile.ReadError, tarfile.StreamError) as error:
        raise Refused("not-a-backup") from error
    except (EOFError, tarfile.TarError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused("backup-not-whole", name=source.name) from error


def _unpack_one(staging: Path, name: str, content: IO[bytes]) -> None:
    file = _FILE.fullmatch(name)
    if name not in (DATABASE, KEY) and file is None:
        raise Refused("backup-not-whole", name=name[:100])
    target = staging / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as out:
        shutil.copyfileobj(content, out)
    if file is not None and hash_of(target) != file[2]:
        raise Refused("backup-not-whole", name=name)


def _can_run(settings: KernelSettings, about: About) -> None:
    """Whether what is installed here knows the tables as they are in the backup."""
    if about.kind != kind_of(settings.owner):
        raise Refused("other-database", kind=about.kind)
    installed, _unreadable = find()
    for name in about.enabled:
        if name not in installed:
            raise Refused("plugin-missing", plugin=name)
    for name, revision in about.revisions.items():
        if name in installed and not knows(installed[name], revision):
            raise Refused("plugin-older", plugin=name, version=installed[name].version)


def knows(manifest: Manifest, revision: str) -> bool:
    """Whether an installed plugin has the migration at which its tables are."""
    if not manifest.migrations.is_dir():
        return False
    script = script_of(manifest.migrations)
    return any(each.revision == revision for each in script.walk_revisions())


def _keep_key(settings: KernelSettings, staging: Path) -> None:
    """The key of the backup, where there is none yet."""
    given, kept = staging / KEY, settings.data_dir / KEY
    if settings.secret_key or kept.is_file():
        if given.is_file() and given.read_text("ascii") != settings.key:
            raise Conflict("other-key")
        return
    if not given.is_file():
        raise Refused("key-missing")
    handle = os.open(given, os.O_WRONLY)
    try:
        os.fchmod(handle, 0o600)
        os.fsync(handle)
    finally:
        os.close(handle)
    given.replace(kept)


def _keep_files(settings: KernelSettings, staging: Path) -> None:
    """Into the store, where each lies under its hash: one that is there already is the same."""
    prepare_folders(settings)
    store = FolderStore(settings.files_folder)
    for file in (staging / FILES).glob("*/*"):
        target = store.path(file.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(file, target)
