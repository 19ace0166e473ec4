"""What the embedded driver promises beyond the family: killed anywhere, or two at once, there is one signature."""

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tenor_esign_ca import pades
from tenor_esign_ca.drivers import NullSigning
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.envelopes import EnvelopeFile, EnvelopeState, Signer
from tenor_esign_ca.stores import FolderStore, MemoryStore
from tenor_esign_ca.testing import AT, BORROWER, LENDER, intent_at, paper, two_signers
from tenor_sdk import Conflict, Invalid, Refused

ZONE = ZoneInfo("Asia/Shanghai")
LATER = AT + timedelta(hours=1)


class Killed(BaseException):
    """The process is gone."""


class Interrupted(MemoryStore):
    """A store that calls ``before`` just before something is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[str], None] = lambda _: None

    def put_new(self, name: str, content: bytes) -> bool:
        self.before(name)
        return super().put_new(name, content)


def _driver(store: MemoryStore, keys: MemoryStore) -> EmbeddedSigning:
    return EmbeddedSigning(store, keys, institution="海岳商业银行", zone=ZONE)


def _sent(driver: EmbeddedSigning) -> str:
    envelope_id = driver.create(two_signers(), idempotency_key="loan-7", at=AT)
    driver.start(envelope_id, at=AT)
    return envelope_id


def _finish(driver: EmbeddedSigning) -> tuple[str, ...]:
    """Do all of it, as a worker does that starts again from the beginning; the fields signed in the end."""
    envelope_id = _sent(driver)
    for signer in ("borrower", "lender"):
        driver.sign(envelope_id, signer, intent_at(AT), at=AT)
    content = driver.download(envelope_id, at=AT).files[0].content
    assert driver.verify(content, at=LATER).sound
    return pades.filled_fields(content)


def _kill_at(count: int) -> Callable[[str], None]:
    """Kills at the ``count``-th thing that is kept, from 0."""
    left = [count]

    def strike(name: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed(name)

    return strike


@pytest.mark.parametrize("step", range(16))
def test_a_worker_killed_anywhere_and_started_again_leaves_one_signature_each(step: int) -> None:
    store = Interrupted()
    driver = _driver(store, store)
    store.before = _kill_at(step)  # before the next is the same as after the last
    try:
        _finish(driver)
    except Killed:
        store.before = lambda _: None
    assert _finish(_driver(store, store)) == ("borrower", "lender")
    progress = driver.fetch(_sent(driver), at=AT)
    assert [evidence.signer for evidence in progress.signed] == ["borrower", "lender"]


def test_a_worker_keeps_no_more_things_than_it_was_killed_at() -> None:
    store = Interrupted()
    kept: list[str] = []
    store.before = kept.append
    _finish(_driver(store, store))
    assert 10 < len(kept) <= 16


_WORKER = """
import os, signal, sys
from pathlib import Path
from zoneinfo import ZoneInfo
from tenor_esign_ca.embedded import EmbeddedSigning
from tenor_esign_ca.stores import FolderStore
from tenor_esign_ca.testing import AT, intent_at, two_signers

class Fatal(FolderStore):
    def put_new(self, name, content):
        kept = super().put_new(name, content)
        if name.startswith("files/") and "signed" in self.doomed:
            os.kill(os.getpid(), signal.SIGKILL)
        return kept

