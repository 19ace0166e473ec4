"""What a removed plugin leaves behind: one file with all that was its own, from which it is brought back.

Its tables and the kernel's rows about it, a line of JSON a row, and the stored files that these name; each piece with
its hash. Whether the file is the one that was written, the ledger knows. Values stand in it as the database keeps them:
on PostgreSQL in its own words, on SQLite as they are.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, column, table, text

from tenor.files.store import FolderStore
from tenor.loader.backup import hash_of
from tenor.loader.numbers import last_of
from tenor.loader.owned import RULES, Owned, Tables, asked, marks
from tenor_sdk.errors import Conflict, Refused

#: what stands in the file: first what it says of itself, then ``tables/…``, ``rows/…`` and ``files/<two letters>/…``
ABOUT: Final = "about.json"
TABLES: Final = "tables"
ROWS: Final = "rows"
FILES: Final = "files"
#: of the form in which it is written; another one is refused
FORM: Final = 1
_NAME: Final = re.compile(
    rf"(?:{TABLES}|{ROWS})/\w+\.jsonl|{FILES}/([0-9a-f]{{2}})/\1[0-9a-f]{{62}}"
)
_QUICK: Final = 1
_TOGETHER: Final = 1000


@dataclass(frozen=True)
class Piece:
    """One table in the file.

    Args:
        columns: in the order in which each line holds them.
        rows: how many.
        sha256: of its lines.
        last: the number that the database gave last; 0 where it counts none.
    """

    columns: tuple[str, ...]
    rows: int
    sha256: str
    last: int = 0


@dataclass(frozen=True, kw_only=True)
class About:
    """What the file says of itself.

    Args:
        plugin, version: whose it is.
        institution: from which it was removed.
        taken_at: the instant, in ISO 8601 with a zone.
        kind: of the database: ``sqlite`` or ``postgresql``.
        revision: of its tables; empty where it has none.
        tables: its own, by name, without that of its version.
        rows: tables of the kernel's, and what of these was about it.
        files: hashes of the stored files that are in it.
        form: of this file.
    """

    plugin: str
    version: str
    institution: str
    taken_at: str
    kind: str
    revision: str
    tables: dict[str, Piece] = field(default_factory=dict)
    rows: dict[str, Piece] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    form: int = FORM


# -- writing it --------------------------------------------------------------------------------------------------------


def write(
    tables: Tables, owned: Owned, about: About, store: FolderStore, target: Path
) -> tuple[About, tuple[str, ...]]:
    """Write a plugin's tables and the rows that were marked as its own into a new file, readable for its owner alone,
    on the disk for sure.

    Returns:
        What the file says of itself, and the hashes of files that are named and aren't in the store.

    Raises:
        Conflict: ``file-exists``.
    """
    if target.exists():
        raise Conflict("file-exists", name=str(target))
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as staging:
        folder = Path(staging)
        own = {name for name in owned.tables if name != f"{owned.plugin}_schema"}
        pieces = {name: _written(tables, name, folder / TABLES) for name in sorted(own)}
        marked = {
            rule.table: _written(tables, rule.table, folder / ROWS, marks(rule.table))
            for rule in RULES
        }
        named = _digests(tables.connection)
        missing = tuple(each for each in named if not store.path(each).is_file())
        files = tuple(each for each in named if each not in missing)
        said = {
            **asdict(about),
            "tables": pieces,
            "rows": {name: one for name, one in marked.items() if one.rows},
        }
        about = About(**{**said, "files": files})
        whole = folder / "whole"
        _pack(whole, folder, about, store)
        _appear(whole, target)
    return about, missing


def _written(tables: Tables, name: str, folder: Path, marked: str = "") -> Piece:
    """The rows of a table, or those of it that were marked, as lines of a file."""
    folder.mkdir(exist_ok=True)
    columns, whole, count = tuple(tables.columns(name)), sha256(), 0
    with (folder / f"{name}.jsonl").open("wb") as out:
        for row in _rows(tables.connection, name, columns, marked):
            line = json.dumps(row, ensure_ascii=False, default=_as_hex).encode() + b"\n"
            out.write(line)
            whole.update(line)
            count += 1
    return Piece(
        columns,
        count,
        whole.hexdigest(),
        0 if marked else last_of(tables.connection, name, columns),
    )


def _rows(
    connection: Connection, name: str, columns: Sequence[str], marked: str
) -> Iterator[list[Any]]:
    said = asked(name, *columns)
    if marked:
        said = said.where(column("id").in_(asked(marked, "id")))
    if "id" in columns:
        said = said.order_by(column("id"))
    if connection.dialect.name == "sqlite":
        yield from (list(row) for row in connection.execute(said))
        return
    raw: Any = connection.connection.driver_connection
    words = f"COPY ({said.compile(dialect=connection.dialect)}) TO STDOUT"
    with raw.cursor() as cursor, cursor.copy(words) as copy:
        yield from (list(row) for row in copy.rows())


def _as_hex(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    raise TypeError(f"{value!r} isn't what SQLite keeps")


def _digests(connection: Connection) -> tuple[str, ...]:
    said = "SELECT DISTINCT sha256 FROM base_file WHERE id IN (SELECT id FROM going_base_file) ORDER BY sha256"
    return tuple(connection.execute(text(said)).scalars())


def _pack(whole: Path, folder: Path, about: About, store: FolderStore) -> None:
    handle = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=_QUICK) as archive:
            content = json.dumps(asdict(about), ensure_ascii=False, indent=1).encode()
            member = tarfile.TarInfo(ABOUT)
            member.size, member.mode = len(content), 0o600
            archive.addfile(member, io.BytesIO(content))
            for part, pieces in ((TABLES, about.tables), (ROWS, about.rows)):
                for name in pieces:
                    archive.add(folder / part / f"{name}.jsonl", f"{part}/{name}.jsonl")
            for digest in about.files:
                archive.add(store.path(digest), f"{FILES}/{digest[:2]}/{digest}", recursive=False)
        out.flush()
        os.fsync(out.fileno())


def _appear(whole: Path, target: Path) -> None:
    """Give the finished file its name, for sure, where nobody took it meanwhile."""
    try:
        target.hardlink_to(whole)
    except FileExistsError as error:
        raise Conflict("file-exists", name=str(target)) from error
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


# -- reading it --------------------------------------------------------------------------------------------------------


def about_of(content: bytes) -> About:
    """What such a file says of itself, read.

    Raises:
        Refused: ``not-an-export``; ``newer-export``: of a form that this version doesn't know.
    """
    try:
        said: dict[str, Any] = json.loads(content)
        if said["form"] != FORM:
            raise Refused("newer-export")
        for part in (TABLES, ROWS):
            said[part] = {
                name: Piece(**{**each, "columns": tuple(each["columns"])})
                for name, each in said[part].items()
            }
        names = (
            *(f"{TABLES}/{each}.jsonl" for each in said[TABLES]),
            *(f"{ROWS}/{each}.jsonl" for each in said[ROWS]),
        )
        files = (f"{FILES}/{each[:2]}/{each}" for each in said["files"])
        if not all(_NAME.fullmatch(each) for each in (*names, *files)):
            raise Refused("not-an-export")
        return About(**{**said, "files": tuple(said["files"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("not-an-export") from error


def first_words(file: Path) -> About | None:
    """What a file says of itself, where it is such a one at all."""
    with (
        suppress(OSError, EOFError, tarfile.TarError, Refused),
        tarfile.open(file, "r|gz") as archive,
    ):
        member = archive.next()
        content = (
            archive.extractfile(member) if member is not None and member.name == ABOUT else None
        )
        return about_of(content.read()) if content is not None else None
    return None


def put(connection: Connection, name: str, columns: Sequence[str], file: Path) -> None:
    """Put the lines of a file into a table."""
    with file.open(encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        if connection.dialect.name == "sqlite":
            inserted = table(name, *(column(each) for each in columns)).insert()
            while some := [*islice(rows, _TOGETHER)]:
                told = [dict(zip(columns, map(_from_hex, row), strict=True)) for row in some]
                connection.execute(inserted, told)
            return
        quote = connection.dialect.identifier_preparer.quote
        words = f"COPY {quote(name)} ({', '.join(map(quote, columns))}) FROM STDIN"
        raw: Any = connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy(words) as copy:
            for row in rows:
                copy.write_row(row)


def _from_hex(value: Any) -> Any:
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value


# -- unpacking ---------------------------------------------------------------------------------------------------------


def unpack(source: Path, folder: Path) -> About:
    """Unpack such a file into a folder, each piece looked at.

    Raises:
        Refused: ``not-an-export``, ``newer-export``; ``export-not-whole``: something in it was changed or cut off.
    """
    about = first_words(source)
    if about is None:
        raise Refused("not-an-export")
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                if member.isreg() and _NAME.fullmatch(member.name):
                    _unpack_one(archive, member, folder / member.name)
    except (EOFError, OSError, tarfile.TarError, zlib.error) as error:
        raise Refused("export-not-whole", name=source.name) from error
    _check(folder, about)
    return about


def _unpack_one(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    """Its content alone: the filter with which ``extract`` would be safe came with Python 3.11.4."""
    content = archive.extractfile(member)
    assert content is not None  # of a regular file there is some
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("wb") as out:
        shutil.copyfileobj(content, out)


def _check(folder: Path, about: About) -> None:
    """Raises ``export-not-whole`` where not all is in it that it says, as it was written."""
    for part, pieces in ((TABLES, about.tables), (ROWS, about.rows)):
        for name, piece in pieces.items():
            file = folder / part / f"{name}.jsonl"
            if not file.is_file() or hash_of(file) != piece.sha256:
                raise Refused("export-not-whole", name=f"{part}/{name}.jsonl")
    for digest in about.files:
        file = folder / FILES / digest[:2] / digest
        if not file.is_file() or hash_of(file) != digest:
            raise Refused("export-not-whole", name=digest)
