"""From an issued contract to one that all sides have signed."""

import pytest
from sqlalchemy import func, select

from plugins.esign_ca.tests.cases import SigningCast
from tenor_esign_ca.public import EvidenceStep

pytestmark = pytest.mark.both_databases


def test_a_contract_goes_out_is_signed_by_both_and_lets_its_application_go_on(
    cast: SigningCast,
) -> None:
    application = cast.approved()
    contract = cast.issued(application)
    signing = cast.send(contract)
    assert cast.contract(contract).state == "signing"
    assert cast.signing(signing).state == "preparing"
    cast.jobs()
    assert cast.signing(signing).state == "with-borrower"
    cast.borrower_signs(signing)
    assert cast.signing(signing).state == "with-bank"
    assert cast.contract(contract).state == "signing"
    cast.seal(signing)
    cast.jobs()
    assert cast.signing(signing).state == "completed"
    kept = cast.contract(contract)
    assert (kept.state, kept.signed_how.value) == ("signed", "electronically")
    assert kept.signed_sha256 == cast.signing(signing).signed_sha256
    assert cast.state(application) == "conditions"
    assert cast.read(select(func.count(EvidenceStep.id)))[0] == 10
    said = cast.pdfsig(signing)
    assert said.count("Signature is Valid.") == 2
    assert said.count("Total document signed") == 1
