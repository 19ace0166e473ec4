"""A backup: one file with all that an institution is, made while it runs.

The database as it stood at one moment, the files that it names (they are never changed, only added: what comes while
the copy is made does no harm), and the secret key. It appears under its name when it is whole, or not at all.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, inspect, text

from tenor.files.store import FolderStore
from tenor.loader.copies import copied, kind_of
from tenor.loader.migrations import revision_in
from tenor.loader.state import read_state
from tenor_sdk.errors import Conflict, Refused

if TYPE_CHECKING:
    from tenor.clock import Clock
    from tenor.settings import KernelSettings

#: what stands in the file, in this order; then ``files/<two letters>/<hash>`` for each stored file
ABOUT: Final = "about.json"
DATABASE: Final = "database"
KEY: Final = "secret.key"
FILES: Final = "files"
#: of the form in which it is written; another one is refused
FORM: Final = 1
_QUICK: Final = 1


@dataclass(frozen=True, kw_only=True)
class About:
    """What a backup says of itself.

    Args:
        institution: its name.
        taken_at: the instant at which it was begun, in ISO 8601 with a zone.
        kind: of the database: ``sqlite`` or ``postgresql``.
        database: SHA-256 of its copy.
        generation: of the set of plugins.
        enabled: the plugins that are enabled.
        revisions: of the tables, by plugin, disabled ones too.
        seal: number and digest of the last seal, as ``tenor audit roots`` says them; None: there was none.
        form: of this file.
    """

    institution: str
    taken_at: str
    kind: str
    database: str
    generation: int
    enabled: tuple[str, ...]
    revisions: dict[str, str]
    seal: tuple[int, str] | None
    form: int = FORM


@dataclass(frozen=True)
class Made:
    """A backup that was made.

    Args:
        about: what it says of itself.
        files: how many are in it.
        missing: hashes of files that the database names, and that aren't in the store.
    """

    about: About
    files: int
    missing: tuple[str, ...]


def back_up(settings: KernelSettings, target: Path, clock: Clock, *, key: bool = True) -> Made:
    """Make a backup; no plugin is imported, so that it can be made of an institution that doesn't start any more.

    Args:
        target: a new file, readable for its owner alone.
        key: whether the secret key goes in; without it the backup opens no stored secret, and the key must be kept
            elsewhere.

    Raises:
        Conflict: ``file-exists``.
        Refused: ``no-institution``; ``database-not-copied``, ``program-missing``.
        BootError: the database can't be reached.
    """
    if target.exists():
        raise Conflict("file-exists", name=str(target))
    if not read_state(settings.database).generation:
        raise Refused("no-institution")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as staging:
        copy, whole = Path(staging) / DATABASE, Path(staging) / "whole"
        with copied(settings.owner, copy) as connection:
            about = _about(settings, clock, connection, copy)
            named = digests(connection)
        missing = _write(settings, whole, about, copy, named, key=key)
        _appear(whole, target)
    return Made(about, len(named) - len(missing), missing)


def _appear(whole: Path, target: Path) -> None:
    """Give the finished file its name, where nobody took it meanwhile."""
    with whole.open("rb") as file:
        os.fsync(file.fileno())
    try:
        target.hardlink_to(whole)
    except FileExistsError as error:
        raise Conflict("file-exists", name=str(target)) from error


def _about(settings: KernelSettings, clock: Clock, connection: Connection, copy: Path) -> About:
    generation = connection.execute(text("SELECT max(number) FROM base_generation")).scalar_one()
    enabled = connection.execute(
        text("SELECT name FROM base_plugin_state WHERE enabled ORDER BY name")
    )
    return About(
        institution=settings.institution,
        taken_at=clock.now().isoformat(timespec="seconds"),
        kind=kind_of(settings.database),
        database=hash_of(copy),
        generation=int(generation),
        enabled=tuple(enabled.scalars()),
        revisions=dict(_revisions(connection)),
        seal=_last_seal(connection),
    )


def _revisions(connection: Connection) -> Iterator[tuple[str, str]]:
    inspector = inspect(connection)
    for table in sorted(inspector.get_table_names()):
        plugin, ending, _rest = table.rpartition("_schema")
        if ending and {"version_num"} == {each["name"] for each in inspector.get_columns(table)}:
            number = revision_in(table, connection)
            if number is not None:
                yield plugin, number


def _last_seal(connection: Connection) -> tuple[int, str] | None:
    row = connection.execute(
        text("SELECT id, digest FROM base_seal ORDER BY id DESC LIMIT 1")
    ).first()
    return (int(row.id), str(row.digest)) if row else None


def digests(connection: Connection) -> tuple[str, ...]:
    """The hashes of the files that a database names."""
    found = connection.execute(text("SELECT DISTINCT sha256 FROM base_file ORDER BY sha256"))
    return tuple(found.scalars())


def _write(
    settings: KernelSettings, whole: Path, about: About, copy: Path, named: tuple[str, ...], *, key: bool
) -> tuple[str, ...]:  # fmt: skip
    """Write all of it; returns the hashes of files that are missing."""
    missing = []
    handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with (
        os.fdopen(handle, "wb") as out,
        tarfile.open(fileobj=out, mode="w:gz", compresslevel=_QUICK) as archive,
    ):
        _add(archive, ABOUT, json.dumps(asdict(about), ensure_ascii=False, indent=1).encode())
        archive.add(copy, DATABASE)
        if key:
            _add(archive, KEY, settings.key.encode("ascii"))
        store = FolderStore(settings.files_folder)
        for digest in named:
            file = store.path(digest)
            name = f"{FILES}/{file.relative_to(store.folder).as_posix()}"
            try:
                archive.add(file, name, recursive=False)
            except FileNotFoundError:
                missing.append(digest)
    return tuple(missing)


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def about_of(content: bytes) -> About:
    """What a backup says of itself, read.

    Raises:
        Refused: ``not-a-backup``; ``newer-backup``: of a form that this version doesn't know.
    """
    try:
        said: dict[str, Any] = json.loads(content)
        if said["form"] != FORM:
            raise Refused("newer-backup")
        seal = said.pop("seal")
        about = About(
            **{**said, "enabled": tuple(said["enabled"]), "revisions": dict(said["revisions"])},
            seal=(int(seal[0]), str(seal[1])) if seal else None,
        )
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise Refused("not-a-backup") from error
    return about


def hash_of(file: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits, read piece by piece."""
    with file.open("rb") as opened:
        return file_digest(opened, sha256).hexdigest()
