"""The seals: whole where nothing was touched, and naming what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tenor.audit.notes import read_notes
from tenor_test_support.ledger import seal, settle

from .conftest import add_folder

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from .conftest import House


def tamper(house: House, statement: str) -> None:
    """What somebody with the database in hand does."""
    with house.kernel.db.raw() as connection:
        connection.execute(text(statement))


def found(house: House) -> set[tuple[str, int | None]]:
    """What verifying finds."""
    return {(finding.key, finding.entry_id) for finding in house.kernel.audit.verify().findings}


@pytest.fixture
def sealed(house: House) -> House:
    """A house whose ledger is sealed in two blocks."""
    for subject in ("one", "two"):
        add_folder(house, house.ann, subject)
        seal(house.kernel)
    return house


def test_an_untouched_ledger_is_whole(sealed: House) -> None:
    verdict = sealed.kernel.audit.verify()
    assert (verdict.findings, verdict.unsealed, verdict.seals) == ((), 0, 2)
    assert verdict.entries > 4


def test_a_job_seals_in_its_own_transaction(house: House) -> None:
    add_folder(house, house.ann, "one")
    settle(house.kernel.db)
    with house.as_(house.kernel.access.system_actor()) as ctx:
        assert house.kernel.audit.seal_within(ctx) > 0
    verdict = house.kernel.audit.verify()
    assert (verdict.findings, verdict.unsealed) == ((), 0)


def test_what_is_not_sealed_yet_is_counted(sealed: House) -> None:
    add_folder(sealed, sealed.ann, "three")
    assert sealed.kernel.audit.verify().unsealed == 2


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ("update base_ledger_entry set actor_name='x' where id=3", "edited"),
        (
            """update base_ledger_entry set changes='{"name": [null, "x"]}' where id=3""",
            "value-edited",
        ),
        ("delete from base_ledger_entry where id=3", "removed"),
    ],
)
def test_a_touched_entry_is_named(sealed: House, change: str, key: str) -> None:
    tamper(sealed, change)
    assert (key, 3) in found(sealed)


def test_a_value_that_nobody_decided_to_erase_is_named(sealed: House) -> None:
    tamper(sealed, "update base_ledger_entry set changes='{}' where id=3")
    assert found(sealed) == {("value-removed", 3)}


def test_a_missing_seal_is_named(sealed: House) -> None:
    tamper(sealed, "delete from base_seal where id=1")
    keys = {finding.key for finding in sealed.kernel.audit.verify().findings}
    assert {"seal-missing", "seal-edited"} <= keys


def test_a_ledger_of_which_a_block_is_sealed_so_far_is_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.audit.seals._BLOCK", 2)
    for subject in ("one", "two", "three"):
        add_folder(house, house.ann, subject)
    settle(house.kernel.db)
    with house.as_(house.kernel.access.system_actor()) as ctx:
        house.kernel.audit.seal_within(ctx)
    verdict = house.kernel.audit.verify()
    assert verdict.findings == ()
    assert verdict.unsealed > 2


def test_blocks_of_transactions_that_ended_in_another_order_than_they_began_are_whole(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenor.audit.seals._BLOCK", 2)
    if house.kernel.db.dialect == "postgresql":
        with house.as_(house.ann) as early:
            house.kernel.audit.note(early, "early")
            for subject in ("one", "two"):
                add_folder(house, house.ben, subject)
            house.kernel.audit.note(early, "late")
    for subject in ("three", "four"):
        add_folder(house, house.ann, subject)
    settle(house.kernel.db)
    found_so_far: list[object] = []
    with house.kernel.db.raw(write=False) as connection:
        rounds = len(connection.execute(text("select id from base_ledger_entry")).all())
    for _round in range(rounds):
        with house.as_(house.kernel.access.system_actor()) as ctx:
            house.kernel.audit.seal_within(ctx)
        found_so_far += house.kernel.audit.verify().findings
    assert found_so_far == []
    assert house.kernel.audit.verify().unsealed == 0


def test_an_entry_that_was_put_in_behind_the_seals_is_named(sealed: House) -> None:
    columns = """version, created_at, changed_at, at, actor_name, behalf_of_name, kind, table_name, procedure,
        elevation, reason, request_id, changes, hashes, salt, digest, "transaction\""""
    copied = f"select 0, {columns} from base_ledger_entry where id = 1"  # noqa: S608 -- the columns stand above
    tamper(sealed, f"insert into base_ledger_entry (id, {columns}) {copied}")
    assert found(sealed) == {("inserted", 0)}
    add_folder(sealed, sealed.ann, "later")
    seal(sealed.kernel)
    assert found(sealed) == {("inserted", 0)}


def test_a_last_seal_that_is_gone_is_named_by_what_it_covered(sealed: House) -> None:
    tamper(sealed, "delete from base_seal where id = 2")
    verdict = sealed.kernel.audit.verify()
    assert [str(finding) for finding in verdict.findings] == ["seal 2: seal-missing"]


def test_an_end_that_was_cut_off_is_found_by_a_root_that_was_kept_elsewhere(sealed: House) -> None:
    kept = dict(sealed.kernel.audit.roots())
    assert sealed.kernel.audit.verify(kept).findings == ()
    tamper(sealed, "delete from base_seal_member where seal_id = 2")
    tamper(sealed, "delete from base_seal where id = 2")
    assert sealed.kernel.audit.verify().findings == ()
    assert [str(each) for each in sealed.kernel.audit.verify(kept).findings] == [
        "seal 2: seal-missing"
    ]
    seal(sealed.kernel)
    assert "seal 2: seal-edited" in map(str, sealed.kernel.audit.verify(kept).findings)


def test_after_a_restored_dump_the_seals_begin_anew(house: House) -> None:
    add_folder(house, house.ann, "before the dump")
    # as if the entries came from a cluster that had counted far more transactions
    tamper(house, 'update base_ledger_entry set "transaction" = "transaction" + 1000000')
    with house.as_(house.kernel.access.system_actor()) as ctx:
        assert house.kernel.audit.rebase(ctx) > 0
    add_folder(house, house.ann, "after it")
    seal(house.kernel)
    verdict = house.kernel.audit.verify()
    assert (verdict.findings, verdict.unsealed) == ((), 0)


def test_entries_that_changed_places_are_noticed(sealed: House) -> None:
    tamper(sealed, "update base_seal_member set entry_id = -entry_id where seal_id = 2")
    tamper(
        sealed,
        """update base_seal_member set entry_id = (select min(-m.entry_id) + max(-m.entry_id) from
        base_seal_member m where m.seal_id = 2) + entry_id where seal_id = 2""",
    )
    assert {key for key, _entry in found(sealed)} == {"moved"}


def test_a_seal_that_was_recomputed_breaks_the_chain(sealed: House) -> None:
    tamper(sealed, "update base_seal set root = digest where id = 1")
    keys = {finding.key for finding in sealed.kernel.audit.verify().findings}
    assert "seal-edited" in keys


def test_what_is_sealed_while_a_check_runs_is_not_half_in_it(
    sealed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sealed.kernel.audit.verify()

    def in_the_middle(connection: Connection) -> object:
        add_folder(sealed, sealed.ann, "meanwhile")
        seal(sealed.kernel)
        return read_notes(connection)

    # between the seals and what they cover, and once more between these and what isn't sealed
    monkeypatch.setattr("tenor.audit.verifying.read_notes", in_the_middle)
    assert sealed.kernel.audit.verify() == before
