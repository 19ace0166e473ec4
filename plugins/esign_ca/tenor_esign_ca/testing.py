"""What every signing driver must pass. A driver's own tests inherit it in a few lines::

    class TestMyProvider(SigningDriverContract):
        @pytest.fixture
        def driver(self) -> SigningDriver:
            return MyProvider(sandbox())

A driver that doesn't sign here overrides ``sign`` with what its sandbox does in the place of the signer.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from io import BytesIO

import pytest

from tenor_documents.public import Rendered, Template, render
from tenor_esign_ca.drivers import CallbackAuth, SigningDriver
from tenor_esign_ca.envelopes import (
    Envelope,
    EnvelopeFile,
    EnvelopeState,
    Intent,
    Party,
    PartyKind,
    Signer,
)
from tenor_esign_ca.evidence import first_break
from tenor_sdk import Conflict, Invalid, NotFound, Refused
from tenor_sdk.callbacks import Callback

#: Now, for the kit.
AT = datetime(2026, 6, 30, 1, 0, tzinfo=UTC)

BORROWER = Party(
    "customer-1", PartyKind.ORGANISATION, "泽远精密制造股份有限公司", "91530100MA6K7EXB2Q"
)
LENDER = Party("lender", PartyKind.ORGANISATION, "海岳商业银行股份有限公司", "91530100MA6K7EXA1P")

_PAPER = """
#let d = json(bytes(sys.inputs.at("data")))
#set page(width: 300pt, height: 300pt, margin: 20pt)
#set text(font: sys.inputs.at("family"))
借款合同 #d.number
#metadata((name: "borrower", page: 1, left: 20, bottom: 180, width: 204, height: 71))<signature-place>
#metadata((name: "lender", page: 1, left: 20, bottom: 60, width: 204, height: 71))<signature-place>
"""


@cache
def paper(number: str = "HT-2026-000001") -> Rendered:
    """A small contract with a place for the borrower and one for the lender."""
    return render(Template("paper", _PAPER), {"number": number}, made_at=AT)


def two_signers(number: str = "HT-2026-000001") -> Envelope:
    """A contract that the borrower signs first, the lender second."""
    made = paper(number)
    return Envelope(
        subject=f"借款合同 {number}",
        files=(EnvelopeFile(f"{number}.pdf", made.content, made.places),),
        signers=(Signer("borrower", BORROWER, "借款人", 1), Signer("lender", LENDER, "贷款人", 2)),
        expires_at=AT + timedelta(days=15),
    )


def intent_at(at: datetime) -> Intent:
    """Somebody confirmed by a one-time password."""
    return Intent("totp", "check-1", at)


def altered(content: bytes) -> bytes:
    """``content`` with an increment that turns its first page by a quarter, as an editor of PDFs would save it."""
    from pyhanko.pdf_utils.generic import DictionaryObject, NumberObject, pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(content))
    page = writer.find_page_for_modification(0)[0].get_object()
    if not isinstance(page, DictionaryObject):
        raise TypeError("a page is a dictionary")
    page[pdf_name("/Rotate")] = NumberObject(90)
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


class SigningDriverContract:
    """The promises of ``SigningDriver``, as tests."""

    at = AT

    @pytest.fixture
    def driver(self) -> SigningDriver:
        """The driver under test, with nothing in it."""
        raise NotImplementedError("a test of a driver has a fixture that makes it")

    @pytest.fixture
    def envelope(self) -> Envelope:
        """What the tests have signed."""
        return two_signers()

    @pytest.fixture
    def sent(self, driver: SigningDriver, envelope: Envelope) -> str:
        """An envelope that was sent to its signers."""
        envelope_id = driver.create(envelope, idempotency_key="contract-1", at=self.at)
        driver.start(envelope_id, at=self.at)
        return envelope_id

    def sign(self, driver: SigningDriver, envelope_id: str, signer: str, at: datetime) -> None:
        """Sign as ``signer``."""
        driver.sign(envelope_id, signer, intent_at(at), at=at)

    def sign_all(self, driver: SigningDriver, envelope_id: str) -> None:
        """Sign as everybody, in order."""
        self.sign(driver, envelope_id, "borrower", self.at)
        self.sign(driver, envelope_id, "lender", self.at + timedelta(hours=1))

    # What it can do

    def test_it_says_what_it_can_do(self, driver: SigningDriver) -> None:
        can = driver.capabilities()
        assert can.algorithms
        assert can.formats
        assert can.levels
        assert can.max_bytes > 0

    def test_it_is_ready(self, driver: SigningDriver) -> None:
        health = driver.health(at=self.at)
        assert (health.ready, health.problem) == (True, None)

    def test_a_party_registered_twice_is_one_party(self, driver: SigningDriver) -> None:
        first = driver.ensure_party(BORROWER, at=self.at)
        assert driver.ensure_party(BORROWER, at=self.at) == first

    # Making and sending

    def test_making_an_envelope_does_not_send_it(
        self, driver: SigningDriver, envelope: Envelope
    ) -> None:
        envelope_id = driver.create(envelope, idempotency_key="contract-1", at=self.at)
        progress = driver.fetch(envelope_id, at=self.at)
        assert (progress.state, progress.waiting) == (EnvelopeState.DRAFT, ())

    def test_the_same_key_makes_one_envelope(
        self, driver: SigningDriver, envelope: Envelope
    ) -> None:
        first = driver.create(envelope, idempotency_key="contract-1", at=self.at)
        again = driver.create(envelope, idempotency_key="contract-1", at=self.at)
        assert again == first

    def test_the_same_key_with_another_request_is_refused(
        self, driver: SigningDriver, envelope: Envelope
    ) -> None:
        driver.create(envelope, idempotency_key="contract-1", at=self.at)
        with pytest.raises(Conflict) as refusal:
            driver.create(
                replace(envelope, subject="另一份合同"), idempotency_key="contract-1", at=self.at
            )
        assert refusal.value.key == "idempotency-key-reused"

    def test_a_signer_without_a_place_is_refused(
        self, driver: SigningDriver, envelope: Envelope
    ) -> None:
        third = Signer("guarantor", LENDER, "保证人")
        with pytest.raises(Invalid) as refusal:
            driver.create(
                replace(envelope, signers=(*envelope.signers, third)),
                idempotency_key="contract-1",
                at=self.at,
            )
        assert refusal.value.key == "signer-without-place"

    def test_what_is_no_pdf_is_refused(self, driver: SigningDriver, envelope: Envelope) -> None:
        broken = replace(envelope.files[0], content=b"%PDF-1.7 nothing")
        with pytest.raises(Invalid) as refusal:
            driver.create(
                replace(envelope, files=(broken,)), idempotency_key="contract-1", at=self.at
            )
        assert refusal.value.key == "envelope-file-not-signable"

    def test_sending_twice_sends_once(self, driver: SigningDriver, sent: str) -> None:
        before = driver.fetch(sent, at=self.at)
        assert driver.start(sent, at=self.at) == before

    def test_an_unknown_envelope_is_not_found(self, driver: SigningDriver) -> None:
        with pytest.raises(NotFound):
            driver.fetch("env-nowhere", at=self.at)

    # Signing

    def test_nobody_signs_before_it_is_sent(
        self, driver: SigningDriver, envelope: Envelope
    ) -> None:
        envelope_id = driver.create(envelope, idempotency_key="contract-1", at=self.at)
        with pytest.raises(Refused) as refusal:
            self.sign(driver, envelope_id, "borrower", self.at)
        assert refusal.value.key == "envelope-not-open"

    def test_signers_wait_for_their_turn(self, driver: SigningDriver, sent: str) -> None:
        assert driver.fetch(sent, at=self.at).waiting == ("borrower",)
        with pytest.raises(Refused) as refusal:
            self.sign(driver, sent, "lender", self.at)
        assert refusal.value.key == "signer-not-in-turn"

    def test_the_first_signature_moves_the_turn_on(self, driver: SigningDriver, sent: str) -> None:
        self.sign(driver, sent, "borrower", self.at)
        progress = driver.fetch(sent, at=self.at)
        assert (progress.state, progress.waiting) == (EnvelopeState.PARTIALLY_SIGNED, ("lender",))

    def test_the_last_signature_ends_the_providers_part(
        self, driver: SigningDriver, sent: str
    ) -> None:
        self.sign_all(driver, sent)
        progress = driver.fetch(sent, at=self.at)
        assert (progress.state, progress.waiting) == (EnvelopeState.PROVIDER_COMPLETED, ())
        assert [evidence.signer for evidence in progress.signed] == ["borrower", "lender"]

    def test_signing_twice_gives_one_signature(self, driver: SigningDriver, sent: str) -> None:
        self.sign(driver, sent, "borrower", self.at)
        once = driver.fetch(sent, at=self.at).signed
        self.sign(driver, sent, "borrower", self.at + timedelta(minutes=5))
        assert driver.fetch(sent, at=self.at).signed == once

    def test_somebody_else_cannot_sign(self, driver: SigningDriver, sent: str) -> None:
        with pytest.raises(NotFound) as refusal:
            self.sign(driver, sent, "stranger", self.at)
        assert refusal.value.key == "signer-unknown"

    def test_after_the_last_day_nobody_signs(
        self, driver: SigningDriver, sent: str, envelope: Envelope
    ) -> None:
        assert driver.fetch(sent, at=envelope.expires_at).state is EnvelopeState.EXPIRED
        with pytest.raises(Refused) as refusal:
            self.sign(driver, sent, "borrower", envelope.expires_at)
        assert refusal.value.values["state"] == "expired"

    # Calling back

    def test_what_was_called_back_is_not_signed(self, driver: SigningDriver, sent: str) -> None:
        assert driver.cancel(sent, "条件变更", at=self.at).state is EnvelopeState.CANCELLED
        with pytest.raises(Refused) as refusal:
            self.sign(driver, sent, "borrower", self.at)
        assert refusal.value.values["state"] == "cancelled"

    def test_calling_back_twice_is_once(self, driver: SigningDriver, sent: str) -> None:
        first = driver.cancel(sent, "条件变更", at=self.at)
        assert driver.cancel(sent, "条件变更", at=self.at) == first

    def test_what_all_have_signed_is_not_called_back(
        self, driver: SigningDriver, sent: str
    ) -> None:
        self.sign_all(driver, sent)
        with pytest.raises(Refused) as refusal:
            driver.cancel(sent, "太晚", at=self.at)
        assert refusal.value.key == "envelope-not-open"

    # Taking home

    def test_nothing_is_taken_home_before_all_have_signed(
        self, driver: SigningDriver, sent: str
    ) -> None:
        self.sign(driver, sent, "borrower", self.at)
        with pytest.raises(Refused) as refusal:
            driver.download(sent, at=self.at)
        assert refusal.value.key == "envelope-not-complete"

    def test_what_is_taken_home_stays_the_same(self, driver: SigningDriver, sent: str) -> None:
        self.sign_all(driver, sent)
        assert driver.download(sent, at=self.at) == driver.download(sent, at=self.at)

    def test_the_evidence_holds_and_names_the_file_and_each_signer(
        self, driver: SigningDriver, sent: str, envelope: Envelope
    ) -> None:
        self.sign_all(driver, sent)
        chain = driver.download(sent, at=self.at).evidence
        assert first_break(chain) is None
        told = [link.entry for link in chain]
        assert envelope.files[0].sha256 in [entry.get("sha256") for entry in told]
        assert [entry["signer"] for entry in told if entry["e"] == "signed"] == [
            "borrower",
            "lender",
        ]

    # Judging

    @pytest.fixture
    def taken_home(self, driver: SigningDriver, sent: str) -> bytes:
        """The signed file."""
        self.sign_all(driver, sent)
        return driver.download(sent, at=self.at).files[0].content

    def test_a_signed_file_is_sound(self, driver: SigningDriver, taken_home: bytes) -> None:
        verdict = driver.verify(taken_home, at=self.at + timedelta(hours=2))
        assert verdict.sound
        assert [check.signer for check in verdict.signatures] == [BORROWER.name, LENDER.name]
        assert verdict.sha256 == sha256(taken_home).hexdigest()

    def test_a_changed_byte_is_found(self, driver: SigningDriver, taken_home: bytes) -> None:
        spoilt = bytearray(taken_home)
        spoilt[len(paper().content) // 2] ^= 1
        assert not driver.verify(bytes(spoilt), at=self.at + timedelta(hours=2)).sound

    def test_a_page_altered_by_a_later_increment_is_found(
        self, driver: SigningDriver, taken_home: bytes
    ) -> None:
        assert not driver.verify(altered(taken_home), at=self.at + timedelta(hours=2)).sound

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"no file at all"])
    def test_whatever_the_bytes_are_there_is_a_verdict(
        self, driver: SigningDriver, content: bytes
    ) -> None:
        assert not driver.verify(content, at=self.at).sound

    def test_a_file_that_nobody_signed_is_not_sound(
        self, driver: SigningDriver, envelope: Envelope
    ) -> None:
        assert not driver.verify(envelope.files[0].content, at=self.at).sound

    # Reports

    def test_a_callback_without_proof_is_refused(self, driver: SigningDriver) -> None:
        if driver.capabilities().callback_auth is CallbackAuth.NONE:
            return
        with pytest.raises(Refused) as refusal:
            driver.parse_callback(Callback({}, b'{"state": "completed"}'), self.at)
        assert refusal.value.key == "callback-not-proved"
