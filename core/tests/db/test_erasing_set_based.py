"""What stood in one record before set-based work is erased from the entry of the whole chunk, and nothing else is."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text, true
from tenor_guarded import Folder

from tenor.audit.checking_export import Broken, check
from tenor.audit.hashing import GONE, value_hash
from tenor.audit.records import Erasure, LedgerEntry, LegalHold
from tenor_sdk.records import metadata
from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_exporting_journals import exported
from .test_set_based_history import history

if TYPE_CHECKING:
    from .conftest import House

_entries: Any = LedgerEntry.__table__


@pytest.fixture
def chunk(house: House) -> House:
    """Three folders that were given one subject at once, sealed."""
    tables: list[Any] = [Erasure.__table__, LegalHold.__table__]
    with house.kernel.db.raw() as connection:
        metadata.create_all(connection, tables=tables)
    for subject in ("one", "two", "three"):
        add_folder(house, house.ann, subject)
    with house.as_(house.ann) as ctx, house.kernel.access.procedure(ctx, "guarded", "set"):
        house.kernel.access.bulk.update_where(ctx, Folder, true(), {"subject": "alike"})
    seal(house.kernel)
    return house


def erase(house: House, record_id: int) -> int:
    """As two people decide it and the owner does it; how many values."""
    decided = Erasure(
        table_name="guarded_folder", record_id=record_id, fields="subject", reason="asked for",
        basis="PIPL 47", state="approved", proposed_by_id=house.ann.id, decided_by_id=house.ben.id,
    )  # fmt: skip
    system = house.kernel.access.system_actor()
    with house.as_(system) as ctx, house.kernel.db.system(ctx.session) as session:
        session.add(decided)
    with house.as_(system, write=False) as ctx, house.kernel.db.raw() as connection:
        return house.kernel.audit.erase(ctx, connection)


def row(house: House) -> Any:
    with house.kernel.db.raw(write=False) as connection:
        return connection.execute(_entries.select().where(_entries.c.kind == "bulk-update")).one()


def test_what_stood_in_one_record_goes_and_the_ledger_stays_whole(chunk: House) -> None:
    assert erase(chunk, 2) == 2  # where it was made, and where it was set
    seal(chunk.kernel)
    verdict = chunk.kernel.audit.verify()
    assert (verdict.findings, verdict.erased) == ((), 2)
    stood, new = row(chunk).changes["subject"]
    assert ([stood[0], stood[2], new], list(stood[1])) == (["one", "three", "alike"], [GONE])
    assert history(chunk, 2)[1].changes == {"subject": [None, "alike"]}
    assert history(chunk, 3)[0].changes == {"subject": ["three", "alike"]}


def test_no_salt_is_left_by_which_it_could_be_tried(chunk: House) -> None:
    erase(chunk, 2)
    found = row(chunk)
    assert (found.salt, found.salts["subject"]["each"][1]) == ("", "")
    assert all(found.salts["subject"]["each"][place] for place in (0, 2))


def test_one_record_after_the_other_is_erased(chunk: House) -> None:
    erase(chunk, 2)
    erase(chunk, 1)
    assert erase(chunk, 1) == 0
    seal(chunk.kernel)
    verdict = chunk.kernel.audit.verify()
    assert (verdict.findings, verdict.erased) == ((), 4)


def test_an_export_of_it_is_still_proved(chunk: House) -> None:
    before = check(BytesIO(exported(chunk, table="guarded_folder")), {})
    erase(chunk, 2)
    content = exported(chunk, table="guarded_folder", kind="bulk-update")
    told = check(BytesIO(content), {})
    assert (before["withheld"], told["entries"], told["withheld"]) == (0, 1, 1)
    with pytest.raises(Broken):
        check(BytesIO(content.replace(b'"three"', b'"four"')), {})


@pytest.mark.parametrize("place", [0, 2])
def test_what_nobody_decided_to_erase_is_named(chunk: House, place: int) -> None:
    erase(chunk, 2)
    found = row(chunk)
    changes, salts = dict(found.changes), found.salts
    stood, new = changes["subject"]
    salt = salts["subject"]["each"][place]
    stood[place] = {GONE: value_hash(salt, "subject", place, stood[place])}
    with chunk.kernel.db.raw() as connection:
        change = _entries.update().where(_entries.c.id == found.id)
        connection.execute(change.values(changes={**changes, "subject": [stood, new]}))
    (finding,) = chunk.kernel.audit.verify().findings
    assert (finding.key, finding.entry_id) == ("value-removed", found.id)


def test_a_value_that_is_put_back_or_edited_is_named(chunk: House) -> None:
    erase(chunk, 2)
    found = row(chunk)
    for place in (0, 1):
        changes = json.loads(json.dumps(found.changes))
        changes["subject"][0][place] = "forged"
        with chunk.kernel.db.raw() as connection:
            change = text("update base_ledger_entry set changes = :changes where id = :id")
            connection.execute(change, {"changes": json.dumps(changes), "id": found.id})
        assert "value-edited" in {each.key for each in chunk.kernel.audit.verify().findings}
