"""Whatever somebody puts into a cell of the ledger, verifying tells it and all the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from tenor_guarded import Folder

from tenor.db.state import state_of
from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_journals import pay

if TYPE_CHECKING:
    from .conftest import House

SHAPES = [
    "null", "[]", "5", "{}", '"x"', "true", '{"subject": null}', '{"subject": 5}', '{"subject": []}',
    '{"subject": {"a": 1}}', '{"ids": {}}', '{"ids": [null, null]}', '{"ids": [null, []]}', '[["subject", 1]]',
]  # fmt: skip


@pytest.fixture
def sealed(house: House) -> House:
    """Two folders, one of which set-based work changed, and a receipt: sealed."""
    add_folder(house, house.ann, "one")
    folder = add_folder(house, house.ann, "two")
    with house.as_(house.ann) as ctx:
        ids, values = [folder, folder + 40], {"subject": "all"}
        before = {"subject": ["two", "three"]}
        house.kernel.audit.write_bulk(state_of(ctx.session), "update", Folder, ids, values, before)
    pay(house, 5)
    seal(house.kernel)
    return house


def change(house: House, statement: str, **values: object) -> None:
    with house.kernel.db.raw() as connection:
        connection.execute(text(statement), values)


def found(house: House) -> set[str]:
    return {str(finding) for finding in house.kernel.audit.verify().findings}


def entry(house: House, kind: str) -> int:
    with house.kernel.db.raw(write=False) as connection:
        statement = "select max(id) from base_ledger_entry where kind = :kind"
        return int(connection.execute(text(statement), {"kind": kind}).scalar_one())


@pytest.mark.parametrize("kind", ["create", "bulk-update"])
@pytest.mark.parametrize("column", ["changes", "hashes", "salts"])
def test_values_of_another_shape_are_named_beside_all_the_rest(
    sealed: House, kind: str, column: str
) -> None:
    change(sealed, "update base_ledger_entry set actor_name = 'nobody' where id = 1")
    number = entry(sealed, kind)
    for shape in SHAPES:
        if (column, shape) == ("salts", "null"):  # as good as none
            continue
        change(
            sealed, f"update base_ledger_entry set {column} = :shape where id = :id",  # noqa: S608 -- a column from above
            shape=shape, id=number,
        )  # fmt: skip
        findings = found(sealed)
        assert "entry 1 seal 1: edited" in findings, shape
        assert any(each.startswith(f"entry {number} seal 1: ") for each in findings), shape


def test_what_no_type_reads_is_named_beside_all_the_rest(sealed: House) -> None:
    change(sealed, "update base_ledger_entry set actor_name = 'nobody' where id = 1")
    if sealed.kernel.db.dialect == "sqlite":
        odd = {
            "at": "'yesterday'", "changes": "'{'", "hashes": "x'ff00'", "salt": "x'ff'",
            "actor_name": "cast(x'ff' as text)", "kind": "x'00'", "record_id": "'seven'",
        }  # fmt: skip
    else:
        odd = {
            "at": "'infinity'",
            "changes": f"'{'[' * 5000}{']' * 5000}'",
            "hashes": f"'{'9' * 5000}'",
        }
    for column, value in odd.items():
        change(sealed, f"update base_ledger_entry set {column} = {value} where id = 3")  # noqa: S608 -- from above
        assert {"entry 1 seal 1: edited", "entry 3 seal 1: edited"} <= found(sealed), column


def test_a_seal_that_cannot_be_read_is_named_beside_all_the_rest(sealed: House) -> None:
    add_folder(sealed, sealed.ann, "three")
    seal(sealed.kernel)
    number = entry(sealed, "create")
    change(sealed, "update base_ledger_entry set actor_name = 'nobody' where id = :id", id=number)
    at = "yesterday" if sealed.kernel.db.dialect == "sqlite" else "infinity"
    change(sealed, f"update base_seal set at = '{at}' where id = 1")  # noqa: S608 -- from above
    assert {"seal 1: seal-edited", f"entry {number} seal 2: edited"} <= found(sealed)


def test_a_row_of_a_journal_that_cannot_be_read_is_named(sealed: House) -> None:
    pay(sealed, 6)
    seal(sealed.kernel)
    at = "yesterday" if sealed.kernel.db.dialect == "sqlite" else "infinity"
    change(sealed, f"update guarded_receipt set created_at = '{at}' where id = 1")  # noqa: S608 -- from above
    change(sealed, "update guarded_receipt set amount = 7 where id = 2")
    assert found(sealed) == {
        "guarded_receipt 1 seal 1: edited",
        "guarded_receipt 2 seal 2: edited",
    }


def test_a_membership_of_odd_numbers_is_named(sealed: House) -> None:
    if sealed.kernel.db.dialect == "postgresql":
        change(sealed, "update base_seal_member set place = -place where place = 1")
    else:
        change(sealed, "update base_seal_member set place = 'first' where place = 1")
        change(sealed, "update base_seal_member set seal_id = 'first' where place = 2")
    assert found(sealed)
