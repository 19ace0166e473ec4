"""Passwords: Argon2id, a few at a time, as each takes 64 MiB."""

from __future__ import annotations

from base64 import b64encode
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from tenor_sdk.errors import Invalid

_HASHER: Final = PasswordHasher()
_AT_ONCE: Final = BoundedSemaphore(2)
SHORTEST: Final = 10


def _nothing(length: int) -> str:
    """So many zero bytes, as they stand in a hash."""
    return b64encode(bytes(length)).decode("ascii").rstrip("=")


#: what is checked where there is no such account, so that an answer takes the same time: of no password, and put
#: together rather than computed, which would take that time at the start of each process
_NOBODY: Final = (
    f"$argon2id$v={ARGON2_VERSION}$m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    f"${_nothing(_HASHER.salt_len)}${_nothing(_HASHER.hash_len)}"
)


def hashed(password: str) -> str:
    """The hash to keep.

    Raises:
        Invalid: ``password-too-short``, ``too-long``.
    """
    if len(password) < SHORTEST:
        raise Invalid("password-too-short", None, least=SHORTEST)
    if len(password) > 1000:
        raise Invalid("too-long", None, limit=1000, length=len(password))
    with _AT_ONCE:
        return _HASHER.hash(password)


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one of the hash; as slow where there is no hash."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _NOBODY, password[:1000]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False
