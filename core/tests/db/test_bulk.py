"""The doors of set-based writing judge as the writing of one record does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text, true
from tenor_guarded import Badge, Fact, Folder, Pointer, Receipt, Sheet
from tenor_visitor import Visits

from tenor.audit.records import LedgerEntry
from tenor.db import Unguarded
from tenor_sdk import Amount, Conflict, Forbidden, NotFound, Refused

from .test_statements import Turning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenor.context import KernelContext

    from .conftest import Folders, House


def _load(
    house: House,
    ctx: KernelContext,
    record: type,
    row: Mapping[str, object],
    plugin: str = "guarded",
) -> int:
    with house.kernel.access.procedure(ctx, plugin, "load"):
        return house.kernel.access.bulk.load(ctx, record, [row])


def test_rows_that_lead_to_what_the_person_sees_are_loaded(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx:
        assert _load(house, ctx, Pointer, {"folder_id": folders.anns}) == 1
        assert _load(house, ctx, Sheet, {"parent_id": folders.anns, "text": "more"}) == 1
        assert ctx.session.scalar(select(func.count()).select_from(Pointer)) == 1


@pytest.mark.parametrize("hidden", [True, False])
def test_a_link_to_what_the_person_cannot_see_is_not_found_whether_it_is_there_or_not(
    house: House, folders: Folders, hidden: bool
) -> None:
    there = folders.bens if hidden else 10**6
    rows: list[tuple[type, dict[str, object], str]] = [
        (Pointer, {"folder_id": there}, "guarded"),
        (Sheet, {"parent_id": there, "text": "t"}, "guarded"),
        (Visits, {"id": there, "visits": 1}, "visitor"),
    ]
    for record, row, plugin in rows:
        with house.as_(house.ann) as ctx, pytest.raises(NotFound) as refused:
            _load(house, ctx, record, row, plugin)
        assert refused.value.key == "linked-record"


def test_nothing_is_set_to_lead_to_what_the_person_cannot_see(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        _load(house, ctx, Pointer, {"folder_id": folders.anns})
    with (
        house.as_(house.ann) as ctx,
        pytest.raises(NotFound),
        house.kernel.access.procedure(ctx, "guarded", "set"),
    ):
        house.kernel.access.bulk.update_where(
            ctx, Pointer, Pointer.id > 0, {"folder_id": folders.bens}
        )
    with house.as_(house.ann) as ctx:
        assert ctx.session.scalars(
            select(Folder.id).join(Pointer, Pointer.folder_id == Folder.id)
        ).all() == [folders.anns]


def test_whoever_loads_rows_does_not_say_who_made_them(house: House, folders: Folders) -> None:
    forged = {"folder_id": folders.anns, "created_by_id": house.ben.id, "version": 9}
    with house.as_(house.ann) as ctx:
        _load(house, ctx, Pointer, forged)
        made = ctx.session.scalars(select(Pointer)).one()
        assert (made.created_by_id, made.version) == (house.ann.id, 1)


EXPRESSIONS: dict[str, Any] = {
    "a subquery": select(func.max(Folder.subject)).scalar_subquery(),
    "another field": Folder.number,
    "text": text("(select max(subject) from guarded_folder)"),
    "a text that turns into SQL": Turning("x"),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_rows_are_not_set_to_what_others_hold(house: House, folders: Folders, name: str) -> None:
    values = {"subject": EXPRESSIONS[name]}
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        with pytest.raises(Unguarded):
            house.kernel.access.bulk.update_where(ctx, Folder, Folder.id > 0, values)
        with pytest.raises(Unguarded):
            house.kernel.access.bulk.load(ctx, Folder, [values])


def test_a_condition_over_the_table_reaches_no_hidden_row(house: House, folders: Folders) -> None:
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        with pytest.raises(Unguarded):
            house.kernel.access.bulk.update_where(
                ctx,
                Folder,
                Folder.__table__.c.id.in_(select(Folder.__table__.c.id)),
                {"subject": "x"},
            )
        assert house.kernel.access.bulk.update_where(ctx, Folder, true(), {"subject": "x"}) == 1
    with house.as_(house.ben) as ctx:
        assert ctx.session.get_one(Folder, folders.bens).subject == "theirs"


@pytest.mark.parametrize("name", ["id", "version", "created_by_id"])
def test_a_record_keeps_its_id_and_who_made_it(house: House, folders: Folders, name: str) -> None:
    with (
        house.as_(house.ann) as ctx,
        house.kernel.access.procedure(ctx, "guarded", "set"),
        pytest.raises(Unguarded, match=name),
    ):
        house.kernel.access.bulk.update_where(ctx, Folder, Folder.id > 0, {name: 77})


def test_rows_that_clash_with_a_hidden_one_are_refused_as_any_clash(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ben) as ctx:
        ctx.session.add(Badge(code="B-1", unit_id=house.ben.unit_id))
    row = {"code": "B-1", "unit_id": house.ann.unit_id}
    with pytest.raises(Conflict) as refused, house.as_(house.ann) as ctx:
        _load(house, ctx, Badge, row)
    with pytest.raises(Conflict) as alone, house.as_(house.ann) as ctx:
        ctx.session.add(Badge(**row))
        ctx.session.flush()
    told = refused.value
    assert (told.key, dict(told.values)) == (alone.value.key, dict(alone.value.values))


def test_what_is_written_once_is_not_set(house: House) -> None:
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        ctx.session.add(Fact(value=1))
        with pytest.raises(Refused, match="append-only"):
            house.kernel.access.bulk.update_where(ctx, Fact, Fact.id > 0, {"value": 2})


def test_rows_are_written_in_ones_own_procedures_alone(house: House, folders: Folders) -> None:
    row = {"folder_id": folders.anns}
    with house.as_(house.ann) as ctx:
        with pytest.raises(Forbidden):
            house.kernel.access.bulk.load(ctx, Pointer, [row])
        with pytest.raises(Forbidden):
            _load(house, ctx, Pointer, row, plugin="visitor")


def test_what_stood_in_each_row_is_on_record_beside_what_was_set(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx:
        first = ctx.session.get_one(Folder, folders.anns)
        other = Folder(subject="other", unit_id=first.unit_id, owner_id=first.owner_id)
        ctx.session.add(other)
        ctx.session.flush()
        ids, stood = [first.id, other.id], [first.subject, "other"]
        with house.kernel.access.procedure(ctx, "guarded", "set"):
            house.kernel.access.bulk.update_where(ctx, Folder, true(), {"subject": "new"})
        table = LedgerEntry.__table__.c
        said = house.kernel.db.execute(
            ctx.session, select(table.changes).where(table.kind == "bulk-update")
        ).scalar_one()
    assert said == {"ids": [None, ids], "subject": [stood, "new"]}


def test_rows_that_come_from_their_own_table_are_read_before_any_is_written(
    house: House, folders: Folders
) -> None:
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "copy"):
        bulk = house.kernel.access.bulk
        columns = (Pointer.folder_id,)
        bulk.load(ctx, Pointer, [{"folder_id": folders.anns}] * 1200)
        assert bulk.insert_from(ctx, Pointer, columns, select(Pointer.folder_id)) == 1200
        assert bulk.insert_from(ctx, Pointer, columns, select(Folder.id)) == 1
        assert ctx.session.scalar(select(func.count()).select_from(Pointer)) == 2401


def test_rows_with_different_fields_keep_all_that_they_say(house: House) -> None:
    """What a row leaves out is what a record made alone begins with."""
    rows: list[dict[str, object]] = [
        {"amount": Amount(1)},
        {"amount": Amount(2), "note": "kept", "payer": "Li"},
        {"payer": "Wu", "amount": Amount(3)},
    ]
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "load"):
        assert house.kernel.access.bulk.load(ctx, Receipt, rows) == 3
    with house.as_(house.ann, write=False) as ctx:
        found = select(Receipt.payer, Receipt.note).order_by(Receipt.id)
        assert [tuple(row) for row in ctx.session.execute(found)] == [
            ("", None),
            ("Li", "kept"),
            ("Wu", None),
        ]
