"""The provider is asked, never believed; without one nothing ever looks signed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from plugins.esign_ca.tests.cases import SEALER, SigningCast
from tenor_esign_ca.own import OwnSigning
from tenor_esign_ca.provider import provider
from tenor_esign_ca.public import Intent, NullSigning, SendTo
from tenor_sdk import Blocked, Forbidden, Invalid, Refused
from tenor_sdk.callbacks import Callback
from tenor_sdk.settings import change_setting
from tenor_sdk.testing import call_back

pytestmark = pytest.mark.both_databases


@pytest.fixture
def signing(cast: SigningCast) -> int:
    return cast.sent()


def callback_of(cast: SigningCast, signing: int) -> Callback:
    """What the provider would send."""
    envelope = cast.signing(signing).envelope
    with cast.act("system", write=False) as ctx:
        driver = provider(ctx)
        assert isinstance(driver, OwnSigning)
        return Callback(*driver.callback(envelope, at=ctx.now))


def received(cast: SigningCast, callback: Callback) -> int:
    return call_back(cast.institution, "signing", callback)


def test_a_callback_that_says_all_have_signed_changes_nothing_by_itself(
    cast: SigningCast, signing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_esign_ca.callbacks import callback_headers

    envelope = cast.signing(signing).envelope
    body = b'{"envelope": "%s", "event": "x:9", "state": "provider-completed"}' % envelope.encode()
    with cast.act("system", write=False) as ctx:
        driver = provider(ctx)
        assert isinstance(driver, OwnSigning)
        headers = callback_headers(driver._callback_secret(), body, at=ctx.now)
    assert received(cast, Callback(headers, body)) == 1
    cast.jobs()
    assert cast.signing(signing).state == "with-borrower"
    assert cast.provider_state(signing) == "sent"


def test_a_forged_callback_and_an_old_one_are_refused(
    cast: SigningCast, signing: int, institution: Any
) -> None:
    sent = callback_of(cast, signing)
    with pytest.raises(Forbidden) as refusal:
        received(cast, replace(sent, body=sent.body.replace(b"sent", b"declined")))
    assert refusal.value.key == "callback-not-proved"
    institution.clock.move(institution.clock.now() + timedelta(minutes=6))
    with pytest.raises(Forbidden) as refusal:
        received(cast, sent)
    assert refusal.value.key == "callback-too-old"


def test_the_same_callback_ten_times_is_looked_after_once(cast: SigningCast, signing: int) -> None:
    sent = callback_of(cast, signing)
    assert all(received(cast, sent) for _each in range(10))
    assert cast.jobs() == 1


def test_a_provider_that_cancelled_puts_the_signing_in_question(
    cast: SigningCast, signing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_esign_ca.envelopes import EnvelopeState, Progress

    envelope = cast.signing(signing).envelope
    gone = Progress(envelope, EnvelopeState.CANCELLED, (), (), {})
    sent = callback_of(cast, signing)
    monkeypatch.setattr(OwnSigning, "fetch", lambda *_args, **_more: gone)
    received(cast, sent)
    cast.jobs()
    found = cast.signing(signing)
    assert (found.state, found.problem) == ("in-question", "envelope-cancelled")


def test_a_provider_that_hands_over_another_file_completes_nothing(
    cast: SigningCast, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = cast.completed()
    theirs = cast.signed_pdf(other)
    signing = cast.sent()
    cast.borrower_signs(signing)
    download = OwnSigning.download

    def another(self: OwnSigning, envelope_id: str, **more: Any) -> Any:
        package = download(self, envelope_id, **more)
        return replace(package, files=(replace(package.files[0], content=theirs),))

    monkeypatch.setattr(OwnSigning, "download", another)
    cast.seal(signing)
    cast.jobs()
    found = cast.signing(signing)
    assert (found.state, found.problem) == ("in-question", "signed-file-of-another-contract")
    assert cast.contract(found.contract_id).state == "signing"


def test_without_a_provider_the_contract_says_so_and_stays(
    cast: SigningCast, institution: Any
) -> None:
    contract = cast.issued(cast.approved())
    institution.drivers._offers["signing"] = {}
    with cast.act("system", write=False) as ctx:
        assert isinstance(provider(ctx), NullSigning)
    with pytest.raises(Blocked) as blocked:
        cast.press(contract, "send-for-signature", SendTo("guo@zeyuan.example"))
    words = institution.translator.text(blocked.value.blockers[0].why, "en")
    assert words == "No provider of electronic signatures is installed, enabled and chosen."
    assert cast.contract(contract).state == "issued"


def test_a_lender_without_its_name_signs_nothing(cast: SigningCast) -> None:
    from tenor_documents.public import DocumentsSettings

    contract = cast.issued(cast.approved())
    with cast.act("ding.ning") as ctx:
        change_setting(ctx, DocumentsSettings, "lender_credit_code", "")
    with pytest.raises(Blocked) as blocked:
        cast.press(contract, "send-for-signature", SendTo("guo@zeyuan.example"))
    assert [str(one.why) for one in blocked.value.blockers] == [
        "Its name or credit code is missing"
    ]


@pytest.mark.parametrize(
    "address", ["guo", "guo@zeyuan", "a@b.example, c@d.example", "guo @x.example"]
)
def test_a_code_is_mailed_to_one_whole_address(cast: SigningCast, address: str) -> None:
    contract = cast.issued(cast.approved())
    with pytest.raises(Invalid):
        cast.press(contract, "send-for-signature", {"email": address, "signatory": ""})
    assert cast.contract(contract).state == "issued"


def test_two_who_press_the_seal_make_one_signature(cast: SigningCast, signing: int) -> None:
    from tenor_sdk import Conflict

    cast.borrower_signs(signing)
    cast.seal(signing)
    with pytest.raises(Conflict) as refusal:
        cast.seal(signing, SEALER)
    assert refusal.value.key == "not-from-this-state"
    cast.jobs()
    assert cast.signing(signing).state == "completed"
    assert len(cast.evidence(signing, "signed")) == 2


def sign_elsewhere(
    cast: SigningCast, signing: int, signer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signature of which only the provider knows."""
    envelope = cast.signing(signing).envelope
    kernel: Any = cast.institution
    service = kernel.access.service("esign_ca")
    with monkeypatch.context() as patched, kernel.context(service, write=False) as ctx:
        # a driver works within a job's call to the outside, for which this stands
        patched.setattr(kernel.jobs.runner, "run_of", lambda _ctx: object())
        intent = Intent("face", "check-1", ctx.now)
        provider(ctx).sign(envelope, signer, intent, at=ctx.now)


def test_where_the_provider_signs_on_pages_of_its_own_it_is_asked_how_far_they_are(
    cast: SigningCast, signing: int, institution: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = OwnSigning.capabilities
    monkeypatch.setattr(
        OwnSigning, "capabilities", lambda self: replace(here(self), signs_here=False)
    )
    with pytest.raises(Refused) as refusal:
        cast.mail_code(signing)
    assert refusal.value.key == "signed-at-the-provider"
    for signer, state in (("borrower", "with-bank"), ("lender", "completed")):
        sign_elsewhere(cast, signing, signer, monkeypatch)
        institution.clock.move(institution.clock.now() + timedelta(minutes=16))
        cast.jobs()
        assert cast.signing(signing).state == state
    assert cast.contract(cast.signing(signing).contract_id).state == "signed"
