"""Remove, bring back, purge: nothing lost, nothing taken that is another's."""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.tests.loader.leaving import (
    ADMIN,
    LINK,
    SECOND,
    acts,
    count,
    everything,
    insert,
    on_shelf,
    purge,
    put_on_record,
    reasons,
    remove,
    restore,
    stamped,
    switch,
    tables,
)  # fmt: skip
from tenor.kernel import Kernel
from tenor.loader.lifecycle import record_state
from tenor.loader.removing import exports_of, plan_purge, plan_remove
from tenor.loader.state import connected, read_state
from tenor.testing import as_actor
from tenor_sdk.errors import Forbidden, Refused
from tenor_test_support.ledger import seal

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf


def add(kernel: Kernel) -> None:
    """One more thing."""
    thing = import_module("tenor_host.records").Thing
    with as_actor(kernel, "system") as ctx, kernel.access.procedure(ctx, "host", "add"):
        ctx.session.add(thing(name="afresh"))


def numbers(database: str) -> list[int]:
    """Of the things that are there."""
    with connected(database) as connection:
        return list(connection.execute(text("SELECT id FROM host_thing ORDER BY id")).scalars())


@pytest.mark.both_databases
def test_what_was_removed_comes_back_as_it_was(host: Kernel, bare: Kernel, database: str) -> None:
    before = everything(database)
    assert remove(bare).missing == ()
    assert not {"host_thing", "host_schema"} & tables(database)
    restore(bare)
    assert everything(database) == before
    assert read_state(database).enabled == ("host_other",)


@pytest.mark.both_databases
def test_only_what_is_its_own_is_taken(host: Kernel, bare: Kernel, database: str) -> None:
    before = everything(database)
    remove(bare)
    after = everything(database)
    assert after["host_other_thing"] == before["host_other_thing"]
    assert count(database, "base_plugin_setting", plugin="host_other") == 1
    assert count(database, "base_comment", table_name="host_other_thing") == 1
    assert count(database, "base_comment", table_name="host_thing", record_id=1) == 0


@pytest.mark.both_databases
def test_numbers_given_meanwhile_are_others(host: Kernel, bare: Kernel, database: str) -> None:
    before = everything(database)["base_comment"]
    remove(bare)
    with bare.db.raw() as connection:
        insert(connection, "base_comment", {
            "table_name": "host_other_thing", "record_id": 9, "text": "since", **stamped("2026-07-01 02:00:00"),
        })  # fmt: skip
    restore(bare)
    after = everything(database)["base_comment"]
    assert len(after) == len(before) + 1
    assert set(before) < set(after)


@pytest.mark.both_databases
@pytest.mark.parametrize("away", [remove, purge])
def test_enabled_afresh_it_gives_no_number_again_that_the_ledger_knows(
    host: Kernel,
    bare: Kernel,
    database: str,
    start: Callable[..., Kernel],
    away: Callable[..., object],
) -> None:
    highest = max(numbers(database))
    away(bare)
    switch(start(), "host", on=True)
    add(start())
    assert numbers(database) == [highest + 1]


@pytest.mark.both_databases
def test_no_number_of_a_row_is_given_again_that_was_deleted_before(
    host: Kernel, bare: Kernel, database: str, start: Callable[..., Kernel]
) -> None:
    highest = max(numbers(database))
    with bare.db.raw() as connection:
        connection.execute(text("DELETE FROM host_thing"))
    remove(bare)
    switch(start(), "host", on=True)
    add(start())
    assert numbers(database) == [highest + 1]


@pytest.mark.both_databases
def test_what_comes_back_goes_on_counting(
    host: Kernel, bare: Kernel, database: str, start: Callable[..., Kernel]
) -> None:
    remove(bare)
    restore(bare)
    switch(start(), "host", on=True)
    kernel = start()
    thing = next(each for each in kernel.declarations.records if each.__tablename__ == "host_thing")
    with as_actor(kernel, "system") as ctx, kernel.access.procedure(ctx, "host", "use"):
        fourth = thing(name="fourth")
        ctx.session.add(fourth)
        ctx.session.flush()
        assert fourth.id == 4


@pytest.mark.both_databases
def test_what_comes_back_from_an_earlier_export_gives_no_number_again(
    host: Kernel, bare: Kernel, database: str, start: Callable[..., Kernel]
) -> None:
    highest = max(numbers(database))
    earlier = remove(bare).file
    switch(start(), "host", on=True)
    add(start())
    switch(start(), "host", on=False)
    remove(bare)
    restore(bare, source=earlier)
    switch(start(), "host", on=True)
    add(start())
    assert max(numbers(database)) == highest + 2


@pytest.mark.both_databases
def test_a_newer_version_goes_on_from_there(
    host: Kernel, bare: Kernel, database: str, start: Callable[..., Kernel], shelf: "Shelf"
) -> None:
    remove(bare)
    newer = shelf.folder / "tenor_host" / "migrations" / "0002_second.py"
    newer.write_text(SECOND.format(name="host"))
    restore(bare)
    switch(start(), "host", on=True)
    assert start().failures == []
    assert count(database, "host_thing", colour="none") == 3


