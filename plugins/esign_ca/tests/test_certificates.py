"""The institution's own authority: each credential once, kept under the passphrase, never outliving its issuer."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from tenor_esign_ca.certificates import LocalAuthority, full_name
from tenor_esign_ca.envelopes import Party, PartyKind
from tenor_esign_ca.stores import MemoryStore
from tenor_esign_ca.testing import AT, BORROWER
from tenor_sdk import Refused

PERSON = Party("p-1", PartyKind.PERSON, "郭振东", "53010019700101001X")


@pytest.fixture
def keys() -> MemoryStore:
    """No authority yet."""
    return MemoryStore()


@pytest.fixture
def authority(keys: MemoryStore) -> LocalAuthority:
    return LocalAuthority(keys, "海岳商业银行", b"a passphrase")


def test_a_party_is_certified_once(authority: LocalAuthority, keys: MemoryStore) -> None:
    first = authority.party(BORROWER, AT)
    again = LocalAuthority(keys, "海岳商业银行", b"a passphrase").party(BORROWER, AT)
    assert again.certificate == first.certificate


def test_each_certificate_is_signed_by_the_one_above(authority: LocalAuthority) -> None:
    party = authority.party(BORROWER, AT)
    issuing, root = party.chain
    party.certificate.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert authority.roots() == (root,)


def test_an_organisation_bears_its_credit_code_and_a_person_no_number(
    authority: LocalAuthority,
) -> None:
    assert (
        BORROWER.identity_number
        in authority.party(BORROWER, AT).certificate.subject.rfc4514_string()
    )
    assert (
        PERSON.identity_number
        not in authority.party(PERSON, AT).certificate.subject.rfc4514_string()
    )


def test_a_partys_key_signs_documents_and_issues_nothing(authority: LocalAuthority) -> None:
    extensions = authority.party(BORROWER, AT).certificate.extensions
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert (usage.content_commitment, usage.key_cert_sign) == (True, False)
    purposes = {
        purpose.dotted_string
        for purpose in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    }
    assert purposes == {"1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4"}


def test_the_key_of_time_stamps_does_nothing_else(authority: LocalAuthority) -> None:
    purpose = authority.timestamps(AT).certificate.extensions.get_extension_for_class(
        x509.ExtendedKeyUsage
    )
    assert purpose.critical
    assert list(purpose.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def test_a_certificate_that_has_run_out_is_renewed(authority: LocalAuthority) -> None:
    first = authority.party(BORROWER, AT)
    later = AT + timedelta(days=3 * 365)
    renewed = authority.known_party(BORROWER.fingerprint, later)
    assert renewed.serial != first.serial
    assert renewed.certificate.subject == first.certificate.subject
    assert authority.party(BORROWER, AT).serial == first.serial


def test_no_certificate_outlives_its_issuer(authority: LocalAuthority) -> None:
    authority.issuing(AT)
    shortly_before = AT + timedelta(days=15 * 365 - 10)
    party = authority.party(BORROWER, shortly_before)
    assert party.certificate.not_valid_after_utc <= party.chain[0].not_valid_after_utc


def test_a_company_that_changed_its_name_gets_a_new_certificate(authority: LocalAuthority) -> None:
    first = authority.party(BORROWER, AT)
    renamed = authority.party(replace(BORROWER, name="泽远精密股份有限公司"), AT)
    assert renamed.serial != first.serial


def test_a_party_that_nobody_knows_has_no_certificate(authority: LocalAuthority) -> None:
    with pytest.raises(Refused) as refusal:
        authority.known_party("0" * 32, AT)
    assert refusal.value.key == "party-unknown"


def test_keys_are_kept_encrypted(authority: LocalAuthority, keys: MemoryStore) -> None:
    authority.root(AT)
    kept = keys.get("authority/root/0001.pem")
    assert kept is not None
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in kept


@pytest.mark.parametrize("passphrase", [b"wrong", None])
def test_without_the_passphrase_the_keys_stay_locked(
    authority: LocalAuthority, keys: MemoryStore, passphrase: bytes | None
) -> None:
    authority.root(AT)
    with pytest.raises(Refused) as refusal:
        LocalAuthority(keys, "海岳商业银行", passphrase).root(AT)
    assert refusal.value.key == "signing-keys-locked"


def test_a_key_is_never_printed(authority: LocalAuthority) -> None:
    assert "key" not in repr(authority.party(BORROWER, AT)).split("certificate")[0]


@pytest.mark.parametrize("length", [21, 22, 64])
def test_a_long_name_stands_whole_in_the_certificate(
    authority: LocalAuthority, length: int
) -> None:
    long = replace(BORROWER, name="泽" * length)
    assert full_name(authority.party(long, AT).certificate.subject) == long.name


def test_authorities_of_an_institution_with_a_long_name_stay_apart(keys: MemoryStore) -> None:
    authority = LocalAuthority(keys, "海" * 40)
    assert authority.root(AT).certificate.subject != authority.issuing(AT).certificate.subject
    authority.party(BORROWER, AT).chain[0].verify_directly_issued_by(authority.root(AT).certificate)
