"""What set-based work did to a record stands in its history, and is found however long the ledger is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, event, text, true
from tenor_guarded import Folder

from tenor.audit import Asked
from tenor.audit.records import LedgerEntry
from tenor_test_support.ledger import TABLE, lengthen, seal

from .conftest import add_folder

if TYPE_CHECKING:
    from tenor.audit import Entry

    from .conftest import House

INDEX = "ix_base_ledger_entry_table_name_last_id_first_id"


def rename_all(house: House, subject: str) -> None:
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        house.kernel.access.bulk.update_where(ctx, Folder, true(), {"subject": subject})


def history(house: House, folder: int, limit: int = 200) -> list[Entry]:
    with house.as_(house.ann, write=False) as ctx:
        opened = ctx.session.get_one(Folder, folder)
        return house.kernel.audit._told_of(ctx, opened, limit)


def test_a_record_tells_what_set_based_work_made_of_it(house: House) -> None:
    folders = [add_folder(house, house.ann, subject) for subject in ("one", "two", "three")]
    rename_all(house, "all alike")
    last, first = history(house, folders[1])
    assert (last.kind, last.changes) == ("bulk-update", {"subject": ["two", "all alike"]})
    assert (first.kind, first.changes["subject"]) == ("create", [None, "two"])


def test_a_record_that_was_made_among_others_says_when(house: House) -> None:
    row = {"subject": "loaded", "unit_id": house.ann.unit_id, "archived": False}
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "load"):
        house.kernel.access.bulk.load(ctx, Folder, [row, row])
    (made,) = history(house, 2)
    assert (made.kind, made.changes, made.actor_name) == ("bulk-create", {}, house.ann.name)


def test_work_that_passed_a_record_by_is_not_in_its_history(house: House) -> None:
    folders = [add_folder(house, house.ann, subject) for subject in ("one", "two", "three")]
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        house.kernel.access.bulk.update_where(
            ctx, Folder, Folder.id.in_([folders[0], folders[2]]), {"subject": "new"}
        )
    assert [each.kind for each in history(house, folders[1])] == ["create"]
    assert [each.kind for each in history(house, folders[2])] == ["bulk-update", "create"]


def test_only_the_newest_are_read(house: House) -> None:
    folder = add_folder(house, house.ann, "one")
    for subject in ("two", "three"):
        rename_all(house, subject)
    (newest,) = history(house, folder, limit=1)
    assert newest.changes == {"subject": ["two", "three"]}


def explained(connection: Connection, statement: Any) -> str:
    """How the database would go about it."""
    how = "explain query plan" if connection.dialect.name == "sqlite" else "explain"

    @event.listens_for(connection, "before_cursor_execute", retval=True)
    def _explain(_on: Any, _cursor: Any, said: str, given: Any, *_: Any) -> tuple[str, Any]:
        return f"{how} {said}", given

    cursor: Any = connection.execute(statement).cursor
    return str(cursor.fetchall())


def test_the_history_is_read_from_indexes(house: House) -> None:
    table: Any = LedgerEntry.__table__
    lengthen(house.kernel, 2500)
    where = house.kernel.audit.where(Asked(table=TABLE, record_id=5))
    with house.kernel.db.raw() as connection:
        connection.execute(text("analyze"))
        plan = explained(connection, table.select().where(*where))
    assert {INDEX, "ix_base_ledger_entry_table_name_record_id"} <= set(re.findall(r"ix_\w+", plan))
    assert "SCAN base_ledger_entry" not in plan


@pytest.mark.parametrize("name", ["first_id", "last_id"])
def test_whoever_hides_set_based_work_from_its_records_is_found(house: House, name: str) -> None:
    add_folder(house, house.ann, "one")
    rename_all(house, "two")
    seal(house.kernel)
    assert house.kernel.audit.verify().findings == ()
    with house.kernel.db.raw() as connection:
        entries: Any = LedgerEntry.__table__
        of_bulk = entries.update().where(entries.c.kind == "bulk-update")
        connection.execute(of_bulk.values({name: 999}))
    assert {each.key for each in house.kernel.audit.verify().findings} == {"edited"}