folder = Path(sys.argv[1])
store = Fatal(folder / "files")
store.doomed = ()
driver = EmbeddedSigning(store, FolderStore(folder / "keys"), institution="海岳", zone=ZoneInfo("Asia/Shanghai"))
envelope = driver.create(two_signers(), idempotency_key="loan-7", at=AT)
driver.start(envelope, at=AT)
store.doomed = ("signed",)
driver.sign(envelope, "borrower", intent_at(AT), at=AT)
"""


def test_a_worker_process_killed_while_signing_leaves_an_envelope_that_can_be_signed(
    tmp_path: Path,
) -> None:
    ended = subprocess.run([sys.executable, "-c", _WORKER, str(tmp_path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    driver = EmbeddedSigning(
        FolderStore(tmp_path / "files"),
        FolderStore(tmp_path / "keys"),
        institution="海岳",
        zone=ZONE,
    )
    assert driver.fetch(_sent(driver), at=AT).signed == ()
    assert _finish(driver) == ("borrower", "lender")


def test_two_workers_that_sign_for_one_signer_make_one_signature() -> None:
    store = Interrupted()
    first, second = _driver(store, store), _driver(store, store)
    envelope_id = _sent(first)

    def overtake(name: str) -> None:
        if name.startswith("files/"):
            store.before = lambda _: None
            second.sign(envelope_id, "borrower", intent_at(AT), at=AT)

    store.before = overtake
    mine = first.sign(envelope_id, "borrower", intent_at(AT), at=AT)
    assert second.fetch(envelope_id, at=AT).signed == (mine,)


def test_a_signature_that_meets_a_cancellation_is_refused() -> None:
    store = Interrupted()
    first, second = _driver(store, store), _driver(store, store)
    envelope_id = _sent(first)

    def overtake(name: str) -> None:
        if name.startswith("files/"):
            store.before = lambda _: None
            second.cancel(envelope_id, "条件变更", at=AT)

    store.before = overtake
    with pytest.raises(Refused) as refusal:
        first.sign(envelope_id, "borrower", intent_at(AT), at=AT)
    assert refusal.value.values["state"] == "cancelled"
    assert first.fetch(envelope_id, at=AT).signed == ()


def test_signers_of_one_number_sign_in_any_order(driver: EmbeddedSigning) -> None:
    envelope = two_signers()
    both = replace(envelope, signers=tuple(replace(one, order=1) for one in envelope.signers))
    envelope_id = driver.create(both, idempotency_key="k", at=AT)
    driver.start(envelope_id, at=AT)
    assert driver.fetch(envelope_id, at=AT).waiting == ("borrower", "lender")
    driver.sign(envelope_id, "lender", intent_at(AT), at=AT)
    assert driver.fetch(envelope_id, at=AT).waiting == ("borrower",)


def test_each_file_of_an_envelope_is_signed(driver: EmbeddedSigning) -> None:
    envelope = two_signers()
    annex = paper("HT-2026-000001-A")
    second = EnvelopeFile("annex.pdf", annex.content, annex.places[:1])
    envelope_id = driver.create(
        replace(envelope, files=(*envelope.files, second)), idempotency_key="k", at=AT
    )
    driver.start(envelope_id, at=AT)
    for signer in ("borrower", "lender"):
        driver.sign(envelope_id, signer, intent_at(AT), at=AT)
    files = driver.download(envelope_id, at=AT).files
    assert [pades.filled_fields(file.content) for file in files] == [
        ("borrower", "lender"),
        ("borrower",),
    ]


def test_a_look_at_the_papers_is_noted_once(driver: EmbeddedSigning) -> None:
    envelope_id = _sent(driver)
    first = driver.view(envelope_id, "borrower", at=AT)
    assert first.state is EnvelopeState.VIEWED
    assert driver.view(envelope_id, "borrower", at=LATER) == first


def test_a_look_after_the_first_signature_does_not_take_the_envelope_back(
    driver: EmbeddedSigning,
) -> None:
    envelope_id = _sent(driver)
    driver.sign(envelope_id, "borrower", intent_at(AT), at=AT)
    assert driver.view(envelope_id, "lender", at=AT).state is EnvelopeState.PARTIALLY_SIGNED


def test_what_one_declined_nobody_signs(driver: EmbeddedSigning) -> None:
    envelope_id = _sent(driver)
    assert (
        driver.decline(envelope_id, "borrower", "利率不符", at=AT).state is EnvelopeState.DECLINED
    )
    with pytest.raises(Refused) as refusal:
        driver.sign(envelope_id, "borrower", intent_at(AT), at=AT)
    assert refusal.value.values["state"] == "declined"


def test_the_evidence_tells_the_course_in_order(driver: EmbeddedSigning) -> None:
    envelope_id = _sent(driver)
    driver.view(envelope_id, "borrower", at=AT)
    for signer in ("borrower", "lender"):
        driver.sign(envelope_id, signer, intent_at(AT), at=AT)
    told = [link.entry["e"] for link in driver.download(envelope_id, at=AT).evidence]
    signature = ["signer_authenticated", "signed", "timestamped"]
    assert told == [
        "created",
        "file_fixed",
        "sent",
        "viewed",
        *signature,
        *signature,
        "provider_completed",
    ]


def test_identity_numbers_stay_out_of_the_evidence(
    driver: EmbeddedSigning, store: MemoryStore
) -> None:
    _finish(driver)
    steps = [content for name, content in store._kept.items() if name.startswith("envelopes/")]
    assert steps
    assert BORROWER.identity_number.encode() not in b"".join(steps)


def test_evidence_that_was_tampered_with_stops_everything(
    driver: EmbeddedSigning, store: MemoryStore
) -> None:
    envelope_id = _sent(driver)
    step = f"envelopes/{envelope_id}/000001.json"
    store._kept[step] = store._kept[step].replace(b"2026-06-30", b"2026-06-29")
    with pytest.raises(Conflict) as refusal:
        driver.fetch(envelope_id, at=AT)
    assert (refusal.value.key, refusal.value.values["entry"]) == ("evidence-broken", 3)


def test_a_kept_file_that_was_changed_is_not_handed_out(
    driver: EmbeddedSigning, store: MemoryStore
) -> None:
    envelope_id = _sent(driver)
    for signer in ("borrower", "lender"):
        driver.sign(envelope_id, signer, intent_at(AT), at=AT)
    for name in [name for name in store._kept if name.startswith("files/")]:
        store._kept[name] += b" "
    with pytest.raises(Conflict) as refusal:
        driver.download(envelope_id, at=AT)
    assert refusal.value.key == "file-changed"


def test_a_name_that_the_stamp_cannot_write_stops_before_anything_is_signed(
    driver: EmbeddedSigning,
) -> None:
    envelope = two_signers()
    odd = Signer("borrower", replace(BORROWER, name="李🙂"), "借款人")
    envelope_id = driver.create(
        replace(envelope, signers=(odd, envelope.signers[1])), idempotency_key="k", at=AT
    )
    driver.start(envelope_id, at=AT)
    with pytest.raises(Invalid) as refusal:
        driver.sign(envelope_id, "borrower", intent_at(AT), at=AT)
    assert refusal.value.key == "glyph-missing"
    assert driver.fetch(envelope_id, at=AT).signed == ()


def test_a_long_company_name_signs_and_is_read_back_whole(driver: EmbeddedSigning) -> None:
    envelope = two_signers()
    name = "云州高新技术产业开发区泽远精密减速器与传动系统研发制造股份有限公司"
    long = Signer("borrower", replace(BORROWER, name=name), "借款人")
    envelope_id = driver.create(
        replace(envelope, signers=(long, envelope.signers[1])), idempotency_key="k", at=AT
    )
    driver.start(envelope_id, at=AT)
    for signer in ("borrower", "lender"):
        driver.sign(envelope_id, signer, intent_at(AT), at=AT)
    verdict = driver.verify(driver.download(envelope_id, at=AT).files[0].content, at=LATER)
    assert [check.signer for check in verdict.signatures] == [name, LENDER.name]


def test_what_the_embedded_driver_does_not_offer_is_said(driver: EmbeddedSigning) -> None:
    with pytest.raises(Refused) as refusal:
        driver.sign_url("env-1", "borrower", lasts=timedelta(minutes=5), at=AT)
    assert refusal.value.key == "signing-not-offered"


def test_locked_keys_show_in_the_health(keys: MemoryStore, driver: EmbeddedSigning) -> None:
    driver.ensure_party(BORROWER, at=AT)
    locked = EmbeddedSigning(
        MemoryStore(), keys, institution="海岳商业银行", zone=ZONE, passphrase=b"another"
    )
    assert locked.health(at=AT).problem == "signing-keys-locked"


def test_pyhanko_and_cryptography_stay_out_of_the_start() -> None:
    code = (
        "import sys, tenor_esign_ca.public, tenor_esign_ca.embedded; "
        "sys.exit(bool({'pyhanko', 'cryptography', 'typst', 'fontTools'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False)
    assert ended.returncode == 0


class TestNullSigning:
    """Without a provider nothing looks signed."""

    @pytest.fixture
    def nobody(self) -> NullSigning:
        return NullSigning.__new__(NullSigning)

    def test_it_offers_nothing_and_is_not_ready(self, nobody: NullSigning) -> None:
        assert nobody.capabilities().algorithms == frozenset()
        assert nobody.health(at=AT).problem == "signing-provider-missing"

    def test_it_sends_nothing(self, nobody: NullSigning) -> None:
        with pytest.raises(Refused) as refusal:
            nobody.create(two_signers(), idempotency_key="k", at=AT)
        assert refusal.value.key == "signing-provider-missing"

    def test_no_party_is_ready(self, nobody: NullSigning) -> None:
        assert not nobody.ensure_party(BORROWER, at=AT).ready

    def test_it_finds_no_file_sound(self, nobody: NullSigning) -> None:
        assert not nobody.verify(paper().content, at=AT).sound
