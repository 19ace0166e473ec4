"""What the database does by itself is there after all migrations: SQLite drops a trigger with a table it rebuilds."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tenor.kernel import Kernel

pytestmark = pytest.mark.both_databases

LEDGER = ("base_ledger_entry", "base_seal", "base_seal_member", "base_seal_stamp")
ACCESS = ("base_unit", "base_user", "base_user_position", "base_user_role", "base_delegation")
CUSTOM = ("base_custom_field", "base_custom_choice")
RULES = ("base_task_rule_version", "base_task_rule")
COUNTED = (*ACCESS, *CUSTOM, *RULES, "base_watch")
WANTED = {
    "sqlite": {f"{table}_no_{verb}" for table in LEDGER for verb in ("update", "delete")}
    | {f"{table}_counts_{verb}" for table in COUNTED for verb in ("insert", "update", "delete")},
    "postgresql": {f"{table}_append_only" for table in LEDGER}
    | {f"{table}_counts" for table in COUNTED},
}
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def test_every_trigger_is_there(institution: Kernel) -> None:
    dialect = institution.db.dialect
    with institution.db.raw(write=False) as connection:
        found = set(connection.scalars(text(NAMES[dialect])))
    assert WANTED[dialect] <= found, WANTED[dialect] - found
