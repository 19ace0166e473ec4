"""Migrations: every plugin has its own, with a version table of its own; a plan of several is one transaction.

Whatever goes wrong in it, a migration that fails, rows that vanish, a broken key, a commit behind our back, leaves
tables, rows and version tables of all plugins as they were. On SQLite the file is backed up first besides.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, Engine, column, event, func, inspect, select, table, text
from sqlalchemy.engine import make_url

from tenor.clock import Clock
from tenor.loader.failures import MigrationRefused, PluginFault, joined
from tenor.loader.ledger_rights import close
from tenor.loader.manifest import Manifest
from tenor.loader.numbers import counting_on
from tenor.loader.revisions import Step, waiting
from tenor.loader.state import engine_of
from tenor_sdk.errors import TenorError
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, MigrationStep
    from alembic.script import ScriptDirectory

_KEPT_BACKUPS: Final = 5
_LOCK: Final = 7_365_123_411
_ENDS = re.compile(
    r"(?:^|;)\s*(COMMIT|ROLLBACK(?!\s+TO)|BEGIN|END|ABORT|START\s+TRANSACTION)\b", re.IGNORECASE
)
_DROPS: Final = re.compile(r"\s*DROP\s+TRIGGER\s+(?:IF\s+EXISTS\s+)?[\"\[`']?(\w+)", re.IGNORECASE)
_BODIES = re.compile(r"\$(\w*)\$.*?\$\1\$|'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass
class Watch:
    """What the events of the connection need to know while a plan runs."""

    plugin: str = ""
    over: bool = False
    may_lose: set[str] = field(default_factory=set)
    dropped: set[str] = field(default_factory=set)


# -- what there is to do ----------------------------------------------------------------------------------------------


def version_table(manifest: Manifest) -> str:
    """The table that holds a plugin's version."""
    return f"{manifest.name}_schema"


def script_of(folder: Path) -> ScriptDirectory:
    """The revisions in a folder."""
    changed = tuple(sorted((path.name, path.stat().st_mtime_ns) for path in folder.glob("*.py")))
    return _script(folder, changed)


@lru_cache(maxsize=128)
def _script(folder: Path, _changed: object) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    return ScriptDirectory(str(folder), version_locations=[str(folder)])


def current_of(manifest: Manifest, connection: Connection) -> str | None:
    """The revision at which a plugin's tables are; None where they aren't there."""
    name = version_table(manifest)
    return revision_in(name, connection) if inspect(connection).has_table(name) else None


def revision_in(name: str, connection: Connection) -> str | None:
    """The revision that a version table holds; None where it is empty."""
    versions = table(name, column("version_num"))
    value = connection.execute(select(versions.c.version_num)).scalar()
    return None if value is None else str(value)


def plan(connection: Connection, manifests: Sequence[Manifest]) -> list[Step]:
    """What would run for these plugins, in their order.

    Raises:
        MigrationRefused: revisions can't be read, or the tables are of a newer version.
    """
    found = {each.name: current_of(each, connection) for each in manifests}
    try:
        return waiting(manifests, {name: at for name, at in found.items() if at is not None})
    except PluginFault as fault:
        failure = fault.failure
        raise MigrationRefused(failure.plugin, joined((failure.cause, failure.remedy))) from fault


# -- doing it ---------------------------------------------------------------------------------------------------------


def migrate(
    url: str,
    manifests: Sequence[Manifest],
    *,
    backup: bool = True,
    applied: Callable[[str, str], object] = lambda _plugin, _revision: None,
) -> list[Step]:
    """Bring the tables of these plugins up to the installed versions, in their order, all or nothing.

    Args:
        backup: whether SQLite's file is copied first.
        applied: told the plugin and the number of each revision when it has run.

    Returns:
        What ran.

    Raises:
        MigrationRefused: nothing has changed.
    """
    with transaction(url) as (connection, watch):
        steps = plan(connection, manifests)
        if steps and backup:
            back_up(url)
        wanted = {step.plugin for step in steps}
        for manifest in manifests:
            if manifest.name in wanted:
                with counting_on(connection, manifest.name):
                    run(connection, watch, manifest, "head", applied=applied)
        close(connection)
    return steps


