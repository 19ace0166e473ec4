"""Called back, or not signed in time: the contract is free again, and nothing of the old envelope counts."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plugins.documents.tests.cases import MANAGER
from plugins.esign_ca.tests.cases import SigningCast
from tenor_esign_ca.public import Signing
from tenor_sdk import Blocked, Refused

pytestmark = pytest.mark.both_databases


def recall(cast: SigningCast, signing: int) -> None:
    cast.press(cast.signing(signing).contract_id, "recall", reason="利率变更")


def test_a_recalled_contract_is_issued_again_and_can_be_sent_anew(cast: SigningCast) -> None:
    first = cast.sent()
    code = cast.mail_code(first)
    recall(cast, first)
    cast.jobs()
    contract = cast.signing(first).contract_id
    assert (cast.signing(first).state, cast.contract(contract).state) == ("recalled", "issued")
    assert cast.provider_state(first) == "cancelled"
    with pytest.raises(Refused) as refusal:
        cast.confirm(first, code)
    assert refusal.value.key == "borrower-not-in-turn"
    second = cast.send(contract)
    cast.jobs()
    cast.borrower_signs(second)
    cast.seal(second)
    cast.jobs()
    assert cast.contract(contract).state == "signed"
    assert cast.signing(first).signed_file_id is None


def test_a_recalled_contract_can_be_signed_on_paper_or_made_void(cast: SigningCast) -> None:
    signing = cast.sent()
    contract = cast.signing(signing).contract_id
    recall(cast, signing)
    cast.press(contract, "void", reason="客户放弃")
    assert cast.contract(contract).state == "void"


def test_a_recall_before_the_envelope_was_made_makes_none(cast: SigningCast) -> None:
    signing = cast.send(cast.issued(cast.approved()))
    recall(cast, signing)
    cast.jobs()
    found = cast.signing(signing)
    assert (found.state, found.envelope) == ("recalled", "")


def test_from_the_signing_too_it_is_called_back_with_its_contract(cast: SigningCast) -> None:
    signing = cast.sent()
    contract = cast.contract(cast.signing(signing).contract_id)
    cast.go(signing, "call-back", cast.legal(contract.application_id), reason="客户要求")
    assert cast.signing(signing).state == "recalled"
    assert cast.contract(contract.id).state == "issued"


def test_what_is_just_being_signed_is_not_called_back(cast: SigningCast) -> None:
    signing = cast.sent()
    cast.confirm(signing, cast.mail_code(signing))
    with pytest.raises(Blocked) as blocked:
        recall(cast, signing)
    assert [str(one.what) for one in blocked.value.blockers] == [
        f"The signature of {cast.signing(signing).borrower} is being made"
    ]
    cast.jobs()
    recall(cast, signing)
    assert cast.signing(signing).state == "recalled"


def test_after_the_last_day_the_contract_comes_back_and_both_are_told(
    cast: SigningCast, institution: Any
) -> None:
    signing = cast.sent()
    cast.borrower_signs(signing)
    institution.clock.move(cast.signing(signing).expires_at - timedelta(seconds=1))
    cast.jobs()
    assert cast.signing(signing).state == "with-bank"
    institution.clock.move(institution.clock.now() + timedelta(minutes=16))
    cast.jobs()
    found = cast.signing(signing)
    assert found.state == "expired"
    contract = cast.contract(found.contract_id)
    assert contract.state == "issued"
    for login in (MANAGER, cast.legal(contract.application_id)):
        assert f"合同 {contract.number} 未按期签署，可重新送签" in cast.notices(login)


def test_what_all_have_signed_does_not_expire(cast: SigningCast, institution: Any) -> None:
    signing = cast.completed()
    institution.clock.move(cast.signing(signing).expires_at + timedelta(days=1))
    cast.jobs()
    assert cast.read(select(Signing.state)) == ["completed"]
