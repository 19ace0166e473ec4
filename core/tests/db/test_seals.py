"""The seals: whole where nothing was touched, and naming what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from .conftest import add_folder

if TYPE_CHECKING:
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
        house.kernel.audit.seal()
    return house


def test_an_untouched_ledger_is_whole(sealed: House) -> None:
    verdict = sealed.kernel.audit.verify()
    assert (verdict.findings, verdict.unsealed, verdict.seals) == ((), 0, 2)
    assert verdict.entries > 4


def test_a_job_seals_in_its_own_transaction(house: House) -> None:
    add_folder(house, house.ann, "one")
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


def test_an_erased_value_leaves_the_seals_whole(sealed: House) -> None:
    tamper(sealed, "update base_ledger_entry set changes='{}' where id=3")
    assert found(sealed) == set()


def test_a_missing_seal_is_named(sealed: House) -> None:
    tamper(sealed, "delete from base_seal where id=1")
    keys = {finding.key for finding in sealed.kernel.audit.verify().findings}
    assert {"seal-missing", "seal-edited"} <= keys
