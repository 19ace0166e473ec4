"""Callbacks that prove their sender by a shared secret: hex(HMAC-SHA256(secret, timestamp + query + raw body))."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Final

from tenor_sdk.callbacks import Callback
from tenor_sdk.errors import Refused

TIMESTAMP: Final = "X-Tenor-Timestamp"
SIGNATURE: Final = "X-Tenor-Signature"

#: How far a callback's time may be from ours.
WINDOW: Final = timedelta(minutes=5)


def callback_signature(secret: bytes, timestamp: str, query: str, body: bytes) -> str:
    """The proof for a callback, hexadecimal.

    Args:
        timestamp: milliseconds since 1970, as sent.
        query: the values of the query string, as sent.
        body: the raw bytes.
    """
    return hmac.digest(secret, timestamp.encode() + query.encode() + body, "sha256").hex()


def callback_headers(
    secret: bytes, body: bytes, *, query: str = "", at: datetime
) -> dict[str, str]:
    """The headers that go with ``body``."""
    timestamp = str(int(at.timestamp() * 1000))
    return {TIMESTAMP: timestamp, SIGNATURE: callback_signature(secret, timestamp, query, body)}


def require_proof(secret: bytes, callback: Callback, *, at: datetime) -> datetime:
    """When a callback was sent, once its sender is proved.

    Raises:
        Refused: ``callback-not-proved`` where the signature is missing or another; ``callback-too-old`` where its
            time is more than five minutes from ``at``.
    """
    timestamp, proof = callback.header(TIMESTAMP), callback.header(SIGNATURE).encode()
    expected = callback_signature(secret, timestamp, callback.query, callback.body)
    if not hmac.compare_digest(expected.encode(), proof) or not timestamp.isdecimal():
        raise Refused("callback-not-proved")
    sent = datetime.fromtimestamp(int(timestamp) / 1000, UTC)
    if abs(at - sent) > WINDOW:
        raise Refused("callback-too-old")
    return sent
