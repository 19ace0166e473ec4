"""The tables of a test's database: by migrations; where a plugin under construction has none yet, from its records."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module

from sqlalchemy import inspect, text

from tenor.audit import triggers
from tenor.loader.collect import modules_of
from tenor.loader.failures import BootError
from tenor.loader.manifest import BASE, Manifest
from tenor.loader.migrations import migrate
from tenor.loader.state import connected, engine_of
from tenor_sdk.i18n import _
from tenor_sdk.records import metadata

log = logging.getLogger(__name__)


def make_tables(url: str, manifests: Sequence[Manifest]) -> None:
    """Make every table of these plugins, in their order."""
    for manifest in manifests:
        if manifest.migrations.is_dir():
            migrate(url, [manifest], backup=False)
            _complete(url, manifest)
        else:
            _from_records(url, manifest)


def _complete(url: str, manifest: Manifest) -> None:
    """Whether the migrations made every column of the records; whoever changed a record is told what to run.

    Raises:
        AssertionError: naming the columns.
    """
    for module in modules_of(manifest):
        import_module(module)
    wanted = {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        if table.info.get("plugin") == manifest.name
        for column in table.columns
    }
    with connected(url) as connection:
        found = inspect(connection)
        made = {
            f"{name}.{column['name']}"
            for name in found.get_table_names()
            for column in found.get_columns(name)
        }
    remedy = f'tenor dev migration {manifest.name} -m "…"'
    if wanted - made:
        lacking = ", ".join(sorted(wanted - made))
        said = _(
            "{plugin} has no migration for {names}; run: {remedy}",
            plugin=manifest.name,
            names=lacking,
            remedy=remedy,
        )
        raise AssertionError(str(said)) from BootError(said)  # fmt: skip


def _from_records(url: str, manifest: Manifest) -> None:
    """For tests of a plugin that has no migrations yet; an institution refuses such a plugin."""
    for module in modules_of(manifest):
        import_module(module)
    tables = [
        table for table in metadata.sorted_tables if table.info.get("plugin") == manifest.name
    ]
    if not tables:
        return
    log.warning("%s has no migrations yet: its tables are made from its records", manifest.name)
    engine = engine_of(url)
    with engine.begin() as connection:
        metadata.create_all(connection, tables=tables)
        if manifest.name == BASE:
            for statement in triggers.statements(connection.dialect.name):
                connection.execute(text(statement))
    engine.dispose()
