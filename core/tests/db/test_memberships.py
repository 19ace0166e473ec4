"""A membership covers nothing by itself: its seal is there, and its leaf leads to the root."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_journals import pay

if TYPE_CHECKING:
    from .conftest import House

PUT_IN = """insert into base_seal_member
    (version, created_at, changed_at, table_name, entry_id, seal_id, place, leaf, salt) values
    (1, '2026-06-30 08:00:00.000000', '2026-06-30 08:00:00.000000', :table, :entry, :seal, 0, :leaf, '')"""


def put_in(house: House, table: str, entry: int, seal: int, leaf: str = "x") -> None:
    """What somebody does who may insert, as the site may."""
    with house.kernel.db.raw() as connection:
        told = {"table": table, "entry": entry, "seal": seal, "leaf": leaf}
        connection.execute(text(PUT_IN), told)


def last_entry(house: House) -> Any:
    with house.kernel.db.raw(write=False) as connection:
        statement = "select id, digest from base_ledger_entry order by id desc limit 1"
        return connection.execute(text(statement)).one()


def found(house: House) -> set[str]:
    return {str(finding) for finding in house.kernel.audit.verify().findings}


@pytest.fixture
def sealed(house: House) -> House:
    """A ledger in one seal, and an entry that isn't sealed yet."""
    add_folder(house, house.ann, "one")
    seal(house.kernel)
    add_folder(house, house.ann, "two")
    return house


@pytest.mark.parametrize("seal", [0, -1, 2, 99])
def test_a_membership_of_no_seal_is_named_and_hides_no_entry(sealed: House, seal: int) -> None:
    entry = last_entry(sealed)
    put_in(sealed, "", entry.id, seal, entry.digest)
    said = f"entry {entry.id} seal {seal}" if seal < 1 else f"seal {seal}"
    assert found(sealed) == {f"{said}: seal-missing"}
    assert sealed.kernel.audit.verify().unsealed == 2


def test_an_entry_that_such_a_membership_names_is_sealed_all_the_same(sealed: House) -> None:
    entry = last_entry(sealed)
    put_in(sealed, "", entry.id, 0, entry.digest)
    seal(sealed.kernel)
    assert sealed.kernel.audit.verify().unsealed == 0
    with sealed.kernel.db.raw() as connection:
        change = "update base_ledger_entry set actor_name = 'nobody' where id = :id"
        connection.execute(text(change), {"id": entry.id})
    assert f"entry {entry.id} seal 2: edited" in found(sealed)


def test_a_membership_that_waited_for_its_seal_is_named_once_that_is_there(sealed: House) -> None:
    entry = last_entry(sealed)
    put_in(sealed, "", entry.id, 2, entry.digest)
    seal(sealed.kernel)
    assert f"entry {entry.id} seal 2: inserted" in found(sealed)


def test_a_membership_of_an_old_seal_is_named(sealed: House) -> None:
    entry = last_entry(sealed)
    put_in(sealed, "", entry.id, 1, entry.digest)
    assert f"entry {entry.id} seal 1: inserted" in found(sealed)


def test_a_row_of_a_journal_is_not_hidden_either(sealed: House) -> None:
    (one,) = pay(sealed, 5)
    put_in(sealed, "guarded_receipt", one, 0)
    assert found(sealed) == {f"guarded_receipt {one} seal 0: seal-missing"}
    seal(sealed.kernel)
    with sealed.kernel.db.raw() as connection:
        connection.execute(text("update guarded_receipt set amount = amount + 1"))
    assert f"guarded_receipt {one} seal 2: edited" in found(sealed)


def test_a_number_far_ahead_leaves_later_entries_to_be_sealed(sealed: House) -> None:
    put_in(sealed, "", 1_000_000, 0)
    assert seal(sealed.kernel) == 2
    assert sealed.kernel.audit.verify().unsealed == 0
