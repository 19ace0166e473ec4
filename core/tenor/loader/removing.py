"""Removing a plugin: exported first, then its tables and the kernel's rows about it go, in one transaction with the
entry of the ledger. Purging destroys the export too. No plugin is imported: its package may be gone already.

Whoever is killed on the way leaves all of it or nothing; at most a file beside the export that nobody names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import Connection, column, select, table, text

from tenor.audit.records import LedgerEntry
from tenor.files.store import FolderStore
from tenor.loader import reminders
from tenor.loader.access import manage_plugins
from tenor.loader.acts import PURGED, REMOVED, RESTORED, last_act
from tenor.loader.backup import hash_of
from tenor.loader.copies import kind_of
from tenor.loader.exported import About, first_words, write
from tenor.loader.failures import joined
from tenor.loader.lifecycle import next_generation
from tenor.loader.manifest import BASE, find
from tenor.loader.migrations import Watch, revision_in, transaction
from tenor.loader.numbers import NUMBERS, given
from tenor.loader.owned import LESS, RULES, Owned, Tables, asked, mark, take
from tenor.loader.records import PluginState
from tenor.loader.state import connected
from tenor_sdk.errors import Conflict, Refused
from tenor_sdk.i18n import Text, _

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.kernel import Kernel
    from tenor.settings import KernelSettings

_ENDING: Final = ".tar.gz"
#: within which a file may be in the store, and not yet named
_LATELY: Final = timedelta(hours=1)
_entries: Any = LedgerEntry.__table__


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What removing, bringing back or purging a plugin would do.

    Args:
        verb: what was asked for, of ``plugin``.
        tables: that go, or come, each with the number of its rows.
        rows: of the kernel's tables, what is about the plugin.
        files: stored files that these name.
        exports: files that it is brought back from, or that are destroyed.
        first: plugins that would have to go before it, in this order.
        refusals: why it can't be done; empty: it can.
    """

    verb: Literal["remove", "restore", "purge"]
    plugin: str
    tables: tuple[tuple[str, int], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    files: int = 0
    exports: tuple[Path, ...] = ()
    first: tuple[str, ...] = ()
    refusals: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Removed:
    """What was removed.

    Args:
        file: the export.
        missing: hashes of files that are named, and that weren't in the store.
    """

    file: Path
    missing: tuple[str, ...]


def folder_of(settings: KernelSettings) -> Path:
    """Where the exports of removed plugins are kept."""
    return settings.data_dir / "removed"


def exports_of(settings: KernelSettings, name: str) -> tuple[Path, ...]:
    """The exports of a plugin that are kept there, oldest first."""
    found = ((path, first_words(path)) for path in sorted(folder_of(settings).glob(f"*{_ENDING}")))
    return tuple(path for path, about in found if about is not None and about.plugin == name)


# -- what it would take ------------------------------------------------------------------------------------------------


def plan_remove(settings: KernelSettings, name: str) -> Removal:
    """What removing a plugin would take away; imports none."""
    with connected(settings.database) as connection:
        return _planned(Tables(connection, find()[0]), name)


def plan_purge(settings: KernelSettings, name: str) -> Removal:
    """What would be destroyed of a plugin, the exports of earlier removals among it; imports none."""
    with connected(settings.database) as connection:
        return _to_purge(Tables(connection, find()[0]), settings, name)


def _planned(tables: Tables, name: str) -> Removal:
    owned = tables.of(name)
    counted = {rule.table: (rule, tables.count(rule.table, owned.where(rule))) for rule in RULES}
    first = tables.dependants(name) if name != BASE else []
    own = [each for each in owned.tables if each != f"{name}_schema"]
    return Removal(
        verb="remove",
        plugin=name,
        tables=tuple((each, tables.count(each)) for each in own),
        rows=tuple((each, count) for each, (_rule, count) in counted.items() if count),
        files=counted["base_file"][1],
        first=tuple(first),
        refusals=tuple(_refusals(tables, owned, first)),
    )


def _refusals(tables: Tables, owned: Owned, first: list[str]) -> Iterator[Text]:
    name = owned.plugin
    if name == BASE:
        yield _("The kernel's own plugin can't be removed.")
        return
    enabled = is_enabled(tables.connection, name)
    if enabled is None:
        yield _("{plugin} was never enabled here.", plugin=name)
        return
    if enabled:
        yield _("It is enabled. First: tenor plugin disable {plugin}", plugin=name)
    elif not owned.tables and last_act(tables.connection, name) in (REMOVED, PURGED):
        yield _("{plugin} was removed already.", plugin=name)
    if first:
        yield _(
            "Others need it. These go before it, in this order: {names}", names=", ".join(first)
        )
    for journal in tables.journals(owned):
        yield _(
            "{table} is a journal, which stays whole: disable the plugin instead.", table=journal
        )
    held = tables.held(owned)
    if held:
        yield _("{n} legal holds are on its records.", n=held)


def _to_purge(tables: Tables, settings: KernelSettings, name: str) -> Removal:
    """As removing; of what was removed already, what is left."""
    exports = exports_of(settings, name)
    said = _planned(tables, name)
    removed = not tables.of(name).tables and bool(
        exports or reminders.read(folder_of(settings), name)
    )
    return Removal(
        verb="purge",
        plugin=name,
        tables=said.tables,
        rows=said.rows,
        files=said.files,
        exports=exports,
        first=said.first,
        refusals=() if removed and not is_enabled(tables.connection, name) else said.refusals,
    )


def is_enabled(connection: Connection, name: str) -> bool | None:
    """Whether a plugin is enabled; None where it never was."""
    states = asked("base_plugin_state", "enabled")
    found = connection.execute(states.where(column("name") == name)).scalar()
    return None if found is None else bool(found)


# -- doing it ----------------------------------------------------------------------------------------------------------


def remove(kernel: Kernel, actor: ActorData, name: str) -> Removed:
    """Remove a plugin that is disabled.

    Args:
        kernel: started without plugins.
        actor: who does it.

    Raises:
        Forbidden: without the permission.
        Refused: ``plugin-plan``, with the reasons.
        Conflict: ``file-exists``.
        MigrationRefused: the database refused; nothing has changed.
    """
    may_manage(kernel, actor)
    stamp = f"{kernel.clock.now():%Y%m%dT%H%M%S}"
    target = folder_of(kernel.settings) / f"{name}-{stamp}{_ENDING}"
    made = False
    try:
        with transaction(kernel.settings.owner) as (connection, watch):
            tables = _held_still(connection, watch, name)
            must_hold(_planned(tables, name))
            owned = tables.of(name)
            numbers = given(tables, owned)
            counts = mark(connection, owned)
            store = FolderStore(kernel.settings.files_folder)
            about, missing = write(tables, owned, _about(kernel, connection, name), store, target)
            made = True
            take(tables, owned, counts)
            told = {
                "version": about.version,
                "file": target.name,
                "sha256": hash_of(target),
                "tables": {each: piece.rows for each, piece in about.tables.items()},
                "rows": counts,
                NUMBERS: numbers,
            }
            note(kernel, actor, connection, name, REMOVED, told)
            made = False  # the commit may have gone through where it is said to have failed: then this is all there is
    except Exception:
        if made:
            target.unlink()
        raise
    return Removed(target, missing)


def _held_still(connection: Connection, watch: Watch, name: str) -> Tables:
    """What is there, when nobody writes to the plugin's tables any more: processes that still run it are waited for."""
    tables = Tables(connection, find()[0])
    owned = tables.of(name)
    watch.plugin = name
    watch.may_lose |= {*owned.tables, *LESS}
    if connection.dialect.name == "postgresql" and owned.tables:
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(
            f"LOCK TABLE {', '.join(map(quote, owned.tables))} IN ACCESS EXCLUSIVE MODE"
        )
    return tables


def _about(kernel: Kernel, connection: Connection, name: str) -> About:
    states = asked("base_plugin_state", "installed_version")
    version = connection.execute(states.where(column("name") == name)).scalar()
    versions = f"{name}_schema"
    there = versions in Tables(connection, {}).names
    return About(
        plugin=name,
        version=version or "",
        institution=kernel.settings.institution,
        taken_at=kernel.clock.now().isoformat(timespec="seconds"),
        kind=kind_of(kernel.settings.database),
        revision=(revision_in(versions, connection) if there else None) or "",
    )


def purge(kernel: Kernel, actor: ActorData, name: str) -> Removal:
    """Destroy what there is of a plugin: tables, rows, stored files that nothing else names, and the exports of
    earlier removals. What the ledger keeps stays. Whoever is interrupted says it again.

    Returns:
        What was destroyed.

    Raises:
        Forbidden, Refused, MigrationRefused: as ``remove``.
    """
    may_manage(kernel, actor)
    settings = kernel.settings
    with transaction(settings.owner) as (connection, watch):
        tables = _held_still(connection, watch, name)
        change = _to_purge(tables, settings, name)
        must_hold(change)
        abouts = [about for about in map(first_words, change.exports) if about is not None]
        owned = tables.of(name)
        numbers = given(tables, owned)
        said_own = {each for about in abouts for each in about.tables if tables.owner(each) == name}
        known = {*owned.tables, *said_own}
        owned = Owned(name, tuple(sorted(known)), owned.links)
        counts = mark(connection, owned)
        said = text("SELECT sha256 FROM base_file WHERE id IN (SELECT id FROM going_base_file)")
        named = {
            *connection.execute(said).scalars(),
            *(each for about in abouts for each in about.files),
            *reminders.read(folder_of(settings), name),
        }
        reminders.write(folder_of(settings), name, named)
        take(tables, owned, counts, for_good=True)
        kernel.search.compact(connection)
        told = {
            "tables": dict(change.tables),
            "rows": counts,
            "exports": [hash_of(each) for each in change.exports],
            NUMBERS: numbers,
        }
        note(kernel, actor, connection, name, PURGED, told)
    _destroy(kernel, change.exports, named)
    reminders.forget(folder_of(settings), name)
    return change


def _destroy(kernel: Kernel, exports: Iterable[Path], named: Iterable[str]) -> None:
    """Files last: until the database is done, all could still be brought back."""
    store, began = FolderStore(kernel.settings.files_folder), kernel.clock.now()
    with transaction(kernel.settings.owner) as (connection, _watch):
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("LOCK TABLE base_file IN EXCLUSIVE MODE")
        for digest in named:
            used: Any = (
                select(column("id"))
                .select_from(table("base_file"))
                .where(column("sha256") == digest)
            )
            if connection.execute(used.limit(1)).first() is None:
                store.forget(digest, began - _LATELY)
    for export in exports:
        export.unlink(missing_ok=True)


# -- what all of them do -----------------------------------------------------------------------------------------------


def may_manage(kernel: Kernel, actor: ActorData) -> None:
    """Raises ``Forbidden`` for whoever may not say which plugins there are."""
    with kernel.context(actor, write=False) as ctx:
        kernel.access.check_use(ctx, manage_plugins, None)


def must_hold(change: Removal) -> None:
    """Raises ``Refused`` with the reasons of a plan that can't be carried out."""
    if change.refusals:
        raise Refused("plugin-plan", plugin=change.plugin, reasons=joined(change.refusals))


def note(
    kernel: Kernel,
    actor: ActorData,
    connection: Connection,
    name: str,
    kind: str,
    told: Mapping[str, Any],
) -> None:
    """Put an act on record in the transaction that does it, and count the generation up: every process is replaced."""
    with (
        kernel.context_within(connection, actor, request_id="", today=None) as ctx,
        kernel.db.system(ctx.guarded) as session,
    ):
        state = session.scalars(select(PluginState).where(PluginState.name == name)).one()
        if state.enabled:  # by somebody, while we were at it
            raise Conflict("changed-since")
        kernel.audit.note(ctx, kind, state, plugin=name, **told)
        next_generation(session)


def removed_here(settings: KernelSettings) -> dict[str, Mapping[str, Any]]:
    """The plugins that were removed, and neither brought back nor purged since: what the ledger says of each removal;
    ``at`` is its time."""
    told = (
        select(_entries.c.kind, _entries.c.at, _entries.c.changes)
        .where(_entries.c.table_name == PluginState.__tablename__)
        .where(_entries.c.kind.in_((REMOVED, RESTORED, PURGED)))
        .order_by(_entries.c.id)
    )
    found: dict[str, Mapping[str, Any]] = {}
    with connected(settings.database) as connection:
        for kind, at, changes in connection.execute(told):
            said = {"at": at, **{key: pair[1] for key, pair in changes.items()}}
            found.pop(said["plugin"], None)
            if kind == REMOVED:
                found[said["plugin"]] = said
    return found


def ever_enabled(settings: KernelSettings) -> frozenset[str]:
    """The plugins that were enabled at some time."""
    with connected(settings.database) as connection:
        return frozenset(connection.execute(asked("base_plugin_state", "name")).scalars())
