"""A removed plugin brought back from its export, in one transaction with the entry of the ledger: its own migrations
make the tables as they were, up to the revision of the export; then the rows come, each under its number.

It is disabled afterwards, as it was; where a newer version is installed, enabling it runs what that one brings.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    Connection,
    bindparam,
    column,
    false,
    func,
    literal_column,
    select,
    table,
    text,
)

from tenor.audit.unlocking import unlocked
from tenor.files.store import FolderStore
from tenor.loader.acts import PURGED, REMOVED, RESTORED, acts_on
from tenor.loader.backup import hash_of
from tenor.loader.copies import kind_of
from tenor.loader.exported import FILES, ROWS, TABLES, About, Piece, put, unpack
from tenor.loader.manifest import Manifest, find
from tenor.loader.migrations import Watch, run, transaction
from tenor.loader.numbers import counting_on, sequence_of
from tenor.loader.owned import LESS, RULES, Owned, Rule, Tables, asked, mark, take
from tenor.loader.removing import (
    Removal,
    folder_of,
    is_enabled,
    may_manage,
    must_hold,
    note,
)
from tenor.loader.restoring import knows
from tenor.loader.state import connected
from tenor_sdk.errors import Conflict, NotFound, Refused
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.kernel import Kernel
    from tenor.settings import KernelSettings

_KEYS: Final = """
    SELECT conrelid::regclass::text AS name, quote_ident(conname) AS key, pg_get_constraintdef(oid) AS said
    FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text IN :names
"""


# -- what it would take ------------------------------------------------------------------------------------------------


def plan_restore(settings: KernelSettings, name: str, source: Path | None = None) -> Removal:
    """What bringing a plugin back would bring; imports none.

    Args:
        source: the export, where it isn't where it was written to.
    """
    with connected(settings.database) as connection:
        return _planned(Tables(connection, find()[0]), settings, name, source)[0]


def _planned(
    tables: Tables, settings: KernelSettings, name: str, source: Path | None
) -> tuple[Removal, Path | None]:
    told = _told(tables.connection, name, source)
    file = source or (folder_of(settings) / str(told["file"]) if told else None)
    change = Removal(
        verb="restore",
        plugin=name,
        tables=tuple(told["tables"].items()) if told else (),
        rows=tuple(told["rows"].items()) if told else (),
        files=told["rows"].get("base_file", 0) if told else 0,
        exports=(file,) if file else (),
        refusals=tuple(_refusals(tables, name, file if told else None)),
    )
    return change, file


def _told(connection: Connection, name: str, source: Path | None) -> Mapping[str, Any] | None:
    """What the ledger says of the removal from which a plugin is brought back: the last one, or that of a file; nothing
    where what was exported was purged since."""
    wanted = hash_of(source) if source is not None and source.is_file() else ""
    purged: set[str] = set()
    for kind, told in acts_on(connection, name):
        if kind == PURGED:
            purged.update(told["exports"])
        if kind == REMOVED and told["sha256"] not in purged and wanted in ("", told["sha256"]):
            return told
    return None


def _refusals(tables: Tables, name: str, file: Path | None) -> Iterator[Text]:
    if is_enabled(tables.connection, name) or tables.of(name).tables:
        yield _("{plugin} is here.", plugin=name)
    if file is None:
        yield _(
            "The ledger knows of no removal from which {plugin} could be brought back.", plugin=name
        )
    elif not file.is_file():
        yield _("{file} isn't there.", file=str(file))
    manifest = tables.installed.get(name)
    if manifest is None:
        yield _("{plugin} isn't installed.", plugin=name)
        return
    for other in sorted(manifest.requires):
        needed = tables.installed.get(other)
        if needed is not None and needed.migrations.is_dir() and not tables.of(other).tables:
            yield _("It needs {other}, which has no tables here. That comes first.", other=other)


# -- doing it ----------------------------------------------------------------------------------------------------------


def bring_back(kernel: Kernel, actor: ActorData, name: str, source: Path | None = None) -> About:
    """Bring a plugin back from the export of its removal.

    Args:
        kernel: started without plugins.
        actor: who does it.
        source: the export, where it isn't where it was written to.

    Returns:
        What the export says of itself.

    Raises:
        Forbidden: without the permission.
        NotFound: ``no-such-file``.
        Refused: ``plugin-plan``, with the reasons; ``not-an-export``, ``newer-export``; ``export-not-whole``:
            something in it was changed or cut off; ``other-database``: it is of one of another kind;
            ``plugin-older``: the installed version doesn't know tables of that revision; ``tables-differ``: they
            aren't made as they were.
        Conflict: ``number-taken``: a row's number is another row's by now.
        MigrationRefused: the database refused. Nothing has changed, in all of these cases.
    """
    may_manage(kernel, actor)
    settings = kernel.settings
    if source is not None and not source.is_file():
        raise NotFound("no-such-file", name=str(source))
    with transaction(settings.owner) as (connection, watch):
        tables = Tables(connection, find()[0])
        change, file = _planned(tables, settings, name, source)
        must_hold(change)
        assert file is not None  # that is what the plan says
        told = _told(connection, name, file)
        if told is None:
            raise Refused("export-not-whole", name=file.name)
        with _unpacked(file) as (folder, about):
            manifest = _sound(tables, about)
            _clear(tables, watch, about)
            with counting_on(connection, name):  # of the rows that came after its export too
                if about.revision:
                    run(connection, watch, manifest, about.revision)
                _fill(connection, about, folder)
            _keep_files(settings, folder, about)
        note(
            kernel,
            actor,
            connection,
            name,
            RESTORED,
            {"version": about.version, "sha256": told["sha256"]},
        )
    return about


@contextmanager
def _unpacked(file: Path) -> Iterator[tuple[Path, About]]:
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as staging:
        yield Path(staging), unpack(file, Path(staging))


def _sound(tables: Tables, about: About) -> Manifest:
    """Whether what is installed here makes these tables; the plugin's manifest."""
    kind, manifest = kind_of(str(tables.connection.engine.url)), tables.installed[about.plugin]
    if about.kind != kind:
        raise Refused("other-database", kind=about.kind)
    if about.revision and not knows(manifest, about.revision):
        raise Refused("plugin-older", plugin=about.plugin, version=manifest.version)
    return manifest


