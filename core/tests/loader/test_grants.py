"""What a plugin asks for is granted or denied by an administrator, on record, and held to where it calls the SDK."""

from argparse import Namespace
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import pytest

from tenor.cli.granting import decision
from tenor.db.errors import Unguarded
from tenor.kernel import Kernel
from tenor.loader.grants import Decision
from tenor.loader.state import read_state
from tenor.testing import as_actor
from tenor_sdk.errors import Forbidden, NotFound, Refused

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf
    from tenor.cli.place import Place

pytestmark = pytest.mark.both_databases
ADMIN = "ding.ning"
DOORS = """
from tenor.access.records import User
from tenor_sdk.files import read_file, store_file
from tenor_sdk.network import ask_outside
from tenor_sdk.notify import mail

def files(ctx):
    return store_file(ctx, "a.txt", b"a")

def reading(ctx):
    return read_file(ctx, 1)

def email(ctx):
    mail(ctx, "key", "a@b.example", "subject", "body")

def network(ctx):
    return ask_outside(ctx, "http://127.0.0.1:1/")

def elevated(ctx):
    with ctx.elevated("to see") as high:
        return high.get(User, 1).login

def records(ctx, kind):
    from sqlalchemy import select
    return ctx.session.scalars(select(kind)).all()
"""
OF_ANOTHER = """
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
    op.create_table("other_thing", sa.Column("id", sa.Integer, primary_key=True), *[
        sa.Column(each, sa.String) for each in
        "name version created_at created_by_id changed_at changed_by_id".split()])

def downgrade():
    op.drop_table("other_thing")
"""


@pytest.fixture(autouse=True)
def on_path(shelf: "Shelf", monkeypatch: pytest.MonkeyPatch) -> None:
    """The rehearsal is a process of its own: it finds the shelf there too."""
    monkeypatch.setenv("PYTHONPATH", str(shelf.folder))


def enable(kernel: Kernel, name: str, *, grant: str = "", deny: str = "") -> None:
    with as_actor(kernel, ADMIN) as ctx:
        kernel.loader.enable(ctx, name, Decision(tuple(grant.split()), tuple(deny.split())))


def asker(shelf: "Shelf", asks: str) -> None:
    shelf.plugin("asker", {"services.py": DOORS}, stated=f"asks=({asks})" if asks else "")


def door(name: str) -> Any:
    return getattr(import_module("tenor_asker.services"), name)


def test_what_nobody_decided_on_keeps_a_plugin_from_being_enabled(
    shelf: "Shelf", start: Callable[[], Kernel], database: str
) -> None:
    asker(shelf, '"files", "email"')
    with pytest.raises(Refused) as refused:
        enable(start(), "asker", grant="files")
    assert refused.value.key == "plugin-asks"
    assert refused.value.values["words"] == "asker:email"
    assert read_state(database).enabled == ()


