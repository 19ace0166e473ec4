"""The wall around the tests: sockets of Python reach this machine only."""

from __future__ import annotations

import socket

from tenor_test_support.errors import OutsideWorld

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_HERE = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - an address to connect to, not to listen at


def close_the_wall() -> None:
    """From now on a connection to anywhere else raises ``OutsideWorld``."""
    socket.socket.connect = connect  # type: ignore[method-assign] # the one place where every socket passes
    socket.socket.connect_ex = connect_ex  # type: ignore[method-assign] # likewise


def open_the_wall() -> None:
    """As it was."""
    socket.socket.connect = _connect  # type: ignore[method-assign] # see above
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign] # see above


def connect(self: socket.socket, address: object) -> None:
    _refuse_outside(self, address)
    return _connect(self, address)  # type: ignore[arg-type] # handed on as it came


def connect_ex(self: socket.socket, address: object) -> int:
    _refuse_outside(self, address)
    return _connect_ex(self, address)  # type: ignore[arg-type] # handed on as it came


def _refuse_outside(self: socket.socket, address: object) -> None:
    if self.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0] if isinstance(address, tuple) else address
    if not str(host).startswith(_HERE):
        raise OutsideWorld(address)
