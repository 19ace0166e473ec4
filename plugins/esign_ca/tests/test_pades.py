"""Signatures as other readers of PDF see them, and every way in which a file may have been changed."""

import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, append_signature_field
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from tenor_documents.public import SignaturePlace
from tenor_esign_ca import pades
from tenor_esign_ca.certificates import LocalAuthority
from tenor_esign_ca.stamps import Stamp
from tenor_esign_ca.stores import MemoryStore
from tenor_esign_ca.testing import AT, BORROWER, LENDER, altered, paper
from tenor_sdk import Invalid

LATER = AT + timedelta(days=1)
PARTIES = {"borrower": (BORROWER, "借款人"), "lender": (LENDER, "贷款人")}


def _authority() -> LocalAuthority:
    return LocalAuthority(MemoryStore(), "海岳商业银行")


def _sign(content: bytes, place: str, authority: LocalAuthority, at: datetime = AT) -> bytes:
    party, role = PARTIES[place]
    credential = authority.party(party, at)
    stamp = Stamp(
        party.name,
        role,
        credential.serial,
        credential.issuer,
        "PAdES B-T",
        at,
        ZoneInfo("Asia/Shanghai"),
    )
    return pades.signed(
        content, place, credential, authority.timestamps(at), at=at, stamp=stamp.drawn(204, 71)
    )


@pytest.fixture(scope="module")
def authority() -> LocalAuthority:
    return _authority()


@pytest.fixture(scope="module")
def prepared() -> bytes:
    return pades.with_fields(paper().content, paper().places)


@pytest.fixture(scope="module")
def half(prepared: bytes, authority: LocalAuthority) -> bytes:
    """Signed by the borrower."""
    return _sign(prepared, "borrower", authority)


@pytest.fixture(scope="module")
def whole(half: bytes, authority: LocalAuthority) -> bytes:
    """Signed by both."""
    return _sign(half, "lender", authority, AT + timedelta(hours=1))


def _problems(content: bytes, authority: LocalAuthority, at: datetime = LATER) -> list[str | None]:
    verdict = pades.verified(content, authority.roots(), at=at)
    return [verdict.problem, *(check.problem for check in verdict.signatures)]


def _pdfsig(content: bytes, folder: Path) -> str:
    """What poppler says of the signatures; trust is apart from integrity, and not asked for."""
    file = folder / "signed.pdf"
    file.write_bytes(content)
    found = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, check=True)
    return found.stdout.decode()


def test_pdfsig_finds_both_signatures_valid_and_the_document_whole(
    whole: bytes, tmp_path: Path
) -> None:
    told = _pdfsig(whole, tmp_path)
    assert told.count("Signature Validation: Signature is Valid.") == 2
    assert told.count("Signature Type: ETSI.CAdES.detached") == 2
    first, last = told.split("Signature #2")
    assert BORROWER.name in first
    assert LENDER.name in last
    assert "Total document signed" in last


def test_pdfsig_finds_a_changed_byte(whole: bytes, tmp_path: Path) -> None:
    spoilt = bytearray(whole)
    spoilt[300] ^= 1
    assert "Digest Mismatch" in _pdfsig(bytes(spoilt), tmp_path)


def test_a_file_signed_by_both_is_sound(whole: bytes, authority: LocalAuthority) -> None:
    verdict = pades.verified(whole, authority.roots(), at=LATER)
    assert verdict.sound
    assert [check.place for check in verdict.signatures] == ["borrower", "lender"]
    assert [check.signed_at for check in verdict.signatures] == [AT, AT + timedelta(hours=1)]
    assert {check.level for check in verdict.signatures} == {"B-T"}
    assert {check.signer for check in verdict.signatures} == {BORROWER.name, LENDER.name}


def test_a_file_signed_by_one_of_two_is_sound_so_far(
    half: bytes, authority: LocalAuthority
) -> None:
    assert _problems(half, authority) == [None, None]


def test_each_field_is_signed_once(whole: bytes, authority: LocalAuthority) -> None:
    with pytest.raises(Invalid) as refusal:
        _sign(whole, "borrower", authority)
    assert refusal.value.key == "pdf-not-signable"
    assert pades.filled_fields(whole) == ("borrower", "lender")


def test_an_earlier_signature_keeps_its_bytes(half: bytes, whole: bytes) -> None:
    assert whole.startswith(half)


def test_the_stamp_names_the_signer_on_the_page(whole: bytes) -> None:
    text = subprocess.run(["pdftotext", "-", "-"], input=whole, capture_output=True, check=True)
    told = "".join(text.stdout.decode().split())
    assert BORROWER.name in told
    assert "签署时间：2026-06-3009:00:00+0800" in told
    assert "海岳商业银行IssuingCA" in told


