"""Starting a server as a child that never outlives the test run, and waiting until it answers."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

_PR_SET_PDEATHSIG = 1
#: below those of Linux, macOS and IANA for clients
_PORTS: Final = range(10_000, 32_000)
#: how far processes begin that came one after the other
_APART: Final = 997


def start(
    words: Sequence[str | Path],
    *,
    log: IO[bytes],
    user: int | None = None,
    group: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server whose output goes to ``log``; the system ends it when the test process dies in any way.

    Args:
        user: the account to run as, where the test runs as root and the server refuses that.
        group: likewise.
        environment: all of its variables; without them those of the test.
    """
    return subprocess.Popen(
        [str(word) for word in words],
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        cwd="/",
        user=user,
        group=group,
        env=None if environment is None else dict(environment),
        extra_groups=None if user is None else [],
        start_new_session=True,
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one call, no lock
    )


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def wait_until(
    ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path, *, seconds: float = 30
) -> None:
    """Wait until ``ready`` says so.

    Raises:
        RuntimeError: the process ended or the time is over, with the end of its log.
    """
    until = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            stop(process)
            said = log.read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{process.args!r} didn't come up within {seconds} s:\n{said}")
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGINT) -> None:
    """Ask a server to end, and end it where it doesn't within ten seconds."""
    if process.poll() is not None:
        return
    process.send_signal(how)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that nobody has now, for a server that starts in a while or goes away for a while.

    It is none of those that the system hands out by itself, one of which could be another's, or even the near end of a
    client that is looking for this server, by the time that it is listened on. A process gets each once.
    """
    for port in _ports:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free")


def _own_ports() -> Iterator[int]:
    """All of them, from a place on that other processes hardly begin at."""
    begun = os.getpid() * _APART % len(_PORTS)
    yield from _PORTS[begun:]
    yield from _PORTS[:begun]


_ports = _own_ports()
