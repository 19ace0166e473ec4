"""What says that something left the ledger lawfully counts only where it is whole itself and two people decided it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tenor.audit.entries import entry
from tenor.audit.inserting import insert_entries
from tenor.audit.notes import ERASED, RETIRED
from tenor.audit.records import Erasure
from tenor.audit.retiring import proved
from tenor.db.state import state_of
from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_retiring import retired

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import House


def change(house: House, statement: str) -> None:
    with house.kernel.db.raw() as connection:
        connection.execute(text(statement))


def found(house: House) -> set[str]:
    return {str(finding) for finding in house.kernel.audit.verify().findings}


def say(house: House, kind: str, said: dict[str, Any], **edited: Any) -> int:
    """An entry that says so, as somebody puts it in who may insert; its number."""
    with house.as_(house.ann) as ctx:
        values = {name: [None, value] for name, value in said.items()}
        told = entry(
            state_of(ctx.session), kind, table="guarded_folder", record_id=1, changes=values
        )
        insert_entries(state_of(ctx.session).connection, [{**told, **edited}])
    with house.kernel.db.raw(write=False) as connection:
        return int(connection.execute(text("select max(id) from base_ledger_entry")).scalar_one())


def decided(house: House, **said: Any) -> int:
    """The record of an erasure; its number."""
    asked = {
        "table_name": "guarded_folder", "record_id": 1, "fields": "subject", "reason": "asked for", "basis": "PIPL 47",
        "state": "approved", "proposed_by_id": house.ann.id, "decided_by_id": house.ben.id, **said,
    }  # fmt: skip
    system = house.kernel.access.system_actor()
    with house.as_(system) as ctx, house.kernel.db.system(ctx.session) as session:
        made = Erasure(**asked)
        session.add(made)
        session.flush()
        return made.id


@pytest.fixture
def sealed(house: House) -> House:
    add_folder(house, house.ann, "one")
    seal(house.kernel)
    return house


@pytest.fixture
def robbed(sealed: House) -> House:
    """Of the first folder, which entry 1 tells of, the values are gone."""
    change(sealed, "update base_ledger_entry set changes = '{}' where id = 1")
    return sealed


def named(erasure: int) -> dict[str, Any]:
    return {
        "entries": [[1, 1]],
        "fields": ["subject", "amount", "unit_id", "owner_id"],
        "erasure": erasure,
    }


def test_a_note_without_its_decision_makes_nothing_lawful(robbed: House) -> None:
    note = say(robbed, ERASED, named(7))
    assert {f"entry {note}: unfounded", "entry 1 seal 1: value-removed"} <= found(robbed)


@pytest.mark.parametrize(
    "said",
    [
        {"state": "proposed"},
        {"record_id": 2},
        {"fields": "amount"},
        {"proposed_by_id": None},
        {"decided_by_id": 9999},
        {"table_name": "guarded_sheet"},
    ],
    ids=str,
)
def test_a_decision_of_something_else_founds_no_note(robbed: House, said: dict[str, Any]) -> None:
    note = say(robbed, ERASED, named(decided(robbed, **said)))
    assert {f"entry {note}: unfounded", "entry 1 seal 1: value-removed"} <= found(robbed)


def test_one_person_alone_decides_nothing(robbed: House) -> None:
    note = say(robbed, ERASED, named(decided(robbed, decided_by_id=robbed.ann.id)))
    assert f"entry {note}: unfounded" in found(robbed)


@pytest.mark.parametrize("kind", [ERASED, RETIRED])
@pytest.mark.parametrize(
    "garbage",
    [{"digest": "x"}, {"hashes": {}}, {"changes": {}}, {"changes": None}, {"salts": []}],
    ids=str,
)
def test_garbage_makes_nothing_lawful(sealed: House, kind: str, garbage: dict[str, Any]) -> None:
    change(sealed, "delete from base_ledger_entry where id = 1")
    note = say(sealed, kind, {**named(1), "count": 1}, **garbage)
    assert {f"entry {note}: unfounded", "entry 1 seal 1: removed"} <= found(sealed)


@pytest.mark.parametrize(
    "ranges", [5, [[1]], [["a", "b"]], [[2, 1]], [[1, 2**62]], {"a": 1}], ids=str
)
def test_ranges_that_are_none_make_nothing_lawful(sealed: House, ranges: Any) -> None:
    change(sealed, "delete from base_ledger_entry where id = 1")
    note = say(sealed, RETIRED, {"entries": ranges})
    assert {f"entry {note}: unfounded", "entry 1 seal 1: removed"} <= found(sealed)


def test_an_archive_proves_only_what_was_taken_out(sealed: House, tmp_path: Path) -> None:
    archive = tmp_path / "old.jsonl"
    count = retired(sealed, archive)
    with sealed.kernel.db.raw() as connection:
        assert len(proved(connection, archive)) == count
        connection.execute(text("update base_ledger_entry set changes = '{}'"))
        assert proved(connection, archive) == set()


def test_a_note_keeps_what_it_says_though_the_record_has_a_field_of_that_name(
    sealed: House,
) -> None:
    one = decided(sealed)
    system = sealed.kernel.access.system_actor()
    with sealed.as_(system, write=False) as ctx, sealed.kernel.db.raw() as connection:
        assert sealed.kernel.audit.erase(ctx, connection) == 1
    assert one != decided(sealed, fields="entries erasure fields")
    with sealed.as_(system, write=False) as ctx, sealed.kernel.db.raw() as connection:
        assert sealed.kernel.audit.erase(ctx, connection) == 0
    seal(sealed.kernel)
    verdict = sealed.kernel.audit.verify()
    assert (verdict.findings, verdict.erased) == ((), 1)
