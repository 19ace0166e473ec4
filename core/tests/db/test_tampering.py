"""Whatever somebody with the database in hand does to a sealed ledger, verifying names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert, literal, select, text

from tenor.audit.hashing import BEHALF, HEADER, entry_digest
from tenor.audit.records import LedgerEntry
from tenor.audit.seals import roots
from tenor.audit.verifying import verify
from tenor_test_support.ledger import seal

from .conftest import add_folder

if TYPE_CHECKING:
    from tenor.audit import Verdict

    from .conftest import House


_entries: Any = LedgerEntry.__table__
Found = set[tuple[str, int | None]]
Tamper = Callable[[Connection, int, int], Found]


@contextmanager
def undone(house: House) -> Iterator[Connection]:
    """A connection on which all that is done is undone at the end."""
    with house.kernel.db.raw() as connection:
        point = connection.begin_nested()
        try:
            yield connection
        finally:
            point.rollback()


def run(connection: Connection, statement: str, **values: Any) -> None:
    connection.execute(text(statement), values)


def keys(verdict: Verdict) -> Found:
    return {(finding.key, finding.entry_id) for finding in verdict.findings}


# -- what is done, and what is to be found -----------------------------------------------------------------------------


def edit(connection: Connection, one: int, other: int) -> Found:
    run(connection, "update base_ledger_entry set reason = reason || 'x' where id = :id", id=one)
    return {("edited", one)}


def edit_with_its_digest(connection: Connection, one: int, other: int) -> Found:
    row = connection.execute(_entries.select().where(_entries.c.id == one)).one()._mapping
    head = {name: row[name] for name in (*HEADER, *BEHALF)}
    head |= {"at": "2020-01-01T00:00:00.000000+00:00", "actor_name": "nobody"}
    digest = entry_digest(head, row["hashes"])
    change = "update base_ledger_entry set actor_name = 'nobody', digest = :digest where id = :id"
    run(connection, change, digest=digest, id=one)
    return {("edited", one)}


def edit_a_value(connection: Connection, one: int, other: int) -> Found:
    change = """update base_ledger_entry set changes = '{"subject": [null, "x"]}' where id = :id"""
    run(connection, change, id=one)
    return {("value-edited", one)}


def take_the_values(connection: Connection, one: int, other: int) -> Found:
    run(connection, "update base_ledger_entry set changes = '{}' where id = :id", id=one)
    return {("value-removed", one)}


def remove(connection: Connection, one: int, other: int) -> Found:
    run(connection, "delete from base_ledger_entry where id = :id", id=one)
    return {("removed", one)}


def unseal(connection: Connection, one: int, other: int) -> Found:
    run(connection, "delete from base_seal_member where entry_id = :id", id=one)
    return {("removed", None)}


def remove_with_its_place(connection: Connection, one: int, other: int) -> Found:
    return {*remove(connection, one, other), *unseal(connection, one, other)} - {("removed", one)}


def swap_places(connection: Connection, one: int, other: int) -> Found:
    """The memberships change their seals and places, leaves and all."""
    places = {}
    for entry in (one, other):
        statement = "select seal_id, place from base_seal_member where entry_id = :id"
        places[entry] = connection.execute(text(statement), {"id": entry}).one()
    change = "update base_seal_member set seal_id = :seal, place = :place where entry_id = :id"
    run(connection, change, seal=places[other][0], place=places[other][1], id=one)
    run(connection, change, seal=places[one][0], place=places[one][1], id=other)
    return {("moved", one), ("moved", other)}


def swap_numbers(connection: Connection, one: int, other: int) -> Found:
    """The entries change their numbers, so that each stands where the other was sealed."""
    for was, becomes in ((one, -1), (other, one), (-1, other)):
        change = "update base_ledger_entry set id = :becomes where id = :was"
        run(connection, change, was=was, becomes=becomes)
    return {("moved", one), ("moved", other)}


def swap_numbers_everywhere(connection: Connection, one: int, other: int) -> Found:
    """The memberships change theirs as well, so that each entry stands under its own leaf."""
    found = swap_numbers(connection, one, other)
    for was, becomes in ((one, -1), (other, one), (-1, other)):
        change = "update base_seal_member set entry_id = :becomes where entry_id = :was"
        run(connection, change, was=was, becomes=becomes)
    return found


def give_another_number(connection: Connection, one: int, other: int) -> Found:
    """One that nobody has, in both tables."""
    run(connection, "update base_ledger_entry set id = 8888 where id = :id", id=one)
    run(connection, "update base_seal_member set entry_id = 8888 where entry_id = :id", id=one)
    return {("edited", 8888)}


def move_to_the_end(connection: Connection, one: int, other: int) -> Found:
    change = "update base_seal_member set seal_id = 3, place = 99 where entry_id = :id"
    run(connection, change, id=one)
    return {("moved", one)}


def copy_as(connection: Connection, one: int, number: int) -> None:
    """Another entry, of all that stands in the one."""
    columns = [column for column in _entries.c if column.name != "id"]
    copied = select(literal(number), *columns).where(_entries.c.id == one)
    made = insert(_entries).from_select(["id", *(column.name for column in columns)], copied)
    connection.execute(made)


def insert_under_a_seal(connection: Connection, one: int, other: int) -> Found:
    copy_as(connection, one, 9999)
    member = """insert into base_seal_member (id, version, created_at, changed_at, table_name, entry_id, seal_id, place,
            leaf, salt)
        select 9999, version, created_at, changed_at, table_name, 9999, seal_id, place, leaf, salt
        from base_seal_member where entry_id = :id"""
    run(connection, member, id=one)
    return {("inserted", 9999)}


def insert_behind(connection: Connection, one: int, other: int) -> Found:
    copy_as(connection, one, 0)
    return {("inserted", 0)}


def write_another_leaf(connection: Connection, one: int, other: int) -> Found:
    run(connection, "update base_seal_member set leaf = 'x' where entry_id = :id", id=one)
    return {("edited", one)}


TAMPERS: list[Tamper] = [
    edit, edit_with_its_digest, edit_a_value, take_the_values, remove, unseal, remove_with_its_place, swap_places,
    swap_numbers, swap_numbers_everywhere, give_another_number, move_to_the_end, insert_under_a_seal, insert_behind,
    write_another_leaf,
]  # fmt: skip


@pytest.fixture
def sealed(house: House) -> House:
    """A ledger in three seals."""
    for round_ in ("one", "two", "three"):
        for subject in ("left", "right"):
            add_folder(house, house.ann, f"{round_} {subject}")
        seal(house.kernel)
    return house


def folders(connection: Connection) -> list[int]:
    """The entries of folders, which have a subject."""
    statement = "select id from base_ledger_entry where table_name = 'guarded_folder' order by id"
    return list(connection.execute(text(statement)).scalars())


#: what seals of the first form, whose leaves say nothing of numbers, prove nothing of
NUMBERS: list[Tamper] = [swap_numbers_everywhere, give_another_number]


@pytest.fixture
def sealed_before(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A ledger in two seals of the first form, and one of today's."""
    with monkeypatch.context() as patched:
        patched.setattr("tenor.audit.seals.FORM", 1)
        for round_ in ("one", "two"):
            for subject in ("left", "right"):
                add_folder(house, house.ann, f"{round_} {subject}")
            seal(house.kernel)
    add_folder(house, house.ann, "three")
    seal(house.kernel)
    return house


