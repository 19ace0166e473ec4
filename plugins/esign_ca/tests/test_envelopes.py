"""States go forward whatever a provider reports, and an envelope that can't be finished isn't begun."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_esign_ca.envelopes import (
    Envelope,
    EnvelopeState,
    Party,
    PartyKind,
    SignatureCheck,
    Signer,
    Verification,
    advanced,
    confirmed,
    require_complete,
)
from tenor_esign_ca.testing import BORROWER, two_signers
from tenor_sdk import Invalid

S = EnvelopeState
COURSE = [S.DRAFT, S.SENT, S.VIEWED, S.PARTIALLY_SIGNED, S.PROVIDER_COMPLETED]
reports = st.sampled_from([*EnvelopeState, None])


@pytest.mark.parametrize(
    ("current", "reported", "expected"),
    [
        (S.SENT, S.VIEWED, S.VIEWED),
        (S.SENT, S.PROVIDER_COMPLETED, S.PROVIDER_COMPLETED),
        (S.PARTIALLY_SIGNED, S.SENT, S.PARTIALLY_SIGNED),
        (S.PARTIALLY_SIGNED, S.COMPLETED, S.PROVIDER_COMPLETED),
        (S.VIEWED, S.DECLINED, S.DECLINED),
        (S.SENT, S.EXPIRED, S.EXPIRED),
        (S.PROVIDER_COMPLETED, S.CANCELLED, S.REVIEW_REQUIRED),
        (S.SENT, S.VOIDED, S.REVIEW_REQUIRED),
        (S.SENT, None, S.REVIEW_REQUIRED),
        (S.REVIEW_REQUIRED, S.COMPLETED, S.REVIEW_REQUIRED),
        (S.COMPLETED, S.CANCELLED, S.COMPLETED),
        (S.COMPLETED, S.VOIDED, S.VOIDED),
        (S.CANCELLED, S.COMPLETED, S.CANCELLED),
        (S.DECLINED, None, S.DECLINED),
    ],
)
def test_a_report_moves_an_envelope_on_or_to_a_person(
    current: S, reported: S | None, expected: S
) -> None:
    assert advanced(current, reported) is expected


@given(st.sampled_from(EnvelopeState), reports)
def test_a_report_delivered_twice_moves_once(current: S, reported: S | None) -> None:
    once = advanced(current, reported)
    assert advanced(once, reported) is once


@given(st.sampled_from(EnvelopeState), st.lists(reports))
def test_what_is_over_never_goes_back(current: S, course: list[S | None]) -> None:
    state = current
    for reported in course:
        before, state = state, advanced(state, reported)
        assert not before.terminal or state in {before, S.VOIDED}


@given(st.lists(reports))
def test_no_reports_alone_complete_an_envelope(course: list[S | None]) -> None:
    state = S.SENT
    for reported in course:
        state = advanced(state, reported)
    assert state is not S.COMPLETED


@given(st.permutations([S.SENT, S.VIEWED, S.PARTIALLY_SIGNED, S.PROVIDER_COMPLETED]))
def test_the_order_in_which_reports_arrive_does_not_matter(course: list[S]) -> None:
    state = S.DRAFT
    for reported in course:
        state = advanced(state, reported)
    assert state is S.PROVIDER_COMPLETED


SOUND = Verification(
    "0", (SignatureCheck("lender", "海岳", "1", None, "B-T", None),), None, "local"
)


def test_verification_completes_what_the_provider_completed() -> None:
    assert confirmed(S.PROVIDER_COMPLETED, SOUND) is S.COMPLETED
    assert confirmed(S.SENT, SOUND) is S.SENT


@pytest.mark.parametrize(
    "verdict",
    [
        replace(SOUND, problem="changed-after-last-signature"),
        replace(SOUND, signatures=()),
        replace(SOUND, signatures=(replace(SOUND.signatures[0], problem="file-changed"),)),
    ],
)
def test_a_download_that_does_not_verify_goes_to_a_person(verdict: Verification) -> None:
    assert confirmed(S.PROVIDER_COMPLETED, verdict) is S.REVIEW_REQUIRED


def _spoilt(case: str) -> Envelope:
    envelope = two_signers()
    file = envelope.files[0]
    return {
        "envelope-empty": replace(envelope, files=()),
        "signer-key-not-taken": replace(
            envelope, signers=(replace(envelope.signers[0], key="a.b"), *envelope.signers[1:])
        ),
        "place-without-room": replace(
            envelope,
            files=(replace(file, places=(replace(file.places[0], page=0), *file.places[1:])),),
        ),
        "signer-repeated": replace(envelope, signers=envelope.signers + envelope.signers[:1]),
        "signer-without-place": replace(envelope, files=(replace(file, places=file.places[:1]),)),
        "place-without-signer": replace(envelope, signers=envelope.signers[:1]),
        "place-repeated": replace(
            envelope, files=(replace(file, places=file.places + file.places[:1]),)
        ),
    }[case]


@pytest.mark.parametrize(
    "key",
    [
        "envelope-empty",
        "signer-key-not-taken",
        "place-without-room",
        "signer-repeated",
        "signer-without-place",
        "place-without-signer",
        "place-repeated",
    ],
)
def test_an_envelope_that_could_not_be_finished_is_refused(key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        require_complete(_spoilt(key))
    assert refusal.value.key == key


def test_an_envelope_with_a_place_for_each_signer_is_complete() -> None:
    require_complete(two_signers())


def test_another_order_of_signers_is_another_request() -> None:
    envelope = two_signers()
    first, second = envelope.signers
    swapped = replace(envelope, signers=(replace(first, order=2), replace(second, order=1)))
    assert swapped.request_sha256() != envelope.request_sha256()


def test_identity_numbers_and_files_stay_out_of_what_is_printed() -> None:
    assert BORROWER.identity_number not in repr(two_signers())
    assert "%PDF" not in repr(two_signers())


def test_the_fingerprint_of_a_person_does_not_depend_on_the_identity_card() -> None:
    one = Party("p-1", PartyKind.PERSON, "郭振东", "53010019700101001X")
    assert replace(one, identity_number="530100197001010028").fingerprint == one.fingerprint


def test_a_company_under_another_name_is_certified_anew() -> None:
    assert replace(BORROWER, name="泽远精密股份有限公司").fingerprint != BORROWER.fingerprint


def test_a_signer_signs_first_where_nothing_is_said() -> None:
    assert Signer("borrower", BORROWER, "借款人").order == 1
