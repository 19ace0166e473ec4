"""What the ledger says of removing plugins, bringing them back and purging them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, column, select

from tenor.audit.records import LedgerEntry
from tenor.loader.owned import asked
from tenor.loader.records import PluginState

REMOVED: Final = "plugin-removed"
RESTORED: Final = "plugin-restored"
PURGED: Final = "plugin-purged"
_entries: Any = LedgerEntry.__table__


def acts_on(connection: Connection, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What the ledger says of these acts on one plugin, newest first: kind, and values."""
    states = asked("base_plugin_state", "id").where(column("name") == name)
    told = (
        select(_entries.c.kind, _entries.c.changes)
        .where(
            _entries.c.table_name == PluginState.__tablename__,
            _entries.c.record_id.in_(states),
            _entries.c.kind.in_((REMOVED, RESTORED, PURGED)),
        )
        .order_by(_entries.c.id.desc())
    )
    for kind, changes in connection.execute(told):
        yield kind, {key: pair[1] for key, pair in changes.items()}


def last_act(connection: Connection, name: str) -> str:
    """The last of these; empty: there was none."""
    return next((kind for kind, _told in acts_on(connection, name)), "")
