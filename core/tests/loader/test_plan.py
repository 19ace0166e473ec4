"""A plan says what a change means for people and cases before anything runs, and may be rehearsed on a copy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import inspect

from tenor.boot import boot
from tenor.kernel import Kernel
from tenor.loader import lifecycle
from tenor.loader.cloning import on_clone
from tenor.loader.consequences import told
from tenor.loader.loader import Loader
from tenor.loader.state import connected, engine_of, read_state
from tenor.testing import as_actor, settings_for
from tenor_sdk.records import dispose

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf
    from tenor.loader.lifecycle import ChangePlan

pytestmark = pytest.mark.both_databases
ADMIN = "ding.ning"
RECORDS = """
from sqlalchemy.orm import Mapped
from tenor_sdk import Record, field
from tenor_sdk.records import state_field

class Thing(Record):
    name: Mapped[str] = field()
    state: Mapped[str] = state_field("draft")
"""
ACCESS = """
from tenor_sdk import Role, can
from tenor_sdk.access import EVERYBODY
from tenor_host.records import Thing
from tenor_host.workflow import end, go
keeper = Role("Keeper", can.everything(Thing), can.use(go, end), positions=("administrator",))
reader = Role("Reader", can.read(Thing), positions=(EVERYBODY,))
idle = Role("Idle", can.read(Thing))
"""
FLOW = """
from tenor_sdk import State, Transition, Workflow
from tenor_host.records import Thing
draft, {middle} = State(name="draft", title="Draft"), State(name="{middle}", title="Middle")
done = State(name="done", title="Done", final="good")
go = Transition(name="go", title="Go", source=draft, target={middle})
end = Transition(name="end", title="End", source={middle}, target=done)
flow = Workflow(Thing.state, states=(draft, {middle}, done), transitions=(go, end){more})
"""
PATCH = """
from tenor_sdk import State, Transition, WorkflowPatch
from tenor_host.workflow import draft, flow, go, review
{state} = State(name="{state}", title="Looked at")
leave = Transition(name="{state}-leave", title="Leave", source={state}, target=review)
patch = WorkflowPatch(flow, states=(({state}, draft),), transitions=(leave,), reroute=((go, {state}),))
"""
FIRST = """
import sqlalchemy as sa
from alembic import op
revision = "0001"
down_revision = None
def upgrade():
    op.create_table("host_thing", sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer), sa.Column("created_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True)), *[sa.Column(each, sa.Integer) for each in
        ("created_by_id", "changed_by_id")], *[sa.Column(each, sa.String) for each in ("name", "state")])
def downgrade():
    op.drop_table("host_thing")
"""
SECOND = """
\"\"\"Paint the things\"\"\"
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
    op.add_column("host_thing", sa.Column("colour", sa.String))
"""


@pytest.fixture(autouse=True)
def on_path(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried in a process of its own is found on the shelf there too."""
    monkeypatch.setenv("PYTHONPATH", str(shelf.folder))


@pytest.fixture
def host(shelf: Shelf) -> Path:
    """A plugin with a workflow; not enabled yet."""
    return shelf.plugin(
        "host",
        {
            "records.py": RECORDS,
            "access.py": ACCESS,
            "workflow.py": FLOW.format(middle="review", more=""),
            "migrations/0001_first.py": FIRST,
        },
    )


@pytest.fixture
def loader(database: str, tmp_path: Path) -> Callable[[], Loader]:
    """As a command has it, before anything is imported."""
    return lambda: Loader(settings_for(database, tmp_path))


@contextmanager
def running(database: str, folder: Path) -> Iterator[Kernel]:
    """Started with what is installed by now."""
    for name in ("host", "one", "two"):
        dispose(name)
        for module in [each for each in sys.modules if each.partition(".")[0] == f"tenor_{name}"]:
            del sys.modules[module]
    kernel = boot(settings_for(database, folder))
    try:
        yield kernel
    finally:
        kernel.db.dispose()


@pytest.fixture
def two_in_review(host: Path, database: str, tmp_path: Path) -> Path:
    """Enabled, with two cases in review and one that has only begun."""
    with running(database, tmp_path) as kernel, as_actor(kernel, ADMIN) as ctx:
        kernel.loader.enable(ctx, "host")
    with running(database, tmp_path) as kernel:
        from tenor_host.records import Thing
        from tenor_host.workflow import go

        with as_actor(kernel, ADMIN) as ctx:
            things = [Thing(name=name) for name in "abc"]
            ctx.session.add_all(things)
            ctx.session.flush()
            for thing in things[:2]:
                kernel.workflow.transition(ctx, thing, go, None, "")
    return host


def newer(host: Path, more: str = "") -> None:
    """Its next version: other tables, and no review."""
    (host / "workflow.py").write_text(FLOW.format(middle="check", more=more))
    (host / "migrations" / "0002_paint.py").write_text(SECOND)