def _clear(tables: Tables, watch: Watch, about: About) -> None:
    """Take away what removing had to leave in the kernel's tables."""
    owned = Owned(about.plugin, tuple(about.tables))
    watch.plugin = about.plugin
    watch.may_lose |= LESS
    take(tables, owned, mark(tables.connection, owned), for_good=True)


def _fill(connection: Connection, about: About, folder: Path) -> None:
    tables = Tables(connection, {})
    for name, piece in about.tables.items():
        if name not in tables.names or {*tables.columns(name)} != {*piece.columns}:
            raise Refused("tables-differ", plugin=about.plugin, name=name)
    with _without_keys(connection, [*about.tables]):
        for name, piece in about.tables.items():
            with unlocked(connection, name):
                connection.execute(table(name).delete())  # what the migrations may have put there
                put(connection, name, piece.columns, folder / TABLES / f"{name}.jsonl")
            _count_on(connection, name, piece)
    for rule in reversed(RULES):
        if rule.table in about.rows:
            _add(tables, rule, about.rows[rule.table], folder / ROWS / f"{rule.table}.jsonl")


@contextmanager
def _without_keys(connection: Connection, names: list[str]) -> Iterator[None]:
    """While rows come in whichever order; afterwards PostgreSQL holds all of them to its foreign keys, as SQLite does
    at the end of the transaction."""
    if connection.dialect.name == "sqlite" or not names:
        yield
        return
    told = text(_KEYS).bindparams(bindparam("names", expanding=True))
    keys = connection.execute(told, {"names": names}).all()
    for key in keys:
        connection.exec_driver_sql(f"ALTER TABLE {key.name} DROP CONSTRAINT {key.key}")
    yield
    for key in keys:
        connection.exec_driver_sql(f"ALTER TABLE {key.name} ADD CONSTRAINT {key.key} {key.said}")


def _count_on(connection: Connection, name: str, piece: Piece) -> None:
    """No number is given a second time."""
    sequence = sequence_of(connection, name, piece.columns)
    if sequence and piece.last:
        connection.execute(select(func.setval(sequence, piece.last)))


def _add(tables: Tables, rule: Rule, piece: Piece, file: Path) -> None:
    """Rows of a table of the kernel's; what stayed there stays as it is."""
    connection, name, columns = tables.connection, rule.table, [*piece.columns]
    if {*tables.columns(name)} != {*columns}:
        raise Refused("tables-differ", plugin="base", name=name)
    coming, there = (
        table(f"coming_{name}", *map(column, columns)),
        table(name, *map(column, columns)),
    )
    empty = asked(name, *columns).where(false())
    shape = empty.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {coming.name} AS {shape}")
    put(connection, coming.name, columns, file)
    same: Any = select(literal_column("1")).select_from(there).where(there.c.id == coming.c.id)
    new = select(*coming.c).where(~same.correlate(coming).exists())
    connection.execute(there.insert().from_select(columns, new))
    taken = (
        select(*coming.c)
        .join(there, there.c.id == coming.c.id)
        .where(there.c.created_at != coming.c.created_at)
    )
    if not rule.anew:
        other = connection.execute(taken.limit(1)).first()
        if other is not None:
            raise Conflict("number-taken", name=name, number=other.id)
        return
    rest = [each for each in columns if each != "id"]
    anew = select(*(coming.c[each] for each in rest)).join(there, there.c.id == coming.c.id)
    connection.execute(
        there.insert().from_select(rest, anew.where(there.c.created_at != coming.c.created_at))
    )


def _keep_files(settings: KernelSettings, folder: Path, about: About) -> None:
    """Into the store, where each lies under its hash: one that is there already is the same."""
    store = FolderStore(settings.files_folder)
    for digest in about.files:
        target = store.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(folder / FILES / digest[:2] / digest, target)