def downgrade(url: str, manifest: Manifest, to: str = "base") -> None:
    """Take one plugin's tables back to a revision; for the conformance kit and developers."""
    with transaction(url) as (connection, watch):
        watch.may_lose.update(inspect(connection).get_table_names())
        run(connection, watch, manifest, to, down=True)


def run(
    connection: Connection,
    watch: Watch,
    manifest: Manifest,
    to: str,
    *,
    down: bool = False,
    applied: Callable[[str, str], object] = lambda _plugin, _revision: None,
) -> None:
    """One plugin's revisions, within the plan's transaction; Alembic sees it and commits nothing itself."""
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    script = script_of(manifest.migrations)

    def steps(revision: Any, _context: MigrationContext) -> Sequence[MigrationStep]:
        if down:
            return script._downgrade_revs(to, revision)  # noqa: SLF001 -- env.py files do the same by their template
        return script._upgrade_revs(to, revision)  # noqa: SLF001 -- likewise

    watch.plugin = manifest.name
    watch.may_lose |= _declared_losses(script)
    triggers = _triggers(connection)

    def keep(ctx: Any, step: Any, heads: Any, run_args: Any) -> None:
        """After each revision: a later one may rebuild the table of which an earlier one made the trigger."""
        nonlocal triggers
        triggers = _keep(connection, triggers, watch)
        applied(manifest.name, str(step.up_revision_id))

    with EnvironmentContext(Config(), script, fn=steps, as_sql=False) as environment:
        environment.configure(
            connection=connection,
            version_table=version_table(manifest),
            render_as_batch=True,
            transaction_per_migration=False,
            on_version_apply=keep,
        )
        environment.run_migrations()
    _still_open(connection, manifest.name)


def _triggers(connection: Connection) -> dict[str, tuple[str, str]]:
    """On SQLite, the table and the statement of each trigger; elsewhere a table that changes keeps its own."""
    if connection.dialect.name != "sqlite":
        return {}
    found = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
    return {name: (on, sql) for name, on, sql in connection.execute(found)}


def _keep(
    connection: Connection, before: Mapping[str, tuple[str, str]], watch: Watch
) -> dict[str, tuple[str, str]]:
    """Make anew the triggers that went with a table which SQLite rebuilt: the ledger's, the counts of access; those
    that are there now."""
    now = _triggers(connection)
    lost = sorted(before.keys() - now.keys() - watch.dropped)
    tables = set(inspect(connection).get_table_names()) if lost else set()
    for name in lost:
        on, sql = before[name]
        if on in tables:
            connection.exec_driver_sql(sql)
            now[name] = before[name]
    return now


def _declared_losses(script: ScriptDirectory) -> set[str]:
    """The tables from which a revision says that it takes rows: ``removes_rows = ("notes_note",)``."""
    found: set[str] = set()
    for revision in script.walk_revisions():
        found.update(getattr(revision.module, "removes_rows", ()))
    return found


@contextmanager
def transaction(url: str) -> Iterator[tuple[Connection, Watch]]:
    """The one transaction of a plan, with what is checked before it is committed."""
    engine = engine_of(url)
    watch = Watch()
    _guard(engine, watch)
    try:
        with engine.connect() as connection:
            try:
                _open(connection)
                before = row_counts(connection)
                yield connection, watch
                _check_keys(connection)
                _check_rows(before, row_counts(connection), watch)
                watch.over = True
                connection.commit()
            except BaseException as error:
                _undo(connection)
                meant = isinstance(error, MigrationRefused | TenorError)
                if meant or not isinstance(error, Exception):
                    raise
                raise MigrationRefused(watch.plugin, _said(error)) from error
    finally:
        engine.dispose()