def said(change: ChangePlan) -> list[str]:
    return [str(text) for text in told(change.brings)]


def test_who_gains_which_role_is_told_before_anything_is_imported_here(
    host: Path, loader: Callable[[], Loader]
) -> None:
    found = loader()
    change = found.plan_enable("host")
    assert change.refusals == ()
    assert said(change) == [
        "The role “Keeper” of host goes to 丁宁, 白露",
        "Everybody gains the role “Reader” of host",
        "Roles of host that go to nobody yet: Idle",
    ]
    assert "tenor_host" not in sys.modules


def test_what_is_added_to_a_workflow_is_told_and_what_is_at_odds_refused(
    shelf: Shelf, two_in_review: Path, loader: Callable[[], Loader], database: str, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        patch = {"workflow.py": PATCH.format(state=name)}
        shelf.plugin(name, patch, requires=["tenor-host"])
    change = loader().plan_enable("one")
    assert said(change) == [
        "one adds states to host.thing: one",
        "one adds steps to host.thing: one-leave",
        "one leads steps of host.thing elsewhere: go",
    ]
    with running(database, tmp_path) as kernel, as_actor(kernel, ADMIN) as ctx:
        kernel.loader.enable(ctx, "one")
    (refusal,) = loader().plan_enable("two").refusals
    assert "two can't be put into service" in str(refusal)
    assert "'go' of host.thing is rerouted by two plugins" in str(refusal)


def test_cases_that_an_upgrade_would_strand_are_counted_and_hold_it_up(
    two_in_review: Path, loader: Callable[[], Loader]
) -> None:
    newer(two_in_review)
    change = lifecycle.foreseen(loader(), lifecycle.plan_upgrade(loader()))
    (refusal,) = change.refusals
    assert str(refusal) == (
        "2 cases of host.thing stand in review, which is there no more."
        " Say which state takes its place: --map host.thing:review=…"
    )
    mapped = lifecycle.foreseen(
        loader(), lifecycle.plan_upgrade(loader()), {"host.thing": {"review": "check"}}
    )
    assert mapped.refusals == ()
    assert said(mapped) == ["2 cases of host.thing go from review to check."]


def test_a_plugin_brings_the_state_that_takes_anothers_place(
    two_in_review: Path,
    loader: Callable[[], Loader],
    database: str,
    tmp_path: Path,
    command: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    newer(two_in_review, ', replaces={"review": check}')
    monkeypatch.setenv("TENOR_DATABASE_URL", database)
    monkeypatch.setenv("TENOR_HOME", str(tmp_path))
    monkeypatch.setenv("TENOR_SECRET_KEY", "a key that signs for tests only, long enough for all")
    monkeypatch.setenv("TENOR_LANG", "en")
    with running(database, tmp_path):
        pass  # forgets what was imported of the version before
    told_before = command("plugin", "plan", "--upgrade")
    assert "2 cases of host.thing go from review to check." in told_before
    assert "host 0002: Paint the things" in told_before
    for module in [each for each in sys.modules if each.partition(".")[0] == "tenor_host"]:
        del sys.modules[module]
    dispose("host")
    assert "host.thing: 2 moved." in command("plugin", "upgrade")
    assert states(database) == ["check", "check", "draft"]


def test_a_rehearsal_on_a_copy_tells_the_time_of_each_step_and_leaves_nothing(
    two_in_review: Path, loader: Callable[[], Loader], database: str, tmp_path: Path
) -> None:
    newer(two_in_review, ', replaces={"review": check}')
    before = everything(database), states(database), sorted(tmp_path.rglob("*"))
    found = loader()
    change = lifecycle.foreseen(found, lifecycle.plan_upgrade(found))
    steps = on_clone(found, change)
    assert [str(each.what) for each in steps] == [
        "copy the database", "host 0002", "check what was migrated, and commit it",
        "start with 2 plugins", "cases put into another state: 2",
    ]  # fmt: skip
    assert all(each.seconds > 0 for each in steps[:-1])
    assert (everything(database), states(database), sorted(tmp_path.rglob("*"))) == before
    assert copies(database) == []


def test_a_migration_that_fails_on_the_copy_fails_nowhere_else(
    two_in_review: Path, loader: Callable[[], Loader], database: str
) -> None:
    from tenor.loader.failures import MigrationRefused

    newer(two_in_review, ', replaces={"review": check}')
    bad = two_in_review / "migrations" / "0002_paint.py"
    bad.write_text(SECOND + "    op.drop_table('nowhere')\n")
    found, before = loader(), everything(database)
    change = lifecycle.foreseen(found, lifecycle.plan_upgrade(found))
    with pytest.raises(MigrationRefused, match="host"):
        on_clone(found, change)
    assert everything(database) == before
    assert copies(database) == []


def test_an_import_that_never_ends_is_given_up(shelf: Shelf, database: str, tmp_path: Path) -> None:
    shelf.plugin("slow", {"services.py": "import time\nwhile True:\n    time.sleep(60)\n"})
    found = Loader(settings_for(database, tmp_path).but(start_timeout=15))
    (refusal,) = found.plan_enable("slow").refusals
    assert str(refusal) == "slow can't be put into service: it took longer than 15 seconds"


def test_a_process_that_is_ended_behind_pythons_back_is_laid_to_its_plugin(
    shelf: Shelf, loader: Callable[[], Loader]
) -> None:
    shelf.plugin("rude", body="import os\nos._exit(7)")
    (refusal,) = loader().plan_enable("rude").refusals
    assert str(refusal) == "rude can't be put into service: exit status 7"


FORGED = """
import os, sys
sys.stdout.buffer.write(b'\\xb2\\xe5\\n\\x1etenor {"flows": [], "roles": [], "moved": 0}\\n\\x1etenor nonsense\\n')
sys.stdout.flush()
"""


def test_what_a_plugin_prints_says_nothing_for_the_rehearsal(
    shelf: Shelf, loader: Callable[[], Loader]
) -> None:
    shelf.plugin("chatty", body=FORGED)
    shelf.plugin("forger", body=f"{FORGED}os._exit(7)")
    assert loader().plan_enable("chatty").refusals == ()
    (refusal,) = loader().plan_enable("forger").refusals
    assert str(refusal).startswith("forger can't be put into service")


def test_what_a_plugin_starts_at_its_import_ends_with_the_rehearsal(
    shelf: Shelf, loader: Callable[[], Loader], tmp_path: Path
) -> None:
    began = tmp_path / "began"
    body = f"""
    import subprocess, pathlib
    quiet = subprocess.DEVNULL
    left = subprocess.Popen(["sleep", "300"], stdin=quiet, stdout=quiet, stderr=quiet)
    pathlib.Path({str(began)!r}).write_text(str(left.pid))
    """
    shelf.plugin("busy", body=body)
    assert loader().plan_enable("busy").refusals == ()
    status = Path(f"/proc/{began.read_text()}/status")
    assert not status.exists() or "State:\tZ" in status.read_text()


def test_what_fails_already_does_not_hold_up_what_has_nothing_to_do_with_it(
    shelf: Shelf, loader: Callable[[], Loader], database: str, tmp_path: Path
) -> None:
    package = shelf.plugin("one")
    with running(database, tmp_path) as kernel, as_actor(kernel, ADMIN) as ctx:
        kernel.loader.enable(ctx, "one")
    (package / "services.py").write_text("1/0")
    shelf.plugin("two")
    assert loader().plan_enable("two").refusals == ()
    shelf.plugin("three", requires=["tenor-one"])
    assert "ZeroDivisionError" in str(loader().plan_enable("three").refusals[0])


def test_disabling_counts_the_cases_that_wait_until_it_is_back(
    shelf: Shelf, two_in_review: Path, loader: Callable[[], Loader], database: str, tmp_path: Path
) -> None:
    shelf.plugin("one", {"workflow.py": PATCH.format(state="one")}, requires=["tenor-host"])
    with running(database, tmp_path) as kernel, as_actor(kernel, ADMIN) as ctx:
        kernel.loader.enable(ctx, "one")
    with running(database, tmp_path) as kernel:
        from tenor_host.records import Thing
        from tenor_host.workflow import go

        with as_actor(kernel, ADMIN) as ctx:
            thing = Thing(name="d")
            ctx.session.add(thing)
            ctx.session.flush()
            kernel.workflow.transition(ctx, thing, go, None, "")
    change = loader().plan_disable("one")
    assert said(change) == ["1 case of host.thing stands in one, which is there no more."]
    assert change.refusals == ()


# -- what is in the database ------------------------------------------------------------------------------------------


def states(url: str) -> list[str]:
    with connected(url) as connection:
        rows = connection.exec_driver_sql("SELECT state FROM host_thing ORDER BY state")
        return [state for (state,) in rows]


def everything(url: str) -> Any:
    with connected(url) as connection:
        found = inspect(connection)
        columns = {
            name: [each["name"] for each in found.get_columns(name)]
            for name in found.get_table_names()
        }
    return columns, read_state(url)


def copies(url: str) -> list[str]:
    """Databases that a rehearsal made, on PostgreSQL."""
    if url.startswith("sqlite"):
        return []
    engine = engine_of(url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT datname FROM pg_database WHERE datname LIKE '%%rehearsal'"
        )
        found = [name for (name,) in rows]
    engine.dispose()
    return found
