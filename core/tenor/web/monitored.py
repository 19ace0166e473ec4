"""The address at which a process that answers nobody else, a worker or a relay, tells a monitor of itself."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask
from waitress import create_server

from tenor.web.pages import watched
from tenor.web.web import Web

if TYPE_CHECKING:
    from threading import Event

    from tenor.kernel import Kernel

log = logging.getLogger(__name__)

#: seconds between two tries to take the address: the process that this one replaces has it until it ends
_PAUSE: Final = 1.0


def tell(kernel: Kernel, port: int, over: Event) -> None:
    """Answer a monitor, and nobody else, for as long as the process lives."""
    app = Flask("tenor.web.monitored", static_folder=None, template_folder=None)
    at = Blueprint("watched", watched.__name__)
    watched.routes(at, Web(kernel))
    app.register_blueprint(at)
    while not over.is_set():
        try:
            listening = _listening(kernel.settings.host, port)
        except OSError as error:
            log.info("the address for the monitor isn't free yet: %s", error)
            over.wait(_PAUSE)
        else:
            create_server(app, sockets=[listening], threads=1, ident="").run()


def _listening(host: str, port: int) -> socket.socket:
    # not by waitress: where the address is taken, it leaves a pipe open at each try
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)
