"""A legal hold is on a record and on whatever is, or was, a part of it; it also stops what was decided before it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from tenor_guarded import Folder, Sheet

from tenor.audit.holds import is_held
from tenor.audit.records import Erasure, LedgerEntry, LegalHold
from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_retiring import retired, sealed

if TYPE_CHECKING:
    from .conftest import House

__all__ = ["sealed"]
_entries: Any = LedgerEntry.__table__


def hold(house: House, table: str, record_id: int) -> None:
    system = house.kernel.access.system_actor()
    with house.as_(system) as ctx, house.kernel.db.system(ctx.session) as session:
        session.add(LegalHold(table_name=table, record_id=record_id, reason="a dispute"))


def release(house: House) -> None:
    system = house.kernel.access.system_actor()
    with house.as_(system) as ctx, house.kernel.db.system(ctx.session) as session:
        session.scalars(select(LegalHold)).one().ended_at = ctx.now


def decided(house: House, table: str, record_id: int, fields: str) -> None:
    """As two people decided it."""
    erasure = Erasure(
        table_name=table, record_id=record_id, fields=fields, reason="asked for", basis="PIPL 47",
        state="approved", proposed_by_id=house.ann.id, decided_by_id=house.ben.id,
    )  # fmt: skip
    system = house.kernel.access.system_actor()
    with house.as_(system) as ctx, house.kernel.db.system(ctx.session) as session:
        session.add(erasure)


def erased(house: House) -> int:
    system = house.kernel.access.system_actor()
    with house.as_(system, write=False) as ctx, house.kernel.db.raw() as connection:
        return house.kernel.audit.erase(ctx, connection)


def ids_of(house: House, table: str) -> set[int]:
    """The records of which the ledger still has entries."""
    with house.kernel.db.raw(write=False) as connection:
        found = select(_entries.c.record_id).where(_entries.c.table_name == table)
        return set(connection.execute(found).scalars())


def sheet_moved(house: House, to: int) -> None:
    """The first sheet of the first folder, into another."""
    with house.as_(house.ann) as ctx:
        ctx.session.get_one(Sheet, 1).parent_id = to


def sheet_removed(house: House, to: int) -> None:
    del to
    with house.as_(house.ann) as ctx:
        folder = ctx.session.get_one(Folder, 1)
        folder.sheets.remove(ctx.session.get_one(Sheet, 1))


def sheet_left(house: House, to: int) -> None:
    """It stays where it is."""


@pytest.mark.parametrize("fate", [sheet_left, sheet_moved, sheet_removed])
def test_a_hold_on_a_record_is_on_its_lines(sealed: House, fate: Any) -> None:
    fate(sealed, 2)
    hold(sealed, "guarded_folder", 1)
    kinds = sealed.kernel.audit._kinds()
    with sealed.kernel.db.raw(write=False) as connection:
        assert is_held(connection, kinds, "guarded_sheet", 1)
        assert not is_held(connection, kinds, "guarded_sheet", 2)
        assert not is_held(connection, kinds, "guarded_folder", 2)


@pytest.mark.parametrize("fate", [sheet_left, sheet_moved, sheet_removed])
def test_entries_of_lines_stay_while_their_record_is_held(
    sealed: House, tmp_path: Path, fate: Any
) -> None:
    fate(sealed, 2)
    hold(sealed, "guarded_folder", 1)
    seal(sealed.kernel)
    assert retired(sealed, tmp_path / "old.jsonl")
    assert ids_of(sealed, "guarded_sheet") == {1}
    assert ids_of(sealed, "guarded_folder") == {1}


def test_a_hold_on_a_line_alone_leaves_its_record_free(sealed: House, tmp_path: Path) -> None:
    hold(sealed, "guarded_sheet", 1)
    retired(sealed, tmp_path / "old.jsonl")
    assert ids_of(sealed, "guarded_sheet") == {1}
    assert ids_of(sealed, "guarded_folder") == set()


@pytest.mark.parametrize(
    ("table", "fields"), [("guarded_folder", "subject"), ("guarded_sheet", "text")]
)
def test_a_hold_after_the_decision_keeps_the_ledger_until_it_ends(
    sealed: House, table: str, fields: str
) -> None:
    decided(sealed, table, 1, fields)
    hold(sealed, "guarded_folder", 1)
    assert erased(sealed) == 0
    release(sealed)
    assert erased(sealed) == 1


def test_a_hold_on_another_record_stops_nothing(sealed: House) -> None:
    other = add_folder(sealed, sealed.ann, "another")
    decided(sealed, "guarded_folder", 1, "subject")
    hold(sealed, "guarded_folder", other)
    assert erased(sealed) == 1