def test_a_signature_holds_after_its_certificate_has_run_out(
    whole: bytes, authority: LocalAuthority
) -> None:
    assert _problems(whole, authority, AT + timedelta(days=10 * 365)) == [None, None, None]


def test_after_the_authority_of_time_stamps_ran_out_it_no_longer_holds(
    whole: bytes, authority: LocalAuthority
) -> None:
    assert _problems(whole, authority, AT + timedelta(days=16 * 365))[1:] == [
        "timestamp-not-trusted",
        "timestamp-not-trusted",
    ]


def test_a_change_after_the_first_signature_breaks_only_the_second(
    whole: bytes, half: bytes, authority: LocalAuthority
) -> None:
    place = whole.index(b"/M (D\\0722026", len(half)) + len(b"/M (D\\072")
    spoilt = whole[:place] + b"2025" + whole[place + 4 :]
    broken = pades.verified(spoilt, authority.roots(), at=LATER).first_broken
    assert broken is not None
    assert (broken.place, broken.problem) == ("lender", "file-changed")


def test_a_changed_text_breaks_both_signatures(whole: bytes, authority: LocalAuthority) -> None:
    place = whole.index(b"CreationDate(D:2026") + len(b"CreationDate(D:")
    spoilt = whole[:place] + b"2025" + whole[place + 4 :]
    assert _problems(spoilt, authority) == [None, "file-changed", "file-changed"]


def test_a_page_altered_by_a_later_increment_is_found_though_the_bytes_are_intact(
    whole: bytes, authority: LocalAuthority
) -> None:
    assert _problems(altered(whole), authority) == [
        "changed-after-last-signature",
        "changed-after-signing",
        "changed-after-signing",
    ]


def test_a_field_added_after_the_last_signature_is_found(
    whole: bytes, authority: LocalAuthority
) -> None:
    writer = IncrementalPdfFileWriter(BytesIO(whole))
    append_signature_field(writer, SigFieldSpec("fifth", box=(1, 1, 50, 50)))
    output = BytesIO()
    writer.write(output)
    assert not pades.verified(output.getvalue(), authority.roots(), at=LATER).sound


def test_bytes_after_the_end_are_found(whole: bytes, authority: LocalAuthority) -> None:
    assert not pades.verified(whole + b"\n%more\n", authority.roots(), at=LATER).sound


def test_the_certificate_of_another_authority_is_not_trusted(whole: bytes) -> None:
    other = _authority()
    other.root(AT)
    assert _problems(whole, other) == [None, "certificate-not-trusted", "certificate-not-trusted"]


def test_without_any_root_nothing_is_trusted(whole: bytes) -> None:
    assert "certificate-not-trusted" in _problems(whole, _authority())


def test_a_time_stamp_from_the_future_is_a_problem(whole: bytes, authority: LocalAuthority) -> None:
    assert _problems(whole, authority, AT - timedelta(hours=1))[1] == "timestamp-in-the-future"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", b"\0" * 100])
def test_what_is_no_pdf_is_not_readable(content: bytes, authority: LocalAuthority) -> None:
    assert _problems(content, authority) == ["not-readable"]


def test_a_file_without_signature_is_not_signed(prepared: bytes, authority: LocalAuthority) -> None:
    assert _problems(prepared, authority) == ["no-signature"]


def test_a_page_that_the_file_does_not_have_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        pades.with_fields(paper().content, [SignaturePlace("x", 9, 0, 0, 10, 10)])
    assert refusal.value.key == "pdf-not-signable"


def test_the_first_signature_allows_nothing_but_further_signatures(whole: bytes) -> None:
    first, second = _signatures(whole)
    assert (first.docmdp_level, second.docmdp_level) == (MDPPerm.FILL_FORMS, None)


def test_the_clock_of_the_machine_is_not_asked(half: bytes) -> None:
    signature = next(iter(_signatures(half)))
    assert signature.self_reported_timestamp == AT


def _signatures(content: bytes) -> Iterator[EmbeddedPdfSignature]:
    yield from PdfFileReader(BytesIO(content)).embedded_regular_signatures


@settings(max_examples=settings().max_examples * 60 // 100, deadline=None)
@given(data=st.data())
def test_no_byte_can_change_unseen(
    whole: bytes, authority: LocalAuthority, data: st.DataObject
) -> None:
    signature = list(_signatures(whole))[-1]
    start, length, resumed, rest = (int(number) for number in signature.byte_range)
    covered = st.integers(start, start + length - 1) | st.integers(resumed, resumed + rest - 1)
    spoilt = bytearray(whole)
    spoilt[data.draw(covered)] ^= 1 << data.draw(st.integers(0, 7))
    assert not pades.verified(bytes(spoilt), authority.roots(), at=LATER).sound
