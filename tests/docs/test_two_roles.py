"""The two database roles of docs/how-to/run-an-institution.md: the site can work, and can't touch the ledger."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tenor_test_support.postgres import PostgresDatabase

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "run-an-institution.md"
OWNER, SITE = f"tenor_{os.getpid()}_owner", f"tenor_{os.getpid()}_site"


def _as(database: PostgresDatabase, role: str) -> PostgresDatabase:
    return PostgresDatabase(database.name, make_conninfo(database.dsn, user=role))


@pytest.fixture
def two_roles(postgres_database: PostgresDatabase) -> Iterator[PostgresDatabase]:
    """A database after the statements of the page, under names that no other run has."""
    (block,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    said = block.replace("zeyuan_owner", OWNER).replace("zeyuan_site", SITE)
    with psycopg.connect(postgres_database.dsn, autocommit=True) as connection:
        for statement in filter(str.strip, said.split(";")):
            connection.execute(statement.encode())
        yield postgres_database
        for role in (SITE, OWNER):
            name = sql.Identifier(role)
            connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(name))
            connection.execute(sql.SQL("DROP ROLE {}").format(name))


def _tenor(environment: dict[str, str], *words: str, given: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tenor.cli", *words],
        env={**os.environ, **environment},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_site_works_in_a_role_that_can_change_nothing_in_the_ledger(
    two_roles: PostgresDatabase, tmp_path: Path
) -> None:
    site = {
        "TENOR_HOME": str(tmp_path),
        "TENOR_LANG": "en",
        "TENOR_DATABASE_URL": _as(two_roles, SITE).url,
        "TENOR_DATABASE_OWNER_URL": _as(two_roles, OWNER).url,
    }
    _tenor(site, "init", "notes")
    _tenor(site, "user", "add", "ann", "Ann", given="a long enough password\n")
    _tenor(site, "plugin", "enable", "customers")
    _tenor(site, "audit", "seal")
    assert "The ledger is whole" in _tenor(site, "audit", "verify")
    assert "0 values erased" in _tenor(site, "audit", "erase")
    for statement in (
        "UPDATE base_ledger_entry SET changes = '{}'",
        "UPDATE base_ledger_entry SET actor_name = 'nobody'",
        "DELETE FROM base_seal",
        "DELETE FROM base_seal_stamp",
        "DROP TRIGGER base_seal_append_only ON base_seal",
        "ALTER TABLE base_ledger_entry DISABLE TRIGGER ALL",
    ):
        with psycopg.connect(_as(two_roles, SITE).dsn) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement.encode())
