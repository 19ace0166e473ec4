"""Reaching other computers: one request over HTTP, within a time and a size, by a plugin that may."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context

_SECONDS: Final = 15
_LARGEST: Final = 64 * 1024


class Unreachable(Exception):
    """No answer came: the other side can't be reached, or breaks off. Says the host and the kind of error, never the
    address, which may be a secret."""


@dataclass(frozen=True)
class Answer:
    """What another computer answered.

    Args:
        status: of HTTP; redirects aren't followed.
        headers: by their names in small letters.
        body: its bytes, cut at ``largest``.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def ask_outside(
    ctx: Context,
    address: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = _SECONDS,  # float: of a clock, not of money
    largest: int = _LARGEST,
) -> Answer:
    """Ask another computer, and wait for its answer. The plugin asks for ``network`` in its ``Plugin(…)``.

    Call it where no transaction is open that has written: within ``outside``, which makes an effect once.

    Args:
        address: of http or https.
        body: what is posted; None only gets.
        seconds: that each step may take.
        largest: bytes of an answer that are read.

    Raises:
        ValueError: the address is none.
        Forbidden: ``plugin-not-granted``, ``plugin-did-not-ask``.
        Unreachable: no answer came.
        RuntimeError: within a transaction that writes: it would wait for the other computer, and others for it.
    """
    port_of(ctx).reach(ctx)
    parts = _parts(address)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    kind = HTTPConnection if parts.scheme == "http" else HTTPSConnection
    try:
        with closing(kind(str(parts.hostname), parts.port, timeout=seconds)) as connection:
            connection.request("GET" if body is None else "POST", path, body, dict(headers or {}))
            response = connection.getresponse()
            said = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, said, response.read(largest))
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{parts.hostname}: {type(error).__name__}") from None


def _parts(address: str) -> SplitResult:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address of http or https is needed")
    return parts
