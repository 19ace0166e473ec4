"""A journal's rows are leaves of the seals themselves: they leave no entry, say where they came from, and whatever is
done to them is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import tenor_guarded as guarded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, insert, literal, select, text

from tenor.audit.records import LedgerEntry
from tenor.audit.verifying import verify
from tenor.db.errors import Unguarded
from tenor_sdk import Amount, Record
from tenor_sdk.errors import Refused
from tenor_sdk.records import AppendOnly, Archivable
from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_tampering import run, undone

if TYPE_CHECKING:
    from .conftest import House

_receipts: Any = guarded.Receipt.__table__
_entries: Any = LedgerEntry.__table__
TABLE = "guarded_receipt"
Found = set[tuple[str, int | None, str]]
Tamper = Callable[[Connection, int, int], Found]


def pay(house: House, *amounts: int) -> list[int]:
    """Receipts of Ann; their ids."""
    with house.as_(house.ann) as ctx:
        receipts = [guarded.Receipt(amount=Amount(each), payer=f"p{each}") for each in amounts]
        ctx.session.add_all(receipts)
        ctx.session.flush()
        return [receipt.id for receipt in receipts]


@pytest.fixture
def sealed(house: House) -> House:
    """Two folders, which have entries, and six receipts, in three seals."""
    for round_ in (1, 2, 3):
        add_folder(house, house.ann, f"folder {round_}")
        pay(house, round_, round_ * 10)
        seal(house.kernel)
    return house


def keys(house: House, connection: Connection) -> Found:
    verdict = verify(connection, journals=house.kernel.audit.journals)
    return {(each.key, each.entry_id, each.table) for each in verdict.findings}


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_row_leaves_no_entry_and_says_itself_who_wrote_it_through_what(house: House) -> None:
    (one,) = pay(house, 5)
    with house.kernel.db.raw(write=False) as connection:
        entries = select(func.count()).where(_entries.c.table_name == TABLE)
        assert connection.scalar(entries) == 0
        row = connection.execute(_receipts.select().where(_receipts.c.id == one)).one()
    assert row.created_by_id == house.ann.id
    assert (row.behalf_of_id, row.procedure) == (None, "")
    assert row.request_id
    assert (row.transaction > 0) == (house.kernel.db.dialect == "postgresql")


@pytest.mark.parametrize("said", [{"transaction": 7}, {"procedure": "x.y"}, {"behalf_of_id": 1}])
def test_nobody_says_where_a_row_came_from(house: House, said: dict[str, Any]) -> None:
    with (
        pytest.raises(Unguarded, match="is the kernel's to give"),
        house.as_(house.ann) as ctx,
    ):
        ctx.session.add(guarded.Receipt(amount=Amount(1), **said))
        ctx.session.flush()


def test_rows_that_are_written_at_once_leave_no_entry_and_say_through_what(house: House) -> None:
    with house.as_(house.ann) as ctx:
        guarded.take(ctx, [1, 2, 3])
    with house.kernel.db.raw(write=False) as connection:
        entries = select(func.count()).where(_entries.c.table_name == TABLE)
        assert connection.scalar(entries) == 0
        assert set(connection.scalars(select(_receipts.c.procedure))) == {"guarded.take"}
    seal(house.kernel)
    assert house.kernel.audit.verify().findings == ()


def test_a_row_is_never_changed(house: House) -> None:
    (one,) = pay(house, 5)
    with pytest.raises(Refused, match="append-only"), house.as_(house.ann) as ctx:
        ctx.session.get(guarded.Receipt, one).amount = Amount(6)
        ctx.session.flush()


def test_a_journal_must_be_written_once() -> None:
    with pytest.raises(TypeError, match="add AppendOnly"):
        type("Loose", (Record,), {"__module__": "tenor_guarded"}, journal=True)
    with pytest.raises(TypeError, match="can't be Archivable"):
        bases = (Record, AppendOnly, Archivable)
        type("Kept", bases, {"__module__": "tenor_guarded"}, journal=True)


# -- sealing and verifying ---------------------------------------------------------------------------------------------


def test_rows_are_sealed_with_the_entries(sealed: House) -> None:
    pay(sealed, 7)
    verdict = sealed.kernel.audit.verify()
    assert verdict.findings == ()
    assert verdict.unsealed == 1
    with sealed.kernel.db.raw(write=False) as connection:
        statement = "select count(distinct seal_id) from base_seal_member where table_name = :table"
        assert connection.scalar(text(statement), {"table": TABLE}) == 3


def edit(connection: Connection, one: int, other: int) -> Found:
    run(connection, "update guarded_receipt set amount = amount + 1 where id = :id", id=one)
    return {("edited", one, TABLE)}


def edit_who(connection: Connection, one: int, other: int) -> Found:
    run(connection, "update guarded_receipt set created_by_id = 99 where id = :id", id=one)
    return {("edited", one, TABLE)}


def say_more(connection: Connection, one: int, other: int) -> Found:
    run(connection, "update guarded_receipt set note = 'x' where id = :id", id=one)
    return {("edited", one, TABLE)}


def remove(connection: Connection, one: int, other: int) -> Found:
    run(connection, "delete from guarded_receipt where id = :id", id=one)
    return {("removed", one, TABLE)}


def swap_numbers(connection: Connection, one: int, other: int) -> Found:
    for was, becomes in ((one, -1), (other, one), (-1, other)):
        change = "update guarded_receipt set id = :becomes where id = :was"
        run(connection, change, was=was, becomes=becomes)
    return {("moved", one, TABLE), ("moved", other, TABLE)}


def unseal(connection: Connection, one: int, other: int) -> Found:
    gone = "delete from base_seal_member where table_name = 'guarded_receipt' and entry_id = :id"
    run(connection, gone, id=one)
    return {("removed", None, "")}


def insert_behind(connection: Connection, one: int, other: int) -> Found:
    columns = [column for column in _receipts.c if column.name != "id"]
    copied = select(literal(0), *columns).where(_receipts.c.id == one)
    names = ["id", *(column.name for column in columns)]
    connection.execute(insert(_receipts).from_select(names, copied))
    return {("inserted", 0, TABLE)}


def write_another_leaf(connection: Connection, one: int, other: int) -> Found:
    change = """update base_seal_member set leaf = 'x'
        where table_name = 'guarded_receipt' and entry_id = :id"""
    run(connection, change, id=one)
    return {("edited", one, TABLE)}


TAMPERS: list[Tamper] = [
    edit, edit_who, say_more, remove, swap_numbers, unseal, insert_behind, write_another_leaf,
]  # fmt: skip


def receipts(connection: Connection) -> list[int]:
    return list(connection.scalars(select(_receipts.c.id).order_by(_receipts.c.id)))


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_each_way_is_named(sealed: House, tamper: Tamper) -> None:
    with undone(sealed) as connection:
        ids = receipts(connection)
        expected = tamper(connection, ids[0], ids[3])
        assert expected <= keys(sealed, connection)
    assert sealed.kernel.audit.verify().findings == ()


@pytest.mark.hypothesis
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_way_on_any_rows_is_named(sealed: House, data: st.DataObject) -> None:
    with undone(sealed) as connection:
        ids = receipts(connection)
        one, other = data.draw(
            st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True), label="rows"
        )
        tamper = data.draw(st.sampled_from(TAMPERS), label="how")
        expected = tamper(connection, one, other)
        assert expected <= keys(sealed, connection)


def test_a_journal_that_is_gone_is_named_and_one_whose_plugin_is_off_is_counted(
    sealed: House,
) -> None:
    with undone(sealed) as connection:
        verdict = verify(connection)
        assert (verdict.findings, verdict.unread) == ((), 6)
        run(connection, "drop table guarded_receipt")
        assert [str(each) for each in verify(connection).findings] == [
            "guarded_receipt: table-missing"
        ]
