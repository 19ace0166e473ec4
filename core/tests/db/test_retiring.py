"""What may lawfully leave the ledger: old entries, into an archive that proves them. The seals stay whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tenor.audit.records import Erasure, LegalHold
from tenor.audit.retiring import Retention, proved, retire
from tenor_sdk.errors import Refused
from tenor_sdk.records import metadata
from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_journals import pay

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import House

#: when all entries of a test are more than five years old
LATER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def sealed(house: House) -> House:
    """Two folders, sealed, and the tables of those who decide."""
    tables: list[Any] = [Erasure.__table__, LegalHold.__table__]
    with house.kernel.db.raw() as connection:
        metadata.create_all(connection, tables=tables)
    for subject in ("one", "two"):
        add_folder(house, house.ann, subject)
        seal(house.kernel)
    return house


def retired(house: House, archive: Path, *, now: datetime = LATER, of_table: Any = None) -> int:
    """As the owner's command does it."""
    with house.as_(house.kernel.access.system_actor(), write=False) as ctx:
        note = house.kernel.audit._owners_note(ctx)
        with house.kernel.db.raw() as connection:
            kept, kinds = Retention(20, of_table or {}), house.kernel.audit._kinds()
            return retire(connection, now, date(now.year, 6, 30), kept, archive, kinds, note)


def tables(house: House) -> set[str]:
    with house.kernel.db.raw(write=False) as connection:
        return set(connection.execute(text("select table_name from base_ledger_entry")).scalars())


def test_what_is_old_leaves_and_its_archive_proves_it(sealed: House, tmp_path: Path) -> None:
    before = sealed.kernel.audit.verify().entries
    archive = tmp_path / "old.jsonl"
    assert retired(sealed, archive) == before
    seal(sealed.kernel)
    verdict = sealed.kernel.audit.verify()
    assert (verdict.findings, verdict.retired, verdict.entries) == ((), before, 1)
    with sealed.kernel.db.raw(write=False) as connection:
        assert len(proved(connection, archive)) == before


def test_what_is_young_stays(sealed: House, tmp_path: Path) -> None:
    archive = tmp_path / "young.jsonl"
    assert retired(sealed, archive, now=sealed.kernel.clock.now()) == 0
    assert not archive.exists()


def test_each_kind_has_its_own_years(sealed: House, tmp_path: Path) -> None:
    retired(sealed, tmp_path / "old.jsonl", of_table={"guarded_sheet": 99})
    assert "guarded_sheet" in tables(sealed)
    assert "guarded_folder" not in tables(sealed)


def test_what_is_held_for_the_law_stays(sealed: House, tmp_path: Path) -> None:
    with (
        sealed.as_(sealed.kernel.access.system_actor()) as ctx,
        sealed.kernel.db.system(ctx.session) as session,
    ):
        session.add(LegalHold(table_name="guarded_folder", record_id=1, reason="a dispute"))
    retired(sealed, tmp_path / "old.jsonl")
    with sealed.kernel.db.raw(write=False) as connection:
        statement = "select record_id from base_ledger_entry where table_name = 'guarded_folder'"
        assert set(connection.execute(text(statement)).scalars()) == {1}


def test_what_is_not_sealed_yet_stays(sealed: House, tmp_path: Path) -> None:
    add_folder(sealed, sealed.ann, "not sealed")
    retired(sealed, tmp_path / "old.jsonl")
    assert "guarded_folder" in tables(sealed)


def test_an_entry_that_vanished_beside_those_is_still_named(sealed: House, tmp_path: Path) -> None:
    retired(sealed, tmp_path / "old.jsonl", of_table={"guarded_sheet": 99})
    with sealed.kernel.db.raw() as connection:
        one = "select min(id) from base_ledger_entry where table_name = 'guarded_sheet'"
        gone = connection.execute(text(one)).scalar_one()
        connection.execute(text("delete from base_ledger_entry where id = :id"), {"id": gone})
    findings = {(each.key, each.entry_id) for each in sealed.kernel.audit.verify().findings}
    assert findings == {("removed", gone)}


def test_no_archive_is_written_over_and_nothing_is_lost(sealed: House, tmp_path: Path) -> None:
    archive = tmp_path / "old.jsonl"
    archive.write_text("something else")
    with pytest.raises(FileExistsError):
        retired(sealed, archive)
    assert sealed.kernel.audit.verify().retired == 0
    assert archive.read_text() == "something else"


def test_an_archive_that_was_edited_proves_nothing(sealed: House, tmp_path: Path) -> None:
    archive = tmp_path / "old.jsonl"
    retired(sealed, archive)
    archive.write_text(archive.read_text("utf-8").replace("one", "two"), "utf-8")
    with sealed.kernel.db.raw(write=False) as connection, pytest.raises(Refused) as refused:
        proved(connection, archive)
    assert refused.value.key == "archive-not-whole"


def test_values_that_two_decided_to_erase_leave_the_ledger_whole(sealed: House) -> None:
    decided = Erasure(
        table_name="guarded_folder", record_id=1, fields="subject", reason="asked for",
        basis="PIPL 47", state="approved", proposed_by_id=sealed.ann.id, decided_by_id=sealed.ben.id,
    )  # fmt: skip
    system = sealed.kernel.access.system_actor()
    with sealed.as_(system) as ctx, sealed.kernel.db.system(ctx.session) as session:
        session.add(decided)
    with sealed.as_(system, write=False) as ctx, sealed.kernel.db.raw() as connection:
        assert sealed.kernel.audit.erase(ctx, connection) == 1
        assert sealed.kernel.audit.erase(ctx, connection) == 0
    seal(sealed.kernel)
    verdict = sealed.kernel.audit.verify()
    assert (verdict.findings, verdict.erased) == ((), 1)
    statement = """select changes, salt, salts from base_ledger_entry
        where record_id = 1 and table_name = 'guarded_folder' and kind = 'create'"""
    with sealed.kernel.db.raw() as connection:
        row = connection.execute(text(statement)).one()
        assert "subject" not in str(row.changes)
        assert (row.salt, "subject" in str(row.salts), "amount" in str(row.salts)) == (
            "",
            False,
            True,
        )
        put_back = """update base_ledger_entry set changes = '{"subject": [null, "one"]}'
            where record_id = 1 and table_name = 'guarded_folder' and kind = 'create'"""
        connection.execute(text(put_back))
    keys = {each.key for each in sealed.kernel.audit.verify().findings}
    assert keys == {"value-edited", "value-removed"}


def test_rows_of_journals_stay_and_prove_themselves_beside_what_was_taken_out(
    sealed: House, tmp_path: Path
) -> None:
    paid = pay(sealed, 5, 7)
    add_folder(sealed, sealed.ann, "three")
    seal(sealed.kernel)
    archive = tmp_path / "old.jsonl"
    taken = retired(sealed, archive, of_table={"guarded_receipt": 5})
    seal(sealed.kernel)
    verdict = sealed.kernel.audit.verify()
    # of one seal the entries are gone and the rows stand; the one entry is about the retiring itself
    assert (verdict.findings, verdict.retired, verdict.entries) == ((), taken, len(paid) + 1)
    assert "guarded_receipt" not in archive.read_text("utf-8")
    with sealed.kernel.db.raw() as connection:
        change = "update guarded_receipt set amount = amount + 1 where id = :id"
        connection.execute(text(change), {"id": paid[0]})
    (found,) = sealed.kernel.audit.verify().findings
    assert str(found) == f"guarded_receipt {paid[0]} seal 3: edited"
