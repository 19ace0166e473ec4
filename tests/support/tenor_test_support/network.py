"""The wall around the tests: sockets of Python reach this machine only."""

from __future__ import annotations

import socket
from typing import Any

from tenor_test_support.errors import OutsideWorld

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_HERE = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - an address to connect to, not to listen at


def close_the_wall() -> None:
    """From now on a connection to anywhere else raises ``OutsideWorld``."""
    setattr(socket.socket, "connect", connect)  # noqa: B010 - every socket of Python passes here
    setattr(socket.socket, "connect_ex", connect_ex)  # noqa: B010 - or here


def open_the_wall() -> None:
    """As it was."""
    setattr(socket.socket, "connect", _connect)  # noqa: B010 - undoes the above
    setattr(socket.socket, "connect_ex", _connect_ex)  # noqa: B010 - undoes the above


def connect(self: socket.socket, address: Any) -> None:
    """What stands in for ``socket.connect``."""
    _refuse_outside(self, address)
    _connect(self, address)


def connect_ex(self: socket.socket, address: Any) -> int:
    """What stands in for ``socket.connect_ex``."""
    _refuse_outside(self, address)
    return _connect_ex(self, address)


def _refuse_outside(self: socket.socket, address: object) -> None:
    if self.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = address[0] if isinstance(address, tuple) else address
    if not str(host).startswith(_HERE):
        raise OutsideWorld(address)
