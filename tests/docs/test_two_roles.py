"""The two database roles of docs/how-to/run-an-institution.md: the site can work, and can't touch the ledger."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tenor.db import Database
from tenor_test_support.ledger import put_in, settle
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


def _run(environment: dict[str, str], words: Sequence[str], given: str = "") -> Any:
    return subprocess.run(
        [sys.executable, "-m", "tenor.cli", *words],
        env={**os.environ, **environment},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def _tenor(environment: dict[str, str], *words: str, given: str = "") -> str:
    done = _run(environment, words, given)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def _refused(environment: dict[str, str], *words: str) -> str:
    """What a command says that can't do its work."""
    done = _run(environment, words)
    assert done.returncode != 0, done.stdout
    return f"{done.stdout}{done.stderr}"


def _site(two_roles: PostgresDatabase, home: Path) -> dict[str, str]:
    """The environment in which an institution's commands run."""
    return {
        "TENOR_HOME": str(home),
        "TENOR_LANG": "en",
        "TENOR_DATABASE_URL": _as(two_roles, SITE).url,
        "TENOR_DATABASE_OWNER_URL": _as(two_roles, OWNER).url,
    }


def test_old_entries_are_taken_out_by_the_owner_and_never_by_the_site(
    two_roles: PostgresDatabase, tmp_path: Path
) -> None:
    site = _site(two_roles, tmp_path)
    _tenor(site, "init", "notes")
    database = Database(site["TENOR_DATABASE_URL"])
    put_in(database, 7, datetime(2001, 1, 1, tzinfo=UTC))
    settle(database)
    database.dispose()
    _tenor(site, "audit", "seal")
    archive = tmp_path / "old.jsonl"
    alone = {**site, "TENOR_DATABASE_OWNER_URL": site["TENOR_DATABASE_URL"]}
    assert "Only the owner" in _refused(alone, "audit", "retire", str(archive))
    assert "Only the owner" in _refused(alone, "audit", "erase")
    assert "7 entries taken out" in _tenor(site, "audit", "retire", str(archive))
    _tenor(site, "audit", "seal")
    said = _tenor(site, "audit", "verify", "--archive", str(archive))
    assert "7 entries were taken out, 7 of them proved" in said
    assert "The ledger is whole" in said
    with psycopg.connect(_as(two_roles, SITE).dsn) as connection, pytest.raises(psycopg.Error):
        connection.execute("DELETE FROM base_ledger_entry")


def test_the_site_works_in_a_role_that_can_change_nothing_in_the_ledger(
    two_roles: PostgresDatabase, tmp_path: Path
) -> None:
    site = _site(two_roles, tmp_path)
    _tenor(site, "init", "notes")
    _tenor(site, "user", "add", "ann", "Ann", given="a long enough password\n")
    _tenor(site, "plugin", "enable", "loans", "--grant", "all")
    _tenor(site, "audit", "seal")
    assert "The ledger is whole" in _tenor(site, "audit", "verify")
    assert "0 values erased" in _tenor(site, "audit", "erase")
    with psycopg.connect(_as(two_roles, SITE).dsn) as connection:
        guarded = "select distinct tgrelid::regclass::text from pg_trigger where tgname like '%_append_only'"
        tables = {str(name) for (name,) in connection.execute(guarded).fetchall()}
        assert {"base_ledger_entry", "base_seal", "base_seal_member", "base_seal_stamp"} <= tables
        assert "loans_posting" in tables
        for table in tables:
            for verb in ("UPDATE", "DELETE", "TRUNCATE", "TRIGGER"):
                asked = connection.execute("select has_table_privilege(%s, %s)", (table, verb))
                assert asked.fetchone() == (False,), (table, verb)
    assert "could change" not in _tenor(site, "audit", "verify")
    assert "Nothing to complain of" in _tenor(site, "doctor")
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


def test_what_the_site_could_change_is_said_and_taken_from_it(
    two_roles: PostgresDatabase, tmp_path: Path
) -> None:
    site = _site(two_roles, tmp_path)
    _tenor(site, "init", "notes")
    with psycopg.connect(two_roles.dsn, autocommit=True) as connection:
        connection.execute(f"GRANT UPDATE (actor_name) ON base_ledger_entry TO {SITE}".encode())
        connection.execute(f"GRANT DELETE ON base_seal_stamp TO {SITE}".encode())
        connection.execute(b"GRANT TRUNCATE ON base_seal TO PUBLIC")
    assert f"The role {SITE} of the site could change 3 tables" in _tenor(site, "audit", "verify")
    said = f"The role {SITE} could change base_ledger_entry, base_seal, base_seal_stamp: run"
    assert said in _refused(site, "doctor")
    _tenor(site, "migrate")
    assert "Nothing to complain of" in _tenor(site, "doctor")