def test_seals_of_the_first_form_stand_and_what_they_do_not_prove_is_counted(
    sealed_before: House,
) -> None:
    verdict = sealed_before.kernel.audit.verify()
    assert (verdict.findings, verdict.seals) == ((), 3)
    assert verdict.entries > verdict.unnumbered > 0


@pytest.mark.parametrize(
    "tamper", [each for each in TAMPERS if each not in NUMBERS], ids=lambda tamper: tamper.__name__
)
def test_each_other_way_is_named_under_the_first_form(sealed_before: House, tamper: Tamper) -> None:
    with undone(sealed_before) as connection:
        ids = folders(connection)
        expected = tamper(connection, ids[0], ids[2])
        assert expected <= keys(verify(connection))


def test_a_seal_of_the_first_form_after_one_of_the_second_is_named(
    sealed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.audit.seals.FORM", 1)
    add_folder(sealed, sealed.ann, "four")
    seal(sealed.kernel)
    assert {str(each) for each in sealed.kernel.audit.verify().findings} == {"seal 4: seal-edited"}


@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
def test_each_way_is_named(sealed: House, tamper: Tamper) -> None:
    with undone(sealed) as connection:
        ids = folders(connection)
        expected = tamper(connection, ids[0], ids[3])
        assert expected <= keys(verify(connection))
    assert sealed.kernel.audit.verify().findings == ()


@pytest.mark.hypothesis
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_way_on_any_entries_is_named(sealed: House, data: st.DataObject) -> None:
    with undone(sealed) as connection:
        ids = folders(connection)
        one, other = data.draw(
            st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True), label="entries"
        )
        tamper = data.draw(st.sampled_from(TAMPERS), label="how")
        expected = tamper(connection, one, other)
        assert expected <= keys(verify(connection))


@pytest.mark.hypothesis
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_several_ways_together_never_make_a_ledger_whole_again(
    sealed: House, data: st.DataObject
) -> None:
    with undone(sealed) as connection:
        ids = data.draw(st.permutations(folders(connection)), label="entries")
        tampers = data.draw(
            st.lists(st.sampled_from(TAMPERS), min_size=1, max_size=3, unique=True), label="how"
        )
        tampers = [each for each in tampers if each is not insert_behind or len(tampers) == 1]
        for each, one, other in zip(tampers, ids[::2], ids[1::2], strict=False):
            each(connection, one, other)
        assert bool(verify(connection).findings) == bool(tampers)


def test_an_end_that_is_cut_off_is_found_by_the_roots(sealed: House) -> None:
    with undone(sealed) as connection:
        kept = dict(roots(connection))
        gone = """delete from base_ledger_entry
            where id in (select entry_id from base_seal_member where seal_id = 3)"""
        run(connection, gone)
        run(connection, "delete from base_seal_member where seal_id = 3")
        run(connection, "delete from base_seal where id = 3")
        assert [str(each) for each in verify(connection, kept).findings] == ["seal 3: seal-missing"]