def _open(connection: Connection) -> None:
    """Begin; on SQLite with foreign keys off, which must be said before the transaction, on the driver's own
    connection: within one the pragma is ignored without a word."""
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.dbapi_connection
        raw.isolation_level = None
        raw.execute("PRAGMA busy_timeout=10000")
        raw.execute("PRAGMA foreign_keys=OFF")
        connection.begin()
    else:
        connection.begin()
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _guard(engine: Engine, watch: Watch) -> None:
    """Refuse whatever would end the transaction before the plan does."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("BEGIN IMMEDIATE")

    @event.listens_for(engine, "commit")
    def _commit(_connection: Connection) -> None:
        if not watch.over:
            raise MigrationRefused(watch.plugin, _("a migration may not commit"))

    @event.listens_for(engine, "before_cursor_execute")
    def _execute(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        spoken = statement if engine.dialect.name == "sqlite" else _BODIES.sub("", statement)
        found = _ENDS.match(spoken) if engine.dialect.name == "sqlite" else _ENDS.search(spoken)
        if found:
            word = found[1].upper()
            raise MigrationRefused(watch.plugin, _("a migration may not say {word}", word=word))
        dropped = _DROPS.match(spoken)
        if dropped:
            _may_drop(dropped[1].lower(), watch)


def _may_drop(trigger: str, watch: Watch) -> None:
    """A plugin drops its own triggers only: those of the kernel keep the ledger whole and rights up to date."""
    if not trigger.startswith(f"{watch.plugin}_"):
        problem = _("a migration may not drop the trigger {trigger}", trigger=trigger)
        raise MigrationRefused(watch.plugin, problem)
    watch.dropped.add(trigger)


def _undo(connection: Connection) -> None:
    """Roll back on the driver's connection and throw it away: after an exception in the commit event SQLAlchemy takes
    the transaction for over, and would hand the connection, still inside it, to the next."""
    raw = connection.connection.dbapi_connection
    if raw is not None:
        raw.rollback()
    connection.invalidate()


def _still_open(connection: Connection, plugin: str) -> None:
    """Whether a revision went to the driver itself and ended the transaction there."""
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        is_open = bool(raw.in_transaction)
    else:
        is_open = raw.info.transaction_status.name == "INTRANS"
    if not is_open:
        raise MigrationRefused(
            plugin, _("a migration committed behind the plan's back; restore the backup")
        )


# -- what is checked before the commit --------------------------------------------------------------------------------


def row_counts(connection: Connection) -> dict[str, int]:
    """How many rows every table has."""
    counts = {}
    for name in sorted(inspect(connection).get_table_names()):
        counted = select(func.count()).select_from(table(name))
        counts[name] = int(connection.execute(counted).scalar_one())
    return counts


def _check_rows(before: Mapping[str, int], after: Mapping[str, int], watch: Watch) -> None:
    for name, count in before.items():
        left = after.get(name, 0)
        if left < count and name not in watch.may_lose and not name.endswith("_schema"):
            problem = _(
                "{name} had {count} rows and would have {left}; a migration that means it says {word}",
                name=name, count=count, left=left, word=f'removes_rows = ("{name}",)',
            )  # fmt: skip
            raise MigrationRefused(watch.plugin, problem)


def _check_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    broken = connection.execute(text("PRAGMA foreign_key_check")).fetchone()
    if broken is not None:
        child, row, parent, _key = broken
        words = _("row {row} of {child} would point at nothing in {parent}")
        values = {"row": row, "child": child, "parent": parent}
        raise MigrationRefused("", replace(words, values=values))


def _said(error: BaseException) -> str:
    said = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {said}"


# -- the backup -------------------------------------------------------------------------------------------------------


def back_up(url: str) -> Path | None:
    """A copy of a SQLite file beside it, whole even while others write; None on PostgreSQL, and for a new file."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    file = Path(address.database)
    if not file.is_file() or file.stat().st_size == 0:
        return None
    stamp = Clock().now().strftime("%Y%m%dT%H%M%S%f")
    copy = file.with_name(f"{file.name}.backup-{stamp}")
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    for old in sorted(file.parent.glob(f"{file.name}.backup-*"))[:-_KEPT_BACKUPS]:
        old.unlink()
    return copy
