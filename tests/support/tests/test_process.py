"""What servers of tests are started with."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tenor_test_support import process

#: where Linux says which ports it gives to clients
_OF_CLIENTS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_a_free_port_is_none_that_the_system_gives_to_a_client() -> None:
    if not _OF_CLIENTS.exists():
        assert process.free_port() < 49_152  # what IANA leaves to them
        return
    first, last = (int(word) for word in _OF_CLIENTS.read_text("ascii").split())
    assert not first <= process.free_port() <= last


def test_each_is_given_once() -> None:
    assert len({process.free_port() for _ in range(50)}) == 50


def test_one_that_somebody_has_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        free = process.free_port()
        monkeypatch.setattr(process, "_ports", iter([port, free]))
        assert process.free_port() == free