def test_what_the_refusal_says_to_write_can_be_written_so(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    asker(shelf, '"files", "email"')
    kernel = start()
    with pytest.raises(Refused) as refused:
        enable(kernel, "asker")
    enable(kernel, "asker", grant=str(refused.value.values["words"]))
    assert start().access.asks.granted["asker"] == {"files", "email"}


def test_words_on_the_command_line_may_have_commas_between_them() -> None:
    given = Namespace(grant=["documents:files,", "email"], deny=["network,elevated"])
    assert decision(cast("Place", None), given, ()) == Decision(
        grant=("documents:files", "email"), deny=("network", "elevated")
    )


def test_a_plugin_that_is_not_installed_is_granted_nothing_and_named(
    start: Callable[[], Kernel],
) -> None:
    kernel = start()
    with as_actor(kernel, ADMIN) as ctx, pytest.raises(NotFound) as refused:
        kernel.loader.decide(ctx, "nonesuch", Decision(grant=("files",)))
    assert (refused.value.key, refused.value.values) == (
        "plugin-not-installed",
        {"plugin": "nonesuch"},
    )


def test_a_grant_is_an_entry_of_the_ledger_as_whoever_gave_it(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    asker(shelf, '"files", "email"')
    kernel = start()
    enable(kernel, "asker", grant="files", deny="asker:email")
    assert start().access.asks.granted["asker"] == {"files"}
    with as_actor(kernel, "song.qing", write=False) as ctx:
        newest = kernel.audit.search(ctx, table="base_plugin_state")[0]
    assert "files" in str(newest.changes)
    assert newest.actor_name


def test_what_is_not_asked_for_is_not_granted(shelf: "Shelf", start: Callable[[], Kernel]) -> None:
    asker(shelf, '"files",')
    with pytest.raises(NotFound) as refused:
        enable(start(), "asker", grant="all network")
    assert refused.value.key == "not-asked-for"


def test_whoever_may_not_manage_plugins_grants_nothing(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    asker(shelf, '"files",')
    enable(start(), "asker", grant="all")
    kernel = start()
    with pytest.raises(Forbidden), as_actor(kernel, "lin.xiaowen") as ctx:
        kernel.loader.decide(ctx, "asker", Decision(deny=("files",)))


@pytest.mark.parametrize("name", ["files", "reading", "email", "network", "elevated"])
@pytest.mark.parametrize(
    ("asked", "key"), [(True, "plugin-not-granted"), (False, "plugin-did-not-ask")]
)
def test_each_door_is_shut_to_whom_it_was_not_opened(
    shelf: "Shelf", start: Callable[[], Kernel], name: str, asked: bool, key: str
) -> None:
    kind = "files" if name == "reading" else name
    asker(shelf, f'"{kind}",' if asked else "")
    enable(start(), "asker", deny="all" if asked else "")
    kernel = start()
    with as_actor(kernel, "lin.xiaowen") as ctx, pytest.raises(Forbidden) as shut:
        door(name)(ctx)
    assert (shut.value.key, shut.value.values["plugin"], shut.value.values["name"]) == (
        key,
        "asker",
        kind,
    )


THREADS = """
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Thread
from tenor_sdk.files import read_file, store_file

def handed(ctx):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(store_file, ctx, "a.txt", b"a").result()

def partly(ctx):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(partial(read_file, ctx), 1).result()

def mapped(ctx):
    with ThreadPoolExecutor(1) as pool:
        return list(pool.map(ctx.elevated, ["to see"]))

def own(ctx):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: store_file(ctx, "a.txt", b"a")).result()
"""


@pytest.mark.parametrize("way", ["handed", "partly", "mapped", "own"])
def test_a_thread_opens_no_door_that_is_shut(
    shelf: "Shelf", start: Callable[[], Kernel], way: str
) -> None:
    shelf.plugin("asker", {"services.py": THREADS})
    enable(start(), "asker")
    with as_actor(start(), "lin.xiaowen") as ctx, pytest.raises((Forbidden, Unguarded)) as shut:
        door(way)(ctx)
    assert "asker" in str(shut.value) or "thread" in str(shut.value)


def test_a_granted_door_opens(shelf: "Shelf", start: Callable[[], Kernel]) -> None:
    asker(shelf, '"files", "elevated"')
    enable(start(), "asker", grant="all")
    with as_actor(start(), "lin.xiaowen") as ctx:
        assert door("files")(ctx).size == 1
        assert door("elevated")(ctx)


@pytest.mark.parametrize("requires", [True, False])
def test_records_of_a_plugin_that_it_does_not_need_are_shut(
    shelf: "Shelf", start: Callable[[], Kernel], requires: bool
) -> None:
    files = {"records.py": OF_ANOTHER, "migrations/0001_first.py": MIGRATION}
    shelf.plugin("other", files)
    shelf.plugin("asker", {"services.py": DOORS}, requires=["tenor-other"] if requires else [])
    enable(start(), "other")
    enable(start(), "asker")
    kernel = start()
    kind = import_module("tenor_other.records").Thing
    with as_actor(kernel, "lin.xiaowen") as ctx:
        if requires:
            assert door("records")(ctx, kind) == []
        else:
            with pytest.raises(Forbidden, match="plugin-did-not-ask"):
                door("records")(ctx, kind)


def test_a_newer_version_that_asks_for_more_waits_until_somebody_decides(
    shelf: "Shelf", start: Callable[[], Kernel]
) -> None:
    asker(shelf, '"files",')
    enable(start(), "asker", grant="all")
    asker(shelf, '"files", "network"')
    (failure,) = start().failures
    assert failure.plugin == "asker"
    assert "tenor plugin grant asker network" in str(failure.remedy)
    kernel = start()
    with as_actor(kernel, ADMIN) as ctx:
        kernel.loader.decide(ctx, "asker", Decision(grant=("network",)))
    assert start().access.asks.granted["asker"] == {"files", "network"}
