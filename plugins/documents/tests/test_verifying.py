"""A stored contract is compared with the hashes on record; a changed byte is found."""

from typing import Any

import pytest

from plugins.documents.tests.cases import MANAGER, PDF, Cast
from tenor_documents.jobs import check_stored_contracts
from tenor_documents.public import Contract
from tenor_documents.signing import SignedCopy
from tenor_documents.verifying import checks_table, file_checks, verify_contract
from tenor_sdk import Forbidden
from tenor_sdk.files import Upload
from tenor_sdk.testing import as_actor, run_jobs


@pytest.fixture
def cast(institution: Any) -> Cast:
    return Cast(institution)


@pytest.fixture
def signed(cast: Cast) -> int:
    """A contract that was signed on paper."""
    made = cast.issued(cast.approved())
    copy = SignedCopy(Upload("scan.pdf", PDF))
    cast.press(made, "record-signed-copy", copy, reason="纸质签署")
    return made


def flip(cast: Cast, digest: str) -> None:
    """Change one byte of a stored file behind everybody's back."""
    path = cast.institution.files.bytes.path(digest)  # type: ignore[attr-defined]  # the kernel itself
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def verdict(cast: Cast, contract_id: int, login: str = MANAGER) -> Any:
    with cast.act(login) as ctx:
        return verify_contract(ctx, ctx.session.get(Contract, contract_id))


def test_stored_files_that_nobody_changed_are_as_recorded(cast: Cast, signed: int) -> None:
    assert str(verdict(cast, signed)) == "2 stored files are as recorded"


def test_a_byte_changed_in_the_store_is_named_with_its_file(cast: Cast, signed: int) -> None:
    contract = cast.contract(signed)
    flip(cast, contract.signed_sha256)
    said = verdict(cast, signed)
    assert said.message.startswith("{file} of {number} was changed")
    assert str(said.values["file"]) == "Signed contract"
    assert said.values["recorded"] == contract.signed_sha256[:16]
    with cast.act(MANAGER, write=False) as ctx:
        record = ctx.session.get(Contract, signed)
        assert [check.holds for check in file_checks(ctx, record)] == [True, False]
        table = checks_table(ctx, record)
    assert [str(row[3].value) for row in table.rows] == ["Unchanged", "Changed"]  # type: ignore[attr-defined]  # what the kernel or a mapped class has, beyond its protocol


def test_a_file_that_is_gone_is_named(cast: Cast, signed: int) -> None:
    cast.institution.files.bytes.path(cast.contract(signed).sha256).unlink()  # type: ignore[attr-defined]  # what the kernel or a mapped class has, beyond its protocol
    assert str(verdict(cast, signed)).startswith("Contract as issued of CT-2026-000001 is missing")


def test_whoever_has_nothing_to_do_with_contracts_does_not_verify_them(cast: Cast) -> None:
    with cast.act("ding.ning") as ctx, pytest.raises(Forbidden):
        verify_contract(ctx, Contract())


def test_at_night_a_changed_contract_is_told_to_the_legal_department_and_the_auditors(
    cast: Cast, signed: int, institution: Any
) -> None:
    flip(cast, cast.contract(signed).sha256)
    with as_actor(institution, "system") as ctx:
        ctx.enqueue(check_stored_contracts)
    run_jobs(institution)
    for login in ("xu.min", "han.xue", "song.qing"):
        with as_actor(institution, login, write=False) as ctx:
            titles = [notice.title for notice in institution.notify.inbox(ctx)]
        assert [one for one in titles if "CT-2026-000001" in one], login


def test_the_watch_is_kept_every_night(institution: Any) -> None:
    scheduled = [kind.name for kind in institution.jobs.kinds.scheduled]
    assert "documents.check_stored_contracts" in scheduled
