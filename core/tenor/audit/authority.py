"""The way to a time stamp authority: one request over HTTP (RFC 3161, section 3.4), within a time and a size.

A redirect isn't followed: where the seals go is what the institution set.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR
from threading import Event, Timer
from time import monotonic
from typing import Final
from urllib.parse import SplitResult, urlsplit

#: seconds for all of it
SECONDS: Final = 20.0
#: a token with its chain has 2 to 10 KB
LARGEST: Final = 64 * 1024
#: characters of an address, as it is kept
LONGEST: Final = 500
_LATE: Final = "no answer in time"
_HEADERS: Final = {
    "Content-Type": "application/timestamp-query",
    "Accept": "application/timestamp-reply",
}


class NoAnswer(Exception):
    """The authority can't be reached, or answers something else than a time stamp."""


def parts_of(address: str) -> SplitResult:
    """An authority's address, taken apart.

    Raises:
        ValueError: it isn't one of http or https, or names a person.
    """
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("an address such as https://tsa.example/tsr is needed")
    if parts.port == 0 or not address.isascii() or any(letter <= " " for letter in address):
        raise ValueError("an address has no spaces, and a port above 0")
    if len(address) > LONGEST:
        raise ValueError(f"an address has no more than {LONGEST} characters")
    return parts


def ask(address: str, request: bytes, *, seconds: float = SECONDS) -> bytes:
    """What an authority answers to a request.

    Args:
        seconds: for connecting, asking and reading together; in the handshake of TLS, for each wait.

    Raises:
        NoAnswer: saying why.
        ValueError: as ``parts_of``.
    """
    parts = parts_of(address)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    connection = _connection(parts, seconds)
    late = Event()
    try:
        with closing(connection), _cut_off(connection, seconds, late):
            connection.request("POST", path, request, _HEADERS)
            with (
                connection.getresponse() as response
            ):  # what isn't read to its end keeps the line open
                answer = _read(response)
    except (OSError, HTTPException, NoAnswer) as error:
        # of the line's own clock and the one that cuts it, either may come first
        why = _LATE if late.is_set() or isinstance(error, TimeoutError) else error
        raise NoAnswer(f"{parts.hostname}: {why}") from error
    if late.is_set():  # what was read so far ended there
        raise NoAnswer(f"{parts.hostname}: {_LATE}")
    return answer


def _connection(parts: SplitResult, seconds: float) -> HTTPConnection:
    assert parts.hostname is not None  # parts_of asked for one
    if parts.scheme == "http":
        return HTTPConnection(parts.hostname, parts.port, timeout=seconds)
    context = ssl.create_default_context()
    return HTTPSConnection(parts.hostname, parts.port, timeout=seconds, context=context)


@contextmanager
def _cut_off(connection: HTTPConnection, seconds: float, late: Event) -> Iterator[None]:
    """Connected; after so many seconds the line is cut. A time-out of the socket is one for each wait, and a server
    that gives a byte now and then would hold a worker for ever."""
    began = monotonic()
    connection.connect()
    line = connection.sock

    def cut() -> None:
        late.set()
        with suppress(OSError):  # it is over already
            line.shutdown(SHUT_RDWR)

    timer = Timer(max(seconds - (monotonic() - began), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _read(response: HTTPResponse) -> bytes:
    if response.status != 200:
        raise NoAnswer(f"status {response.status}")
    content = response.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise NoAnswer(f"the answer is longer than {LARGEST} bytes")
    return content
