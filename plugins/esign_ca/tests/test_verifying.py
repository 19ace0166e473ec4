"""A look at a signed contract names what was changed; what was changed is never handed out as signed."""

from typing import Any

import pytest
from sqlalchemy import select, text

from plugins.documents.tests.cases import AUDITOR, MANAGER
from plugins.esign_ca.tests.cases import SigningCast
from tenor_esign_ca.public import Signing, Verdict
from tenor_sdk import Conflict, Forbidden, Refused


def flip(cast: SigningCast, digest: str, place: int) -> None:
    """Change one byte of a stored file behind everybody's back."""
    path = cast.stored(digest)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(bytes(content))


def year(content: bytes, before: bytes) -> int:
    """Where the last digit of the year 2026 stands behind this, the last time that it comes."""
    return content.rindex(before + b"2026") + len(before) + 3


@pytest.mark.both_databases
def test_a_signed_contract_that_nobody_touched_holds(cast: SigningCast) -> None:
    signing = cast.completed()
    assert str(cast.verify(signing)) == (
        "CT-2026-000001 is unchanged: its 2 signatures, certificates and time stamps hold"
    )
    (verdict,) = cast.read(select(Verdict))
    assert (verdict.sound, verdict.chain_holds, verdict.found) == (True, True, verdict.recorded)
    assert [(one["place"], one["level"], one["problem"]) for one in verdict.checks] == [
        ("borrower", "B-T", ""),
        ("lender", "B-T", ""),
    ]


@pytest.mark.both_databases
def test_a_changed_file_is_named_by_its_first_broken_signature_and_never_handed_out(
    cast: SigningCast,
) -> None:
    signing = cast.completed()
    found = cast.signing(signing)
    content = cast.stored(found.signed_sha256).read_bytes()
    flip(cast, found.signed_sha256, year(content, b"CreationDate(D:"))
    said = cast.verify(signing)
    assert isinstance(said, Refused)
    assert said.key == "signed-file-changed"
    assert said.values == {"number": "CT-2026-000001", "signer": found.signatures[0].name}
    with cast.act(MANAGER, write=False) as ctx:
        words = cast.kernel.translator.error(said, "zh-CN")
        assert words.startswith("文件已被改动：合同 CT-2026-000001")
        assert ctx.session.scalars(select(Verdict.sound)).all() == [False]
    for login in (MANAGER, AUDITOR):
        with pytest.raises(Conflict) as refusal:
            cast.signed_pdf(signing, login)
        assert refusal.value.key == "file-changed"


def test_what_came_after_the_borrowers_signature_breaks_the_lenders(cast: SigningCast) -> None:
    signing = cast.completed()
    found = cast.signing(signing)
    content = cast.stored(found.signed_sha256).read_bytes()
    flip(cast, found.signed_sha256, year(content, b"/M (D\\072"))
    said = cast.verify(signing)
    assert (said.key, said.values["signer"]) == ("signed-file-changed", found.signatures[1].name)


def test_a_file_that_is_gone_is_missing(cast: SigningCast) -> None:
    signing = cast.completed()
    cast.stored(cast.signing(signing).signed_sha256).unlink()
    assert cast.verify(signing).key == "signed-file-missing"


@pytest.mark.both_databases
def test_evidence_that_was_changed_in_the_database_breaks_its_chain(
    cast: SigningCast, institution: Any
) -> None:
    signing = cast.completed()
    with institution.db.raw() as connection:
        connection.execute(
            text("UPDATE esign_ca_evidence_step SET hash = :h WHERE position = 5"),
            {"h": "0" * 64},
        )
    assert cast.verify(signing).key == "evidence-chain-broken"
    assert cast.read(select(Verdict.chain_holds)) == [False]


def test_before_all_have_signed_there_is_nothing_to_verify(cast: SigningCast) -> None:
    signing = cast.sent()
    with pytest.raises(Refused) as refusal:
        cast.verify(signing)
    assert refusal.value.key == "nothing-signed-yet"


def test_whoever_has_nothing_to_do_with_signings_does_not_verify_them(cast: SigningCast) -> None:
    from tenor_esign_ca.verifying import verify_signing

    with cast.act("ding.ning") as ctx, pytest.raises(Forbidden):
        verify_signing(ctx, Signing())


def test_a_file_changed_between_two_signatures_is_never_signed_further(cast: SigningCast) -> None:
    signing = cast.sent()
    cast.borrower_signs(signing)
    flip(cast, cast.signing(signing).signatures[0].sha256, 5000)
    cast.seal(signing)
    cast.jobs()
    found = cast.signing(signing)
    assert (found.state, found.problem) == ("in-question", "file-changed")
    contract = cast.contract(found.contract_id)
    assert contract.state == "signing"
    legal = cast.legal(contract.application_id)
    assert f"合同 {contract.number} 的签署存疑" in cast.notices(legal)
    cast.go(signing, "call-back", legal, reason="文件被改")
    assert cast.contract(found.contract_id).state == "issued"


def test_a_contract_changed_before_it_was_sent_is_not_signed(cast: SigningCast) -> None:
    contract = cast.issued(cast.approved())
    flip(cast, cast.contract(contract).sha256, 5000)
    signing = cast.send(contract)
    cast.jobs()
    found = cast.signing(signing)
    assert (found.state, found.problem, found.envelope) == ("in-question", "file-changed", "")
