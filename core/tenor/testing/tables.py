"""The tables of a test's database: by migrations; where a plugin under construction has none yet, from its records."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib import import_module

from sqlalchemy import text

from tenor.audit import triggers
from tenor.loader.collect import modules_of
from tenor.loader.manifest import BASE, Manifest
from tenor.loader.migrations import migrate
from tenor.loader.state import engine_of
from tenor_sdk.records import metadata

log = logging.getLogger(__name__)


def make_tables(url: str, manifests: Sequence[Manifest]) -> None:
    """Make every table of these plugins, in their order."""
    for manifest in manifests:
        if manifest.migrations.is_dir():
            migrate(url, [manifest], backup=False)
        else:
            _from_records(url, manifest)


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
