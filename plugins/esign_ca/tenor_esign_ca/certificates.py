"""A certificate authority of the institution's own: root, issuing authority, time stamps, and one certificate a party.

It lets the whole path run without a provider. It is no licensed certification provider (art. 16 of the Electronic
Signature Law), and the institution holds every key: what it signs is for trials and for papers that need no more.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tenor_esign_ca.envelopes import Party, PartyKind
from tenor_esign_ca.stores import Store
from tenor_sdk.errors import Refused

if TYPE_CHECKING:
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate

_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_YEAR: Final = timedelta(days=365)
_ROOT_LASTS: Final = 30 * _YEAR
_AUTHORITY_LASTS: Final = 15 * _YEAR
_PARTY_LASTS: Final = 2 * _YEAR

#: A certificate begins a little before it is made, for clocks that are behind.
_EARLIER: Final = timedelta(minutes=5)

#: RFC 9336: the key signs documents. Readers of PDF that judge by NSS (pdfsig, Firefox) know only the older purpose of
#: e-mail, and call the certificate damaged without it, so both are given.
_DOCUMENT_SIGNING: Final = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")

#: What a common name may take, in bytes of UTF-8: 21 Chinese characters, fewer than many a company's name.
_COMMON_NAME_LIMIT: Final = 64
_FULL_NAME: Final = x509.ObjectIdentifier("2.5.4.41")


@dataclass(frozen=True)
class Credential:
    """A key, its certificate, and the certificates above it, the issuer first."""

    key: _Key = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def serial(self) -> str:
        """The certificate's serial number, hexadecimal."""
        return f"{self.certificate.serial_number:X}"

    @property
    def issuer(self) -> str:
        return full_name(self.certificate.issuer)

    def asn1(self) -> "tuple[Certificate, PrivateKeyInfo, list[Certificate]]":
        """Certificate, key and chain in the form in which pyHanko takes them."""
        from asn1crypto.keys import PrivateKeyInfo

        key = self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return asn1(self.certificate), PrivateKeyInfo.load(key), [asn1(one) for one in self.chain]


def asn1(certificate: x509.Certificate) -> "Certificate":
    """A certificate in the form in which pyHanko takes it."""
    from asn1crypto.x509 import Certificate

    return Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def full_name(name: x509.Name) -> str:
    """The name of a subject or issuer, whole even where it is too long for a common name."""
    found = name.get_attributes_for_oid(_FULL_NAME) or name.get_attributes_for_oid(
        NameOID.COMMON_NAME
    )
    return str(found[0].value)


