"""Reaching other computers: one request over HTTP, within a time and a size, by a plugin that may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from threading import Event, Timer
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context

_SECONDS: Final = 15
#: so many times what a step may take is what all of them may take together
_STEPS: Final = 4
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
        seconds: that each step may take; all of them together may take four times that.
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
        with (
            closing(kind(str(parts.hostname), parts.port, timeout=seconds)) as connection,
            _within(connection, seconds * _STEPS),
        ):
            connection.request("GET" if body is None else "POST", path, body, dict(headers or {}))
            response = connection.getresponse()
            said = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, said, response.read(largest))
    except (OSError, HTTPException) as error:
        raise Unreachable(f"{parts.hostname}: {type(error).__name__}") from None


@contextmanager
def _within(connection: HTTPConnection, seconds: float) -> Iterator[None]:  # float: of a clock
    """Connects; a conversation that isn't over in time ends, though a letter of it still comes now and then.

    Raises:
        TimeoutError: it wasn't over.
    """
    connection.connect()
    sock, over = connection.sock, Event()

    def cut() -> None:
        over.set()
        with suppress(OSError):
            sock.shutdown(SHUT_RDWR)

    watch = Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
        if over.is_set():
            raise TimeoutError


def _parts(address: str) -> SplitResult:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an address of http or https is needed")
    return parts
