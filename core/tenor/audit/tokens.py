"""Time stamps of RFC 3161: what is asked of an authority about a seal, and whether what it answers holds. Pure.

A seal's digest is the SHA-256 of its canonical text, so that the imprint in a token is the digest itself.
"""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from asn1crypto import tsp
from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus, TimeStampTokenInfo

from tenor.audit.trust import Asked, BadToken, Trust

#: how far an authority's clock and ours may be apart
APART: Final = timedelta(minutes=5)
_SHA256: Final = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")
#: what the verifier, and OpenSSL in it, say of a certificate that isn't for time stamps
_UNFIT: Final = ("EKU", "unsuitable certificate purpose")
_PEM: Final = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


def certificates(pem: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a text in PEM form, which a one-line input may have robbed of its line ends.

    Raises:
        ValueError: one can't be read, or there is none.
    """
    found = [b64decode("".join(body.split()), validate=True) for body in _PEM.findall(pem)]
    if not found or _PEM.sub("", pem).strip():
        raise ValueError("no certificate in PEM form")
    return tuple(x509.load_der_x509_certificate(each) for each in found)


def request_for(text: str) -> tuple[int, bytes]:
    """A nonce and the request for a time stamp of a seal, by its canonical text."""
    asked = TimestampRequestBuilder(text.encode(), HashAlgorithm.SHA256).build()
    assert asked.nonce is not None  # the builder makes one, unless it is told not to
    return asked.nonce, asked.as_bytes()


def stamped_at(answer: bytes, asked: Asked, trust: Trust) -> datetime:
    """The time for which a token vouches.

    Args:
        answer: in DER, as the authority gave it.

    Raises:
        BadToken: it doesn't fit what was asked, or isn't believed.
    """
    try:
        at = _proved(_decoded(answer), asked, trust)
    except BadToken:
        raise
    except Exception as error:  # readers are lazy, and raise KeyError and TypeError too
        raise BadToken("stamp-unreadable", str(error)[:500]) from error
    if abs(at - asked.received_at) > APART:
        raise BadToken("stamp-time", f"{at} isn't near {asked.received_at}, when it was received")
    # an authority may tell whole seconds only
    if at < asked.sealed_at.replace(microsecond=0):
        raise BadToken("stamp-time", f"{at} is before the seal, {asked.sealed_at}")
    return at


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        return decode_timestamp_response(answer)
    except ValueError:
        return decode_timestamp_response(in_der(answer))


def in_der(answer: bytes) -> bytes:
    """An answer whose certificates stand in the order of DER. Authorities send them in any, which the verifier's reader
    refuses; no signature covers it."""
    response: Any = tsp.TimeStampResp.load(answer, strict=True)
    signed = response["time_stamp_token"]["content"]
    held = signed["certificates"]
    if held.native is not None:
        signed["certificates"] = type(held)(sorted(held, key=lambda each: bytes(each.dump())))
    # without force: the rest stays byte for byte, and forcing takes a thousand times as long
    return bytes(response.dump())


def _proved(response: TimeStampResponse, asked: Asked, trust: Trust) -> datetime:
    """The time in an answer that fits and is signed."""
    if response.status != PKIStatus.GRANTED:
        said = [str(response.status), *response.status_string]
        raise BadToken("stamp-not-granted", " ".join(said))
    told = response.tst_info
    _check_fits(told, asked, trust)
    _check_signed(response, asked, trust)
    return told.gen_time.astimezone(UTC)


def _check_fits(told: TimeStampTokenInfo, asked: Asked, trust: Trust) -> None:
    imprint = told.message_imprint
    if imprint.hash_algorithm != _SHA256 or imprint.message.hex() != asked.digest:
        raise BadToken("stamp-of-another-hash", imprint.message.hex())
    if told.nonce != asked.nonce:
        raise BadToken("stamp-nonce")
    if trust.policy and told.policy.dotted_string != trust.policy:
        raise BadToken("stamp-policy", told.policy.dotted_string)


def _check_signed(response: TimeStampResponse, asked: Asked, trust: Trust) -> None:
    """Signature, chain at the token's own time, and what the certificate is for."""
    verifier = VerifierBuilder(roots=list(trust.roots)).build()
    try:
        verifier.verify(response, bytes.fromhex(asked.digest))
    except VerificationError as error:
        unfit = any(words in str(error) for words in _UNFIT)
        key = "stamp-not-for-time" if unfit else "stamp-untrusted"
        raise BadToken(key, str(error)[:500]) from error
