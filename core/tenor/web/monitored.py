"""The address at which a process that answers nobody else, a worker or a relay, tells a monitor of itself."""

from __future__ import annotations

import logging
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
            server = create_server(app, host=kernel.settings.host, port=port, threads=1, ident="")
        except OSError as error:
            log.info("the address for the monitor isn't free yet: %s", error)
            over.wait(_PAUSE)
        else:
            server.run()
