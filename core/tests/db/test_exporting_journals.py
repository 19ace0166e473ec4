"""Rows of journals go out with the entries, each with its proof; the program that knows nothing of ours checks them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenor.audit import Asked, exporting
from tenor.audit.asking import rows_asked
from tenor.audit.checking_export import Broken, check
from tenor_test_support.ledger import seal

from .conftest import add_folder
from .test_journals import pay

if TYPE_CHECKING:
    from tenor.access import ActorData

    from .conftest import House

TABLE = "guarded_receipt"
DAY = timedelta(days=1)


@pytest.fixture
def sealed(house: House) -> House:
    """A folder and two receipts in each of two seals, and a receipt that isn't sealed yet."""
    for n in (1, 2):
        add_folder(house, house.ann, f"folder {n}")
        pay(house, n, n * 10)
        seal(house.kernel)
    pay(house, 7)
    return house


def exported(house: House, hidden: Any = None, **parts: Any) -> bytes:
    """The file that whoever may see all but what is hidden takes out."""
    audit, asked = house.kernel.audit, Asked(**parts)
    rows = rows_asked(asked, audit._kinds(), house.kernel.db.dependants)
    now = datetime(2026, 6, 30, tzinfo=UTC)
    with house.kernel.db.raw(write=False) as connection:
        lines = exporting.lines(connection, now, audit.where(asked), hidden or {}, rows)
        return "".join(lines).encode()


def ids(content: bytes) -> list[int]:
    """Of the rows in a file."""
    values = [json.loads(line) for line in content.splitlines()]
    return [value["row"]["id"] for value in values if "row" in value]


def signed_anew(content: bytes, change: Any) -> bytes:
    """The file after somebody changed its second row, with a last line that fits again."""
    values = [json.loads(line) for line in content.splitlines()[:-1]]
    change([value for value in values if "row" in value][1])
    text = "".join(
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
        for value in values
    ).encode()
    return text + f'{{"sha256":"{sha256(text).hexdigest()}"}}\n'.encode()


def test_each_row_is_proved_beside_the_entries(sealed: House) -> None:
    told = check(BytesIO(exported(sealed)), dict(sealed.kernel.audit.roots()))
    assert (told["rows"], told["unsealed"], told["seals"]) == (5, 1, 2)
    assert told["entries"] > 0


def test_the_same_question_picks_entries_and_rows(sealed: House) -> None:
    now = sealed.kernel.clock.now()
    ann: ActorData = sealed.ann
    all_of_them, one = ids(exported(sealed, table=TABLE)), ids(exported(sealed))[0]
    assert ids(exported(sealed, table=TABLE, record_id=one)) == [one]
    assert ids(exported(sealed, table="guarded_folder")) == []
    assert ids(exported(sealed, table="guarded_folder", record_id=one)) == []
    assert ids(exported(sealed, person_id=ann.id)) == all_of_them
    assert ids(exported(sealed, person_id=sealed.ben.id)) == []
    assert ids(exported(sealed, since=now - DAY, until=now + DAY)) == all_of_them
    assert ids(exported(sealed, since=now + DAY)) == []
    assert ids(exported(sealed, until=now - DAY)) == []
    assert ids(exported(sealed, kind="create")) == all_of_them
    assert ids(exported(sealed, kind="update")) == []
    assert ids(exported(sealed, table=TABLE, field="note")) == []
    assert ids(exported(sealed, table=TABLE, field="amount")) == all_of_them


def test_rows_of_more_than_a_page_are_there_once_each(
    sealed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = ids(exported(sealed))
    monkeypatch.setattr(exporting, "_PAGE", 2)
    content = exported(sealed)
    assert ids(content) == expected
    assert check(BytesIO(content), {})["rows"] == 5


def test_a_value_that_is_withheld_leaves_no_salt_to_try_it_with(sealed: House) -> None:
    content = exported(sealed, {TABLE: frozenset(["payer"])}, table=TABLE)
    assert b'"p10"' not in content
    with sealed.kernel.db.raw(write=False) as connection:
        salts = connection.exec_driver_sql("select salt from base_seal_member where salt != ''")
        assert not any(salt.encode() in content for salt in salts.scalars())
    assert check(BytesIO(content), {})["withheld"] == 5


def test_a_row_that_is_edited_and_signed_anew_is_refused(sealed: House) -> None:
    def another_amount(value: Any) -> None:
        value["row"]["values"]["amount"][1] = [None, 1_000_000]

    def another_table(value: Any) -> None:
        value["row"]["table"] = "guarded_fact"

    def another_number(value: Any) -> None:
        value["row"]["id"] += 1

    def one_value_less(value: Any) -> None:
        value["row"]["values"].pop("payer")

    def another_seal(value: Any) -> None:
        value["seal"] = 2

    content = exported(sealed)
    assert check(BytesIO(signed_anew(content, lambda _value: None)), {})["rows"] == 5
    for change in (another_amount, another_table, another_number, one_value_less, another_seal):
        with pytest.raises(Broken):
            check(BytesIO(signed_anew(content, change)), {})


def test_a_row_that_was_edited_in_the_table_does_not_go_out_as_proved(sealed: House) -> None:
    with sealed.kernel.db.raw() as connection:
        connection.exec_driver_sql("update guarded_receipt set amount = amount + 1 where id = 1")
    with pytest.raises(Broken, match="guarded_receipt 1 isn't under seal 1"):
        check(BytesIO(exported(sealed)), {})


@pytest.mark.hypothesis
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_of_it_can_be_edited(sealed: House, data: st.DataObject) -> None:
    content = bytearray(exported(sealed, table=TABLE))
    at = data.draw(st.integers(0, len(content) - 1), label="at")
    content[at] ^= data.draw(st.integers(1, 255), label="bits")
    with pytest.raises((Broken, ValueError, KeyError, TypeError, AttributeError)):
        check(BytesIO(bytes(content)), {})
