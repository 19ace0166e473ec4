"""The borrower's code: limited in time and tries, good for one signature, and kept nowhere."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import MetaData, select

from plugins.documents.tests.cases import MANAGER
from plugins.esign_ca.tests.cases import SigningCast
from tenor_esign_ca.codes import MOST_CODES
from tenor_esign_ca.confirming import mail_code
from tenor_esign_ca.public import Signing
from tenor_esign_ca.settings import EsignSettings
from tenor_sdk import Refused
from tenor_sdk.settings import change_setting

pytestmark = pytest.mark.both_databases


@pytest.fixture
def signing(cast: SigningCast) -> int:
    """Its borrower sits at the counter."""
    return cast.sent()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def refused(cast: SigningCast, signing: int, code: str) -> str:
    """Why a code isn't taken, whether that is said or raised."""
    try:
        said = cast.confirm(signing, code)
    except Refused as refusal:
        return refusal.key
    assert isinstance(said, Refused), said
    return said.key


def tries_of(cast: SigningCast, signing: int) -> int:
    return int(cast.signing(signing).signatures[0].code_tries)


def test_each_wrong_code_counts_until_even_the_right_one_is_worth_nothing(
    cast: SigningCast, signing: int
) -> None:
    code = cast.mail_code(signing)
    for tries in range(1, 5):
        said = cast.confirm(signing, other_than(code))
        assert (said.key, said.values) == ("code-wrong", {"left": 5 - tries})
        assert tries_of(cast, signing) == tries
    assert refused(cast, signing, other_than(code)) == "code-blocked"
    assert refused(cast, signing, code) == "code-blocked"
    assert tries_of(cast, signing) == 5
    assert cast.signing(signing).state == "with-borrower"


def test_after_a_block_another_code_is_mailed_and_taken(cast: SigningCast, signing: int) -> None:
    with cast.act("ding.ning") as ctx:
        change_setting(ctx, EsignSettings, "code_tries", 1)
    first = cast.mail_code(signing)
    assert refused(cast, signing, other_than(first)) == "code-blocked"
    second = cast.mail_code(signing)
    assert tries_of(cast, signing) == 0
    assert refused(cast, signing, first) == "code-blocked"
    third = cast.mail_code(signing)
    assert not isinstance(cast.confirm(signing, third), Refused)
    assert len({first, second, third}) == 3


def test_a_code_expires_to_the_minute(cast: SigningCast, signing: int, institution: Any) -> None:
    code = cast.mail_code(signing)
    began = institution.clock.now()
    institution.clock.move(began + timedelta(minutes=10))
    assert refused(cast, signing, code) == "code-expired"
    institution.clock.move(began + timedelta(minutes=9, seconds=59))
    assert not isinstance(cast.confirm(signing, code), Refused)


def test_a_code_is_good_for_one_signature(cast: SigningCast, signing: int) -> None:
    code = cast.mail_code(signing)
    cast.confirm(signing, code)
    assert refused(cast, signing, code) == "borrower-not-in-turn"
    cast.jobs()
    assert refused(cast, signing, code) == "borrower-not-in-turn"


def test_without_a_code_nothing_is_confirmed(cast: SigningCast, signing: int) -> None:
    assert refused(cast, signing, "000000") == "code-not-mailed"


def test_codes_for_one_signature_run_out(cast: SigningCast, signing: int) -> None:
    for _each in range(MOST_CODES):
        with cast.act(MANAGER) as ctx:
            mail_code(ctx, ctx.session.get(Signing, signing))
    cast.jobs()
    assert len(cast.mailed_codes()) == 1, "of codes drawn at once only the last is mailed"
    with pytest.raises(Refused) as refusal:
        cast.mail_code(signing)
    assert refusal.value.key == "codes-used-up"


def test_the_code_stands_in_the_mail_and_nowhere_else(
    cast: SigningCast, signing: int, institution: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        code = cast.mail_code(signing)
        wrong = other_than(code)
        cast.confirm(signing, wrong)
        cast.confirm(signing, code)
        cast.jobs()
    alone = re.compile(
        rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])|(?<![0-9A-Za-z]){wrong}(?![0-9A-Za-z])"
    )
    assert not alone.search(caplog.text)
    found = [name for name, row in everything(institution) if alone.search(row)]
    assert found == []


def everything(institution: Any) -> list[tuple[str, str]]:
    """Each row of each table, as text."""
    known = MetaData()
    with institution.db.raw(write=False) as connection:
        known.reflect(connection)
        return [
            (table.name, repr(row))
            for table in known.sorted_tables
            for row in connection.execute(select(table))
        ]
