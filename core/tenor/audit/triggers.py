"""What the database itself refuses: changing or removing rows of the ledger. For the migration that makes the tables.

On SQLite a file's owner can drop a trigger: there the seal is the proof.
"""

from __future__ import annotations

TABLES = ("base_ledger_entry", "base_seal", "base_seal_member", "base_seal_stamp")


def statements(dialect: str) -> list[str]:
    """The DDL for ``sqlite`` or ``postgresql``."""
    if dialect == "sqlite":
        return [_sqlite(table, verb) for table in TABLES for verb in ("UPDATE", "DELETE")]
    return [_FUNCTION, *(_postgresql(table) for table in TABLES)]


def _sqlite(table: str, verb: str) -> str:
    name = f"{table}_no_{verb.lower()}"
    return f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"


_FUNCTION = """
CREATE FUNCTION base_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$
"""


def _postgresql(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION base_refuse_change()"
    )
