"""The plugin is disabled in the middle of a signing and enabled again: nothing is lost, nothing was open meanwhile."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.documents.tests.cases import PDF, Cast
from plugins.esign_ca.tests.cases import SigningCast
from tenor.boot import boot
from tenor.clock import StoppedClock
from tenor.testing import settings_for
from tenor.testing.institution import INSTANT
from tenor_documents.public import Contract
from tenor_documents.signing import SignedCopy
from tenor_sdk import Conflict
from tenor_sdk.files import Upload

pytestmark = pytest.mark.both_databases

ADMIN = "ding.ning"


@pytest.fixture
def started(database: str, tmp_path: Path) -> Iterator[Callable[[], Any]]:
    """The institution with whatever is enabled, as ``tenor serve`` starts it."""
    kernels: list[Any] = []

    def started() -> Any:
        kernels.append(boot(settings_for(database, tmp_path), clock=StoppedClock(INSTANT)))
        assert not kernels[-1].failures
        return kernels[-1]

    yield started
    for kernel in kernels:
        kernel.db.dispose()


def disabled(kernel: Any, started: Callable[[], Any]) -> Any:
    with Cast(kernel).act(ADMIN) as ctx:
        kernel.loader.disable(ctx, "esign_ca")
    return started()


def enabled(kernel: Any, started: Callable[[], Any]) -> Any:
    with Cast(kernel).act(ADMIN) as ctx:
        kernel.loader.enable(ctx, "esign_ca")
    return started()


def ways(cast: Cast, contract: int) -> dict[str, list[str]]:
    """What the legal department is offered on a contract, each with what blocks it."""
    legal = cast.legal(cast.contract(contract).application_id)
    kernel: Any = cast.institution
    with cast.act(legal, write=False) as ctx:
        offered = kernel.workflow.available(ctx, ctx.session.get(Contract, contract))
        return {
            one.name: [kernel.translator.text(each.what, "en") for each in one.blockers]
            for one in offered
        }


NEEDS = "Needs the plugin esign_ca, which is off"


def test_while_it_is_off_the_step_names_it_and_paper_still_works(
    institution: Any, started: Callable[[], Any]
) -> None:
    cast = SigningCast(institution)
    contract = cast.issued(cast.approved())
    assert ways(cast, contract)["send-for-signature"] == []
    without = Cast(disabled(institution, started))
    found = ways(without, contract)
    assert found["send-for-signature"] == [NEEDS]
    assert found["record-signed-copy"] == []
    copy = SignedCopy(Upload("scan.pdf", PDF))
    without.press(contract, "record-signed-copy", copy, reason="纸质签署")
    assert without.contract(contract).state == "signed"


def test_a_signing_under_way_rests_while_it_is_off_and_goes_on_afterwards(
    institution: Any, started: Callable[[], Any]
) -> None:
    cast = SigningCast(institution)
    signing = cast.sent()
    cast.confirm(signing, cast.mail_code(signing))  # its job waits
    contract = cast.signing(signing).contract_id
    off = disabled(institution, started)
    without = Cast(off)
    found = ways(without, contract)
    assert set(found) == {"all-signed", "recall", "signing-expired"}
    assert all(NEEDS in blockers for blockers in found.values())
    assert without.contract(contract).state == "signing"
    off.jobs.run_due()
    again = SigningCast(enabled(off, started))
    assert again.signing(signing).state == "with-borrower"
    again.jobs()
    assert again.signing(signing).state == "with-bank"
    again.seal(signing)
    again.jobs()
    assert again.contract(contract).state == "signed"
    assert again.pdfsig(signing).count("Signature is Valid.") == 2


def test_what_was_signed_stays_signed_and_verifiable_through_it(
    institution: Any, started: Callable[[], Any]
) -> None:
    cast = SigningCast(institution)
    signing = cast.completed()
    before = cast.signing(signing)
    off = disabled(institution, started)
    assert Cast(off).contract(before.contract_id).signed_sha256 == before.signed_sha256
    again = SigningCast(enabled(off, started))
    after = again.signing(signing)
    assert (after.envelope, after.signed_sha256) == (before.envelope, before.signed_sha256)
    assert str(again.verify(signing)).startswith("CT-2026-000001 is unchanged")
    assert len(again.evidence(signing, "signed")) == 2


def test_with_it_off_nobody_presses_its_steps(institution: Any, started: Callable[[], Any]) -> None:
    cast = SigningCast(institution)
    signing = cast.sent()
    contract = cast.signing(signing).contract_id
    without = Cast(disabled(institution, started))
    legal = without.legal(without.contract(contract).application_id)
    kernel: Any = without.institution
    with without.act(legal, write=False) as ctx:
        record = ctx.session.get(Contract, contract)
        (recall,) = [one for one in kernel.workflow.available(ctx, record) if one.name == "recall"]
    assert (recall.how, recall.allowed) == (None, False)
    with pytest.raises(Conflict) as refusal:
        without.press(contract, "void", reason="不行")
    assert refusal.value.key == "not-from-this-state"
    assert without.contract(contract).state == "signing"
