"""A plan of migrations is one transaction: whatever goes wrong in it, nothing has changed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import column, inspect, select, table, text
from sqlalchemy.exc import DBAPIError

from tenor.loader.failures import MigrationRefused
from tenor.loader.manifest import Manifest, find
from tenor.loader.migrations import migrate, plan, row_counts
from tenor.loader.state import connected, engine_of

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

HOST_1 = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("host_thing", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))
    op.execute("INSERT INTO host_thing (id, name) VALUES (1, 'a'), (2, 'b')")
def downgrade():
    op.drop_table("host_thing")
"""
GUEST_1 = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("guest_part", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("thing_id", sa.Integer, sa.ForeignKey("host_thing.id", ondelete="CASCADE")))
    op.execute("INSERT INTO guest_part (id, thing_id) VALUES (1, 1), (2, 2), (3, 2)")
def downgrade():
    op.drop_table("guest_part")
"""


SECOND = """
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
{more}
def upgrade():
{body}
def downgrade():
    pass
"""


def second(body: str, more: str = "") -> str:
    return SECOND.format(more=more, body=indent(body, "    "))


#: SQLite rebuilds the table, under the keys of its guests
ADD_COLUMN = """rebuild = "always" if op.get_bind().dialect.name == "sqlite" else "never"
with op.batch_alter_table("host_thing", recreate=rebuild) as batch:
    batch.add_column(sa.Column("colour", sa.String))"""

Make = Callable[..., list[Manifest]]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/plan.db"
    else:
        yield request.getfixturevalue("postgres_database").url


@pytest.fixture
def two(shelf: "Shelf", url: str) -> Make:
    """Host and guest, migrated once with rows in both; then with further revisions on the shelf."""

    def made(host: str = "", guest: str = "") -> list[Manifest]:
        shelf.plugin("host", {"migrations/0001_first.py": HOST_1})
        shelf.plugin("guest", {"migrations/0001_first.py": GUEST_1}, requires=["tenor-host"])
        both = [find()[0][name] for name in ("host", "guest")]
        migrate(url, both)
        for manifest, source in zip(both, (host, guest), strict=True):
            if source:
                (manifest.migrations / "0002_second.py").write_text(source, "utf-8")
        return both

    return made


def state(url: str) -> dict[str, Any]:
    """Tables with their columns, row counts, and versions."""
    with connected(url) as connection:
        counts = row_counts(connection)
        found = inspect(connection)
        columns = {
            name: sorted(each["name"] for each in found.get_columns(name)) for name in counts
        }
        versions = {
            name: connection.scalar(select(column("version_num")).select_from(table(name)))
            for name in counts
            if name.endswith("_schema")
        }
    return {"counts": counts, "columns": columns, "versions": versions}


def unchanged_after(url: str, both: list[Manifest], problem: str) -> None:
    before = state(url)
    with pytest.raises(MigrationRefused, match=problem):
        migrate(url, both)
    assert state(url) == before
    # and nobody is left inside a half-finished transaction: the next one writes and commits
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE host_thing SET name = 'c' WHERE id = 1"))
    engine.dispose()


def test_a_plan_runs_every_revision_once_in_order(two: Make, url: str) -> None:
    both = two(host=second(ADD_COLUMN))
    with connected(url) as connection:
        steps = plan(connection, both)
    assert [(step.plugin, [number for number, _ in step.revisions]) for step in steps] == [
        ("host", ["0002"])
    ]
    assert [step.plugin for step in migrate(url, both)] == ["host"]
    assert migrate(url, both) == []
    assert state(url)["versions"] == {"host_schema": "0002", "guest_schema": "0001"}


def test_a_host_rebuilt_under_its_guests_keys_loses_no_row_of_theirs(two: Make, url: str) -> None:
    both = two(host=second(ADD_COLUMN))
    migrate(url, both)
    assert state(url)["counts"]["guest_part"] == 3
    assert "colour" in state(url)["columns"]["host_thing"]


#: as the kernel keeps its ledger: a trigger of the host's that a later revision knows nothing of
REFUSING = {
    "sqlite": (
        (
            "CREATE TRIGGER host_thing_no_delete BEFORE DELETE ON host_thing"
            " BEGIN SELECT RAISE(ABORT, 'kept'); END"
        ),
    ),
    "postgresql": (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'kept'; END $$",
        (
            "CREATE TRIGGER host_thing_no_delete BEFORE DELETE ON host_thing"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse()"
        ),
    ),
}


@pytest.fixture
def refusing(two: Make, url: str) -> Make:
    """The two plugins, with a trigger on the host's table."""
    migrate(url, two())
    with connected(url) as connection, connection.begin():
        for statement in REFUSING[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    return two


def _delete(url: str) -> None:
    with connected(url) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM host_thing WHERE id = 2")


def test_a_rebuilt_table_keeps_its_triggers(refusing: Make, url: str) -> None:
    migrate(url, refusing(host=second(ADD_COLUMN)))
    with pytest.raises(DBAPIError, match="kept"):
        _delete(url)


@pytest.mark.parametrize("spelt", ["DROP TRIGGER {}", "drop trigger\n if exists {}"])
def test_a_plugin_drops_no_trigger_of_anothers(refusing: Make, url: str, spelt: str) -> None:
    on = "" if url.startswith("sqlite") else " ON host_thing"
    drop = f"op.execute({spelt.format('host_thing_no_delete') + on!r})"
    with pytest.raises(MigrationRefused, match="may not drop the trigger host_thing_no_delete"):
        migrate(url, refusing(guest=second(drop)))
    with pytest.raises(DBAPIError, match="kept"):
        _delete(url)


def test_a_plugin_drops_its_own_trigger(refusing: Make, url: str) -> None:
    on = "" if url.startswith("sqlite") else " ON host_thing"
    drop = f'op.execute("DROP TRIGGER host_thing_no_delete{on}")'
    migrate(url, refusing(host=second(drop)))
    with connected(url) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM guest_part")
    _delete(url)


def test_a_failure_in_the_second_plugin_undoes_the_first(two: Make, url: str) -> None:
    both = two(
        host=second('op.add_column("host_thing", sa.Column("colour", sa.String))'),
        guest=second('op.execute("UPDATE nowhere SET a = 1")'),
    )
    unchanged_after(url, both, "guest")


def test_a_revision_that_commits_undoes_the_whole_plan(two: Make, url: str) -> None:
    both = two(
        host=second('op.add_column("host_thing", sa.Column("colour", sa.String))'),
        guest=second(
            'op.add_column("guest_part", sa.Column("colour", sa.String))\nop.get_bind().commit()'
        ),
    )
    unchanged_after(url, both, "may not commit")


@pytest.mark.parametrize("word", ["COMMIT", "  commit ;", "END", "ROLLBACK", "BEGIN"])
def test_a_revision_that_ends_the_transaction_in_sql_is_refused(
    two: Make, url: str, word: str
) -> None:
    both = two(guest=second(f'op.execute("{word}")'))
    unchanged_after(url, both, "may not say")


def test_a_revision_that_hides_a_commit_behind_another_statement_is_refused(
    two: Make, url: str
) -> None:
    both = two(guest=second('op.execute("UPDATE guest_part SET id = id; COMMIT")'))
    unchanged_after(url, both, "may not say|one statement at a time")


def test_rows_that_vanish_undo_the_plan(two: Make, url: str) -> None:
    both = two(guest=second('op.execute("DELETE FROM guest_part WHERE id = 3")'))
    unchanged_after(url, both, "guest_part had 3 rows and would have 2")


def test_a_dropped_table_with_rows_counts_as_rows_that_vanish(two: Make, url: str) -> None:
    both = two(guest=second('op.drop_table("guest_part")'))
    unchanged_after(url, both, "guest_part had 3 rows and would have 0")


def test_a_revision_that_says_so_may_take_rows(two: Make, url: str) -> None:
    both = two(
        guest=second(
            'op.execute("DELETE FROM guest_part WHERE id = 3")', 'removes_rows = ("guest_part",)'
        )
    )
    migrate(url, both)
    assert state(url)["counts"]["guest_part"] == 2


def test_a_key_that_would_point_at_nothing_undoes_the_plan(two: Make, url: str) -> None:
    both = two(guest=second('op.execute("UPDATE guest_part SET thing_id = 99 WHERE id = 1")'))
    unchanged_after(url, both, "point at nothing|ForeignKeyViolation|violates foreign key")


def test_a_plugin_that_vanished_harms_nobody(two: Make, url: str) -> None:
    host, _guest = two(host=second(ADD_COLUMN))
    migrate(url, [host])
    assert state(url)["counts"]["guest_part"] == 3


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_the_file_is_copied_before_anything_changes(two: Make, url: str, tmp_path: Path) -> None:
    both = two(host=second(ADD_COLUMN))
    migrate(url, both)
    copies = sorted(tmp_path.glob("plan.db.backup-*"))
    assert state(f"sqlite:///{copies[-1]}")["versions"]["host_schema"] == "0001"


def test_a_process_killed_in_the_middle_of_a_plan_leaves_the_old_state(
    two: Make, url: str, tmp_path: Path
) -> None:
    reached = tmp_path / "reached"
    both = two(
        host=second('op.add_column("host_thing", sa.Column("colour", sa.String))'),
        guest=second(
            f"import pathlib, time\npathlib.Path({str(reached)!r}).touch()\ntime.sleep(60)"
        ),
    )
    before = state(url)
    program = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from tenor.loader.manifest import find\nfrom tenor.loader.migrations import migrate\n"
        "migrate(sys.argv[1], [find()[0][name] for name in ('host', 'guest')])"
    )
    shelf = str(both[0].folder.parent)
    process = subprocess.Popen([sys.executable, "-c", program, url, shelf])
    deadline = time.monotonic() + 30
    while not reached.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert state(url) == before
    for manifest in both:
        (manifest.migrations / "0002_second.py").unlink()
    assert migrate(url, both) == []
