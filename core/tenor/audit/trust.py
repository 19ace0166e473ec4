"""Whose time stamps are believed, what a token must fit, and that it doesn't: the words of ``tokens``, without what
reads certificates, for which a start has no use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509


class BadToken(Exception):
    """An answer that proves nothing.

    Args:
        key: ``stamp-unreadable``, ``stamp-not-granted``, ``stamp-of-another-hash``, ``stamp-nonce``,
            ``stamp-not-for-time`` (its certificate), ``stamp-untrusted``, ``stamp-policy``, ``stamp-time``.
        detail: in English, for whoever looks after the machine.
    """

    def __init__(self, key: str, detail: str = "") -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key = key


@dataclass(frozen=True)
class Trust:
    """Whose time stamps are believed.

    Args:
        roots: the certificates to which an authority's own must chain.
        policy: the identifier that a token must name; empty: any.
    """

    roots: tuple[x509.Certificate, ...]
    policy: str = ""


@dataclass(frozen=True)
class Asked:
    """What a token must fit.

    Args:
        digest: of the seal, in hexadecimal.
        sealed_at: the time that stands in the seal.
        nonce: of the request.
        received_at: when the answer came, by our clock.
    """

    digest: str
    sealed_at: datetime
    nonce: int
    received_at: datetime
