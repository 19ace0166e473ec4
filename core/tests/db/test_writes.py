"""Who may write what: by grant outside a procedure, by plugin inside one; and each write's entry in the ledger."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import false, func, select
from tenor_guarded import Fact, Folder, Pointer, Sheet, clerk, reader, rename, throw_away
from tenor_visitor import Visits, ask_politely, stamp, steal, visit

from tenor.access.actors import Lent
from tenor.access.fetching import fetch
from tenor.audit.records import LedgerEntry
from tenor.db.errors import Unguarded
from tenor_sdk import Amount, Conflict, Forbidden, NotFound, Refused, Scope, can
from tenor_sdk.access import RowRule
from tenor_sdk.services import savepoint

from .conftest import add_folder

if TYPE_CHECKING:
    from .conftest import Folders, House


def entries(house: House, table: str = "") -> list[Any]:
    """The ledger, oldest first."""
    ledger = LedgerEntry.__table__
    statement = select(ledger).order_by(ledger.c.id)
    with house.kernel.db.raw(write=False) as connection:
        rows = connection.execute(statement).mappings().all()
    return [row for row in rows if not table or row["table_name"] == table]


def test_a_clerk_makes_no_folder_in_another_branch(house: House) -> None:
    with pytest.raises(Forbidden, match="not-permitted"), house.as_(house.ann) as ctx:
        ctx.session.add(Folder(subject="x", unit_id=house.ben.unit_id))


def test_a_clerk_hands_no_folder_to_another_branch(house: House, folders: Folders) -> None:
    with pytest.raises(Forbidden, match="out-of-reach"), house.as_(house.ann) as ctx:
        ctx.session.get_one(Folder, folders.anns).unit_id = house.ben.unit_id


def test_a_line_is_not_moved_out_of_a_record_that_is_not_ones_own_to_change(
    house: House, folders: Folders
) -> None:
    access = house.kernel.access
    seen = {reader.key: reader.grants, clerk.key: can.everything(Folder, scope=Scope.OWN)}
    access.book = replace(access.book, grants=seen)
    access._rights.clear()
    colleague = replace(house.ann, id=house.ben.id, roles=frozenset(seen))
    own = add_folder(house, colleague, "the colleague's")
    with pytest.raises(Forbidden, match="not-permitted"), house.as_(colleague) as ctx:
        (sheet,) = ctx.session.get_one(Folder, folders.anns).sheets
        sheet.parent_id = own


def test_what_was_delegated_lifts_no_restriction_of_whoever_acts(
    house: House, folders: Folders
) -> None:
    access = house.kernel.access
    rule = RowRule(
        record=Folder, allows=lambda actor: Folder.id > 0 if actor.id == house.ben.id else false()
    )
    access.book = replace(access.book, rules={Folder: [rule]})
    access._rights.clear()
    lent = replace(house.ben, lent=Lent(1, date(2026, 7, 31)))
    with house.as_(house.ben, write=False) as ctx:
        assert ctx.session.get(Folder, folders.bens) is not None
    with house.as_(replace(house.ann, stands_in=(lent,)), write=False) as ctx:
        assert ctx.session.get(Folder, folders.bens) is None


def test_a_link_to_a_hidden_row_is_not_found_like_one_to_nothing(
    house: House, folders: Folders
) -> None:
    for target in (folders.bens, 99_999):
        with pytest.raises(NotFound, match="linked-record"), house.as_(house.ann) as ctx:
            ctx.session.add(Pointer(folder_id=target))


def test_a_plugin_writes_its_own_records_in_its_procedures(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        visit(ctx, folders.anns)
        assert visit(ctx, folders.anns) == 2
    assert [entry["procedure"] for entry in entries(house, "visitor_visits")] == [
        "visitor.visit"
    ] * 2


def test_a_plugin_does_not_write_another_ones_records(house: House, folders: Folders) -> None:
    with pytest.raises(Forbidden, match="other-plugins-record"), house.as_(house.ann) as ctx:
        steal(ctx, ctx.session.get(Folder, folders.anns))


def test_what_was_pending_before_a_procedure_is_judged_as_the_persons(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        folder = ctx.session.get(Folder, folders.anns)
        folder.subject = "by hand"
        visit(ctx, folders.anns)
    last = entries(house, "guarded_folder")[-1]
    assert (last["procedure"], last["changes"]["subject"]) == ("", ["mine", "by hand"])


def test_what_was_found_when_a_record_was_read_does_not_hold_once_it_was_moved(
    house: House, folders: Folders
) -> None:
    access = house.kernel.access
    with pytest.raises(NotFound), house.as_(house.ann) as ctx:
        folder = fetch(ctx, Folder, folders.anns, "update")
        with access.procedure(ctx, "guarded", "move"):
            folder.unit_id = house.ben.unit_id
        folder.subject = "no longer hers to name"


def test_a_record_that_is_known_by_its_number_alone_is_judged_by_its_row(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        assert ctx.may(Folder, "update", Folder(id=folders.anns))
        for verb in ("read", "update", "delete"):
            assert not ctx.may(Folder, verb, Folder(id=folders.bens))


def test_another_plugins_record_is_written_through_its_door(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        ask_politely(ctx, ctx.session.get(Folder, folders.anns))
    assert entries(house, "guarded_folder")[-1]["procedure"] == "guarded.rename"


def test_a_reading_request_writes_nothing(house: House, folders: Folders) -> None:
    with pytest.raises(Forbidden, match="read-only"), house.as_(house.ann, write=False) as ctx:
        rename(ctx, ctx.session.get(Folder, folders.anns), "x")


def test_what_is_written_once_is_not_changed(house: House) -> None:
    with house.as_(house.ann) as ctx:
        ctx.session.add(Fact(value=1))
    with pytest.raises(Refused, match="append-only"), house.as_(house.ann) as ctx:
        ctx.session.scalars(select(Fact)).one().value = 2


@pytest.mark.parametrize("name", ["id", "version", "created_by_id", "changed_by_id"])
@pytest.mark.parametrize("door", [False, True], ids=["by hand", "in a procedure"])
def test_who_made_a_record_is_not_said_by_whoever_changes_it(
    house: House, folders: Folders, name: str, *, door: bool
) -> None:
    """No entry of the ledger would tell of it, and whoever made a thing could decide upon it as somebody else."""
    with pytest.raises(Unguarded, match=name), house.as_(house.ann) as ctx:
        folder = ctx.session.get(Folder, folders.anns)
        with house.kernel.access.procedure(ctx, "guarded", "forge") if door else nullcontext():
            setattr(folder, name, 4711)


@pytest.mark.parametrize("together", [True, False])
def test_the_id_of_a_new_record_is_not_said_by_whoever_makes_it(
    house: House, *, together: bool
) -> None:
    """What is on record of one that is gone would be the new one's, and the database's own count would come to it."""
    with pytest.raises(Unguarded, match="id of a record"), house.as_(house.ann) as ctx:
        if together:
            house.kernel.access.bulk.create(ctx, Fact, [{"id": 6000, "value": 1}])
        else:
            ctx.session.add(Fact(id=6000, value=1))
            ctx.session.flush()


def test_who_wrote_what_is_written_once_is_not_changed_either(house: House) -> None:
    with house.as_(house.ann) as ctx:
        ctx.session.add(Fact(value=1))
    with pytest.raises(Unguarded, match="created_by_id"), house.as_(house.ann) as ctx:
        ctx.session.scalars(select(Fact)).one().created_by_id = house.ben.id


def test_the_second_of_two_changes_to_one_version_is_a_conflict(
    house: House, folders: Folders
) -> None:
    with pytest.raises(Conflict, match="changed-since"), house.as_(house.ann) as ctx:
        folder = ctx.session.get(Folder, folders.anns)
        table = Folder.__table__.c
        newer = Folder.__table__.update().where(table.id == folders.anns).values(version=7)
        house.kernel.db.execute(ctx.session, newer)
        folder.subject = "late"


def test_a_removed_folder_takes_lines_and_extensions_along_each_on_record(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        visit(ctx, folders.anns)
    with house.as_(house.ann) as ctx:
        ctx.session.delete(ctx.session.get(Folder, folders.anns))
    gone = {entry["table_name"] for entry in entries(house) if entry["kind"] == "delete"}
    assert gone == {"guarded_folder", "guarded_sheet", "visitor_visits"}


def test_a_door_of_the_host_takes_the_extensions_of_strangers_along(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        visit(ctx, folders.anns)
    with house.as_(house.ann) as ctx:
        throw_away(ctx, ctx.session.get(Folder, folders.anns))
    gone = {entry["table_name"] for entry in entries(house) if entry["kind"] == "delete"}
    assert gone == {"guarded_folder", "guarded_sheet", "visitor_visits"}


def test_a_line_that_is_taken_out_takes_its_extension_along(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        (sheet,) = ctx.session.get(Folder, folders.anns).sheets
        stamp(ctx, sheet.id)
    with house.as_(house.ann) as ctx:
        ctx.session.get(Folder, folders.anns).sheets = []
    gone = {entry["table_name"] for entry in entries(house) if entry["kind"] == "delete"}
    assert gone == {"guarded_sheet", "visitor_stamp"}


def test_a_door_of_the_host_does_not_remove_a_strangers_extension_alone(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        visit(ctx, folders.anns)
    with pytest.raises(Forbidden, match="other-plugins-record"), house.as_(house.ann) as ctx:
        throw_away(ctx, ctx.session.get(Visits, folders.anns))


def test_an_entry_says_from_what_to_what(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        folder = ctx.session.get(Folder, folders.anns)
        ctx.session.expire(folder)
        folder.amount = Amount(250)
    last = entries(house, "guarded_folder")[-1]
    assert last["changes"] == {"amount": [100, 250]}
    assert (last["actor_id"], last["kind"]) == (house.ann.id, "update")


def test_an_amount_counted_up_in_sql_is_on_record_with_its_figure(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        ctx.session.get(Folder, folders.anns).amount = Folder.amount + Amount(5)
    assert entries(house, "guarded_folder")[-1]["changes"] == {"amount": [100, 105]}


def test_nothing_changed_leaves_no_entry(house: House, folders: Folders) -> None:
    before = len(entries(house))
    with house.as_(house.ann) as ctx:
        folder = ctx.session.get(Folder, folders.anns)
        folder.subject = str(folder.subject)
    assert len(entries(house)) == before


def test_a_savepoint_that_fails_takes_its_entries_along(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        folder = ctx.session.get(Folder, folders.anns)
        with pytest.raises(ZeroDivisionError), savepoint(ctx):
            folder.subject = "undone"
            ctx.session.flush()
            raise ZeroDivisionError
        folder.subject = "kept"
    told = [entry["changes"].get("subject") for entry in entries(house, "guarded_folder")]
    assert told[-1] == ["mine", "kept"]
    assert ["mine", "undone"] not in told


def test_elevated_work_sees_all_rows_and_is_on_record(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        with ctx.elevated("total of the institution") as high:
            total = high.scalar(select(func.sum(Folder.amount)))
        assert total == Amount(200)
        assert ctx.session.scalar(select(func.count(Folder.id))) == 1
    assert [entry["reason"] for entry in entries(house) if entry["kind"] == "elevated"] == [
        "total of the institution"
    ]


def test_elevated_work_sees_what_is_pending_and_its_objects_do_not_mix(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        ctx.session.get(Folder, folders.anns).amount = Amount(1)
        with ctx.elevated("total") as high:
            assert high.scalar(select(func.sum(Folder.amount))) == Amount(101)
            theirs = high.get(Folder, folders.bens)
        assert ctx.session.get(Folder, folders.bens) is None
        with pytest.raises(Exception, match="session"):
            ctx.session.add(theirs)


def test_numbers_count_up_without_gaps(house: House) -> None:
    with pytest.raises(ZeroDivisionError), house.as_(house.ann) as ctx:
        ctx.session.add(Folder(subject="lost", unit_id=house.ann.unit_id))
        ctx.session.flush()
        raise ZeroDivisionError
    with house.as_(house.ann) as ctx:
        for subject in ("a", "b"):
            ctx.session.add(Folder(subject=subject, unit_id=house.ann.unit_id))
    with house.as_(house.ann) as ctx:
        numbers = list(ctx.session.scalars(select(Folder.number).order_by(Folder.id)))
    assert numbers == ["F-2026-0001", "F-2026-0002"]


def test_a_float_is_no_amount(house: House) -> None:
    with pytest.raises(TypeError, match="Amount"), house.as_(house.ann) as ctx:
        ctx.session.add(Folder(subject="x", unit_id=house.ann.unit_id, amount=1.5))


def test_a_misspelt_field_is_no_silence() -> None:
    with pytest.raises(TypeError, match="subjekt"):
        Folder(subjekt="x")


def test_a_secret_is_on_record_as_changed_and_nothing_more(house: House) -> None:
    from tenor.access.records import User

    system = house.kernel.access.system_actor()
    with (
        house.kernel.context(system, write=True) as ctx,
        house.kernel.db.system(ctx.session) as session,
    ):
        session.get(User, house.ann.id).password = "a hash"
    assert entries(house, "base_user")[-1]["changes"] == {"password": ["•", "•"]}


def test_lines_are_seen_with_their_parent(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        assert len(ctx.session.scalars(select(Sheet)).all()) == 1
        assert ctx.session.get(Visits, folders.bens) is None


@pytest.mark.parametrize("hidden", [True, False])
def test_an_extension_of_what_the_person_cannot_see_is_not_found_whether_it_is_there_or_not(
    house: House, folders: Folders, hidden: bool
) -> None:
    there = folders.bens if hidden else 10**6
    with pytest.raises(NotFound) as refused, house.as_(house.ann) as ctx:
        visit(ctx, there)
    assert refused.value.key == "linked-record"
