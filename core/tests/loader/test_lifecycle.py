"""Enable, disable, upgrade: planned first, all or nothing, nothing lost."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import column, inspect, select, table

from tenor.kernel import Kernel
from tenor.loader.loader import Loader
from tenor.loader.state import connected, read_state
from tenor.testing import as_actor
from tenor_sdk.errors import Forbidden, Refused

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf

ADMIN = "ding.ning"
RECORDS = """
from sqlalchemy.orm import Mapped
from tenor_sdk import Record, field

class Thing(Record):
    name: Mapped[str] = field()
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None

def upgrade():
    op.create_table("{name}_thing", sa.Column("id", sa.Integer, primary_key=True), *[
        sa.Column(each, sa.String) for each in
        "name version created_at created_by_id changed_at changed_by_id".split()])
    {more}

def downgrade():
    op.drop_table("{name}_thing")
"""


@pytest.fixture(autouse=True)
def on_path(shelf: "Shelf", monkeypatch: pytest.MonkeyPatch) -> None:
    """The rehearsal is a process of its own: it finds the shelf there too."""
    monkeypatch.setenv("PYTHONPATH", str(shelf.folder))


def with_tables(
    shelf: "Shelf", name: str, more: str = "pass", requires: list[str] | None = None
) -> Path:
    files = {
        "records.py": RECORDS,
        "migrations/0001_first.py": MIGRATION.format(name=name, more=more),
    }
    return shelf.plugin(name, files, requires=requires or [])


def enable(kernel: Kernel, name: str, who: str = ADMIN) -> None:
    with as_actor(kernel, who) as ctx:
        kernel.loader.enable(ctx, name)


def disable(kernel: Kernel, name: str, who: str = ADMIN) -> None:
    with as_actor(kernel, who) as ctx:
        kernel.loader.disable(ctx, name)


def tables(url: str) -> set[str]:
    with connected(url) as connection:
        return set(inspect(connection).get_table_names())


@pytest.mark.both_databases
def test_enabling_migrates_and_counts_the_generation_up(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    with_tables(shelf, "host")
    with_tables(shelf, "guest", requires=["tenor-host"])
    before = read_state(database)
    enable(start(), "guest")
    after = read_state(database)
    assert after.enabled == ("guest", "host")
    assert after.generation == before.generation + 1
    assert {"host_thing", "guest_thing"} <= tables(database)
    kernel = start()
    assert [each.name for each in kernel.declarations.plugins] == ["base", "host", "guest"]


@pytest.mark.both_databases
def test_disabling_keeps_tables_and_rows_and_enabling_again_finds_them(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    with_tables(shelf, "host")
    enable(start(), "host")
    kernel = start()
    thing = table("host_thing", column("id"), column("name"))
    with kernel.db.raw() as connection:
        connection.execute(thing.insert().values(id=1, name="kept"))
    disable(kernel, "host")
    assert [each.name for each in start().declarations.plugins] == ["base"]
    enable(start(), "host")
    with connected(database) as connection:
        assert connection.execute(select(thing.c.name)).scalars().all() == ["kept"]


def test_what_was_enabled_since_a_process_began_stays_so(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    for name in ("one", "other"):
        shelf.plugin(name)
    kernel = start()
    enable(kernel, "one")
    enable(kernel, "other")
    assert read_state(database).enabled == ("one", "other")
    with as_actor(kernel, ADMIN) as ctx:
        kernel.loader.disable(ctx, "one")
    assert read_state(database).enabled == ("other",)


def test_what_a_plugin_needs_that_was_enabled_since_is_not_disabled(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    shelf.plugin("host")
    shelf.plugin("guest", requires=["tenor-host"])
    enable(start(), "host")
    kernel = start()
    enable(kernel, "guest")
    with pytest.raises(Refused, match="plugin-plan"), as_actor(kernel, ADMIN) as ctx:
        kernel.loader.disable(ctx, "host")


def test_a_plan_says_what_would_change_and_changes_nothing(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    with_tables(shelf, "host")
    shelf.plugin("guest", requires=["tenor-host"], stated='asks=("email",)')
    before = read_state(database), tables(database)
    kernel = start()
    change = kernel.loader.plan_enable("guest")
    assert change.enables == ("host", "guest")
    assert [(step.plugin, len(step.revisions)) for step in change.steps] == [("host", 1)]
    assert change.asks == (("guest", "email"),)
    assert (read_state(database), tables(database)) == before
    assert "tenor_host" not in sys.modules


def test_a_plugin_that_cannot_be_imported_is_refused_before_anything_changes(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    package = with_tables(shelf, "rude")
    (package / "services.py").write_text("import sys\nsys.exit(3)\n")
    before = read_state(database), tables(database)
    with pytest.raises(Refused) as refused:
        enable(start(), "rude")
    assert refused.value.key == "plugin-rehearsal"
    assert refused.value.values == {"plugin": "rude", "cause": "sys.exit(3)"}
    assert (read_state(database), tables(database)) == before


def test_a_migration_that_fails_leaves_the_old_set_and_the_old_tables(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    with_tables(shelf, "host")
    with_tables(
        shelf, "guest", more='op.execute("UPDATE nowhere SET a = 1")', requires=["tenor-host"]
    )
    before = read_state(database), tables(database)
    with pytest.raises(Refused) as refused:
        enable(start(), "guest")
    assert (refused.value.key, refused.value.values["plugin"]) == ("migration-refused", "guest")
    assert (read_state(database), tables(database)) == before


def test_a_plugin_that_others_need_is_not_disabled(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    shelf.plugin("host")
    shelf.plugin("guest", requires=["tenor-host"])
    enable(start(), "guest")
    with pytest.raises(Refused) as refused:
        disable(start(), "host")
    assert "guest needs it; disable that first." in str(refused.value.values["reasons"])


@pytest.mark.parametrize("name", ["base", "nosuch"])
def test_what_cannot_be_disabled_is_refused(start: Callable[[], Kernel], name: str) -> None:
    with pytest.raises(Refused):
        disable(start(), name)


def test_what_is_not_installed_is_not_enabled(start: Callable[[], Kernel]) -> None:
    with pytest.raises(Refused) as refused:
        enable(start(), "nosuch")
    assert refused.value.key == "plugin-plan"


def test_only_those_who_may_manage_plugins_change_the_set(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    shelf.plugin("host")
    for change in (enable, disable):
        with pytest.raises(Forbidden):
            change(start(), "host", who="lin.xiaowen")


def test_who_enabled_what_is_in_the_ledger(shelf: "Shelf", start: Callable[[], Kernel]) -> None:
    shelf.plugin("host")
    kernel = start()
    enable(kernel, "host")
    with as_actor(kernel, "song.qing", write=False) as ctx:
        entries = kernel.audit.search(ctx, table="base_plugin_state")
    assert ("丁宁", [None, "host"]) in [
        (each.actor_name, each.changes.get("name")) for each in entries
    ]


def test_the_overview_names_states_and_failures(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    shelf.plugin("host", version="2.0")
    shelf.plugin("idle")
    enable(start(), "host")
    rows = {row.name: row for row in start().loader.overview()}
    assert (rows["base"].status, rows["base"].critical) == ("running", True)
    assert (rows["host"].status, rows["host"].version) == ("running", "2.0")
    assert rows["idle"].status == "disabled"
    (shelf.folder / "tenor_host" / "services.py").write_text("1/0")
    row = {row.name: row for row in start().loader.overview()}["host"]
    assert row.status == "failed"
    assert row.failure is not None
    assert "ZeroDivisionError" in str(row.failure.cause)


def test_an_enabled_plugin_that_pip_removed_is_shown_as_failed(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    shelf.plugin("gone")
    enable(start(), "gone")
    for path in shelf.folder.glob("tenor_gone-*.dist-info/entry_points.txt"):
        path.unlink()
    row = {row.name: row for row in start().loader.overview()}["gone"]
    assert row.status == "failed"
    assert row.failure is not None
    assert "pip install tenor-gone" in str(row.failure.remedy)


def test_after_an_upgrade_by_pip_a_plugin_waits_for_its_migration(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    from tenor.loader.lifecycle import plan_upgrade, upgrade_tables

    package = with_tables(shelf, "host")
    enable(start(), "host")
    (package / "migrations" / "0002_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        'revision = "0002"\ndown_revision = "0001"\n'
        'def upgrade():\n    op.add_column("host_thing", sa.Column("colour", sa.String))\n'
    )
    kernel = start()
    assert [failure.stage for failure in kernel.failures] == ["migration"]
    assert "tenor migrate" in str(kernel.failures[0].remedy)
    found = Loader(kernel.settings)
    found.examine()
    assert [failure.stage for failure in found.failures] == ["migration"]
    change = plan_upgrade(kernel.loader)
    assert [step.revisions[0][0] for step in change.steps] == ["0002"]
    upgrade_tables(kernel.loader, kernel.loader.enabled)
    assert start().failures == []
    assert read_state(database).enabled == ("host",)


def test_listing_and_planning_on_the_command_line_import_no_plugin(
    shelf: "Shelf", database: str, tmp_path: Path
) -> None:
    shelf.plugin("rude", body="import sys; sys.exit(3)")
    program = (
        "import sys; from tenor.cli import main\n"
        "codes = [main(['plugin', 'list']), main(['plugin', 'show', 'rude']), main(['plugin', 'plan', 'rude'])]\n"
        "print(codes, 'tenor_rude' in sys.modules)"
    )
    environment = {
        "PYTHONPATH": str(shelf.folder), "TENOR_DATABASE_URL": database, "TENOR_HOME": str(tmp_path),
        "PATH": "/usr/bin:/bin", "TENOR_LANG": "en",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout.splitlines()[-1] == "[0, 0, 1] False"
    assert "rude can't be put into service: sys.exit(3)" in done.stdout