class LocalAuthority:
    """The authority, its keys in a store.

    Each credential is made once and stays; when it has run out, the next is made beside it. Of two workers that
    make one at once, both use that of the first.

    Args:
        store: for keys and certificates.
        institution: its name stands in the authority's certificates.
        passphrase: encrypts the keys in the store; None leaves them to the store's own protection.
    """

    def __init__(self, store: Store, institution: str, passphrase: bytes | None = None) -> None:
        self._store = store
        self._institution = institution
        self._passphrase = passphrase
        self._read: dict[bytes, Credential] = {}

    def root(self, at: datetime) -> Credential:
        """The anchor of trust."""
        subject = self._authority_name("Root CA")
        return self._standing("authority/root", at, subject, lambda: self._make_root(subject, at))

    def issuing(self, at: datetime) -> Credential:
        """The authority that issues to parties."""
        subject = self._authority_name("Issuing CA")
        return self._standing(
            "authority/issuing", at, subject, lambda: self._make_issuing(subject, at)
        )

    def timestamps(self, at: datetime) -> Credential:
        """The credential that signs time stamps."""
        subject = self._authority_name("Time Stamping")
        return self._standing(
            "authority/timestamps", at, subject, lambda: self._make_timestamps(subject, at)
        )

    def party(self, party: Party, at: datetime) -> Credential:
        """The credential of ``party``, made where there is none."""
        return self._of_party(party.fingerprint, _party_name(party), at)

    def known_party(self, fingerprint: str, at: datetime) -> Credential:
        """The credential of a party that has had one, renewed where it has run out.

        Raises:
            Refused: ``party-unknown``.
        """
        for credential in self._kept(f"parties/{fingerprint}"):
            return self._of_party(fingerprint, credential.certificate.subject, at)
        raise Refused("party-unknown", party=fingerprint)

    def _of_party(self, fingerprint: str, subject: x509.Name, at: datetime) -> Credential:
        place = f"parties/{fingerprint}"
        return self._standing(place, at, subject, lambda: self._make_party(subject, at))

    def roots(self) -> tuple[x509.Certificate, ...]:
        """All anchors that were ever in force: old signatures are judged by them."""
        return tuple(credential.certificate for credential in self._kept("authority/root"))

    def _standing(
        self, place: str, at: datetime, subject: x509.Name, make: Callable[[], Credential]
    ) -> Credential:
        """The credential of ``place`` that is valid at ``at`` for ``subject``; else a new one, kept first."""
        for number in count(1):
            name = f"{place}/{number:04d}.pem"
            kept = self._store.get(name)
            if kept is None:
                made = make()
                if self._store.put_new(name, self._packed(made)):
                    return made
                kept = self._store.get(name) or b""
            found = self._unpacked(kept)
            if found.certificate.subject == subject and _valid(found.certificate, at):
                return found
        raise AssertionError("counting never ends")

    def _kept(self, place: str) -> Iterator[Credential]:
        for number in count(1):
            kept = self._store.get(f"{place}/{number:04d}.pem")
            if kept is None:
                return
            yield self._unpacked(kept)

    def _packed(self, credential: Credential) -> bytes:
        """Key and certificates as one piece of PEM: they are kept together or not at all."""
        secret = (
            serialization.BestAvailableEncryption(self._passphrase)
            if self._passphrase
            else serialization.NoEncryption()
        )
        key = credential.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, secret
        )
        certificates = (credential.certificate, *credential.chain)
        return key + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)

    def _unpacked(self, kept: bytes) -> Credential:
        """What was packed; read once for each authority object, as decrypting takes its time."""
        if kept not in self._read:
            self._read[kept] = self._unlocked(kept)
        return self._read[kept]

    def _unlocked(self, kept: bytes) -> Credential:
        try:
            key = serialization.load_pem_private_key(kept, self._passphrase)
        except (ValueError, TypeError) as error:
            raise Refused("signing-keys-locked") from error
        if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
            raise Refused("signing-keys-locked")
        certificate, *chain = x509.load_pem_x509_certificates(kept)
        return Credential(key, certificate, tuple(chain))

    def _make_root(self, subject: x509.Name, at: datetime) -> Credential:
        key = ec.generate_private_key(ec.SECP384R1())
        draft = _draft(subject, subject, key, at, _ROOT_LASTS, key)
        return Credential(key, _as_authority(draft, path_length=1).sign(key, hashes.SHA384()))

    def _make_issuing(self, subject: x509.Name, at: datetime) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        return self._issued(key, subject, at, self.root(at), _AUTHORITY_LASTS, _authority_below)

    def _make_timestamps(self, subject: x509.Name, at: datetime) -> Credential:
        key = rsa.generate_private_key(
            65537, 3072
        )  # pyHanko's own time stamping signs with RSA alone
        return self._issued(key, subject, at, self.root(at), _AUTHORITY_LASTS, _for_timestamps)

    def _make_party(self, subject: x509.Name, at: datetime) -> Credential:
        key = ec.generate_private_key(ec.SECP256R1())
        return self._issued(key, subject, at, self.issuing(at), _PARTY_LASTS, _for_documents)

    @staticmethod
    def _issued(
        key: _Key,
        subject: x509.Name,
        at: datetime,
        issuer: Credential,
        lasts: timedelta,
        purpose: Callable[[x509.CertificateBuilder], x509.CertificateBuilder],
    ) -> Credential:
        """A certificate for ``key`` that never outlives its issuer."""
        ends = issuer.certificate.not_valid_after_utc - at
        draft = _draft(subject, issuer.certificate.subject, key, at, min(lasts, ends), issuer.key)
        certificate = purpose(draft).sign(issuer.key, hashes.SHA256())
        return Credential(key, certificate, (issuer.certificate, *issuer.chain))

    def _authority_name(self, what: str) -> x509.Name:
        return _name(f"{self._institution} {what}", self._institution)


def _name(common: str, organisation: str | None, *more: x509.NameAttribute[str]) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")]
    if organisation:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    parts.extend(more)
    cut = common.encode()[:_COMMON_NAME_LIMIT].decode(errors="ignore")
    if cut != common:
        parts.append(x509.NameAttribute(_FULL_NAME, common))
    parts.append(x509.NameAttribute(NameOID.COMMON_NAME, cut))
    return x509.Name(parts)


def _party_name(party: Party) -> x509.Name:
    """The subject of a party: an organisation with its credit code; a person without any number."""
    if party.kind is PartyKind.PERSON:
        return _name(party.name, None)
    code = x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, f"NTRCN-{party.identity_number}")
    return _name(party.name, party.name, code)


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: _Key,
    at: datetime,
    lasts: timedelta,
    issuer_key: _Key,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _EARLIER)
        .not_valid_after(at + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )


def _as_authority(draft: x509.CertificateBuilder, path_length: int) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    return draft.add_extension(constraints, critical=True).add_extension(
        _usage({"key_cert_sign", "crl_sign"}), critical=True
    )


def _authority_below(draft: x509.CertificateBuilder) -> x509.CertificateBuilder:
    return _as_authority(draft, path_length=0)


def _for_timestamps(draft: x509.CertificateBuilder) -> x509.CertificateBuilder:
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return _as_end(draft, {"digital_signature"}).add_extension(purpose, critical=True)


def _for_documents(draft: x509.CertificateBuilder) -> x509.CertificateBuilder:
    purpose = x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION])
    return _as_end(draft, {"digital_signature", "content_commitment"}).add_extension(
        purpose, critical=False
    )


def _as_end(draft: x509.CertificateBuilder, uses: Iterable[str]) -> x509.CertificateBuilder:
    return draft.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    ).add_extension(_usage(frozenset(uses)), critical=True)


def _usage(uses: Iterable[str]) -> x509.KeyUsage:
    wanted = frozenset(uses)
    return x509.KeyUsage(
        digital_signature="digital_signature" in wanted,
        content_commitment="content_commitment" in wanted,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign="key_cert_sign" in wanted,
        crl_sign="crl_sign" in wanted,
        encipher_only=False,
        decipher_only=False,
    )


def _valid(certificate: x509.Certificate, at: datetime) -> bool:
    return certificate.not_valid_before_utc <= at < certificate.not_valid_after_utc