@pytest.mark.both_databases
def test_a_package_that_is_gone_is_no_obstacle(
    host: Kernel, start: Callable[..., Kernel], database: str, shelf: "Shelf"
) -> None:
    for path in shelf.folder.glob("tenor_host-*.dist-info/entry_points.txt"):
        path.unlink()
    removed = remove(start(()))
    assert removed.file.is_file()
    assert "host_thing" not in tables(database)
    purge(start(()))
    assert not removed.file.exists()


@pytest.mark.both_databases
def test_purging_destroys_the_exports_and_the_files_too(
    host: Kernel, bare: Kernel, database: str, tmp_path: Path
) -> None:
    letters = [path for path in (tmp_path / "files").glob("*/*") if path.is_file()]
    for letter in letters:
        os.utime(letter, (0, 0))  # long ago
    remove(bare)
    assert [each.is_file() for each in letters] == [True]
    purge(bare)
    assert [each.is_file() for each in letters] == [False]
    assert exports_of(bare.settings, "host") == ()
    for name in ("base_comment", "base_external_id"):
        assert count(database, name, table_name="host_thing") == 0
    with pytest.raises(Refused) as refused:
        restore(bare)
    assert "knows of no removal" in reasons(refused.value)
    assert acts(bare) == [("plugin-purged", "丁宁"), ("plugin-removed", "丁宁")]


@pytest.mark.both_databases
def test_purging_what_stands_needs_no_export(host: Kernel, bare: Kernel, database: str) -> None:
    purge(bare)
    assert not {"host_thing", "host_schema"} & tables(database)
    assert count(database, "base_plugin_setting", plugin="host") == 0


@pytest.mark.both_databases
def test_what_was_removed_keeps_its_entries_and_the_ledger_is_whole(
    host: Kernel, bare: Kernel
) -> None:
    seal(bare)
    remove(bare)
    seal(bare)
    assert bare.audit.verify().findings == ()
    with as_actor(bare, "song.qing", write=False) as ctx:
        assert bare.audit.search(ctx, table="host_thing") != []


# -- what stands in the way --------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_host_goes_after_those_that_need_it(
    shelf: "Shelf", start: Callable[..., Kernel], host: Kernel, database: str
) -> None:
    on_shelf(shelf, "guest", LINK.format(name="host"), requires=("tenor-host",))
    on_shelf(shelf, "zeal", LINK.format(name="guest"))
    kernel = start(())
    put_on_record(kernel, "host", "guest", "zeal")
    with as_actor(kernel, ADMIN) as ctx:
        record_state(kernel, ctx, disable=("host", "guest", "zeal"))
    with pytest.raises(Refused) as refused:
        remove(kernel)
    assert plan_remove(kernel.settings, "host").first == ("zeal", "guest")
    assert "in this order: zeal, guest" in reasons(refused.value)
    for name in ("zeal", "guest", "host"):
        remove(kernel, name)
    assert not {"host_thing", "guest_thing", "zeal_thing"} & tables(database)
    with pytest.raises(Refused):
        restore(kernel, "guest")
    for name in ("host", "guest"):
        restore(kernel, name)


def test_what_runs_is_disabled_first(host: Kernel, bare: Kernel) -> None:
    with pytest.raises(Refused) as refused:
        remove(bare, "host_other")
    assert "tenor plugin disable host_other" in reasons(refused.value)


@pytest.mark.parametrize("name", ["base", "nosuch"])
def test_what_cannot_be_removed_is_refused(bare: Kernel, name: str) -> None:
    for act in (remove, restore, purge):
        with pytest.raises(Refused):
            act(bare, name)


def test_what_was_removed_is_not_removed_again(host: Kernel, bare: Kernel) -> None:
    remove(bare)
    with pytest.raises(Refused) as refused:
        remove(bare)
    assert "removed already" in reasons(refused.value)


def test_a_legal_hold_keeps_it(host: Kernel, bare: Kernel) -> None:
    with bare.db.raw() as connection:
        insert(connection, "base_legal_hold", {
            "table_name": "host_thing", "record_id": 1, "reason": "a lawsuit", **stamped("2026-06-30 02:00:00"),
        })  # fmt: skip
    for act in (remove, purge):
        with pytest.raises(Refused) as refused:
            act(bare)
        assert "legal hold" in reasons(refused.value)


@pytest.mark.both_databases
def test_a_journal_that_seals_cover_stays(host: Kernel, bare: Kernel, database: str) -> None:
    with bare.db.raw() as connection:
        insert(connection, "base_seal_member", {
            "table_name": "host_thing", "entry_id": 1, "seal_id": 1, "place": 0, "leaf": "", "salt": "",
            **stamped("2026-06-30 02:00:00"),
        })  # fmt: skip
    with pytest.raises(Refused) as refused:
        remove(bare)
    assert "host_thing is a journal" in reasons(refused.value)
    assert "host_thing" in tables(database)


def test_only_those_who_may_manage_plugins_remove(host: Kernel, bare: Kernel) -> None:
    with pytest.raises(Forbidden):
        remove(bare, who="lin.xiaowen")


def test_a_plan_counts_and_changes_nothing(host: Kernel, bare: Kernel, database: str) -> None:
    before = everything(database)
    change = plan_remove(bare.settings, "host")
    assert (change.tables, change.files) == ((("host_thing", 3),), 1)
    assert dict(change.rows)["base_comment"] == 2
    assert plan_purge(bare.settings, "host").exports == ()
    assert everything(database) == before
